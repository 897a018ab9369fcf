// Class: a JavaScript class as a constant table, a row a member, in its standard's order.
//
// A row holds the address of a trampoline instantiated for the C++ function, so tables are
// constants and their addresses can be external references of the startup snapshot. One C++
// function per JavaScript member; parameters and results cross by Convert<T>; a leading `Turn&` is
// not a JavaScript parameter; trailing kj::Maybe parameters are optional.
//
// Errors    a parameter that does not convert throws TypeError naming function and parameter; a
//           member returning Promise rejects instead of throwing.
// See       https://webidl.spec.whatwg.org/#js-interfaces
#pragma once

#include <initializer_list>
#include <span>
#include <tuple>
#include <type_traits>

#include <v8-function-callback.h>
#include <v8-template.h>

#include "src/js/convert.h"

namespace ocapd::js {

enum class Symbol : uint8_t { None, Iterator, AsyncIterator, Dispose };

// Built-in prototypes that a class's prototype may inherit from.
enum class Intrinsic : uint8_t { ObjectPrototype, IteratorPrototype, AsyncIteratorPrototype };

struct Member {
  enum class Kind : uint8_t { Constructor, Method, StaticMethod, Accessor };

  Kind kind;
  const char* name;  // null: only the symbol
  v8::FunctionCallback call;
  v8::FunctionCallback set = nullptr;
  uint8_t length = 0;
  Symbol symbol = Symbol::None;  // a further name for the same function
  bool enumerable = true;

  consteval Member alsoAs(Symbol other) const {
    Member copy = *this;
    copy.symbol = other;
    return copy;
  }
  consteval Member hidden() const {
    Member copy = *this;
    copy.enumerable = false;
    return copy;
  }
};

struct Class {
  const char* name;
  const char* spec = nullptr;
  std::span<const Member> members = {};
  const Class* parent = nullptr;
  bool exposed = true;  // as a property of globalThis
  // Of a class without parent. Iterators have no constructor property: nothing can be made with it.
  Intrinsic inherits = Intrinsic::ObjectPrototype;
  // The name of the constructor, where it is not that of the brand.
  const char* constructorName = nullptr;
  // Answers for names that neither an instance nor its prototypes have; never for symbols.
  v8::NamedPropertyGetterCallback wildcard = nullptr;
  // Makes instances callable; `This()` is the instance.
  v8::FunctionCallback call = nullptr;

  bool isA(const Class& other) const {
    for (const Class* each = this; each != nullptr; each = each->parent) {
      if (each == &other) return true;
    }
    return false;
  }
};

// A receiver with the raw call, for what types cannot say (rest parameters).
struct Arguments {
  const v8::FunctionCallbackInfo<v8::Value>& info;
};

namespace detail {

using Info = v8::FunctionCallbackInfo<v8::Value>;

// Leaves the exception for a parameter that did not convert. The function's data is the text of
// its context ("Failed to execute 'x' on 'Y': ").
void throwMismatch(const Info& info, int parameter, const char* expected) noexcept;
void throwNotNew(const Info& info) noexcept;
// For results that are promises: takes the pending exception and returns a promise rejected by it.
void rejectInstead(const Info& info, v8::TryCatch& tryCatch) noexcept;
void illegalConstructor(const Info& info);
// Of classes with a wildcard: `name in instance` is always true.
v8::Intercepted everyNameIsThere(v8::Local<v8::Name> name,
                                 const v8::PropertyCallbackInfo<v8::Integer>& info);

template <typename F>
struct Signature;
template <typename R, typename... A>
struct Signature<R (*)(A...)> {
  using Self = void;
  using Result = R;
  using Parameters = std::tuple<A...>;
};
template <typename R, typename C, typename... A>
struct Signature<R (C::*)(A...)> {
  using Self = C;
  using Result = R;
  using Parameters = std::tuple<A...>;
};
template <typename R, typename C, typename... A>
struct Signature<R (C::*)(A...) const> : Signature<R (C::*)(A...)> {};

template <typename P>
constexpr bool kTakesValue =
    !std::is_same_v<P, Turn&> && !std::is_same_v<P, Arguments> && !std::is_same_v<P, const Turn&>;
template <typename P>
constexpr bool kIsMaybe = false;
template <typename P>
constexpr bool kIsMaybe<kj::Maybe<P>> = true;

template <typename Parameters>
struct Shape;
template <typename... A>
struct Shape<std::tuple<A...>> {
  // JavaScript index of the C++ parameter `at`.
  static consteval int index(size_t at) {
    int result = 0;
    size_t i = 0;
    ((result += (i++ < at && kTakesValue<A>) ? 1 : 0), ...);
    return result;
  }
  static consteval int required() {
    [[maybe_unused]] int count = 0;
    int result = 0;
    ((count += kTakesValue<A> ? 1 : 0,
      result = (kTakesValue<A> && !kIsMaybe<std::decay_t<A>> &&
                !std::is_same_v<std::decay_t<A>, v8::Local<v8::Value>>)
                   ? count
                   : result),
     ...);
    return result;
  }
  // What the JavaScript parameter `at` is to be, for messages.
  static const char* expected(int at) {
    const char* result = "any";
    int i = 0;
    [[maybe_unused]] auto consider = [&]<typename P>() {
      if constexpr (kTakesValue<P>) {
        if (i++ == at) result = Convert<std::decay_t<P>>::kName;
      }
    };
    (consider.template operator()<A>(), ...);
    return result;
  }
};

template <typename P>
decltype(auto) argument(Turn& turn, const Info& info, int index, int& current) {
  if constexpr (std::is_same_v<P, Turn&>) {
    return turn;
  } else if constexpr (std::is_same_v<P, Arguments>) {
    return Arguments{info};
  } else {
    static_assert(Convertible<std::decay_t<P>>, "this parameter type has no Convert<T>::from");
    current = index;
    return Convert<std::decay_t<P>>::from(turn, info[index]);
  }
}

template <auto F>
struct Call {
  using S = Signature<decltype(F)>;
  using Self = typename S::Self;
  using Result = typename S::Result;
  using Parameters = typename S::Parameters;
  using TheShape = Shape<Parameters>;
  static constexpr int kRequired = TheShape::required();
  static constexpr bool kAsync = std::is_same_v<Result, Promise>;

  template <size_t... I>
  static void invoke(Turn& turn, const Info& info, int& current, std::index_sequence<I...>) {
    // A braced tuple converts its elements from left to right, as Web IDL has it.
    std::tuple<decltype(argument<std::tuple_element_t<I, Parameters>>(turn, info, 0, current))...>
        arguments{argument<std::tuple_element_t<I, Parameters>>(turn, info, TheShape::index(I),
                                                                current)...};
    current = -1;
    auto call = [&]() -> decltype(auto) {
      if constexpr (std::is_void_v<Self>) {
        return F(
            std::forward<std::tuple_element_t<I, decltype(arguments)>>(std::get<I>(arguments))...);
      } else {
        Self& self = Turn::receiver<Self>(turn.v8, info.This());
        return (self.*F)(
            std::forward<std::tuple_element_t<I, decltype(arguments)>>(std::get<I>(arguments))...);
      }
    };
    if constexpr (std::is_void_v<Result>) {
      call();
    } else {
      info.GetReturnValue().Set(Convert<std::decay_t<Result>>::to(turn, call()));
    }
  }

  static void run(const Info& info) {
    // A missing parameter is one of the wrong type; the text is pinned by the reference.
    if (info.Length() < kRequired) {
      return throwMismatch(info, info.Length(), TheShape::expected(info.Length()));
    }
    Turn turn(info.GetIsolate());
    int current = -1;
    try {
      invoke(turn, info, current, std::make_index_sequence<std::tuple_size_v<Parameters>>());
    } catch (TypeMismatch& mismatch) {
      throwMismatch(info, current, mismatch.expected);
    } catch (...) {
      turn.rethrowToJs();
    }
  }

  static void trampoline(const Info& info) {
    if constexpr (kAsync) {
      v8::TryCatch tryCatch(info.GetIsolate());
      run(info);
      if (tryCatch.HasCaught()) rejectInstead(info, tryCatch);
    } else {
      run(info);
    }
  }
};

// A constructor is a static function returning T*.
template <auto F>
struct Construct {
  using C = Call<F>;

  template <size_t... I>
  static void invoke(Turn& turn, const Info& info, int& current, std::index_sequence<I...>) {
    using Parameters = typename C::Parameters;
    std::tuple<decltype(argument<std::tuple_element_t<I, Parameters>>(turn, info, 0, current))...>
        arguments{argument<std::tuple_element_t<I, Parameters>>(turn, info, C::TheShape::index(I),
                                                                current)...};
    current = -1;
    Object* made =
        F(std::forward<std::tuple_element_t<I, decltype(arguments)>>(std::get<I>(arguments))...);
    turn.adopt(info.This(), *made);
  }

  static void trampoline(const Info& info) {
    if (!info.IsConstructCall()) return throwNotNew(info);
    if (info.Length() < C::kRequired) {
      return throwMismatch(info, info.Length(), C::TheShape::expected(info.Length()));
    }
    Turn turn(info.GetIsolate());
    int current = -1;
    try {
      invoke(turn, info, current,
             std::make_index_sequence<std::tuple_size_v<typename C::Parameters>>());
    } catch (TypeMismatch& mismatch) {
      throwMismatch(info, current, mismatch.expected);
    } catch (...) {
      turn.rethrowToJs();
    }
  }
};

}  // namespace detail

template <auto F>
consteval Member constructor() {
  return {.kind = Member::Kind::Constructor,
          .name = "constructor",
          .call = &detail::Construct<F>::trampoline,
          .length = uint8_t(detail::Call<F>::kRequired)};
}

// A member function of the class, called on its instances.
template <auto F>
consteval Member method(const char* name) {
  return {.kind = Member::Kind::Method,
          .name = name,
          .call = &detail::Call<F>::trampoline,
          .length = uint8_t(detail::Call<F>::kRequired)};
}

// A free or static function: a static member in a class table, a global in a Surface.
template <auto F>
consteval Member function(const char* name) {
  return {.kind = Member::Kind::StaticMethod,
          .name = name,
          .call = &detail::Call<F>::trampoline,
          .length = uint8_t(detail::Call<F>::kRequired)};
}

template <auto F>
consteval Member getter(const char* name) {
  return {.kind = Member::Kind::Accessor, .name = name, .call = &detail::Call<F>::trampoline};
}

template <auto Get, auto Set>
consteval Member accessor(const char* name) {
  return {.kind = Member::Kind::Accessor,
          .name = name,
          .call = &detail::Call<Get>::trampoline,
          .set = &detail::Call<Set>::trampoline};
}

}  // namespace ocapd::js

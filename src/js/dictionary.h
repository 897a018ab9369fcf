// Dictionaries: a plain struct with a table of its fields, in the order the standard reads them.
//
// See       https://webidl.spec.whatwg.org/#js-dictionary
#pragma once

#include <span>

#include "src/js/convert.h"

namespace ocapd::js {

template <typename Struct>
struct Field {
  const char* name;
  void (*read)(Turn&, v8::Local<v8::Value>, Struct&);
  const char* expected;
};

namespace detail {
template <typename M>
struct FieldType;
template <typename C, typename T>
struct FieldType<T C::*> {
  using Struct = C;
  using Type = T;
};
template <auto M>
void readField(Turn& turn, v8::Local<v8::Value> value,
               typename FieldType<decltype(M)>::Struct& into) {
  into.*M = Convert<typename FieldType<decltype(M)>::Type>::from(turn, value);
}
}  // namespace detail

template <auto M>
consteval Field<typename detail::FieldType<decltype(M)>::Struct> field(const char* name) {
  using T = typename detail::FieldType<decltype(M)>::Type;
  return {.name = name, .read = &detail::readField<M>, .expected = Convert<T>::kName};
}

// Base for Convert<Struct>: undefined and null are the struct's defaults, as are absent fields.
template <typename Struct, const auto& kFields>
struct DictionaryConvert {
  static constexpr const char* kName = Struct::kDictionaryName;
  static Struct from(Turn& turn, v8::Local<v8::Value> value) {
    Struct result;
    if (value->IsNullOrUndefined()) return result;
    if (!value->IsObject()) throw TypeMismatch{Struct::kDictionaryName};
    auto object = value.As<v8::Object>();
    for (const Field<Struct>& field : kFields) {
      auto found = turn.get(object, field.name);
      if (found->IsUndefined()) continue;
      try {
        field.read(turn, found, result);
      } catch (TypeMismatch& mismatch) {
        throw Error::type("Incorrect type for the '", field.name, "' field on '",
                          Struct::kDictionaryName, "': the provided value is not of type '",
                          mismatch.expected, "'.");
      }
    }
    return result;
  }
};

}  // namespace ocapd::js

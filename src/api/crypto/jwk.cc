#include "src/api/crypto/jwk.h"

#include <simdutf.h>
#include <v8-container.h>
#include <v8-json.h>

#include "src/js/dictionary.h"
#include "src/js/sequence.h"

namespace ocapd::api::crypto {

namespace {

// The members that are key material, in the order in which exported keys have them. `isSecret` ones
// are cleansed.
struct MaterialMember {
  kj::StringPtr name;
  kj::Maybe<kj::String> Jwk::* member;
  bool isSecret;
};
constexpr MaterialMember kMaterialMembers[] = {
    {"crv"_kj, &Jwk::crv, false}, {"x"_kj, &Jwk::x, false},  {"y"_kj, &Jwk::y, false},
    {"d"_kj, &Jwk::d, true},      {"n"_kj, &Jwk::n, false},  {"e"_kj, &Jwk::e, false},
    {"p"_kj, &Jwk::p, true},      {"q"_kj, &Jwk::q, true},   {"dp"_kj, &Jwk::dp, true},
    {"dq"_kj, &Jwk::dq, true},    {"qi"_kj, &Jwk::qi, true}, {"k"_kj, &Jwk::k, true},
};

}  // namespace

UsageNames readUsageNames(js::Turn& turn, v8::Local<v8::Value> value) {
  if (!value->IsObject()) throw js::TypeMismatch{"Array"};
  auto object = value.As<v8::Object>();
  auto method = js::iteratorMethod(turn, object);
  if (method->IsNullOrUndefined()) throw js::TypeMismatch{"Array"};
  kj::Vector<kj::String> names;
  js::forEachElement(turn, object, method, [&](v8::Local<v8::Value> element) {
    names.add(js::Convert<kj::String>::from(turn, element));
  });
  return names.releaseAsArray();
}

Jwk::~Jwk() noexcept(false) {
  for (const MaterialMember& row : kMaterialMembers) {
    if (!row.isSecret) continue;
    KJ_IF_MAYBE(text, this->*row.member) {
      OPENSSL_cleanse(text->begin(), text->size());
    }
  }
}

// https://w3c.github.io/webcrypto/#JsonWebKey-dictionary
Jwk readJwk(js::Turn& turn, v8::Local<v8::Object> object) {
  static constexpr js::Field<Jwk> kFields[] = {
      js::field<&Jwk::alg>("alg"),
      js::field<&Jwk::crv>("crv"),
      js::field<&Jwk::d>("d"),
      js::field<&Jwk::dp>("dp"),
      js::field<&Jwk::dq>("dq"),
      js::field<&Jwk::e>("e"),
      js::field<&Jwk::ext>("ext"),
      js::field<&Jwk::k>("k"),
      js::field<&Jwk::keyOperations>("key_ops"),
      js::field<&Jwk::kty>("kty"),
      js::field<&Jwk::n>("n"),
      {"oth", [](js::Turn&, v8::Local<v8::Value>, Jwk& jwk) { jwk.hasOtherPrimes = true; },
       "Array"},
      js::field<&Jwk::p>("p"),
      js::field<&Jwk::q>("q"),
      js::field<&Jwk::qi>("qi"),
      js::field<&Jwk::use>("use"),
      js::field<&Jwk::x>("x"),
      js::field<&Jwk::y>("y"),
  };
  return js::DictionaryConvert<Jwk, kFields>::from(turn, object);
}

// https://w3c.github.io/webcrypto/#concept-parse-a-jwk
Jwk parseJwk(js::Turn& turn, BytesPtr json) {
  auto text = turn.string(kj::arrayPtr(reinterpret_cast<const char*>(json.begin()), json.size()));
  v8::Local<v8::Value> value = turn.undefined();
  auto failure = turn.catching([&] { value = turn.check(v8::JSON::Parse(turn.context, text)); });
  if (failure != nullptr || !value->IsObject()) {
    // Differs: for text that is no JSON the reference's is JSON.parse()'s SyntaxError, whose
    // message shows some of the text: that of a key that nobody may see.
    throw js::Error::dom("DataError", "Missing \"kty\" field or corrupt JSON unwrapping key?");
  }
  // Members are the text's own, not those of an Object.prototype that a worker has extended.
  auto object = value.As<v8::Object>();
  turn.check(object->SetPrototypeV2(turn.context, v8::Null(turn.v8)));
  return readJwk(turn, object);
}

v8::Local<v8::Object> toObject(js::Turn& turn, const Jwk& jwk) {
  auto result = v8::Object::New(turn.v8);
  auto define = [&](kj::StringPtr name, v8::Local<v8::Value> value) {
    turn.check(result->CreateDataProperty(turn.context, turn.name(name), value));
  };
  define("kty", turn.string(shown(jwk.kty)));
  KJ_IF_MAYBE(names, jwk.keyOperations) {
    v8::LocalVector<v8::Value> elements(turn.v8);
    for (const kj::String& name : *names) elements.push_back(turn.name(name));
    define("key_ops", v8::Array::New(turn.v8, elements.data(), elements.size()));
  }
  KJ_IF_MAYBE(alg, jwk.alg) {
    define("alg", turn.string(*alg));
  }
  KJ_IF_MAYBE(ext, jwk.ext) {
    define("ext", v8::Boolean::New(turn.v8, *ext));
  }
  for (const MaterialMember& row : kMaterialMembers) {
    KJ_IF_MAYBE(text, jwk.*row.member) {
      define(row.name, turn.string(*text));
    }
  }
  return result;
}

// All texts of exported keys are of letters, digits, '-' and '_': nothing to be escaped.
kj::String toJson(const Jwk& jwk) {
  kj::Vector<kj::String> members;
  members.add(kj::str("\"kty\":\"", shown(jwk.kty), '"'));
  KJ_IF_MAYBE(names, jwk.keyOperations) {
    auto quoted = KJ_MAP(name, *names) {
      return kj::str('"', name, '"');
    };
    members.add(kj::str("\"key_ops\":[", kj::strArray(quoted, ","), ']'));
  }
  KJ_IF_MAYBE(alg, jwk.alg) {
    members.add(kj::str("\"alg\":\"", *alg, '"'));
  }
  KJ_IF_MAYBE(ext, jwk.ext) {
    members.add(kj::str("\"ext\":", *ext ? "true" : "false"));
  }
  for (const MaterialMember& row : kMaterialMembers) {
    KJ_IF_MAYBE(text, jwk.*row.member) {
      members.add(kj::str('"', row.name, "\":\"", *text, '"'));
    }
  }
  return kj::str('{', kj::strArray(members, ","), '}');
}

kj::StringPtr shown(const kj::Maybe<kj::String>& member) {
  KJ_IF_MAYBE(text, member) {
    return *text;
  }
  return "undefined"_kj;
}

kj::Maybe<Bytes> decoded(const kj::Maybe<kj::String>& member) {
  KJ_IF_MAYBE(text, member) {
    auto room = kj::heapArray<kj::byte>(
        simdutf::maximal_binary_length_from_base64(text->begin(), text->size()));
    // Forgiving, as the reference is: padding, white space and the other alphabet are let pass.
    auto result = simdutf::base64_to_binary(text->begin(), text->size(),
                                            reinterpret_cast<char*>(room.begin()),
                                            simdutf::base64_default_or_url);
    KJ_DEFER(OPENSSL_cleanse(room.begin(), room.size()));
    if (result.error != simdutf::SUCCESS) return nullptr;
    return kj::heapArray<kj::byte>(room.slice(0, result.count));
  }
  return nullptr;
}

kj::String base64Url(BytesPtr bytes) {
  auto result =
      kj::heapString(simdutf::base64_length_from_binary(bytes.size(), simdutf::base64_url));
  simdutf::binary_to_base64(reinterpret_cast<const char*>(bytes.begin()), bytes.size(),
                            result.begin(), simdutf::base64_url);
  return result;
}

Jwk newJwk(kj::StringPtr kty, Usages usages, bool extractable) {
  Jwk result;
  result.kty = kj::str(kty);
  kj::Vector<kj::String> names;
  usages.forEach([&](Usage usage) { names.add(kj::str(nameOf(usage))); });
  result.keyOperations = names.releaseAsArray();
  result.ext = extractable;
  return result;
}

}  // namespace ocapd::api::crypto

// Imports whatever bytes as keys: nothing may crash, and what becomes a key can be exported and
// imported again.
//
// The first byte names the algorithm, the second the format. The rest is DER, a point, or the
// members of a JSON Web Key: "name value" lines.

#include <stddef.h>
#include <stdint.h>

#include <kj/debug.h>

#include "src/api/crypto/families.h"
#include "src/js/error.h"

namespace ocapd::api::crypto {
namespace {

constexpr const Algorithm* kAlgorithms[] = {&kRsassaPkcs1, &kRsaPss,  &kRsaOaep, &kEcdsa,
                                            &kEcdh,        &kEd25519, &kX25519,  &kAesGcm,
                                            &kAesKw,       &kHmac,    &kHkdf};
constexpr kj::StringPtr kFormats[] = {"spki"_kj, "pkcs8"_kj, "raw"_kj, "jwk"_kj};
constexpr kj::StringPtr kCurves[] = {"P-256"_kj, "P-384"_kj, "P-521"_kj};

struct Member {
  kj::StringPtr name;
  kj::Maybe<kj::String> Jwk::* member;
};
constexpr Member kMembers[] = {
    {"alg"_kj, &Jwk::alg}, {"crv"_kj, &Jwk::crv}, {"d"_kj, &Jwk::d}, {"dp"_kj, &Jwk::dp},
    {"dq"_kj, &Jwk::dq},   {"e"_kj, &Jwk::e},     {"k"_kj, &Jwk::k}, {"kty"_kj, &Jwk::kty},
    {"n"_kj, &Jwk::n},     {"p"_kj, &Jwk::p},     {"q"_kj, &Jwk::q}, {"qi"_kj, &Jwk::qi},
    {"use"_kj, &Jwk::use}, {"x"_kj, &Jwk::x},     {"y"_kj, &Jwk::y},
};

Jwk jwkOf(BytesPtr lines) {
  Jwk jwk;
  while (lines.size() > 0) {
    size_t end = 0;
    while (end < lines.size() && lines[end] != '\n') ++end;
    auto line = kj::heapString(lines.slice(0, end).asChars());
    lines = lines.slice(kj::min(end + 1, lines.size()), lines.size());
    KJ_IF_MAYBE(space, line.findFirst(' ')) {
      for (const Member& row : kMembers) {
        if (line.slice(0, *space) == row.name) jwk.*row.member = kj::str(line.slice(*space + 1));
      }
    }
  }
  return jwk;
}

kj::Own<KeyData> import(const Algorithm& algorithm, const Parameters& parameters,
                        kj::StringPtr format, BytesPtr bytes, Jwk* jwk, bool isPrivate) {
  kj::Vector<kj::String> names;
  auto usages = isPrivate ? algorithm.usages : algorithm.publicUsages;
  usages.forEach([&](Usage usage) { names.add(kj::str(nameOf(usage))); });
  UsageNames usageNames = names.releaseAsArray();
  return algorithm.importing.import(algorithm, parameters, {format, bytes, jwk, true, usageNames});
}

void importAndExport(BytesPtr input) {
  if (input.size() < 2) return;
  const Algorithm& algorithm = *kAlgorithms[input[0] % std::size(kAlgorithms)];
  kj::StringPtr format = kFormats[input[1] % std::size(kFormats)];
  bool isPrivate = (input[1] & 0x80) != 0;
  Parameters parameters;
  parameters.hash = Hash::Sha256;
  parameters.namedCurve = kj::str(kCurves[(input[1] >> 4) % std::size(kCurves)]);
  BytesPtr bytes = input.slice(2, input.size());
  Jwk jwk;
  if (format == "jwk") jwk = jwkOf(bytes);
  kj::Own<KeyData> key;
  try {
    key = import(algorithm, parameters, format, bytes, format == "jwk" ? &jwk : nullptr, isPrivate);
  } catch (js::Error&) {
    return;
  }
  if (algorithm.exportKey == nullptr) return;
  key->extractable = true;

  auto exported = algorithm.exportKey(*key, format);
  KJ_SWITCH_ONEOF(exported) {
    KJ_CASE_ONEOF(again, Bytes) {
      import(algorithm, parameters, format, again, nullptr, isPrivate);
    }
    KJ_CASE_ONEOF(again, Jwk) {
      import(algorithm, parameters, format, nullptr, &again, isPrivate);
    }
  }
}

}  // namespace
}  // namespace ocapd::api::crypto

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ocapd::api::crypto::importAndExport(kj::arrayPtr(data, size));
  return 0;
}

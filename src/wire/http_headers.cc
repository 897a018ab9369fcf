#include "src/wire/http_headers.h"

#include <strings.h>

#include <capnp/schema.h>
#include <kj/debug.h>
#include <kj/map.h>

namespace ocapd::wire {

namespace {

constexpr uint64_t kCommonTextAnnotation = 0x857745131db6fc83;

// Case-insensitive, as header names are.
struct NameKey {
  kj::StringPtr text;
  bool operator==(const NameKey& other) const {
    return text.size() == other.text.size() && strcasecmp(text.cStr(), other.text.cStr()) == 0;
  }
  kj::uint hashCode() const {
    kj::uint hash = 5381;
    for (char c : text) hash = hash * 33 + kj::uint(c | 0x20);
    return hash;
  }
};

// The names that have numbers, from the schema's annotations.
class CommonNames {
 public:
  static const CommonNames& instance() {
    static const CommonNames kNames;
    return kNames;
  }

  kj::Maybe<kj::StringPtr> text(uint16_t number) const {
    if (number == 0 || number >= texts_.size()) return nullptr;
    return texts_[number];
  }
  uint16_t number(kj::StringPtr name) const { return numbers_.find(NameKey{name}).orDefault(0); }

 private:
  CommonNames() {
    auto enumerants = capnp::Schema::from<schema::CommonHeaderName>().getEnumerants();
    for (auto enumerant : enumerants) {
      kj::StringPtr text;
      for (auto annotation : enumerant.getProto().getAnnotations()) {
        if (annotation.getId() == kCommonTextAnnotation) text = annotation.getValue().getText();
      }
      if (text.size() > 0) numbers_.insert(NameKey{text}, enumerant.getOrdinal());
      texts_.add(text);
    }
  }

  kj::Vector<kj::StringPtr> texts_;
  kj::HashMap<NameKey, uint16_t> numbers_;
};

// In the order of the schema's numbers; QUERY and BAN, the last two, are unknown to the library.
constexpr kj::HttpMethod kMethods[] = {
    kj::HttpMethod::GET,       kj::HttpMethod::HEAD,        kj::HttpMethod::POST,
    kj::HttpMethod::PUT,       kj::HttpMethod::DELETE,      kj::HttpMethod::PATCH,
    kj::HttpMethod::PURGE,     kj::HttpMethod::OPTIONS,     kj::HttpMethod::TRACE,
    kj::HttpMethod::COPY,      kj::HttpMethod::LOCK,        kj::HttpMethod::MKCOL,
    kj::HttpMethod::MOVE,      kj::HttpMethod::PROPFIND,    kj::HttpMethod::PROPPATCH,
    kj::HttpMethod::SEARCH,    kj::HttpMethod::UNLOCK,      kj::HttpMethod::ACL,
    kj::HttpMethod::REPORT,    kj::HttpMethod::MKACTIVITY,  kj::HttpMethod::CHECKOUT,
    kj::HttpMethod::MERGE,     kj::HttpMethod::MSEARCH,     kj::HttpMethod::NOTIFY,
    kj::HttpMethod::SUBSCRIBE, kj::HttpMethod::UNSUBSCRIBE,
};

}  // namespace

size_t countHeaders(const kj::HttpHeaders& headers) {
  size_t count = 0;
  headers.forEach([&](kj::StringPtr, kj::StringPtr) { ++count; });
  return count;
}

void writeHeaders(const kj::HttpHeaders& headers, HeaderList::Builder list) {
  auto& names = CommonNames::instance();
  kj::uint i = 0;
  headers.forEach([&](kj::StringPtr name, kj::StringPtr value) {
    auto header = list[i++];
    auto number = names.number(name);
    if (number != 0) {
      auto common = header.initCommon();
      common.setName(schema::CommonHeaderName(number));
      common.setValue(value);
    } else {
      auto uncommon = header.initUncommon();
      uncommon.setName(name);
      uncommon.setValue(value);
    }
  });
}

kj::HttpHeaders readHeaders(HeaderList::Reader list, const kj::HttpHeaderTable& table) {
  auto& names = CommonNames::instance();
  kj::HttpHeaders result(table);
  for (auto header : list) {
    kj::String name;
    kj::String value;
    if (header.isUncommon()) {
      name = kj::str(header.getUncommon().getName());
      value = kj::str(header.getUncommon().getValue());
    } else {
      auto common = header.getCommon();
      auto number = uint16_t(common.getName());
      name = kj::str(KJ_REQUIRE_NONNULL(names.text(number), "unknown common header name", number));
      value = common.isCommonValue() ? kj::str("gzip, deflate") : kj::str(common.getValue());
      KJ_REQUIRE(!common.isCommonValue() ||
                     common.getCommonValue() == schema::CommonHeaderValue::GZIP_DEFLATE,
                 "unknown common header value");
    }
    result.add(kj::mv(name), kj::mv(value));
  }
  return result;
}

schema::HttpMethod methodToWire(kj::HttpMethod method) {
  for (size_t i : kj::indices(kMethods)) {
    if (kMethods[i] == method) return schema::HttpMethod(i);
  }
  KJ_FAIL_REQUIRE("this HTTP method cannot be sent to another process", method);
}

kj::HttpMethod methodFromWire(schema::HttpMethod method) {
  KJ_REQUIRE(size_t(method) < kj::size(kMethods), "unknown method", uint16_t(method));
  return kMethods[size_t(method)];
}

}  // namespace ocapd::wire

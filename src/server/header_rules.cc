#include "src/server/header_rules.h"

namespace ocapd::server {
namespace {

bool isToken(kj::StringPtr name) {
  if (name.size() == 0) return false;
  for (char c : name) {
    bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!alphanumeric && "!#$%&'*+-.^_`|~"_kj.findFirst(c) == nullptr) return false;
  }
  return true;
}

class Compiler {
 public:
  Compiler(kj::HttpHeaderTable::Builder& table, kj::StringPtr context, ErrorReporter& errors)
      : table_(table), context_(context), errors_(errors) {}

  kj::Maybe<kj::HttpHeaderId> optional(kj::Maybe<kj::StringPtr> name) {
    KJ_IF_MAYBE(present, name) {
      return header(*present);
    }
    return nullptr;
  }

  kj::Maybe<kj::HttpHeaderId> header(kj::StringPtr name) {
    if (isToken(name)) return table_.add(name);
    errors_.addError(kj::str(context_, " names a header \"", name,
                             "\", which HTTP does not allow. A header name consists of letters, "
                             "digits and !#$%&'*+-.^_`|~ ."));
    return nullptr;
  }

  void checkValue(kj::StringPtr name, kj::Maybe<kj::StringPtr> value) {
    KJ_IF_MAYBE(present, value) {
      if (!kj::HttpHeaders::isValidHeaderValue(*present)) {
        errors_.addError(kj::str(context_, " injects the header \"", name,
                                 "\" with a value that holds a line break or a NUL. Remove it."));
      }
    }
  }

 private:
  kj::HttpHeaderTable::Builder& table_;
  kj::StringPtr context_;
  ErrorReporter& errors_;
};

}  // namespace

HeaderRules::HeaderRules(const config::HttpOptions& options, kj::HttpHeaderTable::Builder& table,
                         kj::StringPtr context, ErrorReporter& errors)
    : style(options.style) {
  Compiler compiler(table, context, errors);
  forwardedProto = compiler.optional(options.forwardedProtoHeader);
  cfBlob = compiler.optional(options.cfBlobHeader);
  auto compile = [&](kj::ArrayPtr<const config::Header> headers) {
    kj::Vector<Injection> result(headers.size());
    for (auto& header : headers) {
      compiler.checkValue(header.name, header.value);
      KJ_IF_MAYBE(id, compiler.header(header.name)) {
        result.add(Injection{*id, header.value});
      }
    }
    return result.releaseAsArray();
  };
  request_ = compile(options.injectRequestHeaders);
  response_ = compile(options.injectResponseHeaders);
}

void HeaderRules::inject(kj::ArrayPtr<const Injection> injections, kj::HttpHeaders& headers) {
  for (auto& injection : injections) {
    KJ_IF_MAYBE(value, injection.value) {
      headers.set(injection.id, *value);
    } else {
      headers.unset(injection.id);
    }
  }
}

kj::Own<kj::AsyncOutputStream> InjectingResponse::send(kj::uint statusCode,
                                                       kj::StringPtr statusText,
                                                       const kj::HttpHeaders& headers,
                                                       kj::Maybe<uint64_t> expectedBodySize) {
  auto changed = headers.cloneShallow();
  rules_.injectIntoResponse(changed);
  return inner_.send(statusCode, statusText, changed, expectedBodySize);
}

kj::Own<kj::WebSocket> InjectingResponse::acceptWebSocket(const kj::HttpHeaders& headers) {
  auto changed = headers.cloneShallow();
  rules_.injectIntoResponse(changed);
  return inner_.acceptWebSocket(changed);
}

}  // namespace ocapd::server

// What of the config language ocapd honours: the one table to edit when a field gets implemented.
// A field that is set and not listed as honoured is an error, so none is ever silently ignored.
#pragma once

#include "problem.h"
#include "src/config/workerd.capnp.h"

namespace ocapd::config {

// A struct of the schema and those of its fields that reach the Plan, separated by spaces. Groups
// have rows of their own, named like "Socket.https".
struct TypeSupport {
  kj::StringPtr type;
  kj::StringPtr honoured;
};

// What is said of a field that is not honoured, where the general text does not do.
struct FieldAdvice {
  enum class Severity { Error, Warning };  // Warning: running without the field is sensible
  kj::StringPtr type;
  kj::StringPtr field;
  Severity severity;
  kj::StringPtr advice;
};

kj::ArrayPtr<const TypeSupport> supportedTypes();
kj::ArrayPtr<const FieldAdvice> fieldAdvice();

// Reports every field of `config` that is set and not honoured, and every honoured text that is
// not UTF-8.
void checkSupport(schema::Config::Reader config, Problems& problems);

}  // namespace ocapd::config

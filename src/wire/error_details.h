// What an exception says beyond its text, on its way through Cap'n Proto.
//
// The library at hand carries the text of an exception and, if asked, a trace. Between processes of
// ocapd the trace holds the serialized error, with its own properties; other peers ignore it, and
// see class and message.
//
// Threads   any.
// Limits    kDetailBytesMax of serialized error; larger ones travel as text.
#pragma once

#include <kj/array.h>
#include <kj/exception.h>

namespace ocapd::wire {

constexpr size_t kDetailBytesMax = 64u << 10;

// An exception that leaves this process: marked as remote, once.
[[noreturn]] void throwRemote(kj::Exception exception);
kj::Exception asRemote(kj::Exception exception);

// Adds a serialized error; reads it back from what arrived.
void attachDetail(kj::Exception& exception, kj::ArrayPtr<const kj::byte> serialized);
kj::Maybe<kj::Array<kj::byte>> findDetail(const kj::Exception& exception);

// For RpcSystem::setTraceEncoder().
kj::String encodeTrace(const kj::Exception& exception);

}  // namespace ocapd::wire

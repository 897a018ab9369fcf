// Requests of bindings to their services, natively: what their scripts are given.
//
// Limits    kMetadataBytesMax for what precedes an object of a bucket.
// Threads   the lane's.
#pragma once

#include "src/api/fetch/fetcher.h"

namespace ocapd::api {

constexpr size_t kMetadataBytesMax = 32u << 20;

// Sends a request and gives its Response. `headers` is an array of names and values; `url` goes out
// as it is. A string as body is sent as text, as in fetch().
js::Promise callService(js::Turn& turn, Fetcher* service, kj::String method, kj::String url,
                        v8::Local<v8::Object> headers, v8::Local<v8::Value> body);

// Sends what a bucket is asked for, in `headers` or, as `request`, in front of the value. Gives
// [status, error, metadata, Response]: a bucket's answer begins with metadata; error and metadata
// are undefined where there are none.
js::Promise askBucket(js::Turn& turn, Fetcher* service, v8::Local<v8::Object> headers,
                      v8::Local<v8::Value> request, v8::Local<v8::Value> value);

}  // namespace ocapd::api

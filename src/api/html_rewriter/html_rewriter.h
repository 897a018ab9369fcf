// HTMLRewriter: changes a Response's HTML while it is read.
//
// A built-in script: it calls user code at every step. Only what turns bytes into strings and back
// is here. The parts of the script, in their order: primordials.js, encodings.js, tokenizer.js,
// selectors.js, content_tokens.js, element.js, rewriting.js, html_rewriter.js.
//
// Limits    a tag or comment of 64 MiB, 100,000 open elements.
// See       https://developers.cloudflare.com/workers/runtime-apis/html-rewriter/
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

extern const js::Builtin kHtmlRewriter;

}  // namespace ocapd::api

// The indexes of the multi-byte encodings: from pointers to code points.
//
// Each index_*.txt holds the characters of one index of 2024-09-18 in the order of their pointers,
// a line for each lead byte; U+FFFD stands for pointers without a character. They are read when an
// encoding is first used.
//
// Spec      https://encoding.spec.whatwg.org/#indexes
#pragma once

#include <stdint.h>

namespace ocapd::api {

enum class MultiByteIndex : uint8_t { Big5, EucKr, Gb18030, Jis0208, Jis0212 };

// 0 where the index has nothing.
char32_t indexCodePoint(MultiByteIndex index, uint32_t pointer);

// https://encoding.spec.whatwg.org/#index-gb18030-ranges-code-point; 0 is null.
char32_t gb18030RangesCodePoint(uint32_t pointer);

}  // namespace ocapd::api

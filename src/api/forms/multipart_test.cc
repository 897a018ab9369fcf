#include "src/api/forms/multipart.h"

#include <gtest/gtest.h>
#include <kj/debug.h>

#include "src/api/forms/mime_type.h"
#include "src/js/error.h"

namespace ocapd::api {
namespace {

kj::ArrayPtr<const kj::byte> bytesOf(kj::StringPtr text) {
  return text.asArray().asBytes();
}

constexpr kj::StringPtr kTwoParts =
    "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n"
    "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"u\"\r\n"
    "Content-Type: x/y\r\n\r\nw\r\n--B--"_kj;

TEST(Multipart, ReadsNamesTypesAndContents) {
  auto parts = parseMultipart(bytesOf(kTwoParts), "B");
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].name, "a");
  EXPECT_TRUE(parts[0].filename == nullptr);
  EXPECT_EQ(kj::str(parts[0].content.asChars()), "v");
  EXPECT_EQ(KJ_ASSERT_NONNULL(parts[1].filename), "u");
  EXPECT_EQ(parts[1].contentType, "x/y");
}

TEST(Multipart, RefusesEveryTruncation) {
  for (size_t length = 0; length < kTwoParts.size() - 2; ++length) {
    SCOPED_TRACE(length);
    // Of its own size, so that a read beyond the end is seen by the sanitizer.
    auto cut = kj::heapArray<kj::byte>(bytesOf(kTwoParts).slice(0, length));
    EXPECT_THROW(parseMultipart(cut, "B"), js::Error);
  }
}

TEST(Multipart, SurvivesAnyChangedByte) {
  for (size_t at = 0; at < kTwoParts.size(); ++at) {
    for (char c : {'\0', '"', '\\', '\r', '\n', ';', '=', '-'}) {
      auto changed = kj::heapArray<kj::byte>(bytesOf(kTwoParts));
      changed[at] = kj::byte(c);
      try {
        EXPECT_LE(parseMultipart(changed, "B").size(), 2u);
      } catch (js::Error&) {
        // Refused, which is as good.
      }
    }
  }
}

TEST(Multipart, ReadsWhatIsWritten) {
  MultipartWriter writer;
  writer.addText("a\"b\r\nc", "text");
  writer.addFile("f", "n\"", "", bytesOf("content"));
  auto body = writer.finish();
  auto parts = parseMultipart(body, writer.boundary());
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].name, "a\"b\r\nc");
  EXPECT_EQ(KJ_ASSERT_NONNULL(parts[1].filename), "n\"");
  EXPECT_EQ(parts[1].contentType, "application/octet-stream");
  EXPECT_EQ(kj::str(parts[1].content.asChars()), "content");
}

TEST(MimeType, IsParsedAndSerialized) {
  struct Row {
    kj::StringPtr text;
    kj::StringPtr serialized;  // empty: none
  };
  for (const Row& row :
       {Row{" Text/HTML ; Charset=X ", "text/html;charset=X"},
        Row{"a/b;c=\"d e\\\"\"", "a/b;c=\"d e\\\"\""}, Row{"a/b;c;d=;e=f;E=g", "a/b;e=f"},
        Row{"a/b;c=\"", "a/b;c=\"\""}, Row{"a", ""}, Row{"/b", ""}, Row{"a/", ""}, Row{"a b/c", ""},
        Row{"", ""}}) {
    SCOPED_TRACE(row.text.cStr());
    kj::String serialized;
    KJ_IF_MAYBE(type, MimeType::parse(row.text)) {
      serialized = type->serialized();
    }
    EXPECT_EQ(serialized, row.serialized);
  }
}

}  // namespace
}  // namespace ocapd::api

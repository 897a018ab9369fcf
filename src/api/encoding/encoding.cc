#include "src/api/encoding/encoding.h"

namespace ocapd::api {

namespace {

constexpr EncodingRow kEncodings[] = {
    {Encoding::Utf8, "utf-8"_kj, Decoding::Utf8,
     "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8"_kj},
    {Encoding::Ibm866, "ibm866"_kj, Decoding::SingleByte, "866 cp866 csibm866 ibm866"_kj},
    {Encoding::Iso88592, "iso-8859-2"_kj, Decoding::SingleByte,
     "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"_kj},
    {Encoding::Iso88593, "iso-8859-3"_kj, Decoding::SingleByte,
     "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"_kj},
    {Encoding::Iso88594, "iso-8859-4"_kj, Decoding::SingleByte,
     "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"_kj},
    {Encoding::Iso88595, "iso-8859-5"_kj, Decoding::SingleByte,
     "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
     "iso_8859-5:1988"_kj},
    {Encoding::Iso88596, "iso-8859-6"_kj, Decoding::SingleByte,
     "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e "
     "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987"_kj},
    {Encoding::Iso88597, "iso-8859-7"_kj, Decoding::SingleByte,
     "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 "
     "iso_8859-7 iso_8859-7:1987 sun_eu_greek"_kj},
    {Encoding::Iso88598, "iso-8859-8"_kj, Decoding::SingleByte,
     "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 "
     "iso_8859-8 iso_8859-8:1988 visual"_kj},
    {Encoding::Iso88598I, "iso-8859-8-i"_kj, Decoding::SingleByte,
     "csiso88598i iso-8859-8-i logical"_kj},
    {Encoding::Iso885910, "iso-8859-10"_kj, Decoding::SingleByte,
     "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6"_kj},
    {Encoding::Iso885913, "iso-8859-13"_kj, Decoding::SingleByte,
     "iso-8859-13 iso8859-13 iso885913"_kj},
    {Encoding::Iso885914, "iso-8859-14"_kj, Decoding::SingleByte,
     "iso-8859-14 iso8859-14 iso885914"_kj},
    {Encoding::Iso885915, "iso-8859-15"_kj, Decoding::SingleByte,
     "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9"_kj},
    {Encoding::Iso885916, "iso-8859-16"_kj, Decoding::SingleByte, "iso-8859-16"_kj},
    {Encoding::Koi8R, "koi8-r"_kj, Decoding::SingleByte, "cskoi8r koi koi8 koi8-r koi8_r"_kj},
    {Encoding::Koi8U, "koi8-u"_kj, Decoding::SingleByte, "koi8-ru koi8-u"_kj},
    {Encoding::Macintosh, "macintosh"_kj, Decoding::SingleByte,
     "csmacintosh mac macintosh x-mac-roman"_kj},
    {Encoding::Windows874, "windows-874"_kj, Decoding::SingleByte,
     "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874"_kj},
    {Encoding::Windows1250, "windows-1250"_kj, Decoding::SingleByte,
     "cp1250 windows-1250 x-cp1250"_kj},
    {Encoding::Windows1251, "windows-1251"_kj, Decoding::SingleByte,
     "cp1251 windows-1251 x-cp1251"_kj},
    {Encoding::Windows1252, "windows-1252"_kj, Decoding::SingleByte,
     "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 "
     "iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252"_kj},
    {Encoding::Windows1253, "windows-1253"_kj, Decoding::SingleByte,
     "cp1253 windows-1253 x-cp1253"_kj},
    {Encoding::Windows1254, "windows-1254"_kj, Decoding::SingleByte,
     "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 "
     "latin5 windows-1254 x-cp1254"_kj},
    {Encoding::Windows1255, "windows-1255"_kj, Decoding::SingleByte,
     "cp1255 windows-1255 x-cp1255"_kj},
    {Encoding::Windows1256, "windows-1256"_kj, Decoding::SingleByte,
     "cp1256 windows-1256 x-cp1256"_kj},
    {Encoding::Windows1257, "windows-1257"_kj, Decoding::SingleByte,
     "cp1257 windows-1257 x-cp1257"_kj},
    {Encoding::Windows1258, "windows-1258"_kj, Decoding::SingleByte,
     "cp1258 windows-1258 x-cp1258"_kj},
    {Encoding::XMacCyrillic, "x-mac-cyrillic"_kj, Decoding::SingleByte,
     "x-mac-cyrillic x-mac-ukrainian"_kj},
    {Encoding::Gbk, "gbk"_kj, Decoding::MultiByte,
     "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk"_kj},
    {Encoding::Gb18030, "gb18030"_kj, Decoding::MultiByte, "gb18030"_kj},
    {Encoding::Big5, "big5"_kj, Decoding::MultiByte, "big5 big5-hkscs cn-big5 csbig5 x-x-big5"_kj},
    {Encoding::EucJp, "euc-jp"_kj, Decoding::MultiByte, "cseucpkdfmtjapanese euc-jp x-euc-jp"_kj},
    {Encoding::Iso2022Jp, "iso-2022-jp"_kj, Decoding::MultiByte, "csiso2022jp iso-2022-jp"_kj},
    {Encoding::ShiftJis, "shift_jis"_kj, Decoding::MultiByte,
     "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis"_kj},
    {Encoding::EucKr, "euc-kr"_kj, Decoding::MultiByte,
     "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 "
     "ksc_5601 windows-949"_kj},
    {Encoding::Replacement, "replacement"_kj, Decoding::Replacement,
     "csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr replacement"_kj},
    {Encoding::Utf16be, "utf-16be"_kj, Decoding::Utf16, "unicodefffe utf-16be"_kj},
    {Encoding::Utf16le, "utf-16le"_kj, Decoding::Utf16,
     "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le"_kj},
    {Encoding::XUserDefined, "x-user-defined"_kj, Decoding::UserDefined, "x-user-defined"_kj},
};

bool isAsciiSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

}  // namespace

kj::Maybe<const EncodingRow&> findEncoding(kj::StringPtr label) {
  // 1: white space around a label does not count.
  size_t start = 0;
  size_t end = label.size();
  while (start < end && isAsciiSpace(label[start])) ++start;
  while (end > start && isAsciiSpace(label[end - 1])) --end;
  auto wanted = kj::heapString(label.slice(start, end));
  for (char& c : wanted) {
    if (c >= 'A' && c <= 'Z') c = char(c + 32);
    if (c == ' ') return nullptr;  // would match two neighbouring labels
  }
  if (wanted.size() == 0) return nullptr;
  // 2: TextDecoders are few; walking the list takes a microsecond.
  for (const EncodingRow& row : kEncodings) {
    for (kj::StringPtr rest = row.labels;;) {
      auto space = rest.findFirst(' ');
      size_t length = space.orDefault(rest.size());
      if (rest.slice(0, length) == wanted.asArray()) return row;
      if (space == nullptr) break;
      rest = rest.slice(length + 1);
    }
  }
  return nullptr;
}

}  // namespace ocapd::api

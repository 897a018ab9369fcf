// Gives back the memory that only starting needed.
//
// Starting walks through code and tables of V8, ICU and OpenSSL that serving never looks at again;
// the pages stay resident until somebody else needs memory. Dropping what is mapped read-only from
// files costs a minor fault a page that is needed after all.
#pragma once

namespace ocapd::cli {

void forgetStartupPages();

}  // namespace ocapd::cli

// Parses whatever text as a URL and changes it: nothing may crash, and what was parsed is parsed
// again as the same.

#include <stddef.h>
#include <stdint.h>

#include <string_view>

#include <ada.h>
#include <kj/debug.h>

namespace {

// The first line is a URL, the second one its base, the third what its parts are set to.
void parseAndChange(std::string_view input) {
  auto takeLine = [&input]() {
    auto line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(line.size() + 1, input.size()));
    return line;
  };
  auto text = takeLine();
  auto base = ada::parse<ada::url_aggregator>(takeLine());
  auto part = takeLine();
  auto url = ada::parse<ada::url_aggregator>(text, base ? &*base : nullptr);
  if (!url) return;
  auto again = ada::parse<ada::url_aggregator>(url->get_href());
  bool isSame = again.has_value() && again->get_href() == url->get_href();
  KJ_ASSERT(isSame, "not the same when parsed again");
  url->set_protocol(part);
  url->set_username(part);
  url->set_password(part);
  url->set_host(part);
  url->set_port(part);
  url->set_pathname(part);
  url->set_search(part);
  url->set_hash(part);
  KJ_ASSERT(url->validate(), "a setter has broken it");
  ada::url_search_params parameters(url->get_search());
  parameters.sort();
  ada::url_search_params same(parameters.to_string());
  KJ_ASSERT(same.to_string() == parameters.to_string());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  parseAndChange({reinterpret_cast<const char*>(data), size});
  return 0;
}

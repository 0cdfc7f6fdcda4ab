#include "cli/json_layout.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace sipvet::cli {

std::string JsonLayout::quoted(std::string_view text) {
  const bool as_it_is = std::ranges::all_of(text, [](unsigned char octet) {
    return octet >= 0x20 && octet < 0x7f && octet != '"' && octet != '\\';
  });
  return as_it_is ? '"' + std::string(text) + '"'
                  : nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void JsonLayout::begin(std::string_view name) {
  begin_field(name);
  out_("{");
  depth_ += 2;
  first_ = true;
}

void JsonLayout::end() {
  depth_ -= 2;
  out_("\n" + std::string(depth_, ' ') + "}");
  first_ = false;
}

void JsonLayout::begin_field(std::string_view name) {
  out_(std::string(std::exchange(first_, false) ? "\n" : ",\n").append(depth_, ' ') + '"');
  out_(name);
  out_("\": ");
}

std::string JsonLayout::indented(std::string text) const { // line ends within strings are escaped
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + depth_ + 1))
    text.insert(at + 1, depth_, ' ');
  return text;
}

} // namespace sipvet::cli

#include "cli/json_layout.hpp"

#include "base/ascii.hpp"

#include <nlohmann/json.hpp>

namespace sipvet::cli {

void JsonLayout::append_quoted(std::string& to, std::string_view text) {
  if (is_printable_ascii(text) && text.find('"') == text.npos && text.find('\\') == text.npos)
    to.append("\"", 1).append(text).append("\"", 1);
  else
    to.append(nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::string JsonLayout::quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
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

// Line ends within strings are escaped.
void JsonLayout::append_indented(std::string& to, std::string_view text) const {
  while (true) {
    const auto end = text.find('\n');
    to.append(depth_, ' ').append(text.substr(0, end));
    if (end == std::string_view::npos) return;
    to.append("\n", 1);
    text.remove_prefix(end + 1);
  }
}

} // namespace sipvet::cli

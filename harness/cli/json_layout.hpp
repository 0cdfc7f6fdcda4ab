// Writes a JSON document piece by piece, laid out as nlohmann's dump(2) lays out the whole: lists may be
// larger than memory.
#pragma once

#include "cli/inspect_output.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sipvet::cli {

class JsonLayout {
 public:
  explicit JsonLayout(const Print& out) : out_(out) { out_("{"); }

  // As a JSON string. Octets that are no UTF-8 are replaced: those of a capture must not end the program.
  static std::string quoted(std::string_view text);
  static void append_quoted(std::string& to, std::string_view text);

  void field(std::string_view name, const std::string& value) { // which is JSON
    begin_field(name);
    out_(value);
  }
  void begin(std::string_view name);
  void end();
  // `to_text` gives an entry as if it stood at the left margin.
  template <typename List, typename ToText>
  void list(std::string_view name, const List& list, ToText to_text) {
    begin_field(name);
    if (list.empty()) return out_("[]");
    depth_ += 2;
    std::string_view before = "[\n";
    constexpr std::size_t piece_octets = 64 * 1024;
    std::string piece;
    for (const auto& one : list) {
      piece.append(std::exchange(before, ",\n"));
      append_indented(piece, to_text(one));
      if (piece.size() < piece_octets) continue;
      out_(piece);
      piece.clear();
    }
    depth_ -= 2;
    out_(piece.append("\n").append(depth_, ' ').append("]"));
  }
  void finish() { out_("\n}\n"); }

 private:
  void begin_field(std::string_view name);
  void append_indented(std::string& to, std::string_view text) const;

  const Print& out_;
  std::size_t depth_ = 2;
  bool first_ = true;
};

} // namespace sipvet::cli

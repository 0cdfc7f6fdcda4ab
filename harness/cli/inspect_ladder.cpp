#include "cli/inspect_ladder.hpp"

#include "cli/ladder.hpp"
#include "cli/printable.hpp"
#include "report/text_width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sipvet::cli {

namespace {

using Kind = LadderEvent::Kind;

constexpr std::size_t least_width = 60;
constexpr std::size_t left_margin = 24; // time and frame
constexpr std::size_t least_column = 18;

class Drawing {
 public:
  Drawing(const Ladder& ladder, const LadderStyle& style)
      : ladder_(ladder), style_(style), width_(std::max(style.width, least_width)) {
    const std::size_t room = (width_ - left_margin) / least_column;
    columns_ = std::max<std::size_t>(1, std::min(ladder.parties.size(), room));
    column_width_ = (width_ - left_margin) / columns_;
  }

  std::string draw() {
    std::string out = heading();
    for (const auto& event : ladder_.events) out += event.kind == Kind::finding ? note(event) : arrow(event);
    return out;
  }

 private:
  std::size_t column(std::size_t party) const { return std::min(party, columns_ - 1); }
  std::size_t centre(std::size_t party) const { return column(party) * column_width_ + column_width_ / 2; }

  std::string heading() const {
    std::string line(left_margin, ' ');
    for (std::size_t i = 0; i < columns_; ++i) {
      const bool shared = i + 1 == columns_ && ladder_.parties.size() > columns_;
      const auto name = shared ? fmt::format("{} +{}", ladder_.parties[i], ladder_.parties.size() - columns_)
                        : ladder_.parties.empty() ? std::string()
                                                  : ladder_.parties[i];
      const auto cut = report::shorten(name, column_width_ - 1);
      const auto before = (column_width_ - report::columns_of(cut)) / 2;
      line += report::pad(std::string(before, ' ') + cut, column_width_);
    }
    return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }

  // The life lines, one character for each column of the terminal.
  std::vector<std::string> life_lines() const {
    std::vector<std::string> cells((width_ - left_margin), " ");
    for (std::size_t i = 0; i < columns_; ++i) cells[centre(i)] = "|";
    return cells;
  }

  std::string arrow(const LadderEvent& event) const {
    auto cells = life_lines();
    const auto from = centre(event.from), to = centre(event.to);
    if (from == to)
      put_own(cells, from, printable(event.label));
    else
      put_arrow(cells, event, std::min(from, to), std::max(from, to), from < to);
    std::string line =
        fmt::format("{} {:<8}", time_of_day(event.time).substr(0, 12), fmt::format("#{}", event.frame));
    line = report::pad(report::shorten(line, left_margin - 1), left_margin);
    std::string drawn;
    for (const auto& cell : cells) drawn += cell;
    drawn = drawn.substr(0, drawn.find_last_not_of(' ') + 1);
    return line + painted(event, drawn) + "\n";
  }

  // To itself: on the side where there is more room.
  static void put_own(std::vector<std::string>& cells, std::size_t at, const std::string& label) {
    if (at + 2 < cells.size() - at) return put(cells, at + 2, cells.size(), "o " + label);
    const auto text = report::shorten(label, at - 3) + " o";
    put(cells, at - 1 - report::columns_of(text), at - 1, text);
  }

  void put_arrow(std::vector<std::string>& cells, const LadderEvent& event, std::size_t left,
                 std::size_t right, bool to_right) const {
    const std::string_view stroke = event.kind == Kind::media ? "=" : event.kind == Kind::tls ? "~" : "-";
    for (auto i = left + 1; i < right; ++i) cells[i] = stroke;
    if (event.both_ways || !to_right) cells[left + 1] = "<";
    if (event.both_ways || to_right) cells[right - 1] = ">";
    const auto room = right - left - 5;
    auto label = printable(event.label);
    if (report::columns_of(label) > room - 2) label = printable(event.brief);
    const auto text = " " + report::shorten(label, room - 2) + " ";
    const auto start = left + 3 + (room - std::min(room, report::columns_of(text))) / 2;
    put(cells, start, right - 2, text);
  }

  // One cell holds one character, of however many octets.
  static void put(std::vector<std::string>& cells, std::size_t start, std::size_t end,
                  std::string_view text) {
    const auto cut = report::shorten(text, end > start ? end - start : 1);
    std::size_t at = start;
    for (std::size_t i = 0; i < cut.size() && at < end; ++at) {
      std::size_t octets = 1;
      while (i + octets < cut.size() && (static_cast<unsigned char>(cut[i + octets]) & 0xc0) == 0x80)
        ++octets;
      cells[at] = cut.substr(i, octets);
      i += octets;
    }
  }

  std::string note(const LadderEvent& event) const {
    const std::string_view mark = event.severity == verdict::Severity::error     ? "!!"
                                  : event.severity == verdict::Severity::warning ? " !"
                                                                                 : " i";
    std::string out;
    const std::size_t indent = 6;
    bool first = true;
    for (const auto& line : report::wrap(printable(event.label), width_ - indent)) {
      // A word longer than the line stays whole in wrap().
      const auto cut = report::shorten(line, width_ - indent);
      out += painted(event, fmt::format("   {} {}", first ? mark : "  ", cut)) + "\n";
      first = false;
    }
    return out;
  }

  std::string painted(const LadderEvent& event, const std::string& text) const {
    if (!style_.colour) return text;
    std::string_view code;
    if (event.kind == Kind::tls) code = "36";
    if (event.kind == Kind::media) code = event.severity == verdict::Severity::error ? "31" : "32";
    if (event.kind == Kind::finding)
      code = event.severity == verdict::Severity::error     ? "31"
             : event.severity == verdict::Severity::warning ? "33"
                                                            : "2";
    return code.empty() ? text : fmt::format("\x1b[{}m{}\x1b[0m", code, text);
  }

  const Ladder& ladder_;
  LadderStyle style_;
  std::size_t width_;
  std::size_t columns_ = 1;
  std::size_t column_width_ = least_column;
};

} // namespace

std::string inspect_ladder(const analysis::Report& report, const LadderStyle& style) {
  const auto ladder = make_ladder(report);
  return Drawing(ladder, style).draw();
}

} // namespace sipvet::cli

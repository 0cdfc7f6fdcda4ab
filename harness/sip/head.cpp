#include "sip/head.hpp"

#include "base/ascii.hpp"
#include "base/text.hpp"
#include "sip/lexer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

namespace sipvet::sip {

namespace {

constexpr std::string_view sip_version = "SIP/2.0";

// A line of the head: `text` without its end, `octets` with it.
struct Line {
  std::string_view text;
  std::size_t octets = 0;
  bool crlf = false;
};

// False when the text ends before the line does.
bool read_line(std::string_view text, std::size_t offset, Line& out) {
  const std::size_t end = text.find('\n', offset);
  if (end == text.npos) return false;
  out.crlf = end > offset && text[end - 1] == '\r';
  out.octets = end + 1 - offset;
  out.text = std::string_view(text.data() + offset, out.octets - (out.crlf ? 2 : 1));
  return true;
}

Error no_line_end(std::string_view text) {
  return fail("expected the end of a line, and an empty line after the head", text.size());
}

bool continues(std::string_view text, std::size_t offset) {
  return offset < text.size() && (text[offset] == ' ' || text[offset] == '\t');
}

// RFC 3261 §7.3.1: a line end with the blanks around it counts as one space.
void append_unfolded(std::string& value, std::string_view line) {
  line = trim(line);
  if (line.empty()) return;
  if (!value.empty()) value += ' ';
  value += line;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// The name with the blanks behind it, and the colon. A name that begins with a blank cannot come here: it
// would continue the line before. False when the line is no header field.
bool read_field(const Line& line, HeaderField& out) {
  const char* const begin = line.text.data();
  const char* const end = begin + line.text.size();
  const char* name_end = begin;
  while (name_end < end && is_token_char(*name_end)) ++name_end;
  const char* colon = name_end;
  while (colon < end && is_blank(*colon)) ++colon;
  if (name_end == begin || colon == end || *colon != ':') return false;
  const char* value = colon + 1;
  const char* value_end = end;
  while (value < value_end && is_blank(*value)) ++value;
  while (value_end > value && is_blank(value_end[-1])) --value_end;
  out.name = std::string_view(begin, static_cast<std::size_t>(name_end - begin));
  out.value = std::string_view(value, static_cast<std::size_t>(value_end - value));
  return true;
}

Error no_field(const Line& line, std::size_t offset) {
  return line.text.find(':') == line.text.npos
             ? fail("header field: expected a name and a colon", offset)
             : fail("header field: expected a name of token characters", offset);
}

// Whether writing name and value in our own form gives `raw` again.
bool is_plain(const HeaderField& field, std::string_view raw) {
  const std::size_t name = field.name.size();
  return raw.size() == name + field.value.size() + 4 && raw[name] == ':' && raw[name + 1] == ' ' &&
         (field.value.empty() || field.value.data() == raw.data() + name + 2) && raw.ends_with("\r\n");
}

// Two different lengths would cut the stream at a place of the sender's choice; RFC 3261 has one field at
// most.
Result<void> take_content_length(const HeaderField& field, std::size_t offset, Head& head) {
  const auto length = parse_decimal(field.value, max_message_octets, "Content-Length");
  if (!length) return fail(length.error().what, offset);
  if (head.content_length && *head.content_length != *length)
    return fail("Content-Length: expected the same value in every such field", offset);
  head.content_length = *length;
  return {};
}

} // namespace

Result<void> HeadParser::request_line(std::string_view line, std::size_t offset, MessageView& out) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  const std::string_view method = line.substr(0, first);
  if (!is_token(method) || method.size() > max_method_octets)
    return fail("request line: expected a method of token characters", offset);
  if (first == line.npos || first == last)
    return fail("request line: expected method, Request-URI and SIP/2.0 with one space between", offset);
  if (!iequals(line.substr(last + 1), sip_version))
    return fail("request line: expected SIP/2.0 at its end", offset + last + 1);
  const std::string_view uri = line.substr(first + 1, last - first - 1);
  const auto found = std::ranges::find_if(uri, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
  const auto blank = static_cast<std::size_t>(found - uri.begin());
  if (uri.empty() || blank < uri.size())
    return fail("request line: expected a Request-URI without blanks, and single spaces around it",
                offset + first + 1 + (uri.empty() ? 0 : blank));
  out.method_ = method;
  out.uri_ = uri;
  return {};
}

Result<void> HeadParser::status_line(std::string_view line, std::size_t offset, MessageView& out) {
  const std::size_t at = sip_version.size() + 1;
  const std::string_view code = line.substr(std::min(at, line.size()), 3);
  // The space before an empty reason is often left out.
  const bool ended = line.size() <= at + 3 || line[at + 3] == ' ';
  const auto status = parse_decimal(code, 699, "status code");
  if (line.size() < at || line[at - 1] != ' ' || code.size() != 3 || !ended || !status || *status < 100)
    return fail("status line: expected one space and three digits from 100 to 699 after SIP/2.0",
                offset + sip_version.size());
  out.status_ = static_cast<int>(*status);
  if (line.size() > at + 4) out.reason_ = line.substr(at + 4);
  return {};
}

Result<void> HeadParser::start_line(std::string_view line, std::size_t offset, MessageView& out) {
  if (line.size() > max_start_line_octets)
    return fail(fmt::format("start line: expected at most {} octets", max_start_line_octets), offset);
  if (iequals(line.substr(0, sip_version.size()), sip_version)) return status_line(line, offset, out);
  return request_line(line, offset, out);
}

// The lines at `offset` that go on with `field`; moves `offset` behind them.
Result<void> HeadParser::continuation_lines(std::string_view text, std::size_t& offset, HeaderField& field,
                                            MessageView& out) {
  std::string value(field.value);
  while (continues(text, offset)) {
    Line more;
    if (!read_line(text, offset, more)) return no_line_end(text);
    append_unfolded(value, more.text);
    offset += more.octets;
  }
  auto kept = std::make_shared_for_overwrite<char[]>(value.size());
  std::ranges::copy(value, kept.get());
  field.value = {kept.get(), value.size()};
  out.unfolded_.push_back(std::move(kept));
  return {};
}

Result<void> HeadParser::header_fields(std::string_view text, Head& head, MessageView& out) {
  for (std::size_t offset = head.octets;;) {
    Line line;
    if (!read_line(text, offset, line)) return no_line_end(text);
    if (line.text.empty()) {
      out.blank_line_ = text.substr(offset, line.octets);
      head.octets = offset + line.octets;
      return {};
    }
    if (out.fields_.size() == max_header_fields)
      return fail(fmt::format("expected at most {} header fields", max_header_fields), offset);
    const std::size_t start = offset;
    HeaderField& field = out.fields_.emplace_back();
    if (!read_field(line, field)) return no_field(line, offset);
    offset += line.octets;
    if (continues(text, offset)) SIPVET_CHECK(continuation_lines(text, offset, field, out));
    const std::string_view raw = text.substr(start, offset - start);
    if (!is_plain(field, raw)) field.raw = raw;
    const KnownHeader known = known_header(field.name);
    if (known == KnownHeader::other) continue;
    if (auto& place = out.places_[static_cast<std::size_t>(known)]; place == 0)
      place = static_cast<std::uint16_t>(out.fields_.size());
    if (known == KnownHeader::content_length) SIPVET_CHECK(take_content_length(field, start, head));
  }
}

Result<Head> HeadParser::parse(std::string_view text, MessageView& out) {
  std::size_t offset = 0;
  Line line;
  if (!read_line(text, 0, line)) return no_line_end(text);
  while (line.text.empty()) {
    offset += line.octets;
    if (!read_line(text, offset, line)) return no_line_end(text);
  }
  out.clear();
  SIPVET_CHECK(start_line(line.text, offset, out));
  Head head{offset + line.octets, {}};
  out.start_line_ = text.substr(0, head.octets);
  if (continues(text, head.octets)) return fail("expected a header field after the start line", head.octets);
  SIPVET_CHECK(header_fields(text, head, out));
  return head;
}

void HeadParser::take_body(std::string_view text, const Head& head, std::size_t octets, MessageView& out) {
  out.body_ = text.substr(head.octets, octets);
  out.text_ = text.substr(0, head.octets + octets);
}

Result<void> read_message(std::string_view text, MessageView& out) {
  if (text.size() > max_message_octets)
    return fail(fmt::format("message: expected at most {} octets", max_message_octets), max_message_octets);
  SIPVET_TRY(const Head head, HeadParser::parse(text, out));
  const std::size_t there = text.size() - head.octets;
  const std::size_t octets = head.content_length.value_or(there);
  if (octets > there)
    return fail(fmt::format("body: expected {} octets as Content-Length says, found {}", octets, there),
                text.size());
  HeadParser::take_body(text, head, octets, out);
  return {};
}

Result<MessageView> view_message(std::string_view text) {
  MessageView out;
  SIPVET_CHECK(read_message(text, out));
  return out;
}

void MessageView::clear() {
  method_ = uri_ = reason_ = start_line_ = blank_line_ = body_ = text_ = {};
  status_ = 0;
  fields_.clear();
  places_ = {};
  unfolded_.clear();
}

// What was read lies within the line, with nothing but single spaces between: only the version may be written
// in another way, and the space before an empty reason left out.
std::string_view MessageView::plain_start_line() const {
  std::string_view line = start_line_;
  line.remove_prefix(std::min(line.find_first_not_of("\r\n"), line.size()));
  if (!is_request()) {
    constexpr std::size_t before_reason = 12; // "SIP/2.0 200 "
    const std::size_t octets = before_reason + reason_.size();
    if (line.size() <= octets || !line.starts_with(sip_version) || line[before_reason - 1] != ' ') return {};
    return line.substr(0, octets);
  }
  line = line.substr(0, method_.size() + uri_.size() + 2 + sip_version.size());
  return line.ends_with(sip_version) ? line : std::string_view();
}

Result<void> HeadParser::check_start_line(std::string_view line) {
  MessageView unused;
  return start_line(line, 0, unused);
}

namespace {

Result<void> check_first_word(std::string_view line) {
  const std::size_t compared = std::min(line.size(), sip_version.size());
  if (iequals(line.substr(0, compared), sip_version.substr(0, compared))) return {}; // a status line so far
  const std::string_view word = line.substr(0, line.find(' '));
  const auto bad = std::find_if_not(word.begin(), word.end(), is_token_char);
  if (bad != word.end() || word.empty())
    return fail("expected a SIP start line: a method or SIP/2.0",
                static_cast<std::size_t>(bad - word.begin()));
  if (word.size() > max_method_octets)
    return fail(fmt::format("start line: expected a method of at most {} octets", max_method_octets),
                max_method_octets);
  return {};
}

} // namespace

Result<void> check_start(std::string_view line, std::size_t checked) {
  const bool too_long = line.size() > max_start_line_octets;
  line = line.substr(0, max_start_line_octets);
  if (checked <= max_method_octets) SIPVET_CHECK(check_first_word(line));
  if (!too_long && is_printable_ascii(line.substr(0, line.find_last_not_of('\r') + 1))) return {};
  const auto is_control = [](char c) { return c >= 0 && c < ' ' && c != '\r' && c != '\t'; };
  const auto unchecked = line.begin() + static_cast<std::ptrdiff_t>(std::min(checked, line.size()));
  const auto control = std::find_if(unchecked, line.end(), is_control);
  if (control != line.end())
    return fail("start line: expected no control characters",
                static_cast<std::size_t>(control - line.begin()));
  if (too_long)
    return fail(fmt::format("start line: expected at most {} octets", max_start_line_octets),
                max_start_line_octets);
  return {};
}

} // namespace sipvet::sip

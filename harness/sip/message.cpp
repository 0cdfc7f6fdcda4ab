#include "sip/message.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sipvet::sip {

namespace {

bool same_name(std::string_view a, std::string_view b) { return iequals(long_name(a), long_name(b)); }

// Looked up for every message of a capture many times: most names differ in their lengths already.
bool has_long_name(std::string_view name, std::string_view wanted) {
  if (name.size() == 1) name = long_name(name);
  return name.size() == wanted.size() && iequals(name, wanted);
}

// The elements between the commas that stand outside of quoted strings and angle brackets (RFC 3261 §7.3.1).
void split_list(std::string_view value, std::vector<std::string>& out) {
  const auto keep = [&out](std::string_view element) {
    element = trim(element);
    if (!element.empty()) out.emplace_back(element);
  };
  bool quoted = false;
  bool bracketed = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (bracketed) {
      if (c == '>') bracketed = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '<') {
      bracketed = true;
    } else if (c == ',') {
      keep(value.substr(start, i - start));
      start = i + 1;
    }
  }
  keep(value.substr(start));
}

} // namespace

Message Message::request(std::string method, std::string uri) {
  Message out;
  out.method_ = std::move(method);
  out.uri_ = std::move(uri);
  return out;
}

Message Message::response(int status, std::string reason) {
  Message out;
  out.status_ = status;
  out.reason_ = std::move(reason);
  return out;
}

void Message::set_uri(std::string uri) {
  uri_ = std::move(uri);
  start_line_raw_ = {};
}

std::string_view Message::keep(std::span<const std::string_view> parts) {
  std::size_t octets = 0;
  for (const std::string_view part : parts) octets += part.size();
  auto text = std::make_shared_for_overwrite<char[]>(octets);
  char* end = text.get();
  for (const std::string_view part : parts) end = std::copy(part.begin(), part.end(), end);
  const std::string_view kept(text.get(), octets);
  texts_.push_back(std::move(text));
  return kept;
}

HeaderField Message::made(std::string_view name, std::string_view value) {
  const std::string_view both = keep(std::array{name, value});
  return {both.substr(0, name.size()), both.substr(name.size()), {}};
}

std::optional<std::string_view> Message::header(std::string_view name) const {
  const std::string_view wanted = long_name(name);
  for (const HeaderField& field : fields_)
    if (has_long_name(field.name, wanted)) return field.value;
  return std::nullopt;
}

std::vector<std::string_view> Message::headers(std::string_view name) const {
  const std::string_view wanted = long_name(name);
  std::vector<std::string_view> out;
  for (const HeaderField& field : fields_)
    if (has_long_name(field.name, wanted)) out.emplace_back(field.value);
  return out;
}

std::vector<std::string> Message::list(std::string_view name) const {
  std::vector<std::string> out;
  for (const std::string_view value : headers(name)) split_list(value, out);
  return out;
}

void Message::add(std::string_view name, std::string_view value) { fields_.push_back(made(name, value)); }

void Message::add_first(std::string_view name, std::string_view value) {
  auto at = std::find_if(fields_.begin(), fields_.end(),
                         [&](const HeaderField& field) { return same_name(field.name, name); });
  if (at == fields_.end()) at = fields_.begin();
  fields_.insert(at, made(name, value));
}

void Message::set(std::string_view name, std::string_view value) {
  const auto same = [&](const HeaderField& field) { return same_name(field.name, name); };
  const auto first = std::find_if(fields_.begin(), fields_.end(), same);
  if (first == fields_.end()) {
    add(name, value);
    return;
  }
  const HeaderField field = made(name, value); // first: name and value may be views into the old one
  fields_.erase(std::remove_if(first + 1, fields_.end(), same), fields_.end());
  *first = field;
}

void Message::remove(std::string_view name) {
  std::erase_if(fields_, [&](const HeaderField& field) { return same_name(field.name, name); });
}

void Message::set_body(std::string body, std::string_view content_type) {
  body_ = std::move(body);
  if (!content_type.empty()) set("Content-Type", content_type);
  set("Content-Length", std::to_string(body_.size()));
}

std::string Message::serialize() const {
  std::string out;
  std::size_t octets = 256 + body_.size();
  for (const HeaderField& field : fields_)
    octets += std::max(field.raw.size(), field.name.size() + field.value.size() + 4);
  out.reserve(octets);
  if (!start_line_raw_.empty())
    out += start_line_raw_;
  else if (is_request())
    out += method_ + ' ' + uri_ + " SIP/2.0\r\n";
  else
    out += "SIP/2.0 " + std::to_string(status_) + ' ' + reason_ + "\r\n";
  for (const HeaderField& field : fields_) {
    if (!field.raw.empty())
      out += field.raw;
    else
      out.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  out += blank_line_;
  return out += body_;
}

} // namespace sipvet::sip

#include "sip/message.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace sipvet::sip {

namespace {

// `view` of `from`, which was copied to `to`. What lies elsewhere stays as it is.
void move_view(std::string_view& view, std::string_view from, std::string_view to) {
  const std::less_equal<const char*> before;
  if (view.empty() || !before(from.data(), view.data())) return;
  if (!before(view.data() + view.size(), from.data() + from.size())) return;
  view = to.substr(static_cast<std::size_t>(view.data() - from.data()), view.size());
}

} // namespace

Message::Message(const MessageView& view)
    : method_(view.method_), uri_(view.uri_), status_(view.status_), reason_(view.reason_),
      start_line_raw_(view.start_line_), fields_(view.fields_), blank_line_(view.blank_line_),
      body_(view.body_), texts_(view.unfolded_) {
  const std::string_view head = view.text_.substr(0, view.text_.size() - view.body_.size());
  const std::string_view kept = keep(std::array{head});
  move_view(start_line_raw_, head, kept);
  for (HeaderField& field : fields_)
    for (std::string_view* one : {&field.name, &field.value, &field.raw}) move_view(*one, head, kept);
}

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

Result<Message> parse_message(std::string_view text) {
  SIPVET_TRY(const MessageView view, view_message(text));
  return Message(view);
}

} // namespace sipvet::sip

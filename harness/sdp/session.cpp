#include "sdp/session.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace sipvet::sdp {
namespace {

struct Line {
  char type = 0;
  std::string_view value;
  std::size_t offset = 0; // of the letter
  std::size_t number = 0; // from 1
};

Error line_error(const Line& line, std::string_view what, std::size_t column = 0) {
  return fail("line " + std::to_string(line.number) + ": " + std::string(what), line.offset + column);
}

Result<Line> read_line(std::string_view text, std::size_t& at, std::size_t number) {
  Line line{0, {}, at, number};
  const std::size_t end = std::min(text.find('\n', at), text.size());
  std::string_view content = text.substr(at, end - at);
  if (content.ends_with('\r')) content.remove_suffix(1);
  if (content.size() < 2 || content[1] != '=') return line_error(line, "expected a letter and '='");
  const auto bad = content.find_first_of(std::string_view("\0\r", 2));
  if (bad != content.npos) return line_error(line, "NUL or CR inside a line", bad);
  line.type = content[0];
  line.value = content.substr(2);
  at = std::min(end + 1, text.size());
  return line;
}

// The fields of a line, which one space each keeps apart.
Result<std::vector<std::string_view>> fields(const Line& line, std::size_t least, std::size_t most,
                                             std::string_view form) {
  const auto pieces = split(line.value, ' ');
  std::size_t column = 2;
  for (const auto piece : pieces) {
    if (piece.empty()) return line_error(line, "empty field, expected " + std::string(form), column);
    column += piece.size() + 1;
  }
  if (pieces.size() < least || pieces.size() > most) {
    return line_error(line, "expected " + std::string(form), 2 + line.value.size());
  }
  return pieces;
}

Result<Connection> parse_connection(const Line& line) {
  SIPVET_TRY(const auto f, fields(line, 3, 3, "c=<net> <address type> <address>"));
  return Connection{std::string(f[0]), std::string(f[1]), std::string(f[2])};
}

Result<Origin> parse_origin(const Line& line) {
  SIPVET_TRY(const auto f,
             fields(line, 6, 6, "o=<user> <session id> <version> <net> <address type> <address>"));
  return Origin{std::string(f[0]), std::string(f[1]), std::string(f[2]),
                std::string(f[3]), std::string(f[4]), std::string(f[5])};
}

Result<Attribute> parse_attribute(const Line& line) {
  const auto sides = split_once(line.value, ':');
  const std::string_view name = sides ? sides->first : line.value;
  if (name.empty()) return line_error(line, "expected the name of an attribute", 2);
  if (!sides) return Attribute{std::string(name), std::nullopt, line.number};
  return Attribute{std::string(name), std::string(sides->second), line.number};
}

Result<void> check_time(const Line& line) {
  SIPVET_TRY(const auto f, fields(line, 2, 2, "t=<start> <stop>"));
  for (const auto time : f) {
    if (time.find_first_not_of("0123456789") != time.npos) {
      return line_error(line, "expected a time in seconds",
                        static_cast<std::size_t>(time.data() - line.value.data()) + 2);
    }
  }
  return {};
}

Result<void> parse_port(const Line& line, std::string_view text, Media& media) {
  const auto sides = split_once(text, '/');
  const auto port = parse_decimal(sides ? sides->first : text, 65535, "port");
  const std::size_t column = 2 + static_cast<std::size_t>(text.data() - line.value.data());
  if (!port) return line_error(line, "expected a port from 0 to 65535", column);
  media.port = static_cast<std::uint16_t>(*port);
  if (!sides) return {};
  const auto count = parse_decimal(sides->second, 65535, "number of ports");
  if (!count || *count == 0) {
    return line_error(line, "expected a number of ports from 1 to 65535", column + sides->first.size() + 1);
  }
  media.port_count = static_cast<std::uint32_t>(*count);
  return {};
}

Result<Media> parse_media(const Line& line) {
  SIPVET_TRY(const auto f, fields(line, 4, line.value.size(), "m=<media> <port> <protocol> <format>…"));
  Media media;
  media.line = line.number;
  media.type = f[0];
  SIPVET_CHECK(parse_port(line, f[1], media));
  media.protocol = f[2];
  media.formats.assign(f.begin() + 3, f.end());
  return media;
}

// RFC 8866 §9 as data: where a line stands among its neighbours. z= follows the times, as RFC 4566 §9 has it.
struct Rule {
  char type;
  int rank;
  bool repeats;
  bool required;
};
constexpr std::array session_rules = {
    Rule{'v', 0, false, true},   Rule{'o', 1, false, true},  Rule{'s', 2, false, true},
    Rule{'i', 3, false, false},  Rule{'u', 4, false, false}, Rule{'e', 5, true, false},
    Rule{'p', 6, true, false},   Rule{'c', 7, false, false}, Rule{'b', 8, true, false},
    Rule{'t', 9, true, true},    Rule{'r', 9, true, false},  Rule{'z', 10, false, false},
    Rule{'k', 11, false, false}, Rule{'a', 12, true, false}, Rule{'m', 13, true, false},
};
constexpr std::array media_rules = {
    Rule{'i', 0, false, false}, Rule{'c', 1, true, false}, Rule{'b', 2, true, false},
    Rule{'k', 3, false, false}, Rule{'a', 4, true, false}, Rule{'m', 5, true, false},
};

// Keeps the order within the session part or one media section.
class Order {
 public:
  explicit Order(std::span<const Rule> rules) : rules_(rules) {}

  Result<void> accept(const Line& line) {
    const auto rule =
        std::find_if(rules_.begin(), rules_.end(), [&](const Rule& r) { return r.type == line.type; });
    if (rule == rules_.end())
      return line_error(line, "no line of type '" + std::string(1, line.type) + "' belongs here");
    SIPVET_CHECK(required_before(rule->rank, line));
    if (rule->rank < last_) {
      return line_error(line, std::string(1, line.type) + "= comes too late (RFC 8866 §9 fixes the order)");
    }
    if (rule->rank == last_ && !rule->repeats)
      return line_error(line, "a second " + std::string(1, line.type) + "= line");
    if (line.type == 'r' && last_ != rule->rank) return line_error(line, "r= without a t= in front");
    last_ = rule->rank;
    return {};
  }

  // Fails unless every required line of a lower rank has been seen.
  Result<void> required_before(int rank, const Line& line) const {
    for (const Rule& rule : rules_) {
      if (rule.required && rule.rank > last_ && rule.rank < rank) {
        return line_error(line, "expected " + std::string(1, rule.type) + "= before this");
      }
    }
    return {};
  }

 private:
  std::span<const Rule> rules_;
  int last_ = -1;
};

Result<void> read_session_line(Session& session, const Line& line) {
  switch (line.type) {
  case 'v':
    if (line.value != "0") return line_error(line, "expected version 0", 2);
    return {};
  case 'o': {
    SIPVET_TRY(session.origin, parse_origin(line));
    return {};
  }
  case 's':
    session.name = line.value;
    return {};
  case 'i':
    session.information = line.value;
    return {};
  case 'u':
    session.uri = line.value;
    return {};
  case 'e':
    session.emails.emplace_back(line.value);
    return {};
  case 'p':
    session.phones.emplace_back(line.value);
    return {};
  case 'c': {
    SIPVET_TRY(session.connection, parse_connection(line));
    return {};
  }
  case 'b':
    session.bandwidths.emplace_back(line.value);
    return {};
  case 't': {
    SIPVET_CHECK(check_time(line));
    session.times.emplace_back(line.value);
    return {};
  }
  case 'r':
    session.times.push_back("r=" + std::string(line.value));
    return {};
  case 'z':
    session.zone = line.value;
    return {};
  case 'k':
    session.key = line.value;
    return {};
  default: {
    SIPVET_TRY(auto attribute, parse_attribute(line));
    session.attributes.push_back(std::move(attribute));
    return {};
  }
  }
}

Result<void> read_media_line(Media& media, const Line& line) {
  switch (line.type) {
  case 'i':
    media.title = line.value;
    return {};
  case 'c': {
    SIPVET_TRY(auto connection, parse_connection(line));
    media.connections.push_back(std::move(connection));
    return {};
  }
  case 'b':
    media.bandwidths.emplace_back(line.value);
    return {};
  case 'k':
    media.key = line.value;
    return {};
  default: {
    SIPVET_TRY(auto attribute, parse_attribute(line));
    media.attributes.push_back(std::move(attribute));
    return {};
  }
  }
}

class SessionParser {
 public:
  Result<void> take(const Line& line) {
    SIPVET_CHECK(order_.accept(line));
    if (line.type == 'm') return take_media(line);
    if (session_.media.empty()) return read_session_line(session_, line);
    return read_media_line(session_.media.back(), line);
  }

  Result<Session> finish(const Line& end) {
    if (session_.media.empty()) SIPVET_CHECK(order_.required_before(session_rules.back().rank, end));
    return std::move(session_);
  }

  SessionParser() { session_.times.clear(); }

 private:
  Result<void> take_media(const Line& line) {
    if (session_.media.size() == max_media_sections) {
      return line_error(line, "more than " + std::to_string(max_media_sections) + " media sections");
    }
    SIPVET_TRY(auto media, parse_media(line));
    session_.media.push_back(std::move(media));
    order_ = Order(media_rules);
    return {};
  }

  Session session_;
  Order order_{session_rules};
};

class LineWriter {
 public:
  void line(char type, std::string_view value) {
    out_ += type;
    out_ += '=';
    raw(value);
  }
  void line(char type, const std::string& value) { line(type, std::string_view(value)); }
  void raw(std::string_view whole_line) { out_.append(whole_line).append("\r\n"); }
  void line(char type, const std::optional<std::string>& value) {
    if (value) line(type, std::string_view(*value));
  }
  void lines(char type, const std::vector<std::string>& values) {
    for (const auto& value : values) line(type, std::string_view(value));
  }
  void connection(const Connection& c) { line('c', c.net_type + ' ' + c.address_type + ' ' + c.address); }
  void attributes(const AttributeList& list) {
    for (const auto& a : list) line('a', a.value ? a.name + ':' + *a.value : a.name);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

void write_media(LineWriter& out, const Media& media) {
  std::string m = media.type + ' ' + std::to_string(media.port);
  if (media.port_count != 1) m += '/' + std::to_string(media.port_count);
  m += ' ' + media.protocol;
  for (const auto& format : media.formats) m += ' ' + format;
  out.line('m', m);
  out.line('i', media.title);
  for (const auto& connection : media.connections) out.connection(connection);
  out.lines('b', media.bandwidths);
  out.line('k', media.key);
  out.attributes(media.attributes);
}

std::optional<std::string_view> own_direction(const AttributeList& attributes) {
  constexpr std::array<std::string_view, 4> directions = {"sendrecv", "sendonly", "recvonly", "inactive"};
  for (const auto& attribute : attributes) {
    const auto found = std::find(directions.begin(), directions.end(), attribute.name);
    if (found != directions.end() && !attribute.value) return *found;
  }
  return std::nullopt;
}

} // namespace

Result<Session> parse_session(std::string_view text) {
  if (text.size() > max_description_octets)
    return fail("description longer than 64 KiB", max_description_octets);
  SessionParser parser;
  std::size_t at = 0;
  std::size_t number = 1;
  for (; at < text.size(); ++number) {
    SIPVET_TRY(const Line line, read_line(text, at, number));
    SIPVET_CHECK(parser.take(line));
  }
  return parser.finish(Line{0, {}, text.size(), number});
}

std::string serialize(const Session& session) {
  LineWriter out;
  const Origin& o = session.origin;
  out.raw("v=0");
  out.line('o', o.username + ' ' + o.session_id + ' ' + o.version + ' ' + o.net_type + ' ' + o.address_type +
                    ' ' + o.address);
  out.line('s', session.name);
  out.line('i', session.information);
  out.line('u', session.uri);
  out.lines('e', session.emails);
  out.lines('p', session.phones);
  if (session.connection) out.connection(*session.connection);
  out.lines('b', session.bandwidths);
  for (const auto& time : session.times) {
    if (time.starts_with("r=")) {
      out.raw(time);
    } else {
      out.line('t', time);
    }
  }
  out.line('z', session.zone);
  out.line('k', session.key);
  out.attributes(session.attributes);
  for (const auto& media : session.media) write_media(out, media);
  return out.take();
}

std::string_view media_address(const Session& session, const Media& media) {
  if (!media.connections.empty()) return media.connections.front().address;
  return session.connection ? std::string_view(session.connection->address) : std::string_view();
}

std::string_view direction(const Session& session, const Media& media) {
  if (const auto own = own_direction(media.attributes)) return *own;
  return own_direction(session.attributes).value_or("sendrecv");
}

} // namespace sipvet::sdp

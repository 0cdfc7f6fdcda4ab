#include "tls/deviations.hpp"

#include "base/text.hpp"
#include "tlswire/alert.hpp"
#include "tlswire/handshake_reader.hpp"
#include "tlswire/suites.hpp"
#include "tlswire/version.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <variant>

namespace sipvet::tls {
namespace {

using Field = std::variant<bool Deviations::*, Deviations::Count Deviations::*,
                           Deviations::Words Deviations::*, Deviations::Codes Deviations::*>;

struct Row {
  std::string_view name;
  Field field;
};
#define SIPVET_DEVIATION(type, field, text) Row{#field, &Deviations::field},
const Row rows[] = {
#include "tls/deviations.def"
};
#undef SIPVET_DEVIATION

template <typename T>
constexpr DeviationType type_of() {
  if (std::is_same_v<T, bool>) return DeviationType::boolean;
  if (std::is_same_v<T, Deviations::Count>) return DeviationType::count;
  if (std::is_same_v<T, Deviations::Words>) return DeviationType::words;
  return DeviationType::codes;
}

#define SIPVET_DEVIATION(type, field, text)                                                                  \
  DeviationInfo{#field, type_of<decltype(Deviations::field)>(), text},
constexpr DeviationInfo infos[] = {
#include "tls/deviations.def"
};
#undef SIPVET_DEVIATION

// What a field of words may say, where not every word will do.
struct Vocabulary {
  std::string_view field;
  std::vector<std::string> words;
};

std::vector<std::string> message_names() {
  std::vector<std::string> names{"ChangeCipherSpec"};
  for (int type = 0; type < 25; ++type) {
    std::string name = tlswire::handshake_type_name(static_cast<tlswire::HandshakeType>(type));
    if (name.find(' ') == std::string::npos) names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> alert_names(bool with_none) {
  std::vector<std::string> names;
  if (with_none) names.emplace_back("none");
  for (int code = 0; code < 256; ++code) {
    std::string name = tlswire::alert_name(static_cast<std::uint8_t>(code));
    if (name.find(' ') == std::string::npos) names.push_back(std::move(name));
  }
  return names;
}

const std::vector<Vocabulary>& vocabularies() {
  static const std::vector<Vocabulary> all = {
      {"premaster", {"bad-type", "no-separator", "short", "long", "wrong-version", "garbage"}},
      {"renegotiation_info", {"missing", "wrong"}},
      {"omit", message_names()},
      {"repeat", message_names()},
      {"truncate", message_names()},
      {"lengthen", message_names()},
      {"overclaim", message_names()},
      {"alert_in_handshake", alert_names(false)},
      {"alert_after_handshake", alert_names(false)},
      {"wrong_alert", alert_names(true)},
  };
  return all;
}

// "Certificate:Finished": two messages.
bool is_retype(const std::string& value) {
  const std::size_t colon = value.find(':');
  if (colon == std::string::npos) return false;
  return tlswire::find_handshake_type(value.substr(0, colon)) &&
         tlswire::find_handshake_type(value.substr(colon + 1));
}

Error one_of(std::string_view name, const std::string& value, const std::vector<std::string>& known) {
  std::string text = "'" + value + "' is none of those that " + std::string(name) + " takes";
  if (const auto close = nearest(value, known)) text += ": did you mean '" + *close + "'?";
  return fail(text);
}

std::optional<std::uint16_t> number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    base = 16;
  }
  std::uint16_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (problem != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::optional<std::uint16_t> code(const std::string& text) {
  if (const auto value = number(text)) return value;
  if (const auto* suite = tlswire::find_suite(text)) return suite->code;
  for (const std::uint16_t version :
       {tlswire::ssl3, tlswire::tls1_0, tlswire::tls1_1, tlswire::tls1_2, tlswire::tls1_3}) {
    if (tlswire::version_name(version) == text) return version;
  }
  return std::nullopt;
}

Result<void> set(bool& field, std::string_view name, const std::vector<std::string>& values) {
  if (values.size() != 1 || (values[0] != "true" && values[0] != "false"))
    return fail("expected true or false for " + std::string(name));
  field = values[0] == "true";
  return {};
}

Result<void> set(Deviations::Count& field, std::string_view name, const std::vector<std::string>& values) {
  const auto value = values.size() == 1 ? number(values[0]) : std::nullopt;
  if (!value) return fail("expected a number from 0 to 65535 for " + std::string(name));
  field = *value;
  return {};
}

Result<void> set(Deviations::Words& field, std::string_view name, const std::vector<std::string>& values) {
  if (values.size() != 1) return fail("expected one text for " + std::string(name));
  if (name == "retype" && !is_retype(values[0]))
    return fail("expected two handshake messages for retype, such as Certificate:Finished, got '" +
                values[0] + "'");
  for (const Vocabulary& each : vocabularies()) {
    if (each.field == name && std::ranges::find(each.words, values[0]) == each.words.end())
      return one_of(name, values[0], each.words);
  }
  field = values[0];
  return {};
}

Result<void> set(Deviations::Codes& field, std::string_view name, const std::vector<std::string>& values) {
  Deviations::Codes codes;
  for (const std::string& value : values) {
    const auto read = code(value);
    if (!read)
      return fail("expected numbers from 0 to 0xffff, TLS versions or suites for " + std::string(name) +
                  ", got '" + value + "'");
    codes.push_back(*read);
  }
  if (codes.empty()) return fail("expected at least one number for " + std::string(name));
  field = std::move(codes);
  return {};
}

} // namespace

std::span<const DeviationInfo> deviation_infos() { return infos; }

bool needs_wire(const Deviations& deviations) {
  Deviations rest = deviations;
  rest.ignore_dates = rest.ignore_issuer = rest.ignore_usage = rest.ignore_identity = false;
  rest.accept_wildcard = rest.accept_common_name = rest.ignore_missing_certificate = false;
  return rest != Deviations{};
}

Result<void> set_deviation(Deviations& deviations, std::string_view name,
                           const std::vector<std::string>& values) {
  for (const Row& row : rows) {
    if (row.name == name)
      return std::visit([&](auto member) { return set(deviations.*member, name, values); }, row.field);
  }
  std::vector<std::string> known;
  for (const DeviationInfo& info : infos) known.emplace_back(info.name);
  std::string text = "unknown TLS deviation '" + std::string(name) + "'";
  if (const auto close = nearest(name, known)) text += ": did you mean '" + *close + "'?";
  return fail(text);
}

} // namespace sipvet::tls

// One row of the table of a peer's settings, and the readers that its rows share. Only the *setting*.cpp
// files include it.
#pragma once

#include "base/text.hpp"
#include "peers/settings.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::peers {

// What is wrong with a value, each with its place; empty: it was taken.
using Problems = std::vector<script::Diagnostic>;

struct SettingRow {
  SettingInfo info;
  Problems (*take)(Settings&, const script::Value&);
};
std::span<const SettingRow> next_hop_setting_rows();
std::span<const SettingRow> sip_setting_rows();
std::span<const SettingRow> tls_setting_rows();
std::span<const SettingRow> srtp_setting_rows();
std::span<const SettingRow> dtls_setting_rows();
std::span<const SettingRow> mikey_setting_rows();
std::span<const SettingRow> proxy_setting_rows();

inline Problems problem(const script::Value& value, std::string text) {
  return {{value.at, std::move(text)}};
}
inline Problems wrong(const script::Value& value, std::string_view wanted) {
  return problem(value, "needs " + std::string(wanted) + ", found " + script::describe(value));
}

// A list of names, each looked up with `find`; the first unknown one is the problem. Names with commas
// between them are a list too, because a variable holds one text.
template <typename T, typename Find>
Problems take_list(std::vector<T>& field, const script::Value& value, Find find, std::string_view wanted) {
  const auto texts = script::as_texts(value);
  if (!texts || texts->empty()) return wrong(value, "a list of " + std::string(wanted));
  std::vector<T> taken;
  for (const std::string& text : *texts)
    for (const std::string_view piece : split(text, ',')) {
      const std::string name(trim(piece));
      const auto found = find(name);
      if (!found) return problem(value, "'" + name + "' is none of " + std::string(wanted));
      taken.push_back(*found);
    }
  field = std::move(taken);
  return {};
}

// A map of names to a text or to several; `set` says what is wrong with one of them.
template <typename Set>
Problems take_deviations(const script::Value& value, Set set) {
  if (!value.is_map()) return wrong(value, "a map of deviations");
  Problems problems;
  for (const script::MapEntry& entry : value.entries) {
    const auto values = script::as_texts(entry.value);
    if (!values) {
      problems.push_back({entry.value.at, entry.key + " needs a text or a list of texts, found " +
                                              script::describe(entry.value)});
    } else if (const auto done = set(entry.key, *values); !done) {
      problems.push_back({entry.at, done.error().what});
    }
  }
  return problems;
}

template <typename T>
struct Choice {
  std::string_view name;
  T value;
};

// One of a few words.
template <typename T, std::size_t Count>
Problems take_choice(T& field, const script::Value& value, const Choice<T> (&choices)[Count]) {
  std::string wanted;
  for (std::size_t i = 0; i < Count; ++i) {
    if (value.is_scalar() && value.text == choices[i].name) {
      field = choices[i].value;
      return {};
    }
    wanted += (i == 0 ? "" : i + 1 == Count ? " or " : ", ") + std::string(choices[i].name);
  }
  return wrong(value, wanted);
}

} // namespace sipvet::peers

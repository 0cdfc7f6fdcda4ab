#include "cli/inspect_expect.hpp"

#include "base/text.hpp"
#include "cli/expect_path.hpp"
#include "cli/inspect_output.hpp"
#include "script/words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <functional>

namespace sipvet::cli {

namespace {

using Json = nlohmann::ordered_json;
using script::Diagnostic;
using script::MapEntry;
using script::Value;

constexpr std::array<std::string_view, 5> list_words = {"count", "any", "all", "none", "only"};
constexpr std::array<std::string_view, 5> value_words = {"at_least", "at_most", "matches", "contains", "not"};

std::string short_text(const Json& json) {
  auto text = json.is_string() ? fmt::format("'{}'", json.get<std::string>())
                               : json.dump(-1, ' ', false, Json::error_handler_t::replace);
  constexpr std::size_t most = 160;
  if (text.size() > most) text = text.substr(0, most) + "…";
  return text;
}

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// --- Whether the file can be meant: against an inspection that has one entry of everything.

class ShapeCheck {
 public:
  explicit ShapeCheck(std::vector<Diagnostic>& errors) : errors_(errors) {}

  void check(const Value& wanted, const Json& shape, const std::string& where) {
    if (shape.is_object()) return fields(wanted, shape, where);
    if (shape.is_array()) return list(wanted, shape, where);
    if (wanted.is_list())
      add(wanted,
          fmt::format("{} is no list; expected one value, or a map of {}", where, words(value_words)));
    for (const MapEntry& entry : wanted.entries) {
      if (!is_one_of(value_words, entry.key)) unknown(entry, {value_words.begin(), value_words.end()});
      if (!entry.value.is_scalar() && !entry.value.is_null())
        add(entry.value, fmt::format("'{}' needs one value, got {}", entry.key, describe(entry.value)));
      if (entry.key.starts_with("at_") && !script::as_number(entry.value))
        add(entry.value, fmt::format("'{}' needs a number, got {}", entry.key, describe(entry.value)));
    }
  }

 private:
  static std::string words(std::span<const std::string_view> list) {
    const std::vector<std::string> copies(list.begin(), list.end());
    return script::joined(copies);
  }
  void add(const Value& at, std::string message) { errors_.push_back({at.at, std::move(message)}); }
  void unknown(const MapEntry& entry, const std::vector<std::string>& known) {
    errors_.push_back({entry.at, fmt::format("unknown key {}{}", script::quote(entry.key),
                                             script::did_you_mean(entry.key, known))});
  }

  void fields(const Value& wanted, const Json& shape, const std::string& where) {
    if (!wanted.is_map())
      return add(wanted, fmt::format("expected a map for {}, got {}", where, describe(wanted)));
    for (const MapEntry& entry : wanted.entries) {
      const auto path = parse_path(entry.key);
      if (!path) {
        errors_.push_back({entry.at, fmt::format("{}: {}", script::quote(entry.key), path.error().what)});
        continue;
      }
      const Json* at = &shape;
      for (const PathStep& step : *path) {
        if (step.index && at->is_array() && !at->empty()) {
          at = &at->front();
        } else if (!step.index && at->is_object() && at->contains(step.field)) {
          at = &at->at(step.field);
        } else {
          std::vector<std::string> known;
          if (at->is_object())
            for (const auto& item : at->items()) known.push_back(item.key());
          unknown(entry, known);
          at = nullptr;
          break;
        }
      }
      if (at != nullptr) check(entry.value, *at, entry.key);
    }
  }

  void item(const Value& wanted, const Json& shape, const std::string& where) {
    // A finding may be named by its id alone.
    if (wanted.is_scalar() && shape.is_object() && shape.contains("id")) return;
    check(wanted, shape, where);
  }

  void list(const Value& wanted, const Json& shape, const std::string& where) {
    if (wanted.is_list()) {
      for (const Value& one : wanted.items) item(one, shape.front(), where);
      return;
    }
    if (!wanted.is_map())
      return add(wanted,
                 fmt::format("{} is a list; expected a list, or a map of {}", where, words(list_words)));
    for (const MapEntry& entry : wanted.entries) {
      if (!is_one_of(list_words, entry.key))
        unknown(entry, {list_words.begin(), list_words.end()});
      else if (entry.key == "count")
        check(entry.value, Json(0), "count");
      else if (entry.key == "all")
        item(entry.value, shape.front(), where);
      else if (!entry.value.is_list())
        add(entry.value, fmt::format("'{}' needs a list, got {}", entry.key, describe(entry.value)));
      else
        for (const Value& one : entry.value.items) item(one, shape.front(), where);
    }
  }

  std::vector<Diagnostic>& errors_;
};

// --- The comparison itself; what differs is collected, so that an entry of a list can be tried.

class Comparison {
 public:
  std::vector<Diagnostic> differences;
  std::size_t compared = 0;

  void compare(const Value& wanted, const Json& got, const std::string& where) {
    if (got.is_object()) return fields(wanted, got, where);
    if (got.is_array()) return list(wanted, got, where);
    if (wanted.is_map()) return words(wanted, got, where);
    ++compared;
    if (!equal(wanted, got)) differ(wanted, where, describe_wanted(wanted), got);
  }

 private:
  void differ(const Value& at, const std::string& where, const std::string& wanted, const Json& got) {
    differences.push_back({at.at, fmt::format("{}: expected {}, got {}", where, wanted, short_text(got))});
  }
  static std::string describe_wanted(const Value& wanted) {
    return wanted.is_null() ? "null" : fmt::format("{}", wanted.text);
  }

  static bool equal(const Value& wanted, const Json& got) {
    if (wanted.is_null()) return got.is_null();
    if (!wanted.is_scalar()) return false;
    if (got.is_string()) return got.get<std::string>() == wanted.text;
    if (got.is_boolean()) return script::as_boolean(wanted) == got.get<bool>();
    if (got.is_number_float()) return script::as_number(wanted) == got.get<double>();
    if (got.is_number_unsigned()) { // up to 64 bits, which no double holds
      const auto number = parse_decimal(wanted.text, ~std::uint64_t{0}, "number");
      return number && *number == got.get<std::uint64_t>();
    }
    return got.is_number() && script::as_integer(wanted) == got.get<std::int64_t>();
  }

  void words(const Value& wanted, const Json& got, const std::string& where) {
    for (const MapEntry& entry : wanted.entries) {
      ++compared;
      const auto text = got.is_string() ? got.get<std::string>() : short_text(got);
      bool holds = false;
      if (entry.key == "at_least")
        holds = got.is_number() && got.get<double>() >= *script::as_number(entry.value);
      if (entry.key == "at_most")
        holds = got.is_number() && got.get<double>() <= *script::as_number(entry.value);
      if (entry.key == "matches") holds = matches(entry.value.text, text);
      if (entry.key == "contains") holds = text.find(entry.value.text) != std::string::npos;
      if (entry.key == "not") holds = !equal(entry.value, got);
      if (!holds)
        differ(entry.value, where, fmt::format("{} {}", entry.key, describe_wanted(entry.value)), got);
    }
  }

  // `*` stands for any run of characters, `?` for one.
  static bool matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, star = std::string_view::npos, from = 0;
    while (t < text.size()) {
      if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
        ++p, ++t;
      } else if (p < pattern.size() && pattern[p] == '*') {
        star = p++, from = t;
      } else if (star != std::string_view::npos) {
        p = star + 1, t = ++from;
      } else {
        return false;
      }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
  }

  void fields(const Value& wanted, const Json& got, const std::string& where) {
    if (wanted.is_scalar()) { // a finding by its id
      ++compared;
      if (got.at("id") != wanted.text) differ(wanted, where, wanted.text, got.at("id"));
      return;
    }
    for (const MapEntry& entry : wanted.entries) {
      const auto name = where.empty() ? entry.key : where + "." + entry.key;
      const Json* at = &got;
      const auto path = parse_path(entry.key);
      for (const PathStep& step : *path) {
        const bool there = step.index ? at->is_array() && *step.index < at->size()
                                      : at->is_object() && at->contains(step.field);
        if (!there) {
          differences.push_back({entry.at, fmt::format("{}: there is none", name)});
          at = nullptr;
          break;
        }
        at = step.index ? &at->at(*step.index) : &at->at(step.field);
      }
      if (at != nullptr) compare(entry.value, *at, name);
    }
  }

  void list(const Value& wanted, const Json& got, const std::string& where) {
    if (wanted.is_list()) {
      const bool plain = std::ranges::all_of(wanted.items, [&](const Value& one) {
        return !one.is_map() && (got.empty() || !got.front().is_object());
      });
      return plain ? exact(wanted, got, where) : any(wanted.items, got, where);
    }
    for (const MapEntry& entry : wanted.entries) {
      if (entry.key == "count") compare(entry.value, Json(got.size()), where + ".count");
      if (entry.key == "any") any(entry.value.items, got, where);
      if (entry.key == "all")
        for (std::size_t i = 0; i < got.size(); ++i)
          compare(entry.value, got[i], fmt::format("{}[{}]", where, i));
      if (entry.key == "none") none(entry.value.items, got, where);
      if (entry.key == "only") only(entry.value, got, where);
    }
  }

  void exact(const Value& wanted, const Json& got, const std::string& where) {
    ++compared;
    bool same = wanted.items.size() == got.size();
    std::string text;
    for (std::size_t i = 0; i < wanted.items.size(); ++i) {
      text += (i == 0 ? "" : ", ") + describe_wanted(wanted.items[i]);
      same = same && equal(wanted.items[i], got[i]);
    }
    if (!same) differ(wanted, where, "[" + text + "]", got);
  }

  std::vector<Diagnostic> tried(const Value& wanted, const Json& got, const std::string& where) {
    Comparison one;
    one.compare(wanted, got, where);
    return std::move(one.differences);
  }

  // Each wanted entry has an entry of its own: a matching in a bipartite graph, by augmenting paths.
  void any(const std::vector<Value>& wanted, const Json& got, const std::string& where) {
    std::vector<std::vector<std::size_t>> fits(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i)
      for (std::size_t j = 0; j < got.size(); ++j)
        if (tried(wanted[i], got[j], where).empty()) fits[i].push_back(j);
    std::vector<std::optional<std::size_t>> owner(got.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      ++compared;
      std::vector<bool> seen(got.size());
      const std::function<bool(std::size_t)> place = [&](std::size_t item) {
        for (const auto j : fits[item]) {
          if (seen[j]) continue;
          seen[j] = true;
          if (owner[j] && !place(*owner[j])) continue;
          owner[j] = item;
          return true;
        }
        return false;
      };
      if (!place(i)) explain(wanted[i], got, where, !fits[i].empty());
    }
  }

  void explain(const Value& wanted, const Json& got, const std::string& where, bool taken) {
    std::string text = fmt::format("{}: no entry of {} is like this", where, got.size());
    if (taken) text += " that none of the others needs";
    std::vector<Diagnostic> nearest;
    for (std::size_t i = 0; i < got.size() && !taken; ++i) {
      auto these = tried(wanted, got[i], fmt::format("{}[{}]", where, i));
      if (i == 0 || these.size() < nearest.size()) nearest = std::move(these);
    }
    for (const Diagnostic& difference : nearest) text += "\n    nearest: " + difference.message;
    differences.push_back({wanted.at, std::move(text)});
  }

  void none(const std::vector<Value>& unwanted, const Json& got, const std::string& where) {
    for (const Value& one : unwanted) {
      ++compared;
      for (std::size_t i = 0; i < got.size(); ++i)
        if (tried(one, got[i], where).empty()) {
          differences.push_back(
              {one.at, fmt::format("{}[{}]: expected none like this, got {}", where, i, short_text(got[i]))});
          break;
        }
    }
  }

  void only(const Value& allowed, const Json& got, const std::string& where) {
    for (std::size_t i = 0; i < got.size(); ++i) {
      ++compared;
      const bool fits = std::ranges::any_of(
          allowed.items, [&](const Value& one) { return tried(one, got[i], where).empty(); });
      if (!fits)
        differences.push_back(
            {allowed.at, fmt::format("{}[{}]: not among those expected: {}", where, i, short_text(got[i]))});
    }
  }
};

} // namespace

bool asks_for_messages(const script::Document& file) {
  const auto asks = [](const Value& map) {
    return std::ranges::any_of(map.entries, [](const MapEntry& entry) {
      return entry.key.starts_with("sip.list") || entry.key.starts_with("list");
    });
  };
  const Value* sip = file.root.find("sip");
  return asks(file.root) || (sip != nullptr && asks(*sip));
}

ExpectOutcome compare_expectations(const script::Document& file, const std::string& json) {
  ExpectOutcome out;
  out.errors = file.errors;
  if (!out.errors.empty()) return out;
  ShapeCheck(out.errors).check(file.root, Json::parse(inspect_json_shape()), "the file");
  if (!out.errors.empty()) return out;
  Comparison comparison;
  comparison.compare(file.root, Json::parse(json), "");
  out.differences = std::move(comparison.differences);
  out.compared = comparison.compared;
  return out;
}

} // namespace sipvet::cli

#include "script/catalogue.hpp"

#include "script/check.hpp"
#include "script/words.hpp"

#include <fmt/format.h>

#include <map>

namespace sipvet::script {

namespace {

constexpr KeyInfo file_keys[] = {
    {"requirements", ValueType::any, "", "The rows."},
};
constexpr KeyInfo row_keys[] = {
    {"id", ValueType::text, "", "Stable name."},
    {"systems", ValueType::texts, "", "Profiles it applies to."},
    {"level", ValueType::text, "MUST, SHOULD, INFO", "How binding it is."},
    {"source", ValueType::text, "", "The document it comes from."},
    {"clause", ValueType::text, "", "Where in that document."},
    {"text", ValueType::text, "", "What must hold."},
};

verdict::Requirement to_requirement(const Value& row) {
  const auto text = [&](std::string_view key) {
    const Value* const value = row.find(key);
    return value ? value->text : std::string();
  };
  verdict::Requirement requirement{text("id"),     text("level"), text("source"),
                                   text("clause"), text("text"),  {}};
  if (const Value* const systems = row.find("systems"))
    requirement.systems = as_texts(*systems).value_or(std::vector<std::string>());
  return requirement;
}

void read_rows(const Value& rows, Checker& checker, std::vector<verdict::Requirement>& out) {
  if (!rows.is_list()) {
    checker.add(rows.at, "'requirements' needs a list of rows, found " + describe(rows));
    return;
  }
  std::map<std::string, SourceLocation> ids;
  for (const Value& row : rows.items) {
    if (!row.is_map()) {
      checker.add(row.at, "a requirement needs a map, found " + describe(row));
      continue;
    }
    checker.entries(row, row_keys);
    for (const KeyInfo& key : row_keys)
      if (!row.find(key.name)) checker.add(row.at, fmt::format("missing key {}", quote(key.name)));
    verdict::Requirement requirement = to_requirement(row);
    const auto [first, fresh] = ids.emplace(requirement.id, row.at);
    if (!fresh)
      checker.add(row.at, fmt::format("requirement {} is already at line {}", quote(requirement.id),
                                      first->second.line));
    out.push_back(std::move(requirement));
  }
}

Catalogue from_document(const Document& document) {
  Catalogue catalogue;
  catalogue.errors = document.errors;
  if (!catalogue.errors.empty()) return catalogue;
  Diagnostics errors;
  Checker checker(errors);
  if (!document.root.is_map()) {
    checker.add(document.root.at, "the catalogue needs a map, found " + describe(document.root));
  } else {
    checker.entries(document.root, file_keys);
    if (const Value* const rows = document.root.find("requirements"))
      read_rows(*rows, checker, catalogue.requirements);
    else
      checker.add(document.root.at, "missing key 'requirements'");
  }
  catalogue.errors = errors.take();
  if (!catalogue.errors.empty()) catalogue.requirements.clear();
  return catalogue;
}

} // namespace

Catalogue load_catalogue(const std::string& path) { return from_document(load_yaml_file(path)); }

Catalogue load_catalogue_text(std::string_view text, std::string file_name) {
  return from_document(load_yaml_text(text, std::move(file_name)));
}

} // namespace sipvet::script

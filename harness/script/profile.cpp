#include "script/profile.hpp"

#include "script/check.hpp"
#include "script/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace sipvet::script {

namespace {

namespace fs = std::filesystem;

constexpr KeyInfo profile_keys[] = {
    {"profile", ValueType::text, "", "Its name, the same as the file's; required."},
    {"title", ValueType::text, "", "What it stands for; required."},
    {"source", ValueType::text, "", "Where the behaviour is written down."},
    {"role", ValueType::text, "gateway, peer, both", "What can take it; required."},
    {"gateway", ValueType::map, "", "Settings of a gateway that takes it."},
    {"peer", ValueType::map, "", "Settings of a peer that takes it."},
};

std::string text_of(const Value& map, std::string_view key) {
  const Value* const value = map.find(key);
  return value ? value->text : std::string();
}

void check(const Value& root, const std::string& name, Checker& checker) {
  if (!root.is_map()) {
    checker.add(root.at, "a profile needs a map, found " + describe(root));
    return;
  }
  checker.entries(root, profile_keys);
  for (const std::string_view key : {"profile", "title", "role"})
    if (!root.find(key)) checker.add(root.at, fmt::format("missing key {}", quote(key)));
  const Value* const own_name = root.find("profile");
  if (own_name && own_name->is_scalar() && own_name->text != name)
    checker.add(own_name->at, fmt::format("'profile' needs the file's name {}, found {}", quote(name),
                                          describe(*own_name)));
  const std::string role = text_of(root, "role");
  for (const std::string_view section : {"gateway", "peer"}) {
    const Value* const value = root.find(section);
    if (value && !role.empty() && role != "both" && role != section)
      checker.add(value->at, fmt::format("role {} has no section {}", quote(role), quote(section)));
  }
}

// Names become file names: nothing that leaves the folder.
bool is_profile_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.find_first_of("/\\") == name.npos &&
         name.find('\0') == name.npos;
}

LoadedProfile from_document(const Document& document, const std::string& name) {
  LoadedProfile loaded;
  loaded.errors = document.errors;
  if (!loaded.errors.empty()) return loaded;
  Diagnostics errors;
  Checker checker(errors);
  check(document.root, name, checker);
  loaded.errors = errors.take();
  if (!loaded.errors.empty()) return loaded;
  const Value& root = document.root;
  loaded.profile = {name, text_of(root, "title"), text_of(root, "source"), text_of(root, "role"), {}, {}};
  if (const Value* const gateway = root.find("gateway")) loaded.profile.gateway = *gateway;
  if (const Value* const peer = root.find("peer")) loaded.profile.peer = *peer;
  return loaded;
}

} // namespace

LoadedProfile load_profile_text(std::string_view text, std::string file_name, const std::string& name) {
  return from_document(load_yaml_text(text, std::move(file_name)), name);
}

void ProfileStore::add_text(const std::string& name, std::string_view text) {
  loaded_[name] = load_profile_text(text, name + ".yaml", name);
}

std::string ProfileStore::path_of(const std::string& name) const {
  return (fs::path(folder_) / (name + ".yaml")).string();
}

const Profile* ProfileStore::find(const std::string& name, std::vector<Diagnostic>& errors) {
  auto known = loaded_.find(name);
  if (known == loaded_.end()) {
    if (!exists(name)) return nullptr;
    known = loaded_.emplace(name, from_document(load_yaml_file(path_of(name)), name)).first;
  }
  LoadedProfile& loaded = known->second;
  if (loaded.profile.name.empty()) {
    errors.insert(errors.end(), loaded.errors.begin(), loaded.errors.end());
    loaded.errors.clear();
    return nullptr;
  }
  return &loaded.profile;
}

bool ProfileStore::exists(const std::string& name) const {
  if (loaded_.contains(name)) return true;
  std::error_code ignored;
  return !folder_.empty() && is_profile_name(name) && fs::is_regular_file(path_of(name), ignored);
}

std::vector<std::string> ProfileStore::names() const {
  std::vector<std::string> names;
  for (const auto& [name, profile] : loaded_) names.push_back(name);
  std::error_code ignored;
  for (fs::directory_iterator at(folder_, ignored), end; !folder_.empty() && at != end; at.increment(ignored))
    if (at->path().extension() == ".yaml") names.push_back(at->path().stem().string());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

} // namespace sipvet::script

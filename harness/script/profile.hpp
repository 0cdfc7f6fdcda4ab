// Device profiles: how a vendor's gateway or peer behaves, kept apart from the scenarios that use it.
#pragma once

#include "script/value.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::script {

struct Profile {
  std::string name;
  std::string title;
  std::string source;
  std::string role; // "gateway", "peer" or "both"
  Value gateway;    // a map, or null
  Value peer;       // a map, or null
};

struct LoadedProfile {
  Profile profile;
  std::vector<Diagnostic> errors; // all of the file
};
// `name` is what the file must call itself.
LoadedProfile load_profile_text(std::string_view text, std::string file_name, const std::string& name);

// The profiles of one folder, each read when it is first asked for.
class ProfileStore {
 public:
  explicit ProfileStore(std::string folder) : folder_(std::move(folder)) {}
  // A profile given as text; it hides a file of that name.
  void add_text(const std::string& name, std::string_view text);

  // nullptr when there is none of that name or its file has errors; those are appended to `errors` once.
  const Profile* find(const std::string& name, std::vector<Diagnostic>& errors);
  // True also for profiles with errors.
  bool exists(const std::string& name) const;
  std::vector<std::string> names() const; // in name order

 private:
  std::string path_of(const std::string& name) const;

  std::string folder_;
  std::map<std::string, LoadedProfile> loaded_;
};

} // namespace sipvet::script

// Reads the catalogue of requirements (docs/conformance/requirements.yaml).
#pragma once

#include "script/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sipvet::script {

struct Catalogue {
  std::vector<verdict::Requirement> requirements; // in file order
  std::vector<Diagnostic> errors; // all of the file; requirements are empty when there are any
};

Catalogue load_catalogue(const std::string& path);
Catalogue load_catalogue_text(std::string_view text, std::string file_name);

} // namespace sipvet::script

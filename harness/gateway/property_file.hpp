// A file of properties as NetBorder Express keeps its settings (gw.properties): `name=value` lines in the
// format of java.util.Properties. Gives the same values that a YAML file of the same settings would.
#pragma once

#include "script/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sipvet::gateway {

inline constexpr std::string_view installation_property = "netborder.Installation.Directory";

struct PropertyFile {
  // A map of scalars in file order, each with its place. Where a name stands twice the last one counts, and a
  // property without a value is left out: it has its default.
  script::Value root;
  std::vector<script::Diagnostic> errors;
  std::vector<script::Diagnostic> warnings;
};

// Comments (# or !), continuation lines, escapes, and `${name}` for the value of another property of the
// file. The installation directory is the folder above a folder `config` that the file stands in, or the
// file's own folder, unless the file says otherwise.
PropertyFile read_property_file(std::string_view text, const std::string& file_name);
// The same from disk; a file that cannot be read, or is longer than script::max_document_octets, is the one
// error.
PropertyFile load_property_file(const std::string& path);

} // namespace sipvet::gateway

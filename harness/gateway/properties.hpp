// The table behind read_config(): each property's name and the function that turns its value into a field of
// Config.
#pragma once

#include "gateway/config.hpp"
#include "gateway/property_value.hpp"

#include <span>
#include <string>

namespace sipvet::gateway {

struct PropertyTarget {
  Config config;
  std::string installation_directory;
};

struct Property {
  PropertyInfo info;
  Complaint (*set)(const script::Value& value, PropertyTarget& target);
};
std::span<const Property> property_table();

enum class SuiteSupport {
  usable,
  unsupported,
  unknown
}; // unsupported: a real suite that the TLS library does not have
SuiteSupport tls_suite_support(const std::string& iana_name);

} // namespace sipvet::gateway

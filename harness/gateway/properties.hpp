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
std::span<const Property> tls_property_table();  // the part of it about TLS
std::span<const Property> sdes_property_table(); // about SDES, and how SRTP is offered

} // namespace sipvet::gateway

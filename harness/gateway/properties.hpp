// The table behind read_config(): each property's name and the function that turns its value into a field of
// Config.
#pragma once

#include "gateway/config.hpp"
#include "gateway/property_value.hpp"

#include <optional>
#include <span>
#include <string>

namespace sipvet::gateway {

struct PropertyTarget {
  Config config;
  std::string installation_directory;
  std::vector<script::Diagnostic> errors; // inside of properties that are maps
};

struct Property {
  PropertyInfo info;
  Complaint (*set)(const script::Value& value, PropertyTarget& target);
};
std::span<const Property> property_table();
std::span<const Property> tls_property_table();    // the part of it about TLS
std::span<const Property> sip_property_table();    // about extensions of SIP
std::span<const Property> limit_property_table();  // about stalls and floods
std::span<const Property> sdes_property_table();   // about SDES, and how SRTP is offered
std::span<const Property> mikey_property_table();  // and about MIKEY
std::span<const Property> sbc_property_table();    // tables of an SBC
std::span<const Property> trunk_property_table();  // trunks, TLS peers and DNS
std::span<const Property> uplink_property_table(); // proxies and registration

// What the tables of an SBC name, and is not there; `settings` is for the places.
std::vector<script::Diagnostic> check_sbc(const SbcSettings& sbc, const script::Value& settings);
// What is wrong with `Gateways` where TLS is on for some and off for others.
std::optional<std::string> mixed_gateways(const Config& config);

// A PEM file named by a property; ${netborder.Installation.Directory} expands.
Complaint read_pem(const script::Value& value, const PropertyTarget& target, std::string& file,
                   std::string& pem);

// MIKEY as the gateway does it: with its deviations, and certificate, key and roots of TLS.
keying::MikeySettings mikey_settings(const Config& config);
// What MIKEY lacks, as a sentence that begins with the property.
std::optional<std::string> missing_for_mikey(const Config& config);

} // namespace sipvet::gateway

#include "tls/engine.hpp"

#include "tlswire/alert.hpp"
#include "tlswire/version.hpp"

#include <array>

namespace sipvet::tls {
namespace {

constexpr std::array versions{Version::tls1_0, Version::tls1_1, Version::tls1_2, Version::tls1_3};
constexpr std::array<std::string_view, 4> version_names{"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"};

} // namespace

std::string_view name(Version version) {
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (versions[i] == version) return version_names[i];
  }
  return "unknown";
}

std::optional<Version> find_version(std::string_view name) {
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (version_names[i] == name) return versions[i];
  }
  if (name == "TLSv1") return Version::tls1_0; // as OpenSSL and many devices write it
  return std::nullopt;
}

std::string to_string(const Alert& alert) {
  return tlswire::to_string({static_cast<std::uint8_t>(alert.level), alert.description});
}

} // namespace sipvet::tls

#include "tls/engine_choice.hpp"

#include "base/text.hpp"
#include "tls/openssl_context.hpp"
#include "tls/wire_context.hpp"
#include "tlswire/suites.hpp"

#include <algorithm>
#include <optional>

namespace sipvet::tls {
namespace {

using tlswire::Suite;

Version first_version(const Suite& suite) { return static_cast<Version>(suite.min_version); }
Version last_version(const Suite& suite) { return suite.is_tls13() ? Version::tls1_3 : Version::tls1_2; }

// RFC 8996 says nothing of suites, RFC 5246 §A.5 and RFC 5288 §4 do: each has versions it goes with.
bool fits(const Suite& suite, Version lowest, Version highest) {
  return first_version(suite) <= highest && last_version(suite) >= lowest;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Error unknown_suite(const std::string& name) {
  std::string text = "expected an IANA cipher suite name, got " + name;
  const std::vector<std::string> known = usable_suites();
  if (const auto close = nearest(name, known)) text += " (did you mean " + *close + "?)";
  return fail(text + "; known are " + joined(known));
}

std::string versions(Version lowest, Version highest) {
  std::string text(name(lowest));
  if (highest != lowest) text += " to " + std::string(name(highest));
  return text;
}

Result<void> check_suites(const Config& config) {
  for (const std::string& each : config.ciphers) {
    switch (suite_support(each, config.min_version, config.max_version)) {
    case SuiteSupport::usable:
      break;
    case SuiteSupport::unknown:
      return unknown_suite(each);
    case SuiteSupport::unsupported:
      return fail("no TLS engine supports the cipher suite " + each + "; known are " +
                  joined(usable_suites()));
    case SuiteSupport::wrong_version: {
      const Suite* suite = tlswire::find_suite(each);
      return fail("the cipher suite " + each + " goes with " +
                  versions(first_version(*suite), last_version(*suite)) + ", and the versions are " +
                  versions(config.min_version, config.max_version));
    }
    }
  }
  return {};
}

Result<void> check_settings(const Config& config) {
  if (config.min_version > config.max_version)
    return fail("no TLS version is left: from " + std::string(name(config.min_version)) + " to " +
                std::string(name(config.max_version)));
  for (const std::string& group : config.groups) {
    if (!wire_has_group(group)) return fail("expected a named group such as secp256r1, got " + group);
  }
  if (config.role == Role::client && config.send_sslv2_hello && config.min_version == Version::tls1_3)
    return fail("a ClientHello in SSLv2 format cannot offer TLSv1.3");
  return check_suites(config);
}

// Why OpenSSL cannot do what is configured; empty when it can.
std::string openssl_lacks(const Config& config) {
  for (const std::string& each : config.ciphers) {
    if (!openssl_has_suite(each)) return "the cipher suite " + each;
  }
  if (config.role == Role::client && config.send_sslv2_hello) return "a ClientHello in SSLv2 format";
  if (needs_wire(config.deviations)) return "deviations";
  return {};
}

std::string wire_lacks(const Config& config) {
  for (const std::string& each : config.ciphers) {
    if (!wire_has_suite(each)) return "the cipher suite " + each;
  }
  return {};
}

} // namespace

SuiteSupport suite_support(std::string_view name, Version lowest, Version highest) {
  const Suite* suite = tlswire::find_suite(name);
  if (suite == nullptr) return SuiteSupport::unknown;
  if (!wire_has_suite(name) && !openssl_has_suite(std::string(name))) return SuiteSupport::unsupported;
  return fits(*suite, lowest, highest) ? SuiteSupport::usable : SuiteSupport::wrong_version;
}

std::vector<std::string> usable_suites() {
  std::vector<std::string> names;
  for (const Suite& suite : tlswire::all_suites()) {
    if (wire_has_suite(suite.name)) names.emplace_back(suite.name);
  }
  return names;
}

Result<EngineKind> choose_engine(const Config& config) {
  SIPVET_CHECK(check_settings(config));
  const std::string openssl = openssl_lacks(config);
  const std::string wire = wire_lacks(config);
  if (config.engine == EngineKind::openssl && !openssl.empty())
    return fail("the engine openssl cannot do " + openssl);
  if (config.engine == EngineKind::wire && !wire.empty()) return fail("the engine wire cannot do " + wire);
  if (config.engine != EngineKind::automatic) return config.engine;
  if (openssl.empty()) return EngineKind::openssl;
  if (wire.empty()) return EngineKind::wire;
  return fail("no TLS engine can do both " + openssl + " and " + wire);
}

} // namespace sipvet::tls

// Which engine does what a configuration asks for.
#pragma once

#include "base/result.hpp"
#include "tls/engine.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sipvet::tls {

// openssl or wire. Fails when settings contradict each other, when a suite or group name is not known, and
// when no engine, or not the one asked for, can do all of it: says what, and what there is instead.
Result<EngineKind> choose_engine(const Config& config);

// Whether some engine can do the suite of that IANA name between these versions.
enum class SuiteSupport { usable, wrong_version, unsupported, unknown };
SuiteSupport suite_support(std::string_view name, Version lowest, Version highest);
// IANA names of the suites that a SIP endpoint can use: those with certificates and encryption.
std::vector<std::string> usable_suites();

} // namespace sipvet::tls

// What a scenario expects of the DTLS association that keys a call's media (`expect: {dtls: …}`), and how
// what came differs from it.
#pragma once

#include "base/result.hpp"
#include "peers/actor.hpp"
#include "ua/media_dtls.hpp"

#include <optional>
#include <string>

namespace sipvet::peers {

struct ExpectedDtls {
  std::optional<bool> established;
  std::string role, version, profile; // empty: any
  std::string alert, sent_alert;      // the fatal one received, or sent; "none" for none
  std::string failure;                // regular expression
};
Result<ExpectedDtls> read_expected_dtls(const script::Value& map);

// `status` null: there is no association. Empty: not decided yet.
std::optional<Findings> judge(const script::Step& step, const ExpectedDtls& expected,
                              const ua::DtlsStatus* status);

} // namespace sipvet::peers

// What a scenario expects of a peer's connection (`expect: {tls: …}`), and how what came differs from it.
#pragma once

#include "base/result.hpp"
#include "peers/actor.hpp"
#include "peers/connection_record.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sipvet::peers {

struct ExpectedConnection {
  std::optional<bool> established, resumed, close_notify, certificate, closed;
  std::string version, cipher, alert, sent_alert, server_name; // empty: any; "none" where there may be none
  std::optional<std::uint16_t> port;                           // of the gateway's end

  // Of a connection that comes to nothing.
  bool failure() const { return established == std::optional(false); }
};
Result<ExpectedConnection> read_expected_connection(const script::Value& map);

// Empty: not decided yet. What can already be told to be wrong is not waited for.
std::optional<Findings> judge(const script::Step& step, const ExpectedConnection& expected,
                              const ConnectionRecord& record);
// The last of them, once: one that was over when it was judged is not judged again.
std::optional<Findings> judge_latest(const script::Step& step, const ExpectedConnection& expected,
                                     ConnectionRecords& records);
// What judge() still waits for: "the alert bad_certificate".
std::string missing(const ExpectedConnection& expected, const ConnectionRecord& record);

} // namespace sipvet::peers

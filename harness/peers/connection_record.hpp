// What a peer saw of one of its connections: how its handshake ended, which alerts went which way, and who
// ended it.
#pragma once

#include "ua/connection_end.hpp"
#include "ua/transport.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::peers {

struct ConnectionRecord {
  enum class State { handshaking, open, failed, closed };

  ua::Hop hop;
  State state = State::handshaking;
  std::optional<tls::SessionInfo> session; // of a handshake that was completed
  std::optional<ua::ConnectFailure> failure;
  std::optional<ua::Closure> closure;
  std::vector<tls::Alert> received, sent; // close_notify left out
  bool close_notify_received = false;
  bool data_received = false;
  std::size_t pongs = 0;
  bool closed_by_us = false;     // by a step
  bool judged_when_over = false; // by an expectation, after it had failed or was closed
  bool failure_expected = false; // and that expectation was one of failure

  bool over() const { return state == State::failed || state == State::closed; }
  // The handshake succeeded, and no fatal alert of either side took that back before any data came: who sends
  // the last Finished is done before the other side has looked at it.
  bool established() const;
  // Nothing more can change what established() says.
  bool established_for_good() const;
  // The other side ended it.
  bool ended_by_other() const;
};

using ConnectionRecords = std::vector<std::unique_ptr<ConnectionRecord>>; // oldest first

ConnectionRecord* find_record(ConnectionRecords& records, net::ConnectionId connection);
ConnectionRecord& record_of(ConnectionRecords& records, const ua::Hop& hop); // a new one where there is none
void note_connected(ConnectionRecords& records, const ua::Hop& hop,
                    const std::optional<tls::SessionInfo>& session);
void note_failed(ConnectionRecords& records, const ua::Hop& hop, const ua::ConnectFailure& failure);
void note_closed(ConnectionRecords& records, const ua::Hop& hop, const ua::Closure& closure);
void note_alert(ConnectionRecords& records, const ua::Hop& hop, const tls::Alert& alert, bool sent);

// The fatal one, or else the last warning; none for none.
std::string alert_name(const std::vector<tls::Alert>& alerts);
// "TLSv1.2 TLS_RSA_WITH_AES_128_CBC_SHA, open", "failed: no common cipher suite (fatal
// handshake_failure(40))"
std::string describe(const ConnectionRecord& record);

} // namespace sipvet::peers

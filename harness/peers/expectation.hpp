// What a scenario expects of a response (`expect:`) or of a request (`receive:`), and how what came differs
// from it.
#pragma once

#include "base/result.hpp"
#include "keying/offer_shape.hpp"
#include "peers/actor.hpp"
#include "peers/connection_expectation.hpp"
#include "peers/dtls_expectation.hpp"
#include "sip/message.hpp"
#include "tls/engine.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sipvet::peers {

// How a request that a peer sent ended.
struct Outcome {
  std::string method;
  std::optional<sip::Message> response; // final; none when `failure` says why
  std::string failure;                  // timeout, transport: one sentence
  std::string media;                    // "srtp" or "rtp" where a call was answered, else empty
  std::string suite;                    // of the answer's key line
  std::string exchange;                 // "sdes", "dtls-srtp"
  std::string media_problem;            // why the answer's SDP cannot be used
  std::string disagreement;             // with the next hop: "port" and so on; empty: none
};

// Regular expressions for lines of the session description: those that one line at least must match, and
// those that none may.
struct ExpectedLines {
  std::vector<std::string> present, absent;
};

struct ExpectedResponse {
  int status_low = 200, status_high = 299; // inclusive
  std::string status_text = "2xx";         // as the scenario has it
  std::string media;                       // "srtp", "rtp", "t38" or empty: any
  std::string suite;
  std::string exchange; // "sdes", "dtls-srtp" or empty: any
  std::string reason;   // regular expression
  std::vector<std::pair<std::string, std::string>>
      headers; // name, regular expression (found anywhere in the value)
  ExpectedLines sdp;
  std::vector<std::pair<std::string, std::string>> attributes; // of the session description, likewise
};
// `srtp`, `rtp`, `answered`, `488`, `4xx`, or a map of status, media, suite, reason, header, sdp, no_sdp.
Result<ExpectedResponse> read_expected_response(const script::Value& value);
Findings compare(const script::Step& step, const ExpectedResponse& expected, const Outcome& outcome);

// The argument of `expect`: what it says of a response, of a connection, of the DTLS association of a call's
// media, or of several of them.
struct Expectation {
  std::optional<ExpectedResponse> response;
  std::optional<ExpectedConnection> connection;
  std::optional<ExpectedDtls> dtls;
  std::string dtmf;     // the digits that must have been heard, or none; empty: not asked
  std::string fax;      // the signal that must come over T.38; empty: any, or none
  std::string next_hop; // what of it must disagree, or none; empty: not asked
};
Result<Expectation> read_expectation(const script::Value& value);
// What of a step can be seen to be wrong before anything runs.
std::vector<script::Diagnostic> check_step(const script::Step& step);

struct ExpectedRequest {
  std::string method;
  std::string offer;                  // "srtp-only", …, "none", or empty: any
  std::string form;                   // of an offer of SRTP and RTP; empty: any
  std::vector<std::string> suites;    // of the offer's key lines in order; empty: any
  std::vector<std::string> exchanges; // key exchanges offered, in order of their sections; empty: any
  std::vector<std::pair<std::string, std::string>> attributes;
  ExpectedLines sdp;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body; // regular expression; empty: any
};
Result<ExpectedRequest> read_expected_request(const script::Step& step);
Findings compare(const script::Step& step, const ExpectedRequest& expected, const sip::Message& request);

// Comma-separated texts count as lists too, because a variable holds one text: "A,B" is A and B.
std::vector<std::string> text_list(const script::Value* value);

} // namespace sipvet::peers

// A small run that every format's test prints: a pass, a failure that explains itself, an error, an
// unsupported and a skipped cell.
#pragma once

#include "report/input.hpp"

#include <vector>

namespace sipvet::report::sample {

inline std::vector<verdict::Requirement> catalogue() {
  return {{"R-1", "MUST", "A guide", "Modes", "An offer of RTP alone is refused with 488.", {"gw"}},
          {"R-2", "SHOULD", "RFC 3261", "§18.3", "Messages are <framed> | split.", {"gw"}},
          {"R-3", "INFO", "RFC 9325", "", "Nobody looked.", {"gw"}}};
}

inline verdict::Finding finding() {
  verdict::Finding finding;
  finding.id = "answer-media";
  finding.text = "The gateway answered 200 with RTP instead of refusing the offer.";
  finding.requirement = "R-1";
  finding.expected = "488";
  finding.actual = "200 <RTP/AVP> & more";
  finding.witness = verdict::Witness::wire;
  finding.frame = 12;
  finding.where = {"scenarios/m/s.yaml", 20, 5};
  finding.fix = "Look at the SRTP mode.";
  finding.context = {
      "server > gateway  INVITE",
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:4"};
  return finding;
}

inline std::vector<verdict::Result> results() {
  using verdict::Outcome;
  using namespace std::chrono_literals;
  std::vector<verdict::Result> out(5);
  out[0] = {"m/s[mode=a,offer=x]",
            "Modes decide",
            Outcome::pass,
            {"R-1"},
            12'345us,
            {},
            "",
            {{"server>gateway", "srtp, recognised"}}};
  out[1] = {"m/s[mode=a,offer=y]",
            "Modes decide",
            Outcome::fail,
            {"R-1", "R-9"},
            7ms,
            {finding()},
            "evidence/m-s-1",
            {}};
  out[2] = {"m/s[mode=b,offer=x]", "Modes decide", Outcome::error, {"R-1"}, 10s, {}, "", {}};
  verdict::Finding lacking;
  lacking.id = "no-tls13";
  lacking.severity = verdict::Severity::info;
  lacking.witness = verdict::Witness::harness;
  lacking.text = "The target has no TLS 1.3.";
  out[3] = {"t/one", "", Outcome::unsupported, {"R-2"}, 0ms, {lacking}, "", {}};
  out[4] = {"t/two", "", Outcome::skipped, {}, 0ms, {}, "", {}};
  return out;
}

} // namespace sipvet::report::sample

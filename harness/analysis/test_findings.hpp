// For tests of findings: a clean call and a clean talk over TLS, and how a report is asked for what it found.
#pragma once

#include "analysis/test_tls_session.hpp"

#include <string>
#include <string_view>

namespace sipvet::analysis {

inline constexpr std::string_view savp = "RTP/SAVP", avp = "RTP/AVP";

inline rtp::SrtpKey random_key(std::uint64_t seed,
                               rtp::SrtpSuite suite = rtp::SrtpSuite::aes_cm_128_hmac_sha1_80) {
  SeededRandom random(seed);
  rtp::SrtpKey key{suite, Bytes(rtp::info(suite).key_octets), Bytes(rtp::info(suite).salt_octets), {}};
  random.fill(key.master_key);
  random.fill(key.master_salt);
  return key;
}

inline std::string sip_text(std::string_view start_line, std::string_view cseq, std::string_view headers,
                            std::string_view call_id = "1", std::string_view branch = "z9hG4bK1") {
  return std::string(start_line) + "\r\nVia: SIP/2.0/TLS 192.0.2.1;branch=" + std::string(branch) +
         "\r\nFrom: <sip:a@test>;tag=1\r\nTo: <sip:b@test>\r\nCall-ID: " + std::string(call_id) +
         "\r\nCSeq: " + std::string(cseq) + "\r\n" + std::string(headers) + "Content-Length: 0\r\n\r\n";
}

// Messages over one TLS connection that an RSA key opens.
struct SecureTalk {
  TestCapture capture;
  TestTls tls{TestTls::Shape{}};
  SecureTalk() { handshake(capture, tls); }
  void say(tlswire::Side side, std::string_view text) {
    const auto& from = side == tlswire::Side::client ? client : server;
    capture.tcp(from, side == tlswire::Side::client ? server : client, tls.data(side, text));
  }
  static Report report_of(const TestCapture& octets) { return inspect(octets.octets(), rsa_key()).value(); }
  Report report() const { return report_of(capture); }
};

inline bool has(const Report& report, std::string_view id) { return finding(report, id) != nullptr; }
inline std::string text_of(const Report& report, std::string_view id) {
  const auto* found = finding(report, id);
  return found == nullptr ? "" : found->text;
}
inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline TestCall clean_call() {
  TestCall call;
  call.invite(savp, crypto_line(1, random_key(1)));
  call.answer(savp, crypto_line(1, random_key(2)));
  const auto from_alice = protect(audio(call.alice, 30), random_key(1));
  const auto from_bob = protect(audio(call.bob, 30), random_key(2));
  for (std::size_t i = 0; i < from_alice.size(); ++i) {
    call.media(call.alice, call.bob, {from_alice[i]});
    call.media(call.bob, call.alice, {from_bob[i]});
    call.capture.wait(20);
  }
  return call;
}

} // namespace sipvet::analysis

// For tests: a call over UDP between two phones, with audio that tells whose it is.
#pragma once

#include "analysis/inspect.hpp"
#include "analysis/test_capture.hpp"
#include "base/base64.hpp"
#include "rtp/g711.hpp"
#include "rtp/packet.hpp"
#include "rtp/voiceprint.hpp"
#include "srtp/session.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace sipvet::analysis {

inline Endpoint at(std::uint8_t host, std::uint16_t port) { return {IpAddress::v4(192, 0, 2, host), port}; }

inline rtp::SrtpKey test_key(std::uint8_t seed,
                             rtp::SrtpSuite suite = rtp::SrtpSuite::aes_cm_128_hmac_sha1_80) {
  rtp::SrtpKey key;
  key.suite = suite;
  for (std::size_t i = 0; i < rtp::info(suite).key_octets; ++i)
    key.master_key.push_back(static_cast<std::uint8_t>(seed + i));
  for (std::size_t i = 0; i < rtp::info(suite).salt_octets; ++i)
    key.master_salt.push_back(static_cast<std::uint8_t>(seed ^ (i * 7)));
  return key;
}

inline std::string crypto_line(unsigned tag, const rtp::SrtpKey& key) {
  Bytes both = key.master_key;
  append(both, key.master_salt);
  return "a=crypto:" + std::to_string(tag) + " " + std::string(rtp::name(key.suite)) +
         " inline:" + to_base64(both) + "\r\n";
}

struct Phone {
  Endpoint sip;
  Endpoint media;
  std::uint32_t ssrc = 0;
  unsigned print = 0;
};

inline std::string description(const Phone& phone, std::string_view protocol, std::string_view lines) {
  const auto address = to_string(phone.media.ip);
  return "v=0\r\no=- 1 1 IN IP4 " + address + "\r\ns=-\r\nc=IN IP4 " + address + "\r\nt=0 0\r\nm=audio " +
         std::to_string(phone.media.port) + " " + std::string(protocol) + " 0\r\n" + std::string(lines);
}

inline std::string sip_message(std::string_view start_line, std::string_view cseq, std::string_view body,
                               std::string_view call_id = "call@test") {
  return std::string(start_line) +
         "\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@test>;tag=1\r\n"
         "To: <sip:b@test>\r\nCall-ID: " +
         std::string(call_id) + "\r\nCSeq: " + std::string(cseq) +
         "\r\nContent-Type: application/sdp\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

// Packets of 20 ms in mu-law.
inline std::vector<Bytes> audio(const Phone& from, std::size_t count, std::uint16_t first_sequence = 100) {
  std::vector<Bytes> packets;
  for (std::size_t i = 0; i < count; ++i) {
    rtp::Packet packet;
    packet.sequence = static_cast<std::uint16_t>(first_sequence + i);
    packet.timestamp = static_cast<std::uint32_t>(i * 160);
    packet.ssrc = from.ssrc;
    packet.payload = rtp::encode(rtp::Law::mu, rtp::sound(rtp::Voiceprint(from.print), i * 160, 160));
    packets.push_back(rtp::serialize(packet));
  }
  return packets;
}

inline std::vector<Bytes> protect(const std::vector<Bytes>& packets, const rtp::SrtpKey& key) {
  auto sender = srtp::Sender::create(key).value();
  std::vector<Bytes> out;
  for (const auto& packet : packets) out.push_back(sender.protect_rtp(packet).value());
  return out;
}

struct TestCall {
  Phone alice{at(1, 5060), at(1, 10'000), 0xa11ce, 1};
  Phone bob{at(2, 5060), at(2, 20'000), 0xb0b, 2};
  TestCapture capture;

  void invite(std::string_view protocol, std::string_view lines) {
    send(alice, bob,
         sip_message("INVITE sip:b@test SIP/2.0", "1 INVITE", description(alice, protocol, lines)));
  }
  void answer(std::string_view protocol, std::string_view lines) {
    send(bob, alice, sip_message("SIP/2.0 200 OK", "1 INVITE", description(bob, protocol, lines)));
    send(alice, bob, sip_message("ACK sip:b@test SIP/2.0", "1 ACK", ""));
  }
  void send(const Phone& from, const Phone& to, std::string_view text) {
    capture.udp(from.sip, to.sip, as_bytes(text));
  }
  void media(const Phone& from, const Phone& to, const std::vector<Bytes>& packets) {
    for (const auto& packet : packets) capture.udp(from.media, to.media, packet);
  }
  Report report(const Keys& keys = {}) const { return inspect(capture.octets(), keys).value(); }
};

inline const verdict::Finding* finding(const Report& report, std::string_view id) {
  const auto found = std::ranges::find(report.findings, id, &verdict::Finding::id);
  return found == report.findings.end() ? nullptr : &*found;
}

inline const MediaStream* stream(const MediaStreams& streams, const Phone& from) {
  const auto found = std::ranges::find(streams, from.ssrc, &MediaStream::ssrc);
  return found == streams.end() ? nullptr : &*found;
}

} // namespace sipvet::analysis

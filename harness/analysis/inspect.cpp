#include "analysis/inspect.hpp"

#include "analysis/certificate_checks.hpp"
#include "analysis/connection_watch.hpp"
#include "analysis/dtls_follower.hpp"
#include "analysis/media_checks.hpp"
#include "analysis/media_follower.hpp"
#include "analysis/mikey_follower.hpp"
#include "analysis/offer_answer.hpp"
#include "analysis/sip_follower.hpp"
#include "analysis/t38_follower.hpp"
#include "analysis/tcp_router.hpp"
#include "analysis/tls_checks.hpp"
#include "analysis/turn.hpp"
#include "frames/decode.hpp"
#include "io/capture_file.hpp"
#include "io/frame_sorter.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::analysis {
namespace {

constexpr std::size_t frames_between_progress = 16'384;

// One pass over one or more captures: everything that is remembered between frames.
class Inspection {
 public:
  Inspection(const Keys& keys, const Options& options)
      : keys_(keys), options_(options), secrets_(keys), mikey_(report_, keys, options),
        dtls_(map_, secrets_, findings_, report_), offers_(map_, mikey_, dtls_, findings_),
        sip_(report_, findings_, offers_, options), tls_{report_, secrets_, sip_}, router_(tls_, findings_),
        watch_(router_, report_),
        tcp_(watch_), media_context_{map_, keys, findings_, std::vector<bool>(keys.srtp.size()),
                                     0,    {},   0,         options.sinks},
        media_(media_context_, report_), t38_(map_, report_) {
    sip_.on_turn_message = [this](const frames::Datagram& message, frames::Captured at) {
      on_turn(message, at);
    };
  }

  void read(io::CaptureReader& reader, const std::string& name);
  Report finish();

 private:
  void add_secrets(const io::CaptureReader& reader, std::size_t& taken);
  void on_frame(const io::CapturedFrame& frame, std::size_t number);
  void on_datagram(const frames::Datagram& datagram, frames::Captured at);
  void on_turn(const frames::Datagram& message, frames::Captured at);
  void report_unused_keys();
  bool is_used(std::size_t srtp_key) const;

  const Keys& keys_;
  const Options& options_;
  Report report_;
  FindingList findings_;
  TlsSecrets secrets_;
  MediaMap map_;
  MikeyFollower mikey_;
  DtlsFollower dtls_;
  OfferAnswer offers_;
  SipFollower sip_;
  TlsContext tls_;
  TcpRouter router_;
  ConnectionWatch watch_;
  frames::TcpReassembler tcp_;
  MediaContext media_context_;
  MediaFollower media_;
  T38Follower t38_;
  TurnFollower turn_;
  frames::Decoder decoder_;
  Instant last_time_;
  std::uint64_t octets_before_ = 0; // of the files before this one
};

void Inspection::read(io::CaptureReader& reader, const std::string& name) {
  report_.files.push_back({name, report_.packets + 1, 0});
  std::size_t secrets_taken = 0;
  io::FrameSorter sorter;
  const auto frames_before = report_.packets;
  const auto take_sorted = [&] {
    while (const auto frame = sorter.next()) on_frame(*frame, frames_before + frame->number);
  };
  while (true) {
    const auto frame = reader.next();
    add_secrets(reader, secrets_taken);
    if (!frame) {
      findings_.warning("capture-truncated", report_.packets + 1,
                        fmt::format("{} cannot be read beyond frame {}: {}", name, report_.packets,
                                    to_string(frame.error())),
                        "the file was cut or damaged; copy it again, or let the capture end before copying");
      break;
    }
    if (!*frame) break;
    ++report_.packets;
    ++report_.files.back().packets;
    sorter.add(**frame);
    take_sorted();
    if (options_.progress && report_.packets % frames_between_progress == 0)
      options_.progress(octets_before_ + reader.offset());
  }
  sorter.finish();
  take_sorted();
  octets_before_ += reader.offset();
}

void Inspection::add_secrets(const io::CaptureReader& reader, std::size_t& taken) {
  const auto& lines = reader.keylog_lines();
  for (; taken < lines.size(); ++taken)
    if (const auto added = secrets_.add_line(lines[taken]);
        !added && !lines[taken].empty() && lines[taken].front() != '#')
      findings_.info(
          "keylog-line-unreadable", std::nullopt,
          fmt::format("A line of the capture's own secrets cannot be read: {}", added.error().what),
          "write secrets in the NSS key log format");
}

void Inspection::on_frame(const io::CapturedFrame& frame, std::size_t number) {
  const frames::Captured at{number, frame.time};
  last_time_ = std::max(last_time_, frame.time);
  const auto packet = decoder_.decode(frame.link_type, frame.data, frame.time);
  if (!packet) {
    findings_.warning("frame-undecodable", at.frame,
                      fmt::format("Frame {} cannot be decoded: {}", at.frame, to_string(packet.error())),
                      frame.original_octets > frame.data.size()
                          ? "capture with a larger snap length"
                          : "look at this frame in a protocol analyser");
    return;
  }
  if (const auto* segment = std::get_if<frames::Segment>(&*packet))
    tcp_.add(*segment, at.frame, at.time);
  else if (const auto* datagram = std::get_if<frames::Datagram>(&*packet))
    on_datagram(*datagram, at);
}

void Inspection::on_datagram(const frames::Datagram& datagram, frames::Captured at) {
  if (datagram.payload.empty()) return;
  // RTP and RTCP have version 2 in their first two bits, text never has.
  if ((datagram.payload[0] & 0xc0) == 0x80) {
    media_.on_datagram(datagram, at);
    return;
  }
  if (dtls_.on_datagram(datagram, at) || t38_.on_datagram(datagram, at)) return;
  if (looks_like_turn(datagram.payload)) return on_turn(datagram, at);
  if (begins_with_sip(as_text(datagram.payload)) == Guess::yes)
    sip_.on_datagram({datagram.source, datagram.destination, Transport::udp, {}}, at, datagram.payload);
}

// What is relayed is looked at like any datagram, but for relays within relays.
void Inspection::on_turn(const frames::Datagram& message, frames::Captured at) {
  const auto carried = turn_.on_message(message);
  if (carried && !looks_like_turn(carried->payload)) on_datagram(*carried, at);
}

void Inspection::report_unused_keys() {
  for (std::size_t i = 0; i < keys_.rsa.size(); ++i) {
    const auto& use = secrets_.rsa_uses()[i];
    if (use.fits_certificate || use.opened) continue;
    if (secrets_.certificate_seen())
      findings_.error(
          "unused-key", std::nullopt,
          fmt::format("The key in {} belongs to no certificate in the capture", keys_.rsa[i].file),
          "give the private key of the certificate that the server presents");
    else
      findings_.warning(
          "unused-key", std::nullopt,
          fmt::format("The key in {} was of no use: no connection was captured that it could open",
                      keys_.rsa[i].file),
          "capture a whole handshake with static RSA key exchange, or give a keylog");
  }
  for (std::size_t i = 0; i < keys_.srtp.size(); ++i)
    if (!is_used(i))
      findings_.warning(
          "unused-key", std::nullopt,
          fmt::format("The SRTP key {} authenticates nothing in the capture", keys_.srtp[i].name),
          "check key, salt, suite and SSRC");
  for (const auto& remark : keys_.remarks)
    findings_.info("keylog-line-unreadable", std::nullopt, remark, "the other lines were used");
}

// One thing that was given may stand for keys of several suites.
bool Inspection::is_used(std::size_t srtp_key) const {
  for (std::size_t i = 0; i < keys_.srtp.size(); ++i)
    if (media_context_.supplied_used[i] && keys_.srtp[i].name == keys_.srtp[srtp_key].name) return true;
  return false;
}

Report Inspection::finish() {
  tcp_.flush();
  router_.finish();
  dtls_.look_again();
  media_.finish();
  sip_.finish(last_time_);
  dtls_.finish();
  for (const auto& connection : report_.tls) check_connection(connection, findings_);
  check_directions(report_, map_, findings_);
  report_unused_keys();
  if (decoder_.incomplete_datagrams() + decoder_.abandoned_datagrams() > 0)
    findings_.info("fragments-incomplete", std::nullopt,
                   fmt::format("{} IP datagrams were captured only in part",
                               decoder_.incomplete_datagrams() + decoder_.abandoned_datagrams()),
                   "capture without loss");
  // Messages that waited for the other side's handshake come late; and so may frames.
  const auto before = [](const SipMessage& a, const SipMessage& b) {
    return a.time != b.time ? a.time < b.time : a.frame < b.frame;
  };
  if (!std::ranges::is_sorted(report_.sip.messages, before))
    std::ranges::stable_sort(report_.sip.messages, before);
  check_certificates(report_, findings_);
  check_idle_closes(report_, findings_);
  report_.findings = findings_.take();
  return std::move(report_);
}

} // namespace

Result<Report> inspect(std::span<const std::string> paths, const Keys& keys, const Options& options) {
  Inspection inspection(keys, options);
  for (const auto& path : paths) {
    SIPVET_TRY(auto reader, io::CaptureReader::open(path));
    inspection.read(*reader, path);
  }
  return inspection.finish();
}

Result<Report> inspect(const std::string& path, const Keys& keys, const Options& options) {
  return inspect(std::span(&path, 1), keys, options);
}

Result<Report> inspect(ByteView capture, const Keys& keys, const Options& options) {
  Inspection inspection(keys, options);
  SIPVET_TRY(auto reader, io::CaptureReader::open(capture));
  inspection.read(*reader, "(memory)");
  return inspection.finish();
}

} // namespace sipvet::analysis

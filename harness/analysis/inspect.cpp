#include "analysis/inspect.hpp"

#include "analysis/certificate_checks.hpp"
#include "analysis/connection_watch.hpp"
#include "analysis/content_queue.hpp"
#include "analysis/content_reader.hpp"
#include "analysis/frame_queue.hpp"
#include "analysis/frame_reader.hpp"
#include "analysis/tcp_router.hpp"
#include "analysis/tls_checks.hpp"
#include "frames/decode.hpp"
#include "io/capture_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace sipvet::analysis {
namespace {

// One pass over one or more captures: everything that is remembered between frames.
class Inspection final : private FrameSink {
 public:
  Inspection(const Keys& keys, const Options& options)
      : keys_(keys), options_(options), secrets_(keys), reader_(report_, keys, options),
        queue_(options.jobs > 1 ? std::make_unique<ContentQueue>(reader_) : nullptr),
        content_(queue_ ? static_cast<ContentSink&>(*queue_) : reader_), tls_{report_, secrets_, content_},
        router_(tls_, findings_), watch_(router_, report_), tcp_(watch_) {}

  void read(std::vector<CaptureSource> sources);
  Report finish();

 private:
  void on_frame(io::CapturedFrame frame) override;
  void on_secret_line(std::string line) override;
  void on_unreadable(std::size_t file, std::size_t last_frame, Error error) override;
  void report_unused_keys();
  bool is_used(std::size_t srtp_key) const;

  const Keys& keys_;
  const Options& options_;
  Report report_;
  FindingList findings_;
  TlsSecrets secrets_;
  ContentReader reader_;
  std::unique_ptr<ContentQueue> queue_; // none: all is done by one thread
  ContentSink& content_;
  TlsContext tls_;
  TcpRouter router_;
  ConnectionWatch watch_;
  frames::TcpReassembler tcp_;
  frames::Decoder decoder_;
  Instant last_time_;
};

void Inspection::read(std::vector<CaptureSource> sources) {
  FrameReader files(report_, options_);
  if (options_.jobs <= 2) return files.read(std::move(sources), *this);
  FrameQueue queue([&](FrameSink& to) { files.read(std::move(sources), to); });
  queue.hand_over(*this);
}

void Inspection::on_unreadable(std::size_t file, std::size_t last_frame, Error error) {
  findings_.warning("capture-truncated", last_frame + 1,
                    fmt::format("{} cannot be read beyond frame {}: {}", report_.files[file].path, last_frame,
                                to_string(error)),
                    "the file was cut or damaged; copy it again, or let the capture end before copying");
}

void Inspection::on_secret_line(std::string line) {
  content_.on_secret(line);
  if (const auto added = secrets_.add_line(line); !added && !line.empty() && line.front() != '#')
    findings_.info("keylog-line-unreadable", std::nullopt,
                   fmt::format("A line of the capture's own secrets cannot be read: {}", added.error().what),
                   "write secrets in the NSS key log format");
}

void Inspection::on_frame(io::CapturedFrame frame) {
  const frames::Captured at{frame.number, frame.time};
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
    content_.on_datagram(*datagram, at);
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
    if (reader_.used_srtp_key(i) && keys_.srtp[i].name == keys_.srtp[srtp_key].name) return true;
  return false;
}

Report Inspection::finish() {
  tcp_.flush();
  router_.finish();
  const auto finish_reading = [this] { reader_.finish(last_time_); };
  if (queue_)
    queue_->finish(finish_reading);
  else
    finish_reading();
  findings_.absorb(reader_.findings());
  for (const auto& connection : report_.tls) check_connection(connection, findings_);
  report_unused_keys();
  if (decoder_.incomplete_datagrams() + decoder_.abandoned_datagrams() > 0)
    findings_.info("fragments-incomplete", std::nullopt,
                   fmt::format("{} IP datagrams were captured only in part",
                               decoder_.incomplete_datagrams() + decoder_.abandoned_datagrams()),
                   "capture without loss");
  report_.sip.messages.sort();
  check_certificates(report_, findings_);
  check_idle_closes(report_, findings_);
  report_.findings = findings_.take();
  return std::move(report_);
}

} // namespace

namespace {

// Of a file that is read to number the frames of those behind it; what is wrong with it shows later.
Result<std::size_t> count_frames(const std::string& path) {
  SIPVET_TRY(const auto reader, io::CaptureReader::open(path));
  std::size_t count = 0;
  for (auto frame = reader->next(); frame && *frame; frame = reader->next()) ++count;
  return count;
}

} // namespace

Result<Report> inspect(std::span<const std::string> paths, const Keys& keys, const Options& options) {
  std::vector<CaptureSource> sources;
  std::size_t first_frame = 1;
  std::optional<std::size_t> standard_input;
  for (const auto& path : paths) {
    SIPVET_TRY(auto reader, io::CaptureReader::open(path));
    sources.push_back({std::move(reader), path, first_frame});
    if (path == "-") { // cannot be read twice: its frames are numbered behind all others
      if (standard_input) return fail("standard input can be read only once");
      standard_input = sources.size() - 1;
    } else if (paths.size() > 1) {
      SIPVET_TRY(const std::size_t count, count_frames(path));
      first_frame += count;
    }
  }
  if (standard_input) sources[*standard_input].first_frame = first_frame;
  Inspection inspection(keys, options);
  inspection.read(std::move(sources));
  return inspection.finish();
}

Result<Report> inspect(const std::string& path, const Keys& keys, const Options& options) {
  return inspect(std::span(&path, 1), keys, options);
}

Result<Report> inspect(ByteView capture, const Keys& keys, const Options& options) {
  SIPVET_TRY(auto reader, io::CaptureReader::open(capture));
  std::vector<CaptureSource> sources;
  sources.push_back({std::move(reader), "(memory)"});
  Inspection inspection(keys, options);
  inspection.read(std::move(sources));
  return inspection.finish();
}

} // namespace sipvet::analysis

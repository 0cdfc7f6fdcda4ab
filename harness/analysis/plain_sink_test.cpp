// What is written of a call once TLS and SRTP are gone: the plain capture, and the audio.
#include "analysis/call_audio.hpp"
#include "analysis/plain_capture.hpp"
#include "analysis/test_call.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

constexpr std::string_view savp = "RTP/SAVP";
const auto key_a = test_key(1), key_b = test_key(101);

struct Folder {
  std::string path;
  Folder() {
    std::string made = (std::filesystem::temp_directory_path() / "sipvet-test-XXXXXX").string();
    BOOST_TEST_REQUIRE(mkdtemp(made.data()) != nullptr);
    path = made;
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

TestCall secured_call() {
  TestCall call;
  call.invite(savp, crypto_line(1, key_a));
  call.answer(savp, crypto_line(1, key_b));
  return call;
}

Bytes octets_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

std::vector<std::int16_t> samples_of(const std::string& path) {
  const auto octets = octets_of(path);
  BOOST_TEST_REQUIRE(octets.size() >= io::wav_header_octets);
  std::vector<std::int16_t> out;
  for (std::size_t i = io::wav_header_octets; i + 1 < octets.size(); i += 2)
    out.push_back(static_cast<std::int16_t>(octets[i] | octets[i + 1] << 8));
  return out;
}

std::vector<std::string> audio_of(const TestCall& call, const std::string& folder) {
  CallAudio audio(folder);
  Options options;
  options.sinks = {&audio};
  BOOST_TEST_REQUIRE(inspect(call.capture.octets(), {}, options).has_value());
  return audio.close().value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(plain_sink)

BOOST_AUTO_TEST_CASE(the_plain_capture_is_read_back_as_the_same_call_without_srtp) {
  Folder folder;
  auto call = secured_call();
  const auto from_alice = audio(call.alice, 20);
  call.media(call.alice, call.bob, protect(from_alice, key_a));
  call.media(call.bob, call.alice, protect(audio(call.bob, 20), test_key(55))); // nobody can read this
  const auto path = folder.path + "/plain.pcapng";
  auto plain = PlainCapture::create(path).value();
  Options options;
  options.sinks = {plain.get()};
  const auto before = inspect(call.capture.octets(), {}, options).value();
  BOOST_TEST_REQUIRE(plain->close().has_value());
  const auto after = inspect(path, {}).value();
  BOOST_TEST(after.sip.messages.size() == before.sip.messages.size());
  BOOST_TEST(after.srtp.empty());
  BOOST_TEST_REQUIRE(after.rtp.size() == 1u);
  BOOST_TEST(after.rtp[0].payload_sha256 == before.srtp[0].payload_sha256);
  BOOST_TEST(after.rtp[0].packets == 20);
  BOOST_TEST(after.sip.messages[0].text.find("inline") == std::string::npos);
  BOOST_TEST(after.sip.messages[0].text.find("RTP/AVP 0") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(rtcp_is_written_decrypted_as_well) {
  struct Heard final : PlainSink {
    std::vector<Bytes> packets;
    void on_rtcp(const RtcpStream&, ByteView packet, frames::Captured) override {
      packets.push_back(to_bytes(packet));
    }
  } heard;
  auto call = secured_call();
  const Bytes report = {0x80, 201, 0, 1, 0, 0x0a, 0x11, 0xce}; // an empty receiver report of Alice's
  auto sender = srtp::Sender::create(key_a).value();
  Phone control = call.alice, other = call.bob;
  control.media.port = 10'001, other.media.port = 20'001;
  call.media(control, other, {sender.protect_rtcp(report).value()});
  call.media(control, other, {report}); // a leak: plain as it is
  Options options;
  options.sinks = {&heard};
  const auto seen = inspect(call.capture.octets(), {}, options).value();
  BOOST_TEST_REQUIRE(seen.rtcp.size() == 1u);
  BOOST_TEST(seen.rtcp[0].authenticated == 1);
  BOOST_TEST(seen.rtcp[0].plain == 1);
  BOOST_TEST_REQUIRE(heard.packets.size() == 2u);
  BOOST_TEST((heard.packets[0] == report));
  BOOST_TEST((heard.packets[1] == report));
}

BOOST_AUTO_TEST_CASE(connections_are_made_anew_around_their_messages) {
  Folder folder;
  const auto path = folder.path + "/plain.pcapng";
  auto plain = PlainCapture::create(path).value();
  const Endpoint client = at(1, 40'000), server = at(2, 5061);
  const auto request = sip_message("OPTIONS sip:b@test SIP/2.0", "1 OPTIONS", std::string(4000, 'x'));
  const auto response = sip_message("SIP/2.0 200 OK", "1 OPTIONS", "");
  const frames::Captured now{1, Instant{} + std::chrono::hours(1)};
  plain->on_sip({client, server, Transport::tls, 0}, now, sip::view_message(request).value());
  plain->on_sip({server, client, Transport::tls, 0}, now, sip::view_message(response).value());
  plain->on_sip({server, client, Transport::tls, 1}, now, sip::view_message(request).value()); // another one
  BOOST_TEST_REQUIRE(plain->close().has_value());
  const auto report = inspect(path, {}).value();
  BOOST_TEST_REQUIRE(report.sip.messages.size() == 3u);
  BOOST_TEST(report.sip.messages[0].text == request);
  BOOST_TEST(report.sip.messages[1].text == response);
  BOOST_TEST((report.sip.messages[0].transport == Transport::tcp));
  BOOST_TEST(to_string(report.sip.messages[0].destination) == "192.0.2.2:5060");
  for (const auto& found : report.findings) BOOST_TEST(found.id == "sdp-unreadable", found.text); // the x's
  BOOST_TEST(!PlainCapture::create(folder.path + "/none/plain.pcapng").has_value());
}

BOOST_AUTO_TEST_CASE(only_descriptions_with_srtp_are_changed) {
  const auto body =
      description({}, "UDP/TLS/RTP/SAVPF", "a=crypto:1 X inline:Y\r\na=key-mgmt:mikey Z\r\na=ptime:20\r\n");
  const auto changed =
      without_srtp(sip::view_message(sip_message("INVITE sip:x SIP/2.0", "1 INVITE", body)).value());
  BOOST_TEST(changed.find("RTP/AVPF 0\r\na=ptime:20\r\n") != std::string::npos, changed);
  const auto read = sip::view_message(changed).value();
  BOOST_TEST(read.header("Content-Length").value() == std::to_string(read.body().size()));
  const auto plain =
      sip_message("INVITE sip:x SIP/2.0", "1 INVITE", description({}, "RTP/AVP", "a=ptime:20"));
  BOOST_TEST(without_srtp(sip::view_message(plain).value()) == plain);
}

BOOST_AUTO_TEST_CASE(each_direction_has_a_file_with_gaps_as_silence) {
  Folder folder;
  auto call = secured_call();
  auto plain = audio(call.alice, 100);
  auto packets = protect(plain, key_a);
  std::swap(packets[5], packets[6]);
  packets.erase(packets.begin() + 50, packets.begin() + 60);
  call.media(call.alice, call.bob, packets);
  call.media(call.bob, call.alice, protect(audio(call.bob, 10), key_b));
  const auto paths = audio_of(call, folder.path);
  BOOST_TEST_REQUIRE(paths.size() == 2u);
  const auto name = std::filesystem::path(paths[0]).filename().string();
  BOOST_TEST(name == "0001-call@test-192.0.2.1_10000-000a11ce.wav");
  const auto heard = samples_of(paths[0]);
  BOOST_TEST_REQUIRE(heard.size() == 100 * 160u);
  for (std::size_t i = 0; i < 100; ++i) {
    const auto expected = rtp::decode(rtp::Law::mu, rtp::parse_packet(plain[i])->payload);
    const std::vector<std::int16_t> part(heard.begin() + static_cast<std::ptrdiff_t>(i * 160),
                                         heard.begin() + static_cast<std::ptrdiff_t>((i + 1) * 160));
    BOOST_TEST((part == (i >= 50 && i < 60 ? std::vector<std::int16_t>(160) : expected)), "packet " << i);
  }
  BOOST_TEST(samples_of(paths[1]).size() == 10 * 160u);
}

BOOST_AUTO_TEST_CASE(a_clock_that_jumps_makes_no_hours_of_silence_and_names_stay_in_the_folder) {
  Folder folder;
  CallAudio audio(folder.path);
  MediaStream stream;
  stream.call_id = "../../etc/passwd";
  rtp::Packet packet;
  packet.payload = Bytes(160, 0x55);
  for (const std::uint32_t timestamp : {0xffffff60U, 0U, 160U, 2'000'000'000U, 2'000'000'160U}) {
    packet.timestamp = timestamp;
    audio.on_rtp(stream, rtp::serialize(packet), {}, rtp::Law::a);
  }
  const auto paths = audio.close().value();
  BOOST_TEST_REQUIRE(paths.size() == 1u);
  BOOST_TEST(std::filesystem::path(paths[0]).parent_path().string() == folder.path);
  BOOST_TEST(samples_of(paths[0]).size() == 5 * 160u);
  CallAudio nowhere(folder.path + "/none");
  nowhere.on_rtp(stream, rtp::serialize(packet), {}, rtp::Law::a);
  BOOST_TEST(!nowhere.close().has_value());
}

BOOST_AUTO_TEST_CASE(the_header_is_44_octets_that_say_how_long_the_audio_is) {
  const auto header = io::wav_header(1000, 8000);
  BOOST_TEST(header.size() == 44u);
  BOOST_TEST(std::string(header.begin(), header.begin() + 4) == "RIFF");
  BOOST_TEST(std::string(header.begin() + 8, header.begin() + 16) == "WAVEfmt ");
  BOOST_TEST((header[4] | header[5] << 8) == 2036);
  BOOST_TEST((header[40] | header[41] << 8) == 2000);
  BOOST_TEST((header[24] | header[25] << 8) == 8000);
  Folder folder;
  auto file = io::WavFile::create(folder.path + "/a.wav", 8000).value();
  const std::vector<std::int16_t> one = {1};
  BOOST_TEST(!file.write(1ULL << 40, one).has_value());
  BOOST_TEST(!io::WavFile::create(folder.path, 8000).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

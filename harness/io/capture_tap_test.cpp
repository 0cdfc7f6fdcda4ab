#include "io/capture_tap.hpp"

#include "frames/decode.hpp"
#include "frames/tcp_stream.hpp"
#include "io/capture_file.hpp"
#include "net/behaviour_test.hpp"
#include "net/sim_network.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace sipvet::io {

namespace {

using namespace net::behaviour;
using net::Direction;
using net::Ending;

const net::Flow flow{*parse_endpoint("192.0.2.1:49152"), *parse_endpoint("192.0.2.2:5061")};
const net::Flow flow_v6{*parse_endpoint("[2001:db8::1]:49153"), *parse_endpoint("[2001:db8::2]:5061")};

Instant at(int milliseconds) { return Instant(1'767'225'600s) + std::chrono::milliseconds(milliseconds); }

std::string temporary_path(const char* name) {
  return (std::filesystem::temp_directory_path() / ("sipvet-" + std::to_string(::getpid()) + "-" + name))
      .string();
}

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Streams : frames::TcpEvents {
  std::string to_server;
  std::string to_client;
  std::vector<frames::FlowEnd> ends;
  std::size_t gaps = 0;
  void on_octets(const frames::TcpFlow& of, frames::Direction direction, std::uint64_t, ByteView octets,
                 frames::Captured) override {
    BOOST_TEST(of.from_start);
    (direction == frames::Direction::to_server ? to_server : to_client) += as_text(octets);
  }
  void on_gap(const frames::TcpFlow&, frames::Direction, std::uint64_t, std::uint64_t,
              frames::Captured) override {
    ++gaps;
  }
  void on_closed(const frames::TcpFlow&, frames::FlowEnd end, frames::Captured) override {
    ends.push_back(end);
  }
};

Streams reassemble(const CaptureTap& tap) {
  Streams streams;
  frames::TcpReassembler tcp(streams);
  frames::Decoder decoder;
  std::size_t number = 0;
  tap.for_each_frame([&](Instant time, ByteView frame) {
    const auto packet = decoder.decode(frames::link::raw, frame, time);
    BOOST_TEST_REQUIRE(packet.has_value());
    if (const auto* segment = std::get_if<frames::Segment>(&*packet)) tcp.add(*segment, ++number, time);
  });
  tcp.flush();
  return streams;
}

void a_conversation(CaptureTap& tap, const net::Flow& on, int start) {
  tap.connected(at(start), on);
  tap.bytes(at(start + 1), on, Direction::to_server, as_bytes("INVITE"));
  tap.bytes(at(start + 2), on, Direction::to_client, as_bytes(std::string(200'000, 'r')));
  tap.ended(at(start + 3), on, Direction::to_server, Ending::finished);
  tap.bytes(at(start + 4), on, Direction::to_client, as_bytes("last"));
  tap.ended(at(start + 5), on, Direction::to_client, Ending::finished);
}

} // namespace

BOOST_AUTO_TEST_SUITE(capture_tap)

BOOST_AUTO_TEST_CASE(streams_come_out_whole) {
  CaptureTap tap;
  a_conversation(tap, flow, 0);
  a_conversation(tap, flow_v6, 10);
  a_conversation(tap, flow, 20); // the same ports again
  const Streams streams = reassemble(tap);
  BOOST_TEST(streams.to_server == "INVITEINVITEINVITE");
  const std::string answer = std::string(200'000, 'r') + "last";
  BOOST_TEST((streams.to_client == answer + answer + answer));
  BOOST_TEST(streams.gaps == 0u);
  BOOST_TEST((streams.ends == std::vector(3, frames::FlowEnd::finished)));
}

BOOST_AUTO_TEST_CASE(resets_and_refusals) {
  CaptureTap tap;
  tap.refused(at(0), flow);
  BOOST_TEST(tap.frame_count() == 2u);
  tap.connected(at(1), flow);
  tap.bytes(at(2), flow, Direction::to_server, as_bytes("x"));
  tap.ended(at(3), flow, Direction::to_client, Ending::reset);
  const std::size_t frames_until_reset = tap.frame_count();
  tap.bytes(at(4), flow, Direction::to_server, as_bytes("into the void"));
  BOOST_TEST(tap.frame_count() == frames_until_reset);
  const Streams streams = reassemble(tap);
  BOOST_TEST(streams.to_server == "x");
  BOOST_TEST((streams.ends == std::vector(2, frames::FlowEnd::reset)));
}

BOOST_AUTO_TEST_CASE(segments_and_order) {
  CaptureTap tap;
  a_conversation(tap, flow, 0);
  tap.datagram(at(-100), flow.client, flow.server, as_bytes("the clock was set back"));
  Instant before{};
  tap.for_each_frame([&](Instant time, ByteView frame) {
    BOOST_TEST(frame.size() <= 20u + 20u + 1400u);
    BOOST_TEST((time >= before));
    before = time;
  });
}

BOOST_AUTO_TEST_CASE(too_large_datagrams_are_left_out) {
  CaptureTap tap;
  tap.datagram(at(0), flow.client, flow.server, Bytes(65'508));
  BOOST_TEST(tap.frame_count() == 0u);
  tap.datagram(at(0), flow.client, flow.server, Bytes(65'507));
  BOOST_TEST(tap.frame_count() == 1u);
}

BOOST_AUTO_TEST_CASE(secrets_stand_before_the_packets) {
  CaptureTap tap;
  tap.datagram(at(0), flow.client, flow.server, as_bytes("x"));
  for (int i = 0; i < 2; ++i) tap.secret("CLIENT_RANDOM 0011 2233"); // both ends of a connection report it
  tap.secret("EXPORTER_SECRET 0011 2233");
  BOOST_TEST(tap.keylog_lines().size() == 2u);
  const std::string path = temporary_path("secrets.pcapng");
  BOOST_TEST(tap.write(path).has_value());
  const auto reader = CaptureReader::open(path);
  BOOST_TEST_REQUIRE(reader.has_value());
  const auto frame = (*reader)->next();
  BOOST_TEST_REQUIRE((frame.has_value() && frame->has_value()));
  BOOST_TEST((*reader)->keylog_lines() == tap.keylog_lines(), boost::test_tools::per_element());
  BOOST_TEST(((*frame)->time == at(0)));
  BOOST_TEST((*frame)->link_type == frames::link::raw);
  std::filesystem::remove(path);
}

std::string simulated_run(std::uint64_t seed, const std::string& path) {
  net::SimNetwork network(seed, {1ms, 0.2, 3ms});
  CaptureTap tap;
  network.set_tap(&tap);
  Echo server(network);
  Recorder client;
  const auto listener = network.listen(server, *parse_endpoint("192.0.2.2:5061"));
  const auto there = network.open_datagram(server, *parse_endpoint("192.0.2.2:5060"));
  const auto here = network.open_datagram(client, *parse_endpoint("192.0.2.1:5060"));
  const auto connection = network.connect(client, {}, network.local_endpoint(*listener));
  for (int i = 0; i < 50; ++i) {
    network.send(connection, network.random().bytes(100));
    network.send_to(*here, network.local_endpoint(*there), network.random().bytes(100));
  }
  settle(network);
  network.close(connection);
  settle(network);
  BOOST_TEST(tap.write(path).has_value());
  return file_text(path);
}

BOOST_AUTO_TEST_CASE(a_seed_gives_the_same_file) {
  const std::string path = temporary_path("run.pcapng");
  const std::string once = simulated_run(3, path);
  BOOST_TEST((once == simulated_run(3, path)));
  BOOST_TEST((once != simulated_run(4, path)));
  std::filesystem::remove(path);
}

// An independent reader: its lines for `filter` in `capture`, or nothing where it is not installed.
std::optional<std::vector<std::string>> tshark(const std::string& capture, const std::string& filter) {
  if (std::system("command -v tshark >/dev/null 2>&1") != 0) return std::nullopt;
  const std::string command =
      "tshark -r '" + capture +
      "' -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -Y '" + filter +
      "' 2>&1 | grep -v 'Running as user'";
  std::vector<std::string> lines;
  FILE* const output = ::popen(command.c_str(), "r");
  std::array<char, 1000> line{};
  while (std::fgets(line.data(), line.size(), output) != nullptr) lines.emplace_back(line.data());
  ::pclose(output);
  return lines;
}

BOOST_AUTO_TEST_CASE(wireshark_finds_nothing_wrong) {
  CaptureTap tap;
  a_conversation(tap, flow, 0);
  a_conversation(tap, flow_v6, 10);
  a_conversation(tap, flow, 100);
  tap.connected(at(200), flow);
  tap.bytes(at(201), flow, Direction::to_server, as_bytes("odd"));
  tap.ended(at(202), flow, Direction::to_server, Ending::reset);
  for (std::size_t octets = 0; octets < 50; ++octets) {
    tap.datagram(at(300), flow.client, flow.server, Bytes(octets, 0xFF));
    tap.datagram(at(300), flow_v6.client, flow_v6.server, Bytes(octets, 0xA7));
  }
  const std::string path = temporary_path("tshark.pcapng");
  BOOST_TEST_REQUIRE(tap.write(path).has_value());
  const auto wrong =
      tshark(path, "_ws.malformed || tcp.analysis.retransmission || tcp.analysis.out_of_order || "
                   "tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment || "
                   "tcp.analysis.duplicate_ack || tcp.analysis.window_full || "
                   "tcp.checksum.status != 1 || udp.checksum.status != 1 || ip.checksum.status != 1");
  if (wrong) {
    BOOST_TEST(*wrong == std::vector<std::string>{}, boost::test_tools::per_element());
    BOOST_TEST(tshark(path, "tcp || udp")->size() == tap.frame_count());
  } else {
    BOOST_TEST_MESSAGE("tshark is not installed: not checked");
  }
  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sipvet::io

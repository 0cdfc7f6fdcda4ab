#include "frames/tcp_stream.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

namespace sipvet::frames {

namespace {

const Endpoint client = *parse_endpoint("192.0.2.1:49152");
const Endpoint server = *parse_endpoint("192.0.2.2:5061");

// Writes down events as lines: "1> 0 hello @3" are octets to the server of flow 1 from offset 0, in frame 3.
struct Log : TcpEvents {
  std::vector<std::string> lines;
  static std::string name(const TcpFlow& flow, Direction direction) {
    return std::to_string(static_cast<std::uint64_t>(flow.id)) +
           (direction == Direction::to_server ? ">" : "<");
  }
  void add(const std::string& line, Captured at) { lines.push_back(line + " @" + std::to_string(at.frame)); }
  void on_opened(const TcpFlow& flow, Captured at) override {
    add(std::to_string(static_cast<std::uint64_t>(flow.id)) + " opened by " +
            std::to_string(flow.client.port) + (flow.from_start ? "" : " in the middle"),
        at);
  }
  void on_octets(const TcpFlow& flow, Direction direction, std::uint64_t offset, ByteView octets,
                 Captured at) override {
    add(name(flow, direction) + " " + std::to_string(offset) + " " + std::string(as_text(octets)), at);
  }
  void on_gap(const TcpFlow& flow, Direction direction, std::uint64_t offset, std::uint64_t count,
              Captured at) override {
    add(name(flow, direction) + " " + std::to_string(offset) + " lost " + std::to_string(count), at);
  }
  void on_finished(const TcpFlow& flow, Direction direction, Captured at) override {
    add(name(flow, direction) + " finished", at);
  }
  void on_closed(const TcpFlow& flow, FlowEnd how, Captured at) override {
    const char* const names[] = {"finished", "reset", "replaced", "evicted", "end of capture"};
    add(std::to_string(static_cast<std::uint64_t>(flow.id)) + " closed: " + names[static_cast<int>(how)], at);
  }
};

// A connection under test; sequence numbers are relative to each side's initial one.
struct Wire {
  Log log;
  TcpReassembler tcp;
  std::uint32_t client_isn = 1000;
  std::uint32_t server_isn = 5000;
  std::size_t frame = 0;
  explicit Wire(TcpLimits limits = {}) : tcp(log, limits) {}

  void put(bool from_client, std::uint32_t sequence, std::string_view payload, const char* flags,
           std::uint32_t ack) {
    Segment segment;
    segment.source = from_client ? client : server;
    segment.destination = from_client ? server : client;
    segment.sequence = sequence;
    segment.acknowledgment = ack;
    for (const char* flag = flags; *flag != 0; ++flag) {
      segment.syn = segment.syn || *flag == 'S';
      segment.ack = segment.ack || *flag == 'A';
      segment.fin = segment.fin || *flag == 'F';
      segment.rst = segment.rst || *flag == 'R';
    }
    const Bytes exact = to_bytes(payload);
    segment.payload = exact;
    ++frame;
    tcp.add(segment, frame, Instant(std::chrono::seconds(frame)));
  }
  void up(std::uint32_t at, std::string_view payload, const char* flags = "A") {
    put(true, client_isn + 1 + at, payload, flags, server_isn + 1);
  }
  void down(std::uint32_t at, std::string_view payload, const char* flags = "A",
            std::uint32_t acknowledged = 0) {
    put(false, server_isn + 1 + at, payload, flags, client_isn + 1 + acknowledged);
  }
  void handshake() {
    put(true, client_isn, "", "S", 0);
    put(false, server_isn, "", "SA", client_isn + 1);
    up(0, "");
    log.lines.clear();
  }
  void expect(const std::vector<std::string>& lines) {
    BOOST_TEST(log.lines == lines, boost::test_tools::per_element());
    log.lines.clear();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(tcp_stream)

BOOST_AUTO_TEST_CASE(a_whole_connection) {
  Wire wire;
  wire.put(true, 1000, "", "S", 0);
  wire.expect({"1 opened by 49152 @1"});
  wire.put(false, 5000, "", "SA", 1001);
  wire.up(0, "ask");
  wire.down(0, "answer", "A", 3);
  wire.up(3, "", "FA");
  wire.down(6, "!", "FA", 4);
  wire.up(4, ""); // the last acknowledgment opens nothing
  wire.expect({"1> 0 ask @3", "1< 0 answer @4", "1> finished @5", "1< 6 ! @6", "1< finished @6",
               "1 closed: finished @6"});
  wire.tcp.flush();
  wire.expect({});
  BOOST_TEST(wire.tcp.open_flows() == 0u);
}

BOOST_AUTO_TEST_CASE(sequence_numbers_wrap) {
  Wire wire;
  wire.client_isn = 0xFFFFFFFD;
  wire.handshake();
  wire.up(0, "abcd");
  wire.up(6, "gh");
  wire.up(4, "ef");
  wire.expect({"1> 0 abcd @4", "1> 4 ef @6", "1> 6 gh @5"});
}

BOOST_AUTO_TEST_CASE(reordered_and_repeated) {
  Wire wire;
  wire.handshake();
  wire.up(3, "d");
  wire.up(1, "b");
  wire.up(2, "c");
  BOOST_TEST(wire.tcp.held_octets() == 3u);
  wire.expect({});
  wire.up(0, "a");
  wire.expect({"1> 0 a @7", "1> 1 b @5", "1> 2 c @6", "1> 3 d @4"});
  BOOST_TEST(wire.tcp.held_octets() == 0u);
  wire.up(0, "abcd");
  wire.up(3, "x"); // a keep-alive probe repeats the last octet
  wire.expect({});
}

BOOST_AUTO_TEST_CASE(of_overlapping_copies_the_first_wins) {
  Wire wire;
  wire.handshake();
  wire.up(0, "ab");
  wire.up(1, "Bc"); // the b is known
  wire.expect({"1> 0 ab @4", "1> 2 c @5"});
  wire.up(5, "fg");
  wire.up(8, "ij");
  wire.up(4, "EFGHIJK"); // around what is held
  wire.expect({});
  wire.up(3, "dE");
  wire.expect({"1> 3 d @9", "1> 4 E @8", "1> 5 fg @6", "1> 7 H @8", "1> 8 ij @7", "1> 10 K @8"});
}

// Octets that arrive in order but were seen before, behind a hole, are those seen before.
BOOST_AUTO_TEST_CASE(held_octets_win_over_a_late_copy) {
  Wire wire;
  wire.handshake();
  wire.up(2, "cd");
  wire.up(0, "ab!!ef");
  wire.expect({"1> 0 ab @5", "1> 2 cd @4", "1> 4 ef @5"});
}

BOOST_AUTO_TEST_CASE(end_of_capture_names_what_is_missing) {
  Wire wire;
  wire.handshake();
  wire.up(0, "a");
  wire.up(3, "d");
  wire.up(9, "j", "FA");
  wire.down(0, "", "A", 11);
  wire.tcp.flush();
  wire.expect({"1> 0 a @4", "1> 1 lost 2 @7", "1> 3 d @5", "1> 4 lost 5 @7", "1> 9 j @6", "1> finished @7",
               "1 closed: end of capture @7"});
}

BOOST_AUTO_TEST_CASE(an_acknowledgment_or_a_fin_tells_of_lost_octets) {
  Wire wire;
  wire.handshake();
  wire.down(0, "", "A", 10);
  wire.down(7, "", "FA", 10);
  wire.tcp.flush();
  wire.expect({"1> 0 lost 10 @5", "1< 0 lost 7 @5", "1< finished @5", "1 closed: end of capture @5"});
}

BOOST_AUTO_TEST_CASE(what_is_held_is_bounded) {
  TcpLimits limits;
  limits.held_octets = 10;
  Wire wire(limits);
  wire.handshake();
  wire.up(1, "bcdef");
  wire.up(7, "hijkl");
  wire.expect({});
  wire.up(13, "n");
  wire.expect({"1> 0 lost 1 @6", "1> 1 bcdef @4"});
  BOOST_TEST(wire.tcp.held_octets() == 6u);
  limits.held_octets = 1000;
  limits.held_segments = 2;
  Wire by_number(limits);
  by_number.handshake();
  for (std::uint32_t i = 1; i <= 5; i += 2) by_number.up(i, "x");
  by_number.expect({"1> 0 lost 1 @6", "1> 1 x @4"});
}

BOOST_AUTO_TEST_CASE(all_flows_together_are_bounded) {
  TcpLimits limits;
  limits.held_octets_total = 10;
  Wire wire(limits);
  wire.handshake();
  wire.up(1, "123456");
  wire.down(1, "123456");
  wire.expect({"1< 0 lost 1 @5", "1< 1 123456 @5"}); // the one that exceeds the bound pays
  BOOST_TEST(wire.tcp.held_octets() == 6u);
}

BOOST_AUTO_TEST_CASE(a_fin_waits_for_what_is_before_it) {
  Wire wire;
  wire.handshake();
  wire.up(1, "b", "FA");
  wire.expect({});
  wire.up(0, "a");
  wire.expect({"1> 0 a @5", "1> 1 b @4", "1> finished @5"});
  wire.up(2, "after the end");
  wire.expect({});
}

BOOST_AUTO_TEST_CASE(from_the_middle) {
  Wire wire;
  wire.up(100, ""); // an acknowledgment alone tells nothing
  wire.expect({});
  wire.down(7, "answer", "A", 50); // the lower port is the server's
  wire.expect({"1 opened by 49152 in the middle @2", "1< 0 answer @2"});
  wire.up(50, "next");
  wire.expect({"1> 0 next @3"}); // where the acknowledgment said
  wire.up(54, "", "RA");
  wire.expect({"1 closed: reset @4"});
}

BOOST_AUTO_TEST_CASE(without_the_first_syn) {
  Wire wire;
  wire.put(false, 5000, "", "SA", 1001);
  wire.up(0, "hello");
  wire.expect({"1 opened by 49152 @1", "1> 0 hello @2"});
}

BOOST_AUTO_TEST_CASE(without_the_syn_ack) {
  Wire wire;
  wire.put(true, 1000, "", "S", 0);
  wire.up(0, "");
  wire.down(2, "c");
  wire.down(0, "ab");
  wire.expect({"1 opened by 49152 @1", "1< 0 ab @4", "1< 2 c @3"});
}

BOOST_AUTO_TEST_CASE(a_repeated_syn_is_the_same_connection) {
  Wire wire;
  wire.handshake();
  wire.up(0, "a");
  wire.put(true, 1000, "", "S", 0);
  wire.put(false, 5000, "", "SA", 1001);
  wire.up(1, "b");
  wire.expect({"1> 0 a @4", "1> 1 b @7"});
}

BOOST_AUTO_TEST_CASE(data_on_the_syn) {
  Wire wire;
  wire.put(true, 1000, "fast", "S", 0);
  wire.put(false, 5000, "", "SA", 1005);
  wire.up(4, " open");
  wire.expect({"1 opened by 49152 @1", "1> 0 fast @1", "1> 4  open @3"});
}

BOOST_AUTO_TEST_CASE(ports_used_again) {
  Wire wire;
  wire.handshake();
  wire.up(2, "c");
  wire.client_isn = 777'000;
  wire.put(true, 777'000, "", "S", 0);
  wire.expect({"1> 0 lost 2 @5", "1> 2 c @4", "1 closed: replaced @5", "2 opened by 49152 @5"});
  wire.put(false, 5000, "", "SA", 777'001);
  wire.up(0, "new");
  wire.up(3, "", "RA");
  wire.expect({"2> 0 new @7", "2 closed: reset @8"});
  wire.up(3, "late");
  wire.expect({});
  wire.put(true, 42, "", "S", 0);
  wire.expect({"3 opened by 49152 @10"});
}

BOOST_AUTO_TEST_CASE(refused_connection) {
  Wire wire;
  wire.put(true, 1000, "", "S", 0);
  wire.put(false, 0, "", "RA", 1001);
  wire.expect({"1 opened by 49152 @1", "1 closed: reset @2"});
}

BOOST_AUTO_TEST_CASE(segments_far_outside_any_window) {
  Wire wire;
  wire.handshake();
  wire.up(0x50000000, "stray");
  wire.up(0, "a");
  wire.tcp.flush();
  wire.expect({"1> 0 a @5", "1 closed: end of capture @5"});
}

BOOST_AUTO_TEST_CASE(the_number_of_flows_is_bounded) {
  Log log;
  TcpLimits limits;
  limits.flows = 2;
  TcpReassembler tcp(log, limits);
  const auto send = [&](std::uint16_t port, bool syn, std::size_t frame) {
    Segment segment;
    segment.source = {client.ip, port};
    segment.destination = server;
    segment.syn = syn;
    segment.sequence = syn ? 0 : 1;
    segment.payload = syn ? ByteView() : as_bytes("x");
    tcp.add(segment, frame, {});
  };
  send(50001, true, 1);
  send(50002, true, 2);
  send(50001, false, 3); // the second is now silent longest
  send(50003, true, 4);
  BOOST_TEST(log.lines ==
                 (std::vector<std::string>{"1 opened by 50001 @1", "2 opened by 50002 @2", "1> 0 x @3",
                                           "2 closed: evicted @4", "3 opened by 50003 @4"}),
             boost::test_tools::per_element());
  BOOST_TEST(tcp.open_flows() == 2u);
}

// Against a model: shuffled, duplicated and overlapping segments of known octets.
BOOST_AUTO_TEST_CASE(random_segments_give_the_stream) {
  std::uint64_t state = 12345;
  const auto draw = [&](std::uint32_t bound) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<std::uint32_t>((state >> 33) % bound);
  };
  for (int round = 0; round < 200; ++round) {
    Wire wire;
    wire.client_isn = 0xFFFFFF00 + draw(512);
    wire.handshake();
    std::string stream;
    for (std::uint32_t i = 0; i < 500; ++i) stream += static_cast<char>('a' + draw(26));
    std::map<std::uint64_t, bool> covered;
    for (std::uint32_t i = 0; i < 300; ++i) {
      const std::uint32_t from = draw(500);
      const std::uint32_t count = 1 + draw(40);
      wire.up(from, std::string_view(stream).substr(from, count));
      for (std::uint32_t at = from; at < std::min(500u, from + count); ++at) covered[at] = true;
    }
    wire.tcp.flush();
    std::string seen(500, '?');
    std::uint64_t next = 0;
    for (const std::string& line : wire.log.lines) {
      if (line.rfind("1> ", 0) != 0) continue;
      const std::uint64_t offset = std::stoull(line.substr(3));
      const std::string rest = line.substr(line.find(' ', 3) + 1);
      BOOST_TEST_REQUIRE(offset == next); // contiguous, gaps included
      if (rest.rfind("lost ", 0) == 0) {
        next += std::stoull(rest.substr(5));
        continue;
      }
      const std::string octets = rest.substr(0, rest.find(" @"));
      seen.replace(offset, octets.size(), octets);
      next += octets.size();
    }
    for (std::uint32_t at = 0; at < 500; ++at)
      BOOST_TEST_REQUIRE(seen[at] == (covered.contains(at) ? stream[at] : '?'));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sipvet::frames

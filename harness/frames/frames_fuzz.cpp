// Any octets given as frames: decoded for every link type and put through TCP reassembly, whose events must
// be contiguous.
#include "frames/build.hpp"
#include "frames/decode.hpp"
#include "frames/tcp_stream.hpp"

#include <cstdlib>
#include <map>

namespace {

using namespace sipvet;
using namespace sipvet::frames;

struct Contiguous : TcpEvents {
  std::map<std::pair<FlowId, Direction>, std::uint64_t> next;
  void advance(const TcpFlow& flow, Direction direction, std::uint64_t offset, std::uint64_t count) {
    std::uint64_t& expected = next[{flow.id, direction}];
    if (offset != expected || count == 0) std::abort();
    expected += count;
  }
  void on_octets(const TcpFlow& flow, Direction direction, std::uint64_t offset, ByteView octets,
                 Captured) override {
    advance(flow, direction, offset, octets.size());
  }
  void on_gap(const TcpFlow& flow, Direction direction, std::uint64_t offset, std::uint64_t count,
              Captured) override {
    advance(flow, direction, offset, count);
  }
};

void add_packet(std::string& seed, const Segment& segment) {
  Bytes packet;
  if (!append_packet(packet, segment)) std::abort();
  seed.push_back(static_cast<char>(packet.size()));
  seed += as_text(packet);
}

} // namespace

// Input: the link type's number in a list, then frames, each behind an octet with its length.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint32_t types[] = {link::raw,
                                     link::ethernet,
                                     link::null,
                                     link::loop,
                                     link::linux_cooked,
                                     link::linux_cooked_v2,
                                     link::ipv4,
                                     link::ipv6,
                                     link::wifi,
                                     link::wifi_radiotap,
                                     link::wifi_prism,
                                     link::wifi_avs,
                                     link::ppp,
                                     link::ppp_hdlc,
                                     link::ppp_ether,
                                     link::frame_relay,
                                     link::atm_llc,
                                     link::cisco_hdlc,
                                     link::mpls,
                                     link::nflog,
                                     link::ppi,
                                     link::pktap,
                                     link::enc,
                                     link::ppp_pppd,
                                     link::ip_over_infiniband};
  if (size == 0) return 0;
  const std::uint32_t type = types[data[0] % std::size(types)];
  ByteView rest(data + 1, size - 1);
  Contiguous events;
  TcpLimits limits;
  limits.held_octets = 64;
  limits.flows = 3;
  TcpReassembler tcp(events, limits);
  Decoder decoder;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t octets = std::min<std::size_t>(rest[0], rest.size() - 1);
    const auto packet = decoder.decode(type, rest.subspan(1, octets), Instant(std::chrono::seconds(number)));
    rest = rest.subspan(1 + octets);
    if (!packet) continue;
    if (const auto* segment = std::get_if<Segment>(&*packet)) tcp.add(*segment, number, {});
  }
  tcp.flush();
  if (tcp.held_octets() != 0) std::abort();
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  std::vector<std::string> seeds;
  for (const char* const ends : {"192.0.2.1:1000 192.0.2.2:5061", "[2001:db8::1]:1000 [2001:db8::2]:5061"}) {
    const std::string text = ends;
    Segment up;
    up.source = *parse_endpoint(text.substr(0, text.find(' ')));
    up.destination = *parse_endpoint(text.substr(text.find(' ') + 1));
    Segment down = up;
    std::swap(down.source, down.destination);
    std::string seed(1, '\0');
    up.syn = true;
    add_packet(seed, up);
    down.syn = down.ack = true;
    down.acknowledgment = 1;
    add_packet(seed, down);
    up.syn = false;
    up.ack = up.fin = true;
    for (const std::uint32_t sequence : {9u, 3u, 1u}) {
      up.sequence = sequence;
      up.payload = as_bytes("abcd");
      add_packet(seed, up);
      up.fin = false;
    }
    seeds.push_back(seed);
  }
  return seeds;
}

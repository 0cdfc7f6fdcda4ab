#include "io/live_capture.hpp"

#include "frames/decode.hpp"
#include "io/capture_file.hpp"
#include "io/socket_network.hpp"
#include "net/behaviour_test.hpp"

#include <filesystem>
#include <unistd.h>

namespace sipvet::io {

using namespace net::behaviour;

namespace {

std::string temporary_path() {
  return (std::filesystem::temp_directory_path() / ("sipvet-" + std::to_string(::getpid()) + "-live.pcapng"))
      .string();
}

std::size_t datagrams_with(const std::string& path, std::string_view payload) {
  const auto reader = CaptureReader::open(path);
  BOOST_TEST_REQUIRE(reader.has_value());
  frames::Decoder decoder;
  std::size_t count = 0;
  for (;;) {
    const auto frame = (*reader)->next();
    BOOST_TEST_REQUIRE(frame.has_value());
    if (!*frame) return count;
    const auto packet = decoder.decode((*frame)->link_type, (*frame)->data, (*frame)->time);
    if (!packet) continue;
    const auto* datagram = std::get_if<frames::Datagram>(&*packet);
    if (datagram != nullptr && as_text(datagram->payload) == payload) ++count;
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(live_capture)

BOOST_AUTO_TEST_CASE(no_such_interface) {
  const auto capture = LiveCapture::start("nosuchif0", temporary_path());
  BOOST_TEST_REQUIRE(!capture.has_value());
  BOOST_TEST(capture.error().what.find("nosuchif0") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(loopback_traffic) {
  const std::string path = temporary_path();
  const auto capture = LiveCapture::start("lo", path, "udp");
  if (!capture) {
    BOOST_TEST(capture.error().what.find("cannot capture on lo") == 0u);
    BOOST_TEST_MESSAGE("not checked: " + capture.error().what);
    return;
  }
  SocketNetwork network;
  Recorder node;
  const auto socket = network.open_datagram(node, loopback());
  const std::string mark = "recognised " + std::to_string(::getpid());
  for (int i = 0; i < 10; ++i) network.send_to(*socket, network.local_endpoint(*socket), as_bytes(mark));
  run(network, [&] { return node.log.size() == 10; });
  BOOST_TEST((*capture)->stop().has_value());
  BOOST_TEST((*capture)->stop().has_value()); // the same answer again
  BOOST_TEST((*capture)->stats().written >= 10u);
  BOOST_TEST(datagrams_with(path, mark) == 10u);
  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_CASE(a_filter_that_is_none) {
  const auto capture = LiveCapture::start("lo", temporary_path(), "this is no filter");
  BOOST_TEST_REQUIRE(!capture.has_value());
  std::filesystem::remove(temporary_path());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sipvet::io

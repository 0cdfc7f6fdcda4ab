#include "ua/dtls_faults.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::ua;
using keying::Setup;

namespace {

sdp::Session session_with(std::string_view lines, std::string_view protocol = "UDP/TLS/RTP/SAVP") {
  return sdp::parse_session(
             "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 " +
             std::string(protocol) + " 0\r\n" + std::string(lines))
      .value();
}

std::string read_as(DtlsDeviations deviations, std::string_view lines, std::optional<Setup> offered = {},
                    std::string_view protocol = "UDP/TLS/RTP/SAVP") {
  std::optional<keying::DtlsDescription> ours;
  if (offered) ours = keying::DtlsDescription{{}, *offered, "", false};
  const sdp::Session read = overlook_faults(deviations, session_with(lines, protocol), ours);
  const auto setup = read.media.front().attributes.value("setup");
  const bool print = read.media.front().attributes.value("fingerprint").has_value();
  return std::string(setup.value_or("none")) + (print ? " with fingerprint" : "");
}

} // namespace

BOOST_AUTO_TEST_SUITE(dtls_faults)

BOOST_AUTO_TEST_CASE(an_honest_side_overlooks_nothing) {
  BOOST_TEST(read_as({}, "a=setup:holdconn\r\n") == "holdconn");
  BOOST_TEST(read_as({}, "a=setup:active\r\n", Setup::active) == "active");
}

BOOST_AUTO_TEST_CASE(roles) {
  DtlsDeviations any;
  any.any_setup = true;
  BOOST_TEST(read_as(any, "a=setup:holdconn\r\n") == "actpass");
  BOOST_TEST(read_as(any, "a=setup:passive\r\n") == "passive");
  BOOST_TEST(read_as(any, "a=setup:active\r\n", Setup::active) == "passive");
  BOOST_TEST(read_as(any, "a=setup:actpass\r\n", Setup::actpass) == "active");
  BOOST_TEST(read_as(any, "a=setup:holdconn\r\n", Setup::passive) == "active");
  BOOST_TEST(read_as(any, "a=setup:passive\r\n", Setup::actpass) == "passive");
  BOOST_TEST(read_as(any, "", Setup::actpass) == "none");
  BOOST_TEST(read_as(any, "a=setup:holdconn\r\n", {}, "RTP/SAVP") == "holdconn"); // not DTLS-SRTP
}

BOOST_AUTO_TEST_CASE(fingerprints) {
  DtlsDeviations any;
  any.fingerprint_not_needed = true;
  BOOST_TEST(read_as(any, "a=setup:active\r\n") == "active with fingerprint");
  const sdp::Session honest =
      session_with("a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:"
                   "E5:7C:AB\r\n");
  BOOST_TEST(sdp::serialize(overlook_faults(any, honest, {})) == sdp::serialize(honest));
}

BOOST_AUTO_TEST_SUITE_END()

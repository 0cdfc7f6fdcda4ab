#include "rtp/udptl.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::rtp;

namespace {

std::string problem(std::string_view hex) {
  const auto parsed = parse_udptl(from_hex(hex).value());
  return parsed ? std::string() : to_string(parsed.error());
}

} // namespace

BOOST_AUTO_TEST_SUITE(udptl)

BOOST_AUTO_TEST_CASE(an_indicator_without_and_with_redundancy) {
  const Udptl first{0, ifp_of(T30Indicator::cng), {}, false};
  BOOST_TEST(to_hex(serialize(first)) == "000001020000");
  BOOST_TEST((parse_udptl(serialize(first)).value() == first));
  const Udptl later{0x0102, ifp_of(T30Indicator::ced), {ifp_of(T30Indicator::cng), Bytes{}}, false};
  BOOST_TEST(to_hex(serialize(later)) == "0102010400020102"
                                         "00");
  BOOST_TEST((parse_udptl(serialize(later)).value() == later));
}

BOOST_AUTO_TEST_CASE(long_fields_have_two_octets_of_length) {
  for (const std::size_t size : {127u, 128u, 300u, 16383u}) {
    const Udptl packet{9, Bytes(size, 0x55), {Bytes(size, 0xaa)}, false};
    const Bytes written = serialize(packet);
    BOOST_TEST(written.size() == 2 + 2 * (size + (size > 127 ? 2 : 1)) + 2);
    BOOST_TEST((parse_udptl(written).value() == packet));
  }
}

BOOST_AUTO_TEST_CASE(parity_is_recognised_and_left) {
  const Udptl packet = parse_udptl(from_hex("0003010680010301020106").value()).value();
  BOOST_TEST((packet.parity_fec && packet.secondaries.empty() && packet.sequence == 3));
  BOOST_TEST((indicator_of(packet.primary) == T30Indicator::v21_preamble));
}

BOOST_AUTO_TEST_CASE(what_is_cut_or_too_long_is_refused) {
  const Bytes whole = serialize({7, Bytes(3, 1), {Bytes(2, 2)}, false});
  for (std::size_t size = 0; size < whole.size(); ++size)
    BOOST_TEST(!parse_udptl(ByteView(whole).first(size)));
  BOOST_TEST(problem("0007010200"
                     "11") == "expected at most 16 secondary IFP packets, found 17 (at octet 5)");
  BOOST_TEST(problem("0007c1") == "expected fewer than 16384 octets of primary-ifp-packet (at octet 2)");
  BOOST_TEST(problem("000701024000") == "expected secondary IFP packets or parity FEC (at octet 4)");
  BOOST_TEST(problem("00070102000000").find("UDPTL packet") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(indicators_are_those_of_one_octet) {
  for (const auto each :
       {T30Indicator::no_signal, T30Indicator::cng, T30Indicator::ced, T30Indicator::v21_preamble})
    BOOST_TEST((indicator_of(ifp_of(each)) == each));
  BOOST_TEST(!indicator_of(Bytes{}));
  BOOST_TEST(!indicator_of(Bytes{0x02, 0}));
  BOOST_TEST(!indicator_of(Bytes{0x03}));
  BOOST_TEST(!indicator_of(Bytes{0xc0})); // data
  BOOST_TEST(!indicator_of(Bytes{0x08})); // a modem's training
  BOOST_TEST(name(T30Indicator::v21_preamble) == "v21-preamble");
}

BOOST_AUTO_TEST_SUITE_END()

#include "crypto/pem.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

BOOST_AUTO_TEST_SUITE(pem)

BOOST_AUTO_TEST_CASE(blocks_between_text) {
  const std::string text =
      "subject=x\n-----BEGIN A-----\nAAEC\n-----END A-----\nnoise -----END B-----\n"
      "-----BEGIN B C-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: X,1\r\n\r\nAw\r\n==\r\n-----END B C-----";
  const auto blocks = find_pem_blocks(text).value();
  BOOST_REQUIRE(blocks.size() == 2u);
  BOOST_TEST(blocks[0].label == "A");
  BOOST_TEST((blocks[0].der == Bytes{0, 1, 2}));
  BOOST_TEST(blocks[0].offset == 10u);
  BOOST_TEST(blocks[1].label == "B C");
  BOOST_TEST(blocks[1].headers == "Proc-Type: 4,ENCRYPTED\nDEK-Info: X,1\n");
  BOOST_TEST((blocks[1].der == Bytes{3}));
  BOOST_TEST(find_pem_blocks("nothing").value().empty());
}

BOOST_AUTO_TEST_CASE(broken_blocks) {
  BOOST_TEST(find_pem_blocks("-----BEGIN A-----\nAAEC\n").error().what ==
             "the PEM block A has no -----END A-----");
  BOOST_TEST(find_pem_blocks("-----BEGIN A").error().what ==
             "a PEM block's first line does not end with -----");
  const auto bad = find_pem_blocks("xx\n-----BEGIN A-----\n!!!!\n-----END A-----");
  BOOST_TEST(bad.error().what.starts_with("the PEM block A is not base64"));
  BOOST_TEST((bad.error().offset == 3u));
}

BOOST_AUTO_TEST_CASE(writing) {
  BOOST_TEST(
      to_pem("X", Bytes(49, 0)) ==
      "-----BEGIN X-----\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAA==\n-----END "
      "X-----\n");
}

BOOST_AUTO_TEST_SUITE_END()

#include "dns/name.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::dns;

namespace {

std::string error_of(std::string_view text) {
  const auto name = parse_name(text);
  return name ? "" : to_string(name.error());
}

std::string read_error(std::string_view octets_hex, std::size_t from = 0) {
  const Bytes message = *from_hex(octets_hex);
  Reader reader(ByteView(message).subspan(from), from);
  const auto name = read_name(reader, message);
  return name ? "read " + to_string(*name) : to_string(name.error());
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_name)

BOOST_AUTO_TEST_CASE(text) {
  BOOST_TEST(to_string(*parse_name("a.Example.test.")) == "a.Example.test");
  BOOST_TEST(to_string(*parse_name(".")) == ".");
  BOOST_TEST(to_string(*parse_name("_sips._tcp.example.test")) == "_sips._tcp.example.test");
  const auto odd = parse_name("a\\.b.c\\032d\\\\.test");
  BOOST_TEST(odd->labels == (std::vector<std::string>{"a.b", "c d\\", "test"}),
             boost::test_tools::per_element());
  BOOST_TEST(to_string(*odd) == "a\\.b.c\\032d\\\\.test");
}

BOOST_AUTO_TEST_CASE(case_does_not_count) {
  BOOST_TEST((*parse_name("EXAMPLE.test") == *parse_name("example.TEST.")));
  BOOST_TEST(!(*parse_name("example.test") == *parse_name("a.example.test")));
}

BOOST_AUTO_TEST_CASE(no_names) {
  BOOST_TEST(error_of("a..b") == "expected a domain name, found an empty label in 'a..b'");
  BOOST_TEST(error_of(".a").find("empty label") != std::string::npos);
  BOOST_TEST(error_of("") == "expected a domain name, found an empty label in ''");
  BOOST_TEST(error_of("a b") == "expected a domain name, found 'a b'");
  BOOST_TEST(error_of("a\\").find("three digits") != std::string::npos);
  BOOST_TEST(error_of("a\\25").find("three digits") != std::string::npos);
  BOOST_TEST(error_of("a\\256").find("three digits") != std::string::npos);
  BOOST_TEST(error_of(std::string(64, 'a')).find("at most 63") != std::string::npos);
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += "a.";
  BOOST_TEST(error_of(longest) == "");
  BOOST_TEST(error_of(longest + "a").find("at most 255") != std::string::npos);
}

// The message of RFC 1035 §4.1.4: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64, the root at 92.
BOOST_AUTO_TEST_CASE(rfc_1035_compression) {
  Bytes message(93, 0);
  const auto put = [&](std::size_t at, std::string_view octets_hex) {
    const Bytes octets = *from_hex(octets_hex);
    std::copy(octets.begin(), octets.end(), message.begin() + static_cast<std::ptrdiff_t>(at));
  };
  put(20, "01460349534904415250"
          "4100");
  put(40, "03464f4fc014");
  put(64, "c01a");
  const auto at = [&](std::size_t offset) {
    Reader reader(ByteView(message).subspan(offset), offset);
    const Name name = read_name(reader, message).value();
    return to_string(name) + " " + std::to_string(reader.offset());
  };
  BOOST_TEST(at(20) == "F.ISI.ARPA 32");
  BOOST_TEST(at(40) == "FOO.F.ISI.ARPA 46");
  BOOST_TEST(at(64) == "ARPA 66");
  BOOST_TEST(at(92) == ". 93");
}

BOOST_AUTO_TEST_CASE(bad_octets) {
  BOOST_TEST(read_error("c000") == "expected a pointer to before octet 0, got 0 (at octet 0)");
  BOOST_TEST(read_error("0161c000") == "expected a pointer to before octet 0, got 0 (at octet 2)");
  // Two pointers that lead to each other.
  BOOST_TEST(read_error("0161c0020162c000", 4).find("expected a pointer") != std::string::npos);
  BOOST_TEST(read_error("c0ff").find("expected a pointer to before") != std::string::npos);
  BOOST_TEST(read_error("4161").find("another type of label") != std::string::npos);
  BOOST_TEST(read_error("8161").find("another type of label") != std::string::npos);
  BOOST_TEST(read_error("0361").find("label") != std::string::npos);
  BOOST_TEST(read_error("0161").find("length of a label") != std::string::npos);
  BOOST_TEST(read_error("c0").find("compression pointer") != std::string::npos);
  std::string endless;
  for (int i = 0; i < 128; ++i) endless += "0161";
  BOOST_TEST(read_error(endless + "00").find("at most 255 octets") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(written_once) {
  Writer writer;
  NameWriter names(writer);
  names.write(*parse_name("a.example.test"));
  names.write(*parse_name("b.EXAMPLE.test"));
  names.write(*parse_name("a.example.test"));
  names.write_whole(*parse_name("a.test"));
  names.write({});
  BOOST_TEST(to_hex(writer.view()) == "0161076578616d706c65047465737400"
                                      "0162c002"
                                      "c000"
                                      "0161047465737400"
                                      "00");
}

BOOST_AUTO_TEST_SUITE_END()

#include "gateway/property_file.hpp"

#include "gateway/config.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::gateway;

namespace {

std::string value(const PropertyFile& file, std::string_view name) {
  const script::Value* found = file.root.find(name);
  return found == nullptr ? "(none)" : found->text;
}

std::string only(const std::vector<script::Diagnostic>& list) {
  return list.size() == 1 ? to_string(list.front()) : std::to_string(list.size()) + " of them";
}

} // namespace

BOOST_AUTO_TEST_SUITE(property_file)

BOOST_AUTO_TEST_CASE(forms_of_a_line) {
  const PropertyFile file = read_property_file("# a comment\r\n"
                                               "! another = one\r\n"
                                               "\r\n"
                                               "a=1\r\n"
                                               "  b : 2  \r\n"
                                               "c 3\r\n"
                                               "d\\=\\:\\ e = four words are here\r\n"
                                               "f = one,\\\r\n"
                                               "    two,\\\r\n"
                                               "    # no comment here\r\n"
                                               "g = \\u00e9 and \\\\\r\n"
                                               "unset =\r\n"
                                               "h=#1",
                                               "gw.properties");
  BOOST_TEST(file.errors.empty());
  BOOST_TEST(file.warnings.empty());
  BOOST_TEST(value(file, "a") == "1");
  BOOST_TEST(value(file, "b") == "2");
  BOOST_TEST(value(file, "c") == "3");
  BOOST_TEST(value(file, "d=: e") == "four words are here");
  BOOST_TEST(value(file, "f") == "one,two,# no comment here");
  BOOST_TEST(value(file, "g") == "\xc3\xa9 and \\");
  BOOST_TEST(value(file, "unset") == "(none)");
  BOOST_TEST(value(file, "h") == "#1");
}

BOOST_AUTO_TEST_CASE(places_are_those_of_the_file) {
  const PropertyFile file = read_property_file("\n  name = one,\\\n   two\n", "gw.properties");
  BOOST_REQUIRE(!file.root.entries.empty());
  BOOST_TEST(to_string(file.root.entries[0].at) == "gw.properties:2:3");
  BOOST_TEST(to_string(file.root.entries[0].value.at) == "gw.properties:2:10");
}

BOOST_AUTO_TEST_CASE(values_of_other_properties) {
  const PropertyFile file =
      read_property_file("where=${base}/certs\nbase=${netborder.Installation.Directory}/config\n",
                         "/opt/netborder/config/gw.properties");
  BOOST_TEST(file.errors.empty());
  BOOST_TEST(value(file, "where") == "/opt/netborder/config/certs");
  const PropertyFile elsewhere =
      read_property_file("a=${netborder.Installation.Directory}", "/opt/gw/gw.properties");
  BOOST_TEST(value(elsewhere, "a") == "/opt/gw");
  const PropertyFile said = read_property_file(
      "netborder.Installation.Directory=/srv\na=${netborder.Installation.Directory}/x", "gw.properties");
  BOOST_TEST(value(said, "a") == "/srv/x");
}

BOOST_AUTO_TEST_CASE(mistakes_have_their_place) {
  BOOST_TEST(only(read_property_file("a=1\n=2\n", "f").errors) ==
             "f:2:1: error: expected the name of a property before '='");
  BOOST_TEST(only(read_property_file("a=\\u12g4\n", "f").errors) ==
             "f:1:3: error: expected four hexadecimal digits after \\u, found '12g4'");
  BOOST_TEST(only(read_property_file("a=\\u12", "f").errors) ==
             "f:1:3: error: expected four hexadecimal digits after \\u, found '12'");
  BOOST_TEST(only(read_property_file("a=${b\n", "f").errors) == "f:1:3: error: a: expected '}' after '${'");
  BOOST_TEST(only(read_property_file("a=${b}\n", "f").errors) ==
             "f:1:3: error: a: '${b}' is no property of this file");
  const PropertyFile ring = read_property_file("a=${b}\nb=${a}\n", "f");
  BOOST_TEST(ring.errors.size() == 2);
  // Each level doubles: refused long before it fills the memory.
  std::string doubling = "x0=" + std::string(1000, 'x') + "\n";
  for (int i = 1; i < 16; ++i)
    doubling +=
        "x" + std::to_string(i) + "=${x" + std::to_string(i - 1) + "}${x" + std::to_string(i - 1) + "}\n";
  BOOST_TEST(!read_property_file(doubling, "f").errors.empty());
  BOOST_TEST(only(load_property_file("/nonexistent/gw.properties").errors) ==
             "/nonexistent/gw.properties: error: the file cannot be read");
}

BOOST_AUTO_TEST_CASE(what_is_odd_is_warned_about) {
  const PropertyFile twice = read_property_file("a=1\nb=2\na=3\n", "f");
  BOOST_TEST(value(twice, "a") == "3");
  BOOST_TEST(only(twice.warnings) ==
             "f:3:1: error: a stands there twice; the value of line 1 does not count");
  // Of a Windows path what java.util.Properties makes of it; somebody will look for that.
  const PropertyFile path = read_property_file("a=C:\\gw\\new\n", "f");
  BOOST_TEST(value(path, "a") == "C:gw\new");
  BOOST_TEST(path.warnings.size() == 2);
}

BOOST_AUTO_TEST_CASE(names_that_are_not_known) {
  const PropertyFile file = read_property_file("netborder.media.srtp.mode=always\n"
                                               "netborder.gw.something.else=5\n",
                                               "gw.properties");
  const ReadConfig read = read_config(file.root, UnknownNames::are_warnings);
  BOOST_TEST(read.errors.empty());
  BOOST_TEST((read.config.srtp_mode == SrtpMode::always));
  BOOST_TEST(only(read.warnings) ==
             "gw.properties:2:1: error: unknown property 'netborder.gw.something.else'");
  const PropertyFile ours = read_property_file("sipvet.sip.usr=x\n", "gw.properties");
  BOOST_TEST(read_config(ours.root, UnknownNames::are_warnings).errors.size() == 1);
  const PropertyFile bad = read_property_file("netborder.media.srtp.mode=alway\n", "gw.properties");
  BOOST_TEST(only(read_config(bad.root, UnknownNames::are_warnings).errors)
                 .starts_with("gw.properties:1:27: error: netborder.media.srtp.mode: "));
}

BOOST_AUTO_TEST_SUITE_END()

#include "keying/sdes_reference.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

using namespace sipvet::keying;

BOOST_AUTO_TEST_SUITE(sdes_reference)

BOOST_AUTO_TEST_CASE(documentation_has_the_tables) {
  std::ifstream file(std::string(SIPVET_SOURCE_DIR) + "/docs/sdes.md");
  std::ostringstream text;
  text << file.rdbuf();
  for (const std::string& table :
       {suite_reference(), session_parameter_reference(), form_reference(), sdes_deviation_reference()})
    BOOST_TEST(text.str().find(table) != std::string::npos, "docs/sdes.md must contain:\n" << table);
}

BOOST_AUTO_TEST_SUITE_END()

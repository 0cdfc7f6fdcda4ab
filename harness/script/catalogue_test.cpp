#include "script/catalogue.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace sipvet;
using namespace sipvet::script;

namespace {

std::string errors_of(std::string_view text) {
  std::string out;
  for (const Diagnostic& error : load_catalogue_text(text, "r.yaml").errors) out += to_string(error) + "\n";
  return out;
}

const Catalogue& shipped() {
  static const Catalogue catalogue = load_catalogue(SIPVET_SOURCE_DIR "/docs/conformance/requirements.yaml");
  return catalogue;
}

bool has(const std::string& id) {
  return std::any_of(shipped().requirements.begin(), shipped().requirements.end(),
                     [&](const verdict::Requirement& row) { return row.id == id; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(catalogue)

BOOST_AUTO_TEST_CASE(rows_are_read_in_order) {
  const Catalogue read =
      load_catalogue_text("requirements:\n"
                          "  - {id: A-1, systems: [x, y], level: MUST, source: S, clause: C, text: T}\n"
                          "  - {id: B-2, systems: x, level: INFO, source: S, clause: '', text: T}\n",
                          "r.yaml");
  BOOST_REQUIRE(read.errors.empty());
  BOOST_REQUIRE(read.requirements.size() == 2);
  BOOST_TEST(read.requirements[0].id == "A-1");
  BOOST_TEST((read.requirements[0].systems == std::vector<std::string>{"x", "y"}));
  BOOST_TEST(read.requirements[0].level == "MUST");
  BOOST_TEST(read.requirements[0].clause == "C");
  BOOST_TEST((read.requirements[1].systems == std::vector<std::string>{"x"}));
}

BOOST_AUTO_TEST_CASE(all_mistakes_are_told_with_their_place) {
  BOOST_TEST(errors_of("requirements:\n"
                       "  - {id: A, systems: [x], level: MUS, source: S, clause: C, text: T}\n"
                       "  - {id: A, systems: [x], level: MUST, source: S, claus: C, text: T}\n"
                       "  - nothing\n") ==
             "r.yaml:2:34: error: 'level' needs one of MUST, SHOULD, INFO, found the text 'MUS'; did you "
             "mean 'MUST'?\n"
             "r.yaml:3:5: error: missing key 'clause'\n"
             "r.yaml:3:5: error: requirement 'A' is already at line 2\n"
             "r.yaml:3:51: error: unknown key 'claus'; did you mean 'clause'?\n"
             "r.yaml:4:5: error: a requirement needs a map, found the text 'nothing'\n");
  BOOST_TEST(errors_of("requirements: 1\n") ==
             "r.yaml:1:15: error: 'requirements' needs a list of rows, found the text '1'\n");
  BOOST_TEST(errors_of("rows: []\n") == "r.yaml:1:1: error: unknown key 'rows'; known here: requirements\n"
                                        "r.yaml:1:1: error: missing key 'requirements'\n");
  BOOST_TEST(errors_of("[a]") == "r.yaml:1:1: error: the catalogue needs a map, found a list\n");
}

BOOST_AUTO_TEST_CASE(the_shipped_catalogue_has_no_errors) {
  for (const Diagnostic& error : shipped().errors) BOOST_ERROR(to_string(error));
  BOOST_TEST(shipped().requirements.size() > 100);
}

BOOST_AUTO_TEST_CASE(the_shipped_catalogue_spells_out_the_srtp_matrix) {
  for (const std::string mode : {"always", "as-needed", "never"}) {
    BOOST_TEST(has("NBE-SRTP-OUT-" + mode));
    for (const std::string offer : {"srtp-only", "srtp-and-rtp", "rtp-only"})
      BOOST_TEST(has("NBE-SRTP-IN-" + mode + "-" + offer));
  }
}

BOOST_AUTO_TEST_CASE(the_shipped_catalogue_has_every_tls_and_field_row) {
  for (int i = 1; i <= 35; ++i) BOOST_TEST(has((i < 10 ? "TLS-0" : "TLS-") + std::to_string(i)));
  for (int i = 1; i <= 13; ++i) BOOST_TEST(has((i < 10 ? "FLD-0" : "FLD-") + std::to_string(i)));
}

BOOST_AUTO_TEST_SUITE_END()

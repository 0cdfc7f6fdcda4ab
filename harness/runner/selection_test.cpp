#include "runner/selection.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(selection)

using namespace sipvet;
using namespace sipvet::runner;

namespace {

script::Cell cell(std::string id, std::vector<std::string> covers = {}, std::vector<std::string> tags = {}) {
  script::Cell out;
  out.scenario = id.substr(0, id.find('['));
  out.id = std::move(id);
  out.covers = std::move(covers);
  out.tags = std::move(tags);
  return out;
}

std::string ids(const std::vector<script::Cell>& cells) {
  std::string out;
  for (const script::Cell& one : cells) out += one.id + " ";
  return out;
}

const std::vector<script::Cell> cells = {cell("a/one[m=1]", {"R-1"}), cell("a/one[m=2]", {"R-2"}),
                                         cell("b/two", {"R-1", "S-9"}, {"slow"})};

} // namespace

BOOST_AUTO_TEST_CASE(globs) {
  BOOST_TEST(matches_glob("", ""));
  BOOST_TEST(matches_glob("*", ""));
  BOOST_TEST(matches_glob("a*c", "abbc"));
  BOOST_TEST(matches_glob("*b*b*", "abcb"));
  BOOST_TEST(matches_glob("a/one[m=?]", "a/one[m=2]"));
  BOOST_TEST(!matches_glob("a*c", "abb"));
  BOOST_TEST(!matches_glob("", "a"));
  BOOST_TEST(!matches_glob("?", ""));
}

BOOST_AUTO_TEST_CASE(filters_see_cells_and_whole_scenarios) {
  BOOST_TEST(ids(select(cells, {.filters = {"a/one"}, .tags = {}, .requirements = {}, .shard = {}})) ==
             "a/one[m=1] a/one[m=2] ");
  BOOST_TEST(ids(select(cells, {.filters = {"*m=2*", "b/*"}, .tags = {}, .requirements = {}, .shard = {}})) ==
             "a/one[m=2] b/two ");
}

BOOST_AUTO_TEST_CASE(tags_and_requirements_narrow_further) {
  BOOST_TEST(ids(select(cells, {.filters = {}, .tags = {"slow"}, .requirements = {}, .shard = {}})) ==
             "b/two ");
  BOOST_TEST(ids(select(cells, {.filters = {}, .tags = {}, .requirements = {"R-1"}, .shard = {}})) ==
             "a/one[m=1] b/two ");
  BOOST_TEST(ids(select(cells, {.filters = {"a/*"}, .tags = {}, .requirements = {"R-1"}, .shard = {}})) ==
             "a/one[m=1] ");
}

BOOST_AUTO_TEST_CASE(shards_are_disjoint_and_complete) {
  BOOST_TEST(ids(select(cells, {.filters = {}, .tags = {}, .requirements = {}, .shard = {1, 2}})) ==
             "a/one[m=1] b/two ");
  BOOST_TEST(ids(select(cells, {.filters = {}, .tags = {}, .requirements = {}, .shard = {2, 2}})) ==
             "a/one[m=2] ");
}

BOOST_AUTO_TEST_CASE(shards_are_checked) {
  BOOST_TEST(parse_shard("2/5")->count == 5u);
  for (const char* bad : {"", "2", "0/5", "6/5", "a/5", "1/0", "-1/2"}) BOOST_TEST(!parse_shard(bad));
}

BOOST_AUTO_TEST_SUITE_END()

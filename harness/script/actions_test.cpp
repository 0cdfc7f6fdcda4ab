#include "script/actions.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>
#include <sstream>

using namespace sipvet::script;

namespace {

std::string file_text(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(actions_tables)

BOOST_AUTO_TEST_CASE(no_action_or_option_stands_twice) {
  std::set<std::string> seen;
  for (const ActionInfo& action : actions()) {
    BOOST_TEST(seen.insert(std::string(to_string(action.actor)) + "/" + std::string(action.name)).second,
               action.name);
    BOOST_TEST(action.argument.name == action.name);
    std::set<std::string_view> keys{action.name, "if", "within"};
    for (const KeyInfo& option : action.options) BOOST_TEST(keys.insert(option.name).second, option.name);
  }
}

BOOST_AUTO_TEST_CASE(every_row_has_a_sentence) {
  for (const ActionInfo& action : actions()) {
    BOOST_TEST(action.text.ends_with('.'), action.name);
    for (const KeyInfo& option : action.options) BOOST_TEST(option.text.ends_with('.'), option.name);
  }
  for (const KeyInfo& key : scenario_keys()) BOOST_TEST(key.text.ends_with('.'), key.name);
}

BOOST_AUTO_TEST_CASE(actions_are_found_by_actor_and_name) {
  BOOST_REQUIRE(find_action(ActorKind::gateway, "call") != nullptr);
  BOOST_TEST((find_action(ActorKind::gateway, "call") != find_action(ActorKind::peer, "call")));
  BOOST_TEST((find_action(ActorKind::media, "call") == nullptr));
  BOOST_TEST((find_action(ActorKind::peer, "calls") == nullptr));
}

BOOST_AUTO_TEST_CASE(the_documentation_has_the_tables_as_they_are) {
  const std::string text = file_text(SIPVET_SOURCE_DIR "/docs/scenario-language.md");
  BOOST_TEST((text.find(language_reference()) != std::string::npos),
             "docs/scenario-language.md does not contain:\n"
                 << language_reference());
}

BOOST_AUTO_TEST_SUITE_END()

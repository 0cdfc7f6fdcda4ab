// docs/profiles/NAME.md against the tables: what a page shows as configuration can be read, every property
// that it names exists, and nothing that its profile sets goes unmentioned.
//
// A fenced block marked `yaml gateway` holds properties of the gateway, one marked `yaml peer` settings of a
// peer, and one marked `properties` lines of a gw.properties file.
#include "gateway/config.hpp"
#include "gateway/property_file.hpp"
#include "peers/settings.hpp"
#include "script/profile.hpp"
#include "script/value.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

using namespace sipvet;

namespace {

namespace fs = std::filesystem;

const fs::path source = SIPVET_SOURCE_DIR;

std::vector<fs::path> pages() {
  std::vector<fs::path> out;
  if (!fs::exists(source / "docs/profiles")) return out;
  for (const auto& entry : fs::directory_iterator(source / "docs/profiles"))
    if (entry.path().extension() == ".md") out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Block {
  std::string mark; // behind the opening fence
  std::string text;
};
std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> out;
  std::istringstream in(page);
  bool within = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      if (!within) out.push_back({line.substr(3), {}});
      within = !within;
    } else if (within) {
      out.back().text += line + "\n";
    }
  }
  return out;
}

std::vector<script::Diagnostic> errors_of(const Block& block, const std::string& file) {
  if (block.mark == "properties") {
    const gateway::PropertyFile read = gateway::read_property_file(block.text, file);
    if (!read.errors.empty()) return read.errors;
    return gateway::read_config(read.root, gateway::UnknownNames::are_errors).errors;
  }
  const script::Document document = script::load_yaml_text(block.text, file);
  if (!document.errors.empty()) return document.errors;
  if (block.mark == "yaml peer") return peers::read_settings(document.root).errors;
  return gateway::read_config(document.root).errors;
}

bool is_property(const std::string& name) {
  const auto rows = gateway::properties();
  return std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.name == name; });
}

// Names of settings as a profile has them, the nested ones with dots.
void collect(const script::Value& map, const std::string& prefix, std::vector<std::string>& out) {
  for (const script::MapEntry& entry : map.entries) {
    if (entry.value.is_map())
      collect(entry.value, prefix + entry.key + ".", out);
    else
      out.push_back(prefix + entry.key);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(profile_pages)

BOOST_AUTO_TEST_CASE(what_a_page_shows_can_be_read) {
  for (const fs::path& page : pages()) {
    const std::vector<Block> blocks = blocks_of(text_of(page));
    for (const Block& block : blocks) {
      if (block.mark != "yaml gateway" && block.mark != "yaml peer" && block.mark != "properties") continue;
      for (const script::Diagnostic& error : errors_of(block, page.filename().string()))
        BOOST_ERROR(to_string(error));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_property_that_a_page_names_exists) {
  static const std::regex name("`((?:netborder\\.|sipvet\\.|sip\\.out\\.)[A-Za-z0-9.]+)`");
  for (const fs::path& page : pages()) {
    const std::string text = text_of(page);
    for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at)
      BOOST_TEST(is_property((*at)[1]), page.filename().string() << " names " << (*at)[1]);
  }
}

BOOST_AUTO_TEST_CASE(a_page_mentions_what_its_profile_sets) {
  script::ProfileStore profiles((source / "scenarios/profiles").string());
  for (const fs::path& page : pages()) {
    const std::string text = text_of(page);
    std::vector<script::Diagnostic> errors;
    const script::Profile* profile = profiles.find(page.stem().string(), errors);
    BOOST_TEST_REQUIRE(profile != nullptr, "there is no profile " << page.stem().string());
    std::vector<std::string> names;
    collect(profile->gateway, "", names);
    collect(profile->peer, "", names);
    for (const std::string& each : names) {
      // A nested setting may stand there as a map: then its last part is what can be found.
      const std::string last = each.substr(each.rfind('.') + 1);
      const bool nested = !is_property(each);
      BOOST_TEST(text.find(nested ? last : each) != text.npos, page.filename().string()
                                                                   << " does not mention " << each);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

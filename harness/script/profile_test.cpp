#include "script/profile.hpp"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace sipvet::script;

namespace {

std::string errors_of(std::string_view text) {
  std::string out;
  for (const Diagnostic& error : load_profile_text(text, "dgw.yaml", "dgw").errors)
    out += to_string(error) + "\n";
  return out;
}

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("sipvet-profiles-" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(profile)

BOOST_AUTO_TEST_CASE(a_profile_has_name_title_role_and_sections) {
  const LoadedProfile loaded =
      load_profile_text("profile: dgw\ntitle: DGW v2.0\nsource: a guide\nrole: both\n"
                        "gateway: {a: 1}\npeer: {b: 2}\n",
                        "dgw.yaml", "dgw");
  BOOST_REQUIRE(loaded.errors.empty());
  BOOST_TEST(loaded.profile.title == "DGW v2.0");
  BOOST_TEST(loaded.profile.source == "a guide");
  BOOST_TEST(loaded.profile.role == "both");
  BOOST_TEST(loaded.profile.gateway.find("a")->text == "1");
  BOOST_TEST(loaded.profile.peer.find("b")->text == "2");
}

BOOST_AUTO_TEST_CASE(all_mistakes_are_told) {
  BOOST_TEST(
      errors_of("profil: dgw\nrole: gatway\ngateway: 1\n") ==
      "dgw.yaml:1:1: error: unknown key 'profil'; did you mean 'profile'?\n"
      "dgw.yaml:1:1: error: missing key 'profile'\n"
      "dgw.yaml:1:1: error: missing key 'title'\n"
      "dgw.yaml:2:7: error: 'role' needs one of gateway, peer, both, found the text 'gatway'; did you mean "
      "'gateway'?\n"
      "dgw.yaml:3:10: error: 'gateway' needs a map, found the text '1'\n"
      "dgw.yaml:3:10: error: role 'gatway' has no section 'gateway'\n");
  BOOST_TEST(errors_of("profile: other\ntitle: t\nrole: peer\n") ==
             "dgw.yaml:1:10: error: 'profile' needs the file's name 'dgw', found the text 'other'\n");
  BOOST_TEST(errors_of("profile: dgw\ntitle: t\nrole: peer\ngateway: {}\n") ==
             "dgw.yaml:4:10: error: role 'peer' has no section 'gateway'\n");
  BOOST_TEST(errors_of("x") == "dgw.yaml:1:1: error: a profile needs a map, found the text 'x'\n");
}

BOOST_AUTO_TEST_CASE(a_store_reads_its_folder_and_tells_errors_once) {
  const Folder folder;
  folder.write("good.yaml", "profile: good\ntitle: t\nrole: peer\npeer: {a: 1}\n");
  folder.write("bad.yaml", "profile: bad\n");
  folder.write("notes.txt", "");
  ProfileStore store(folder.path.string());
  std::vector<Diagnostic> errors;
  BOOST_REQUIRE(store.find("good", errors) != nullptr);
  BOOST_TEST(errors.empty());
  BOOST_TEST((store.find("bad", errors) == nullptr));
  BOOST_TEST(errors.size() == 2);
  BOOST_TEST((store.find("bad", errors) == nullptr));
  BOOST_TEST(errors.size() == 2);
  BOOST_TEST(store.exists("bad"));
  BOOST_TEST((store.names() == std::vector<std::string>{"bad", "good"}));
}

BOOST_AUTO_TEST_CASE(names_do_not_leave_the_folder) {
  const Folder folder;
  folder.write("good.yaml", "profile: good\ntitle: t\nrole: peer\n");
  std::filesystem::create_directories(folder.path / "inner");
  ProfileStore store((folder.path / "inner").string());
  BOOST_TEST(!store.exists("../good"));
  BOOST_TEST(!store.exists(""));
  std::vector<Diagnostic> errors;
  BOOST_TEST((store.find("../good", errors) == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

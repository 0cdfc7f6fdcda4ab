// For the runner's tests: cells from scenario texts, a lab made once, folders that vanish.
#pragma once

#include "net/sim_network.hpp"
#include "runner/cell_run.hpp"
#include "script/scenario_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <unistd.h>

namespace sipvet::runner::test {

// A call that is offered SRTP; `mode` is the gateway's.
inline std::string call_scenario(const std::string& mode, const std::string& expect,
                                 const std::string& more = {}) {
  return "scenario: test/call\n"
         "title: A call\n"
         "covers: NBE-SRTP-IN-" +
         mode +
         "-srtp-only\n"
         "gateway:\n"
         "  netborder.sip.userAgent.IPAddress: INADDR_ANY:5067/tls\n"
         "  netborder.media.srtp.mode: " +
         mode +
         "\n"
         "peers:\n"
         "  server: {user: mediation}\n"
         "steps:\n"
         "  - server: {call: gateway, offer: srtp-only}\n"
         "  - server: {expect: " +
         expect +
         "}\n"
         "  - media: {between: [server, gateway], for: 100ms, if: answered}\n"
         "  - server: {hang up: gateway, if: answered}\n" +
         more;
}

inline std::vector<script::Cell> cells_of(const std::string& text) {
  script::ProfileStore profiles("");
  const script::Loaded loaded = script::load_scenario_text(text, "cell.yaml", profiles);
  for (const verdict::Diagnostic& error : loaded.errors) BOOST_TEST_MESSAGE(to_string(error));
  BOOST_TEST_REQUIRE(loaded.errors.empty());
  BOOST_TEST_REQUIRE(!loaded.cells.empty());
  return loaded.cells;
}

inline const Lab& lab() {
  static const Lab made = Lab::make(1, net::sim_start).value();
  return made;
}

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sipvet-test-XXXXXX").string();
    BOOST_TEST_REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string text(const std::string& file) const {
    std::ifstream in(path / file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  bool has(const std::string& file) const { return std::filesystem::exists(path / file); }
};

inline verdict::Result run_text(const std::string& text, const Folder& folder, std::uint64_t seed = 1) {
  const std::atomic<bool> stop = false;
  CellOptions options;
  options.network = NetworkKind::sim;
  options.seed = seed;
  options.evidence_folder = folder.path.string();
  return run_cell(cells_of(text).at(0), lab(), options, stop).result;
}

inline std::string ids(const std::vector<verdict::Finding>& findings) {
  std::string out;
  for (const verdict::Finding& finding : findings) out += (out.empty() ? "" : " ") + finding.id;
  return out;
}

} // namespace sipvet::runner::test

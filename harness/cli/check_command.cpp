// sipvet check: says whether scenarios can be run, without running them.
#include "cli/commands.hpp"

#include "cli/scenario_set.hpp"
#include "gateway/config.hpp"
#include "peers/settings.hpp"
#include "script/actions.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

namespace sipvet::cli {

void add_check(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("check", "Validate scenarios without running them");
  const auto where = std::make_shared<ScenarioPaths>();
  command->add_option("PATH", where->paths, "scenario files or folders")->capture_default_str();
  command->add_option("--profiles", where->profiles, "folder of device profiles");
  command->add_option("--catalogue", where->catalogue, "requirement catalogue");
  command->callback([&work, where] {
    work = [where] {
      const ScenarioSet set = load(*where);
      if (complain(set.errors)) return Exit::bad_input;
      std::printf("%zu scenario files, %zu cells: no error\n", set.files, set.cells.size());
      return Exit::good;
    };
  });
}

std::string scenario_schema() {
  std::vector<script::SettingWords> gateway, peer;
  for (const gateway::PropertyInfo& info : gateway::properties())
    gateway.push_back({std::string(info.name), std::string(info.text)});
  gateway.push_back({"deviations", "ways in which the gateway misbehaves"});
  for (const peers::SettingInfo& info : peers::setting_infos())
    peer.push_back({std::string(info.name), std::string(info.text)});
  return script::json_schema(gateway, peer);
}

void add_schema(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("schema", "Print the JSON Schema of a scenario file, for editors");
  command->callback([&work] {
    work = [] {
      std::fputs(scenario_schema().c_str(), stdout);
      return Exit::good;
    };
  });
}

} // namespace sipvet::cli

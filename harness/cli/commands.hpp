// The commands of the program. Each one adds its options to the parser and says what to do when it is chosen.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace sipvet::cli {

// Exit codes of every command.
enum class Exit : int {
  good = 0,
  check_failed = 1,
  bad_input = 2,   // usage, files, named with place
  environment = 3, // port in use, target unreachable, no permission
};

// JSON Schema of a scenario file, settings of gateway and peers included.
std::string scenario_schema();

// The chosen command's work, to be done after parsing.
using Work = std::function<Exit()>;

void add_run(CLI::App& app, Work& work);
void add_check(CLI::App& app, Work& work);
void add_inspect(CLI::App& app, Work& work);
void add_gateway(CLI::App& app, Work& work);
void add_report(CLI::App& app, Work& work);
void add_selftest(CLI::App& app, Work& work);
void add_schema(CLI::App& app, Work& work);
void add_certs(CLI::App& app, Work& work);

} // namespace sipvet::cli

// sipvet: vets secure SIP gateways.
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  using namespace sipvet::cli;
  CLI::App app{"Vets secure SIP gateways: runs scenarios against them, and decrypts and judges captures.",
               "sipvet"};
  app.set_version_flag("--version", SIPVET_VERSION);
  app.require_subcommand(1);
  Work work;
  for (const auto add :
       {add_run, add_check, add_inspect, add_gateway, add_report, add_selftest, add_schema, add_certs})
    add(app, work);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error); // prints help, version or what is wrong
    return code == 0 ? 0 : static_cast<int>(Exit::bad_input);
  }
  try {
    return static_cast<int>(work());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sipvet: %s\n", error.what());
    return static_cast<int>(Exit::environment);
  }
}

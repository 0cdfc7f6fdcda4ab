// sipvet gateway: the reference gateway alone, in the foreground.
#include "cli/commands.hpp"

#include "cli/gateway_events.hpp"
#include "cli/stop_signal.hpp"
#include "gateway/gateway.hpp"
#include "gateway/routing_rules.hpp"
#include "io/capture_tap.hpp"
#include "io/socket_network.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <fstream>
#include <memory>

namespace sipvet::cli {

namespace {

struct Options {
  std::string config, rules, record, keylog, control;
  bool events = false;
  bool commands = false;
  bool verbose = false;
  bool properties = false;
};

class ConsoleLog final : public gateway::EventLog {
 public:
  explicit ConsoleLog(bool verbose) : logger_(spdlog::stderr_color_mt("gateway")) {
    logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
    logger_->set_level(verbose ? spdlog::level::debug : spdlog::level::info);
    logger_->flush_on(spdlog::level::debug);
  }
  void line(gateway::LogLevel level, const std::string& text) override {
    static constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info,
                                                           spdlog::level::warn, spdlog::level::err};
    logger_->log(levels[static_cast<std::size_t>(level)], "{}", text);
  }

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

// Errors of the configuration stop the gateway, all of them said at once; warnings are logged.
std::optional<gateway::Config> read_config(const Options& options, gateway::EventLog& log) {
  gateway::ReadConfig read = gateway::load_config(options.config);
  gateway::ReadRules rules;
  if (!options.rules.empty()) {
    rules = gateway::load_routing_rules(options.rules);
    read.config.routing_rules = rules.rules;
  }
  read.errors.insert(read.errors.end(), rules.errors.begin(), rules.errors.end());
  read.warnings.insert(read.warnings.end(), rules.warnings.begin(), rules.warnings.end());
  for (const verdict::Diagnostic& error : read.errors) std::fprintf(stderr, "%s\n", to_string(error).c_str());
  if (!read.errors.empty()) return std::nullopt;
  for (const verdict::Diagnostic& warning : read.warnings)
    log.line(gateway::LogLevel::warning, to_string(warning.at) + ": " + warning.message);
  if (read.config.dns_servers.empty()) {
    std::ifstream in("/etc/resolv.conf");
    const std::string text(std::istreambuf_iterator<char>(in), {});
    read.config.dns_servers = gateway::system_dns_servers(text);
  }
  return read.config;
}

void print_table(std::string_view title, std::span<const gateway::PropertyInfo> rows) {
  fmt::print("{}\n", title);
  for (const gateway::PropertyInfo& row : rows) {
    const std::string_view type = row.choices.empty() ? row.type : row.choices;
    fmt::print("  {}: {}\n      {}{}\n", row.name, row.text, type,
               row.default_text.empty() ? "" : fmt::format("; default {}", row.default_text));
  }
}

Exit print_properties() {
  print_table("Properties", gateway::properties());
  print_table("\nKeys of `deviations`, for a gateway that misbehaves on purpose",
              gateway::deviation_properties());
  return Exit::good;
}

Exit serve(const Options& options) {
  if (options.properties) return print_properties();
  if (options.config.empty()) {
    std::fprintf(stderr, "sipvet: gateway needs --config FILE (see --properties for what may stand in it)\n");
    return Exit::bad_input;
  }
  ConsoleLog log(options.verbose);
  const auto config = read_config(options, log);
  if (!config) return Exit::bad_input;

  io::CaptureTap tap;
  io::SocketNetwork network;
  if (!options.record.empty()) network.set_tap(&tap);
  std::ofstream keylog;
  if (!options.keylog.empty()) {
    keylog.open(options.keylog, std::ios::app);
    if (!keylog) {
      std::fprintf(stderr, "sipvet: --keylog: %s cannot be written\n", options.keylog.c_str());
      return Exit::environment;
    }
  }
  gateway::Gateway gateway(network, *config, log, [&](std::string_view line) {
    if (!options.record.empty()) tap.secret(line);
    if (keylog.is_open()) keylog << line << std::endl; // at once: a reader may follow the file
  });
  if (const auto started = gateway.start(); !started) {
    std::fprintf(stderr, "sipvet: %s\n", to_string(started.error()).c_str());
    return Exit::environment;
  }
  catch_stop_signals([&network] { network.interrupt(); });
  GatewayConsole console(gateway, network, {options.events, options.commands, options.control});
  if (const auto served = console.serve(stop_flag()); !served) {
    std::fprintf(stderr, "sipvet: --control: %s\n", to_string(served.error()).c_str());
    return Exit::environment;
  }

  if (options.record.empty()) return Exit::good;
  if (const auto written = tap.write(options.record); !written) {
    std::fprintf(stderr, "sipvet: --record: %s\n", to_string(written.error()).c_str());
    return Exit::environment;
  }
  return Exit::good;
}

} // namespace

void add_gateway(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("gateway", "Run the reference gateway alone, in the foreground");
  const auto options = std::make_shared<Options>();
  command->add_option("--config", options->config,
                      "gateway properties: YAML, or NetBorder Express's gw.properties");
  command->add_option("--rules", options->rules, "routing rules as NetBorder Express writes them in XML");
  command->add_flag("--properties", options->properties, "print the properties that a configuration may set");
  command->add_option("--record", options->record,
                      "pcapng file to write at the end, with the TLS secrets in it");
  command->add_option("--keylog", options->keylog, "file to add TLS secrets to (NSS key log format)");
  command->add_flag("--events", options->events, "print what happens as JSON, one object a line");
  command->add_flag(
      "--commands", options->commands,
      "read the telephone side's orders from standard input: call URI, dial NUMBER [CALLER [NAME]], answer, "
      "decline, hang up, dtmf DIGITS, record FILE, fax, unregister, calls, quit");
  command->add_option(
      "--control", options->control,
      "Unix socket to make, which takes the same orders, one a line, and answers each with ok, "
      "error: WHY, or what was asked for");
  command->add_flag("--verbose", options->verbose, "log messages too");
  command->callback([&work, options] { work = [options] { return serve(*options); }; });
}

} // namespace sipvet::cli

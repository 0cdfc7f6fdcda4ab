#include "script/scenario_reader.hpp"

#include "script/matrix.hpp"
#include "script/oracle.hpp"
#include "script/step_reader.hpp"
#include "script/variables.hpp"
#include "script/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sipvet::script {

namespace {

// A name is part of file names: letters, digits, '-', '_' and '.' between slashes, no part that starts with a
// dot.
bool is_scenario_name(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  constexpr std::size_t longest_octets = 150;
  if (name.size() > longest_octets) return false;
  std::size_t parts = 0;
  for (std::size_t from = 0; from <= name.size(); ++parts) {
    const std::size_t end = std::min(name.find('/', from), name.size());
    const std::string_view part = name.substr(from, end - from);
    if (part.empty() || part.front() == '.' || part.find_first_not_of(letters) != part.npos) return false;
    from = end + 1;
  }
  return parts >= 1;
}

bool is_peer_name(std::string_view name) {
  return is_scenario_name(name) && name.find('/') == name.npos && name != "gateway" && name != "media" &&
         name != "time";
}

std::size_t count_values(const Value& value) {
  std::size_t count = 1;
  for (const Value& item : value.items) count += count_values(item);
  for (const MapEntry& entry : value.entries) count += count_values(entry.value);
  return count;
}

std::size_t count_values(const Cell& cell) {
  std::size_t count = count_values(cell.gateway.settings);
  for (const Peer& peer : cell.peers) count += count_values(peer.settings);
  for (const Step& step : cell.steps) count += count_values(step.argument) + count_values(step.options);
  for (const WireExpectation& check : cell.wire) count += count_values(check.argument);
  return count;
}

Value without(const Value& map, std::string_view key) {
  Value out = map;
  std::erase_if(out.entries, [&](const MapEntry& entry) { return entry.key == key; });
  return out;
}

class FileReader {
 public:
  FileReader(const Value& root, ProfileStore& profiles) : root_(root), profiles_(profiles) {}

  Loaded read() {
    Loaded loaded;
    if (check_top()) {
      read_tables();
      read_cells(loaded.cells);
    }
    loaded.errors = std::move(profile_errors_);
    for (Diagnostic& error : errors_.take()) loaded.errors.push_back(std::move(error));
    if (!loaded.errors.empty()) loaded.cells.clear();
    return loaded;
  }

 private:
  bool check_top() {
    if (!root_.is_map()) {
      errors_.add(root_.at, "a scenario needs a map, found " + describe(root_));
      return false;
    }
    Checker checker(errors_, true);
    for (const MapEntry& entry : root_.entries)
      if (!find_key(scenario_keys(), entry.key)) checker.unknown_key(entry, scenario_keys());
    for (const std::string_view key : {"scenario", "title", "steps"})
      if (!root_.find(key)) errors_.add(root_.at, fmt::format("missing key {}", quote(key)));
    if (const Value* const name = root_.find("scenario");
        name && (!name->is_scalar() || !is_scenario_name(name->text)))
      errors_.add(name->at, "'scenario' needs a name of the form folder/name, found " + describe(*name));
    return true;
  }

  void read_tables() {
    const std::size_t errors_before = errors_.size();
    if (const Value* const matrix = root_.find("matrix")) {
      dimensions_ = read_matrix(*matrix, errors_);
      for (const MapEntry& entry : matrix->entries) open_.insert(entry.key);
    }
    const Value* const oracle = root_.find("oracle");
    lenient_ = errors_.size() > errors_before;
    if (!lenient_ && oracle) oracle_ = Oracle(*oracle, dimensions_, errors_);
    lenient_ = errors_.size() > errors_before;
    if (lenient_ && oracle)
      for (const MapEntry& entry : oracle->entries) open_.insert(entry.key);
    // With a broken matrix one reading without values finds the other mistakes of the file.
    if (lenient_)
      dimensions_.clear();
    else
      open_.clear();
  }

  void read_cells(std::vector<Cell>& cells) {
    std::size_t values = 0;
    for (const Combination& combination : combinations(dimensions_)) {
      if (errors_.full()) return;
      const std::size_t written_before = octets_written_;
      cells.push_back(read_cell(combination));
      values += count_values(cells.back());
      if (octets_written_ > max_substituted_octets && written_before <= max_substituted_octets) return;
      if (values <= max_cell_values) continue;
      errors_.add(root_.at, fmt::format("expected at most {} values in all cells together", max_cell_values));
      return;
    }
  }

  // Matrix values first; an oracle's text may use them.
  std::map<std::string, std::string> variables_of(const Combination& combination) {
    std::map<std::string, std::string> matrix(combination.begin(), combination.end());
    std::map<std::string, std::string> all = matrix;
    Substituter put_in(matrix, open_, errors_, octets_written_);
    for (const auto& [name, value] : oracle_.values(combination)) all[name] = put_in(value).text;
    return all;
  }

  Cell read_cell(const Combination& combination) {
    Cell cell;
    cell.variables = variables_of(combination);
    cell.at = root_.at;
    Substituter put_in(cell.variables, open_, errors_, octets_written_);
    Checker checker(errors_, lenient_);
    Value steps;
    Value wire;
    for (const MapEntry& entry : root_.entries) {
      const KeyInfo* const key = find_key(scenario_keys(), entry.key);
      if (!key || entry.key == "matrix" || entry.key == "oracle") continue;
      if (entry.key == "scenario") {
        cell.scenario = entry.value.text;
        cell.at = entry.at;
        continue;
      }
      Value value = put_in(entry.value);
      if (key->name == "peers" && value.is_null()) continue;
      if (!checker.fits(*key, value)) continue;
      if (key->name == "steps")
        steps = std::move(value);
      else if (key->name == "wire")
        cell.wire = read_wire(value, checker);
      else
        read_section(key->name, value, checker, cell);
    }
    cell.id = cell.scenario + to_string(combination);
    if (!steps.is_null()) cell.steps = read_steps(steps, peer_names(cell), checker);
    for (const Step& step : cell.steps)
      if (step.actor == "time" && !cell.simulated)
        checker.add(step.at, "'time' passes only in a scenario with 'network: simulated'");
    if (cell.gateway.settings.is_null()) {
      cell.gateway.settings.kind = Value::Kind::map;
      cell.gateway.settings.at = cell.gateway.at = cell.at;
    }
    return cell;
  }

  void read_section(std::string_view name, const Value& value, Checker& checker, Cell& cell) {
    if (name == "title")
      cell.title = value.text;
    else if (name == "explain")
      cell.explain = value.text;
    else if (name == "covers")
      cell.covers = as_texts(value).value_or(std::vector<std::string>());
    else if (name == "tags")
      cell.tags = as_texts(value).value_or(std::vector<std::string>());
    else if (name == "deadline")
      cell.deadline = deadline(value, checker);
    else if (name == "network")
      cell.simulated = value.text == "simulated";
    else if (name == "gateway")
      cell.gateway = read_gateway(value, checker);
    else if (name == "peers")
      cell.peers = read_peers(value, checker);
    else if (name == "known_failure")
      cell.known_failure = read_known_failure(value, checker);
  }

  static Duration deadline(const Value& value, Checker& checker) {
    const Duration duration = as_duration(value).value_or(Duration(1));
    if (duration <= Duration::zero())
      checker.add(value.at, "'deadline' needs a duration above zero, found " + describe(value));
    return duration;
  }

  // The profile's section below the scenario's own settings.
  Value settings_of(const Value& own, std::string_view role, std::string& profile_name, Checker& checker) {
    const Value* const key = own.find("profile");
    Value settings = without(own, "profile");
    settings.kind = Value::Kind::map;
    if (!key || checker.left_open(*key) || !checker.fits({"profile", ValueType::text, "", ""}, *key))
      return settings;
    const Profile* const profile = profiles_.find(key->text, profile_errors_);
    if (!profile) {
      const bool broken = profiles_.exists(key->text);
      checker.add(key->at,
                  broken ? fmt::format("profile {} has errors", quote(key->text))
                         : fmt::format("unknown profile {}{}", quote(key->text), profile_hint(key->text)));
      return settings;
    }
    profile_name = profile->name;
    if (profile->role != "both" && profile->role != role) {
      checker.add(key->at, fmt::format("profile {} is for role {}, needed here: {}", quote(profile->name),
                                       quote(profile->role), quote(role)));
      return settings;
    }
    const Value& section = role == "peer" ? profile->peer : profile->gateway;
    return section.is_map() ? merge(section, settings) : settings;
  }

  std::string profile_hint(const std::string& name) const {
    const std::vector<std::string> names = profiles_.names();
    std::string hint = did_you_mean(name, names);
    if (hint.empty() && !names.empty()) hint = "; known: " + joined(names);
    return hint;
  }

  Gateway read_gateway(const Value& value, Checker& checker) {
    Gateway gateway;
    gateway.at = value.at;
    gateway.settings = settings_of(value, "gateway", gateway.profile, checker);
    return gateway;
  }

  std::vector<Peer> read_peers(const Value& value, Checker& checker) {
    std::vector<Peer> peers;
    for (const MapEntry& entry : value.entries) {
      if (!is_peer_name(entry.key))
        checker.add(entry.at, fmt::format("{} is no name for a peer", quote(entry.key)));
      Peer peer;
      peer.name = entry.key;
      peer.at = entry.at;
      // An empty peer has only defaults.
      if (entry.value.is_null() || checker.is_map(entry.key, entry.value))
        peer.settings = settings_of(entry.value, "peer", peer.profile, checker);
      peers.push_back(std::move(peer));
    }
    return peers;
  }

  static KnownFailure read_known_failure(const Value& value, Checker& checker) {
    checker.entries(value, known_failure_keys());
    KnownFailure known;
    known.at = value.at;
    for (const KeyInfo& key : known_failure_keys())
      if (!value.find(key.name))
        checker.add(value.at, fmt::format("missing key {} in 'known_failure'", quote(key.name)));
    if (const Value* const reason = value.find("reason")) known.reason = reason->text;
    if (const Value* const finding = value.find("finding")) known.finding = finding->text;
    return known;
  }

  static std::vector<std::string> peer_names(const Cell& cell) {
    std::vector<std::string> names;
    for (const Peer& peer : cell.peers) names.push_back(peer.name);
    return names;
  }

  const Value& root_;
  ProfileStore& profiles_;
  Diagnostics errors_;
  std::vector<Diagnostic> profile_errors_;
  std::vector<Dimension> dimensions_;
  Oracle oracle_;
  std::set<std::string> open_;
  bool lenient_ = false;
  std::size_t octets_written_ = 0;
};

Loaded from_document(Document document, ProfileStore& profiles) {
  Loaded loaded;
  loaded.errors = std::move(document.errors);
  if (loaded.errors.empty()) loaded = FileReader(document.root, profiles).read();
  loaded.files = 1;
  return loaded;
}

} // namespace

Loaded load_scenario_text(std::string_view text, std::string file_name, ProfileStore& profiles) {
  return from_document(load_yaml_text(text, std::move(file_name)), profiles);
}

Loaded load_scenario_file(const std::string& path, ProfileStore& profiles) {
  return from_document(load_yaml_file(path), profiles);
}

} // namespace sipvet::script

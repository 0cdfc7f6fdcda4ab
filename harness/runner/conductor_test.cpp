#include "runner/conductor.hpp"

#include "net/sim_network.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::runner;
using namespace std::chrono_literals;

namespace {

// Finishes a step some time after it began, and hears what it is told.
struct Fake final : peers::Actor, net::Node {
  net::Network& network;
  std::string name;
  std::vector<std::string>& log;
  std::map<std::string, Duration> takes;           // by action; others are done at once
  std::map<std::string, peers::Findings> findings; // by action
  bool is_answered = false, is_rejected = false;
  unsigned voice;
  std::map<unsigned, std::uint64_t> heard; // by voiceprint, at the end of what has been heard so far
  Duration hears_every{};                  // one millisecond of `hears` each; 0: never
  unsigned hears = 0;

  Fake(net::Network& net, std::string called, std::vector<std::string>& into, unsigned print)
      : network(net), name(std::move(called)), log(into), voice(print) {}
  ~Fake() override { network.forget(*this); }

  peers::ActiveStep begin(const script::Step& step) override {
    log.push_back(name + " " + step.action);
    if (step.action == "be answered") is_answered = true;
    if (step.action == "be rejected") is_rejected = true;
    const peers::Findings result = findings[step.action];
    const auto time = takes.find(step.action);
    if (time == takes.end()) return peers::finished(result);
    (void)network.wake_after(*this, time->second);
    return {[this, result, end = network.now() + time->second]() -> std::optional<peers::Findings> {
              if (network.now() < end) return std::nullopt;
              return result;
            },
            [this] { return "something of " + name; }};
  }
  void listen(unsigned to, Duration every) {
    hears = to;
    hears_every = every;
    (void)network.wake_after(*this, every);
  }
  void on_timer(net::TimerId) override {
    if (hears_every == Duration::zero()) return;
    ++heard[hears];
    (void)network.wake_after(*this, hears_every);
  }
  bool answered() const override { return is_answered; }
  bool rejected() const override { return is_rejected; }
  rtp::Voiceprint voiceprint() const override { return rtp::Voiceprint(voice); }
  std::uint64_t heard_ms(const rtp::Voiceprint& print) const override {
    const auto found = heard.find(print.number());
    return found == heard.end() ? 0 : found->second;
  }
  std::string describe_media() const override { return name + "'s counters"; }
};

struct Show {
  net::SimNetwork network{1};
  std::vector<std::string> log;
  Fake a{network, "a", log, 1}, b{network, "b", log, 2};
  Actors actors{{"a", &a}, {"b", &b}};
  script::Cell cell;
  std::atomic<bool> stop = false;

  void add(const std::string& actor, const std::string& action, const std::string& argument = "gateway",
           const std::string& options = "{}") {
    script::Step step;
    step.actor = actor;
    step.action = action;
    step.argument = *script::load_yaml_text("x: " + argument, "s.yaml").root.find("x");
    step.options = *script::load_yaml_text("x: " + options, "s.yaml").root.find("x");
    step.at = {"s.yaml", cell.steps.size() + 1, 5};
    cell.steps.push_back(std::move(step));
  }
  script::Step& last() { return cell.steps.back(); }
  Conducted run() { return conduct(cell, actors, network, stop); }
  Duration elapsed() const { return network.now() - net::sim_start; }
  std::string logged() const {
    std::string out;
    for (const std::string& line : log) out += (out.empty() ? "" : ", ") + line;
    return out;
  }
};

verdict::Finding finding(const std::string& id, verdict::Severity severity = verdict::Severity::error) {
  verdict::Finding out;
  out.id = id;
  out.severity = severity;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(conductor)

BOOST_AUTO_TEST_CASE(steps_run_one_after_the_other) {
  Show show;
  show.a.takes["slow"] = 300ms;
  show.add("a", "slow");
  show.add("b", "quick");
  show.add("a", "quick");
  const Conducted got = show.run();
  BOOST_TEST(got.findings.empty());
  BOOST_TEST(got.steps_done == 3u);
  BOOST_TEST(!got.media_proven);
  BOOST_TEST(!got.interrupted);
  BOOST_TEST(show.logged() == "a slow, b quick, a quick");
  BOOST_TEST((show.elapsed() == 300ms)); // no longer than the steps need
}

BOOST_AUTO_TEST_CASE(the_first_finding_ends_the_cell) {
  Show show;
  show.b.findings["fail"] = {finding("one"), finding("two")};
  show.add("a", "x");
  show.add("b", "fail");
  show.add("a", "y");
  const Conducted got = show.run();
  BOOST_TEST(got.findings.size() == 2u);
  BOOST_TEST(got.steps_done == 1u);
  BOOST_TEST(show.logged() == "a x, b fail");
}

BOOST_AUTO_TEST_CASE(conditions_look_at_how_the_call_ended) {
  Show show;
  show.add("a", "one");
  show.last().condition = "answered";
  show.add("a", "be answered");
  show.add("a", "two");
  show.last().condition = "answered";
  show.add("a", "three");
  show.last().condition = "rejected";
  show.add("b", "be rejected");
  show.add("b", "four");
  show.last().condition = "rejected";
  BOOST_TEST(show.run().steps_done == 4u); // steps that do not apply are not counted
  BOOST_TEST(show.logged() == "a be answered, a two, b be rejected, b four");
}

// "Only when the last call ended so": another actor's earlier call does not count.
BOOST_AUTO_TEST_CASE(conditions_mean_the_last_call) {
  Show show;
  show.add("a", "call");
  show.add("a", "be answered");
  show.add("b", "call");
  show.add("b", "be rejected");
  show.add("b", "wrong");
  show.last().condition = "answered";
  show.add("b", "right");
  show.last().condition = "rejected";
  (void)show.run();
  BOOST_TEST(show.logged() == "a call, a be answered, b call, b be rejected, b right");
}

// A call placed towards a peer: what the called one says counts as well, since its answer is under way.
BOOST_AUTO_TEST_CASE(conditions_hear_both_ends_of_a_call_to_a_peer) {
  Show show;
  show.add("a", "call", "b");
  show.add("b", "be answered");
  show.add("b", "talk");
  show.last().condition = "answered";
  (void)show.run();
  BOOST_TEST(show.logged() == "a call, b be answered, b talk");
}

BOOST_AUTO_TEST_CASE(a_step_has_its_own_deadline) {
  Show show;
  show.a.takes["never"] = 100s;
  show.add("a", "never");
  show.last().within = 250ms;
  const Conducted got = show.run();
  BOOST_TEST((show.elapsed() == 250ms));
  BOOST_TEST_REQUIRE(got.findings.size() == 1u);
  BOOST_TEST(got.findings[0].id == "deadline");
  BOOST_TEST(got.findings[0].text == "Waited in vain for something of a.");
  BOOST_TEST(got.findings[0].expected == "something of a");
  BOOST_TEST(got.findings[0].actual == "nothing before the deadline");
  BOOST_TEST(to_string(got.findings[0].where) == "s.yaml:1:5");
  BOOST_TEST(got.steps_done == 0u);
}

BOOST_AUTO_TEST_CASE(all_steps_share_the_cells_deadline) {
  Show show;
  show.cell.deadline = 1s;
  show.a.takes["slow"] = 600ms;
  show.add("a", "slow");
  show.add("a", "slow");
  show.last().within = 5s; // does not lengthen it
  const Conducted got = show.run();
  BOOST_TEST((show.elapsed() == 1s));
  BOOST_TEST(got.steps_done == 1u);
  BOOST_TEST_REQUIRE(got.findings.size() == 1u);
  BOOST_TEST(got.findings[0].id == "deadline");
  BOOST_TEST(got.findings[0].where.line == 2u);
}

BOOST_AUTO_TEST_CASE(media_must_be_heard_both_ways) {
  Show show;
  show.a.listen(2, 2ms);
  show.b.listen(1, 3ms);
  show.add("media", "between", "[a, b]", "{for: 50ms}");
  const Conducted got = show.run();
  BOOST_TEST(got.findings.empty());
  BOOST_TEST(got.media_proven);
  BOOST_TEST((show.elapsed() == 150ms)); // as soon as the slower one has its 50 ms
}

BOOST_AUTO_TEST_CASE(media_of_before_does_not_count) {
  Show show;
  show.a.heard[2] = show.b.heard[1] = 1000;
  show.cell.deadline = 500ms;
  show.add("media", "between", "[a, b]", "{for: 1ms}");
  BOOST_TEST(show.run().findings.size() == 1u);
  BOOST_TEST((show.elapsed() == 500ms));
}

BOOST_AUTO_TEST_CASE(media_wants_something_even_for_the_shortest_time) {
  Show show;
  show.cell.deadline = 100ms;
  show.add("media", "between", "[a, b]", "{for: 500us}");
  const Conducted got = show.run();
  BOOST_TEST(got.findings.size() == 1u);
  BOOST_TEST(!got.media_proven);
}

BOOST_AUTO_TEST_CASE(media_lasts_200_ms_unless_told_otherwise) {
  Show show;
  show.a.listen(2, 1ms);
  show.b.listen(1, 1ms);
  show.add("media", "between", "[b, a]");
  BOOST_TEST(show.run().media_proven);
  BOOST_TEST((show.elapsed() == 200ms));
}

BOOST_AUTO_TEST_CASE(media_that_is_missing_is_named_by_direction) {
  Show show;
  show.cell.deadline = 300ms;
  show.a.listen(2, 1ms);
  show.b.heard[2] = 70; // its own voice
  show.add("media", "between", "[a, b]", "{for: 100ms}");
  const Conducted got = show.run();
  BOOST_TEST_REQUIRE(got.findings.size() == 1u);
  const verdict::Finding& one = got.findings[0];
  BOOST_TEST(one.id == "media-not-heard");
  BOOST_TEST(one.actual == "b has heard 0 ms of a (" + to_string(rtp::Voiceprint(1)) + "); b's counters");
  BOOST_TEST(!got.media_proven);

  Show silent;
  silent.cell.deadline = 300ms;
  silent.add("media", "between", "[a, b]");
  const std::string both = silent.run().findings.at(0).actual;
  BOOST_TEST(both.find("a has heard 0 ms of b") == 0u);
  BOOST_TEST(both.find("b has heard 0 ms of a") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(actors_that_do_not_exist_are_said) {
  for (const char* names : {"[a, c]", "[a]", "a", "[a, b, a]"}) {
    Show show;
    show.add("media", "between", names);
    BOOST_TEST(show.run().findings.at(0).id == "step-impossible", names);
  }
  Show show;
  show.add("c", "call");
  const Conducted got = show.run();
  BOOST_TEST(got.findings.at(0).id == "step-impossible");
  BOOST_TEST(got.findings.at(0).actual == "c");
}

BOOST_AUTO_TEST_CASE(it_can_be_stopped_from_outside) {
  Show show;
  show.a.takes["never"] = 5s;
  show.add("a", "never");
  show.add("a", "more");
  struct Stopper final : net::Node {
    std::atomic<bool>& flag;
    explicit Stopper(std::atomic<bool>& stop) : flag(stop) {}
    void on_timer(net::TimerId) override { flag = true; }
  } stopper(show.stop);
  (void)show.network.wake_after(stopper, 700ms);
  const Conducted got = show.run();
  BOOST_TEST(got.interrupted);
  BOOST_TEST(got.findings.empty());
  BOOST_TEST((show.elapsed() == 700ms));
  BOOST_TEST(show.logged() == "a never");
  show.network.forget(stopper);
}

BOOST_AUTO_TEST_SUITE_END()

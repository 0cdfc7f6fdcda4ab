#include "rtp/voiceprint.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace sipvet::rtp {
namespace {

// All tones are multiples of 50 Hz, so a packet of 20 ms holds whole cycles of each: they stay orthogonal
// over any stretch of 20 ms, whatever the phase, and a lost packet neither breaks the phase nor leaks into
// another tone of the grid.
constexpr unsigned step_hz = 50;
constexpr std::size_t period = sample_rate_hz / step_hz; // 160 samples
// No tone is a small multiple of another, and none lies midway between two others: neither harmonics nor the
// third-order products 2a-b of companding and clipping fall onto the grid. Dialling tones (ITU-T Q.23) are 25
// Hz away or more. All within the telephone band.
constexpr std::array<unsigned, 14> grid_hz = {550,  800,  1000, 1150, 1250, 1550, 1900,
                                              2050, 2150, 2350, 2450, 2600, 2700, 2900};
constexpr unsigned tones = grid_hz.size();
constexpr unsigned print_count = tones * (tones - 1) / 2;

constexpr bool grid_is_free_of_products() {
  for (const auto a : grid_hz) {
    if (a % step_hz != 0) return false;
    for (const auto b : grid_hz) {
      for (const auto c : grid_hz) {
        if (a != b && (2 * a == b + c || c == 2 * a || c == 3 * a)) return false;
      }
    }
  }
  return true;
}
static_assert(grid_is_free_of_products());

struct Pair {
  unsigned low, high; // indices into the grid
};

// Pairs in the order of a round-robin tournament: each seven in a row use every tone once, so that the prints
// of one call, numbered next to each other, mostly share no tone.
constexpr auto make_pairs() {
  std::array<Pair, print_count> pairs{};
  constexpr unsigned ring = tones - 1, per_round = tones / 2;
  for (unsigned n = 0; n < print_count; ++n) {
    const unsigned round = n / per_round, seat = n % per_round;
    const unsigned one = seat == 0 ? ring : (round + seat) % ring;
    const unsigned other = (round + ring - seat) % ring;
    pairs[n] = one < other ? Pair{one, other} : Pair{other, one};
  }
  return pairs;
}
constexpr auto pairs = make_pairs();

constexpr double amplitude = 4000; // 0 dBm0 peaks at about 22,300 (G.711 table 5): -15 dBm0

const std::array<double, period>& sine() {
  static const auto table = [] {
    std::array<double, period> values{};
    for (std::size_t i = 0; i < period; ++i) {
      values[i] = std::sin(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(period));
    }
    return values;
  }();
  return table;
}

constexpr std::size_t window = 320; // 40 ms: bins of 25 Hz
constexpr double min_mean_power =
    50 * 50; // -47 dBm0: far above the idle noise of G.711, 15 dB below a print at -12 dB
constexpr double min_share = 0.6; // of all energy in the two tones; less than 1 for lost packets and noise
constexpr double max_twist = 16;  // 12 dB between the two tones: a linear resampler costs 4 dB at 3 kHz
constexpr double min_lead = 10;   // 10 dB from the weaker tone down to the next one

// As many as two or four at a time divide.
constexpr unsigned lanes = 16;
static_assert(tones <= lanes);
using Lanes = std::array<double, lanes>;

const Lanes& coefficients() {
  static const auto table = [] {
    Lanes values{};
    for (unsigned i = 0; i < tones; ++i)
      values[i] = 2 * std::cos(2 * std::numbers::pi * grid_hz[i] / sample_rate_hz);
    return values;
  }();
  return table;
}

// Energy of every tone in a window (Goertzel's recurrence). Side by side, since each step of one tone waits
// for the step before it, and the compiler takes several tones in one instruction.
std::array<double, tones> tone_energies(std::span<const std::int16_t> samples, double mean) {
  const Lanes& coefficient = coefficients();
  Lanes previous{}, before{};
  for (const auto sample : samples) {
    const double level = sample - mean;
    for (unsigned i = 0; i < lanes; ++i) {
      const double now = level + coefficient[i] * previous[i] - before[i];
      before[i] = previous[i];
      previous[i] = now;
    }
  }
  std::array<double, tones> energies{};
  for (unsigned i = 0; i < tones; ++i) {
    const double power =
        previous[i] * previous[i] + before[i] * before[i] - coefficient[i] * previous[i] * before[i];
    energies[i] = 2 * power / static_cast<double>(samples.size());
  }
  return energies;
}

struct Energies {
  std::array<double, tones> tone{};
  double all = 0;
  std::size_t samples = 0;

  void add(std::span<const std::int16_t> part) {
    double mean = 0;
    for (const auto sample : part) mean += sample;
    mean /= static_cast<double>(part.size());
    for (const auto sample : part) all += (sample - mean) * (sample - mean);
    const auto energies = tone_energies(part, mean);
    for (unsigned i = 0; i < tones; ++i) tone[i] += energies[i];
    samples += part.size();
  }
};

std::optional<Voiceprint> decide(const Energies& heard) {
  if (heard.all < min_mean_power * static_cast<double>(heard.samples)) return std::nullopt;
  std::array<unsigned, tones> order{};
  for (unsigned i = 0; i < tones; ++i) order[i] = i;
  std::partial_sort(order.begin(), order.begin() + 3, order.end(),
                    [&](unsigned a, unsigned b) { return heard.tone[a] > heard.tone[b]; });
  const double first = heard.tone[order[0]], second = heard.tone[order[1]], third = heard.tone[order[2]];
  if (first + second < min_share * heard.all) return std::nullopt;
  if (second * max_twist < first || third * min_lead > second) return std::nullopt;
  const auto [low, high] = std::minmax(order[0], order[1]);
  const auto found = std::find_if(pairs.begin(), pairs.end(), [low = low, high = high](const Pair& p) {
    return p.low == low && p.high == high;
  });
  return Voiceprint(static_cast<unsigned>(found - pairs.begin()));
}

} // namespace

const unsigned voiceprint_count = print_count;

Voiceprint::Voiceprint(unsigned number) : number_(number % print_count) {}
double Voiceprint::low_hz() const { return grid_hz[pairs[number_].low]; }
double Voiceprint::high_hz() const { return grid_hz[pairs[number_].high]; }

std::string to_string(const Voiceprint& print) {
  const auto text = [](double hz) { return std::to_string(static_cast<unsigned>(hz)); };
  return text(print.low_hz()) + '+' + text(print.high_hz()) + " Hz";
}

std::vector<std::int16_t> sound(const Voiceprint& print, std::uint64_t first_sample, std::size_t count) {
  const std::size_t low_step = static_cast<std::size_t>(print.low_hz()) / step_hz;
  const std::size_t high_step = static_cast<std::size_t>(print.high_hz()) / step_hz;
  std::vector<std::int16_t> samples(count);
  std::size_t at = first_sample % period;
  for (auto& sample : samples) {
    const double value = amplitude * (sine()[at * low_step % period] + sine()[at * high_step % period]);
    sample = static_cast<std::int16_t>(std::lround(value));
    at = (at + 1) % period;
  }
  return samples;
}

std::optional<Voiceprint> recognise(std::span<const std::int16_t> samples) {
  Energies heard;
  for (; samples.size() >= window; samples = samples.subspan(window)) heard.add(samples.first(window));
  if (heard.samples == 0) return std::nullopt;
  return decide(heard);
}

} // namespace sipvet::rtp

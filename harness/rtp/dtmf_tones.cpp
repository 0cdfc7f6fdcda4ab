#include "rtp/dtmf_tones.hpp"

#include "rtp/voiceprint.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

namespace sipvet::rtp {

namespace {

constexpr std::array<unsigned, 4> rows_hz = {697, 770, 852, 941};
constexpr std::array<unsigned, 4> columns_hz = {1209, 1336, 1477, 1633};
constexpr std::string_view keypad = "123A456B789C*0#D"; // row by row

constexpr double peak_at_0_dbm0 = 22'300; // of one tone (G.711 table 5)

// Windows of 20 ms, half of it new each time: a press of 40 ms holds two whole ones at least, one behind the
// other.
constexpr std::size_t window = 160, step = 80;
constexpr unsigned windows_of_a_press = 2;

constexpr double min_mean_power = 50 * 50; // -47 dBm0, as voiceprints have it
constexpr double min_share = 0.7;          // of all energy in the two tones
constexpr double max_twist = 6.3;          // 8 dB between the two (Q.24)
constexpr double min_lead = 4;             // 6 dB from a tone down to the next one of its group

// Energy of one tone in a window (Goertzel's recurrence).
double energy_at(std::span<const std::int16_t> samples, unsigned hz) {
  const double coefficient = 2 * std::cos(2 * std::numbers::pi * hz / sample_rate_hz);
  double previous = 0, before = 0;
  for (const std::int16_t sample : samples) {
    const double now = sample + coefficient * previous - before;
    before = previous;
    previous = now;
  }
  const double power = previous * previous + before * before - coefficient * previous * before;
  return 2 * power / static_cast<double>(samples.size());
}

struct Strongest {
  std::size_t index = 0;
  double energy = 0;
  bool leads = false; // by far
};

Strongest strongest(std::span<const std::int16_t> samples, const std::array<unsigned, 4>& group_hz) {
  std::array<double, 4> energies{};
  for (std::size_t i = 0; i < group_hz.size(); ++i) energies[i] = energy_at(samples, group_hz[i]);
  const auto first = std::ranges::max_element(energies);
  const double most = *first;
  const bool leads = std::ranges::count_if(energies, [&](double e) { return e * min_lead > most; }) == 1;
  return {static_cast<std::size_t>(first - energies.begin()), most, leads};
}

std::optional<char> key_in(std::span<const std::int16_t> samples) {
  double all = 0;
  for (const std::int16_t sample : samples) all += static_cast<double>(sample) * sample;
  if (all < min_mean_power * static_cast<double>(samples.size())) return std::nullopt;
  const Strongest row = strongest(samples, rows_hz), column = strongest(samples, columns_hz);
  if (!row.leads || !column.leads || row.energy + column.energy < min_share * all) return std::nullopt;
  if (row.energy > max_twist * column.energy || column.energy > max_twist * row.energy) return std::nullopt;
  return keypad[row.index * columns_hz.size() + column.index];
}

} // namespace

std::optional<DtmfTones> tones_of_key(char key) {
  const char upper = key >= 'a' && key <= 'd' ? static_cast<char>(key - 'a' + 'A') : key;
  const std::size_t at = keypad.find(upper);
  if (at == std::string_view::npos) return std::nullopt;
  return DtmfTones{rows_hz[at / columns_hz.size()], columns_hz[at % columns_hz.size()]};
}

std::vector<std::int16_t> dtmf_sound(char key, unsigned below_0_dbm0, std::uint64_t first_sample,
                                     std::size_t count) {
  std::vector<std::int16_t> samples(count);
  const auto tones = tones_of_key(key);
  if (!tones) return samples;
  const double amplitude = peak_at_0_dbm0 * std::pow(10, -static_cast<double>(below_0_dbm0) / 20) /
                           std::numbers::sqrt2; // each has half of the power
  const auto level = [](unsigned hz, std::uint64_t at) {
    return std::sin(2 * std::numbers::pi * hz * static_cast<double>(at % sample_rate_hz) / sample_rate_hz);
  };
  for (std::size_t i = 0; i < count; ++i)
    samples[i] = static_cast<std::int16_t>(std::lround(
        amplitude * (level(tones->low_hz, first_sample + i) + level(tones->high_hz, first_sample + i))));
  return samples;
}

std::string recognise_keys(std::span<const std::int16_t> samples) {
  std::string out;
  std::optional<char> current; // being pressed, or heard too shortly so far
  unsigned length = 0;
  for (; samples.size() >= window; samples = samples.subspan(step)) {
    const std::optional<char> key = key_in(samples.first(window));
    length = key && key == current ? length + 1 : 1;
    current = key;
    if (key && length == windows_of_a_press) out.push_back(*key);
  }
  return out;
}

} // namespace sipvet::rtp

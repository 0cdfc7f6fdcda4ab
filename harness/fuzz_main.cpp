// Drives a fuzz target without a fuzzing engine: deterministic mutations of its own seeds for a bounded
// number of rounds, so that the suite runs every target on any machine. The same target links against
// libFuzzer unchanged.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// A target names valid inputs to mutate; they reach much deeper than random bytes.
std::vector<std::string> fuzz_seeds();

namespace {

std::uint64_t next(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ull; // splitmix64
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

void mutate(std::string& input, std::uint64_t& state) {
  const std::uint64_t changes = 1 + next(state) % 4;
  for (std::uint64_t i = 0; i < changes; ++i) {
    const std::size_t at = input.empty() ? 0 : next(state) % input.size();
    switch (next(state) % 5) {
    case 0:
      if (!input.empty()) input[at] = static_cast<char>(next(state));
      break;
    case 1:
      if (!input.empty()) input[at] = static_cast<char>(input[at] ^ (1 << (next(state) % 8)));
      break;
    case 2:
      input.insert(at, 1, static_cast<char>(next(state)));
      break;
    case 3:
      if (!input.empty()) input.erase(at, 1 + next(state) % 8);
      break;
    default:
      input.resize(at);
      break;
    }
  }
}

void run(const std::string& input) {
  // A copy of exactly the input's size, so that the address sanitizer sees a read one byte past it.
  const std::vector<std::uint8_t> exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

} // namespace

int main(int argc, char** argv) {
  const long rounds = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 20000;
  std::uint64_t state = 1;
  const std::vector<std::string> seeds = fuzz_seeds();
  for (const std::string& seed : seeds) run(seed);
  for (long i = 0; i < rounds; ++i) {
    std::string input = seeds.empty() ? std::string() : seeds[next(state) % seeds.size()];
    mutate(input, state);
    run(input);
  }
  std::printf("%ld inputs\n", rounds + static_cast<long>(seeds.size()));
  return 0;
}

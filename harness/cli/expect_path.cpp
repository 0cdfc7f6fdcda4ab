#include "cli/expect_path.hpp"

#include "base/text.hpp"

namespace sipvet::cli {

Result<std::vector<PathStep>> parse_path(std::string_view text) {
  constexpr std::uint64_t max_index = 1'000'000;
  std::vector<PathStep> steps;
  for (auto piece : split(text, '.')) {
    const auto bracket = piece.find('[');
    if (const auto field = piece.substr(0, bracket); !field.empty())
      steps.push_back({std::string(field), std::nullopt});
    else
      return fail("expected a field name in the path");
    while (!piece.empty() && piece.find('[') != std::string_view::npos) {
      piece = piece.substr(piece.find('[') + 1);
      const auto close = piece.find(']');
      if (close == std::string_view::npos) return fail("expected ']' in the path");
      SIPVET_TRY(const auto index, parse_decimal(piece.substr(0, close), max_index, "index"));
      steps.push_back({{}, static_cast<std::size_t>(index)});
      piece = piece.substr(close + 1);
      if (!piece.empty() && piece.front() != '[') return fail("expected '.' or '[' behind ']' in the path");
    }
  }
  return steps;
}

} // namespace sipvet::cli

// How messages about a file put a foreign word: quoted, shortened, and with the nearest word that is known.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::script {

// 'word', cut after 60 octets, control characters replaced, so that a file cannot write to a terminal.
std::string quote(std::string_view word);
// "; did you mean 'offer'?", or nothing when no candidate is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);
// "a, b, c"
std::string joined(std::span<const std::string> words);

} // namespace sipvet::script

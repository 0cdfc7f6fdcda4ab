#include "analysis/tls_search.hpp"

#include "crypto/cipher.hpp"

#include <algorithm>

namespace sipvet::analysis {
namespace {

using tlswire::RecordFault;
using tlswire::SuiteMode;

// More than a 4 MiB hole in the reassembly holds of records of ordinary length.
constexpr std::uint64_t max_lost_records = 65'536;
// What a try costs beside its octets.
constexpr std::uint64_t octets_of_a_try = 64;

std::uint64_t most_records_in(std::uint64_t octets, const tlswire::Suite& suite) {
  const std::uint64_t least =
      tlswire::record_header_octets + std::max(suite.mac_key_octets(), suite.tag_octets());
  return std::min(octets / least, max_lost_records);
}

// A number of lost records other than the right one shows as a bad MAC, and as nothing else.
bool another_number_may_fit(RecordFault fault) { return fault == RecordFault::bad_mac; }

std::optional<FoundRecord> try_numbers(tlswire::RecordDecrypter& decrypter, const tlswire::Record& record,
                                       std::uint64_t most, SearchBudget& budget) {
  const auto start = decrypter.sequence();
  for (std::uint64_t lost = 0; lost <= most; ++lost) {
    if (!budget.spend(record.fragment.size() + octets_of_a_try)) break;
    decrypter.set_sequence(start + lost);
    const auto opened = decrypter.open(record);
    if (opened) return FoundRecord{opened, lost};
    if (!another_number_may_fit(opened.fault)) break;
  }
  decrypter.set_sequence(start);
  return std::nullopt;
}

// The key stream went on by the lost octets without the headers of their records: the more records, the less.
std::optional<FoundRecord> try_key_stream(tlswire::RecordDecrypter& decrypter, const tlswire::Record& record,
                                          std::uint64_t octets, std::uint64_t most, SearchBudget& budget) {
  const auto start = decrypter.sequence();
  const auto stream = decrypter.key_stream();
  if (!budget.spend(octets)) return std::nullopt;
  auto at = *stream;
  at.skip(octets - tlswire::record_header_octets * most);
  for (std::uint64_t lost = most + 1; lost-- > 0; at.skip(tlswire::record_header_octets)) {
    if (!budget.spend(record.fragment.size() + octets_of_a_try)) break;
    decrypter.set_sequence(start + lost);
    decrypter.set_key_stream(at);
    const auto opened = decrypter.open(record);
    if (opened) return FoundRecord{opened, lost};
    if (!another_number_may_fit(opened.fault)) break;
  }
  decrypter.set_sequence(start);
  decrypter.set_key_stream(*stream);
  return std::nullopt;
}

} // namespace

bool SearchBudget::spend(std::uint64_t octets) {
  left_ -= std::min(left_, octets);
  return left_ != 0;
}

std::optional<FoundRecord> open_behind_loss(tlswire::RecordDecrypter& decrypter, const tlswire::Suite& suite,
                                            const tlswire::Record& record, const LostStretch& lost,
                                            SearchBudget& budget) {
  const auto most = most_records_in(lost.octets, suite);
  if (decrypter.key_stream()) return try_key_stream(decrypter, record, lost.octets, most, budget);
  if (suite.mode() == SuiteMode::cbc && lost.octets > 0 && decrypter.chains()) {
    if (lost.tail.size() < suite.block_octets()) return std::nullopt;
    decrypter.set_chained_iv(lost.tail.last(suite.block_octets()));
  }
  return try_numbers(decrypter, record, most, budget);
}

} // namespace sipvet::analysis

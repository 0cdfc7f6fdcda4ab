// Opens the first record behind lost octets: how many records were lost is found by trying, since only the
// right number makes a record authentic.
#pragma once

#include "base/bytes.hpp"
#include "tlswire/record.hpp"
#include "tlswire/record_protection.hpp"
#include "tlswire/suites.hpp"

#include <cstdint>
#include <optional>

namespace sipvet::analysis {

// What is known of the stretch between the record that was opened last and the one to be opened.
struct LostStretch {
  std::uint64_t octets = 0;
  // The last of these octets, as far as they were captured: CBC of SSL 3.0 and TLS 1.0 chains on them. Beside
  // the block, the MAC that encrypt-then-MAC puts behind it.
  ByteView tail;
};

// What the search of one direction may still cost, in octets to decrypt. A damaged or hostile capture would
// have every record searched for in vain.
class SearchBudget {
 public:
  bool spend(std::uint64_t octets);
  bool exhausted() const { return left_ == 0; }
  void refill() { left_ = full; }

 private:
  static constexpr std::uint64_t full = 8 * 1024 * 1024;
  std::uint64_t left_ = full;
};

struct FoundRecord {
  tlswire::OpenedRecord record;
  std::uint64_t lost_records = 0;
};

// `decrypter` stands at the record that would have been next. Nothing when no number of lost records fits;
// the decrypter then can be used to search again, at a later record.
std::optional<FoundRecord> open_behind_loss(tlswire::RecordDecrypter& decrypter, const tlswire::Suite& suite,
                                            const tlswire::Record& record, const LostStretch& lost,
                                            SearchBudget& budget);

} // namespace sipvet::analysis

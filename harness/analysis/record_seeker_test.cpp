// The next record in a stream that was entered anywhere, whatever its ciphertext looks like.
#include "analysis/record_seeker.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

constexpr std::uint64_t stream_offset = 1000;

Bytes record(std::size_t octets, std::uint8_t fill) {
  Bytes out{23, 3, 1, static_cast<std::uint8_t>(octets >> 8), static_cast<std::uint8_t>(octets)};
  out.insert(out.end(), octets, fill);
  return out;
}

// A record whose ciphertext holds, ten octets behind its header, the header of one of 16,000 octets.
Bytes misleading() {
  auto out = record(100, 0xee);
  const Bytes header{23, 3, 1, 16'000 >> 8, 16'000 & 0xff};
  std::copy(header.begin(), header.end(), out.begin() + 15);
  return out;
}

// Every stretch found so far: offset, length and first octet of the fragment, and the octets behind it.
std::string all_of(RecordSeeker& seeker) {
  std::string out;
  while (const auto found = seeker.next())
    out += fmt::format("{}:{}:{:02x}+{} ", found->stream_offset, found->fragment.size(),
                       static_cast<unsigned>(found->fragment[0]), seeker.behind().size());
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(record_seeker)

BOOST_AUTO_TEST_CASE(a_header_within_ciphertext_hides_nothing_behind_it) {
  RecordSeeker seeker(stream_offset);
  seeker.feed(misleading());
  seeker.feed(record(50, 0xaa));
  BOOST_TEST(all_of(seeker) == "1000:100:ee+55 1105:50:aa+0 ");
}

BOOST_AUTO_TEST_CASE(what_looks_like_a_longer_record_comes_when_it_is_whole) {
  RecordSeeker seeker(stream_offset);
  seeker.feed(misleading());
  BOOST_TEST(all_of(seeker) == "1000:100:ee+0 ");
  std::size_t fed = 85; // behind the header within
  for (; fed + 155 < 16'000; fed += 155) {
    seeker.feed(record(150, 0xaa));
    BOOST_TEST(all_of(seeker) == fmt::format("{}:150:aa+0 ", 1020 + fed));
  }
  seeker.feed(Bytes(16'000 - fed, 0xbb));
  BOOST_TEST(all_of(seeker) == "1015:16000:ee+0 ");
  BOOST_TEST(seeker.before().size() == 15u);
}

BOOST_AUTO_TEST_CASE(what_is_no_record_is_passed_over) {
  RecordSeeker seeker(stream_offset);
  seeker.feed(Bytes(20, 0x17));
  BOOST_TEST(all_of(seeker).empty());
  seeker.feed(record(100, 5));
  seeker.feed(Bytes{1, 2, 3});
  BOOST_TEST(all_of(seeker) == "1020:100:05+3 ");
  BOOST_TEST((to_bytes(seeker.before()) == Bytes(20, 0x17)));
}

BOOST_AUTO_TEST_CASE(octet_by_octet_the_tail_in_front_is_kept) {
  RecordSeeker seeker(stream_offset);
  const auto first = record(300, 0x11), second = record(20, 0x22);
  Bytes stream;
  append(stream, first), append(stream, second);
  std::string found;
  Bytes tail;
  for (const auto& octet : stream) {
    seeker.feed(ByteView(&octet, 1));
    const auto here = all_of(seeker);
    if (!here.empty()) tail = to_bytes(seeker.before());
    found += here;
  }
  BOOST_TEST(found == "1000:300:11+0 1305:20:22+0 ");
  BOOST_TEST((tail == Bytes(64, 0x11)));
}

BOOST_AUTO_TEST_SUITE_END()

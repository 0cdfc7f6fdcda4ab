#include "base/ascii.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using namespace sipvet;

BOOST_AUTO_TEST_SUITE(ascii)

BOOST_AUTO_TEST_CASE(each_octet_counts_wherever_it_stands) {
  for (std::size_t size = 0; size < 40; ++size) {
    BOOST_TEST(is_printable_ascii(std::string(size, '~')));
    for (std::size_t at = 0; at < size; ++at)
      for (int octet = 0; octet < 256; ++octet) {
        std::string text(size, at % 2 == 0 ? ' ' : '~');
        text[at] = static_cast<char>(octet);
        if (is_printable_ascii(text) != (octet >= 0x20 && octet < 0x7f)) BOOST_ERROR(size << " " << octet);
      }
  }
}

BOOST_AUTO_TEST_CASE(texts_that_differ_have_different_hashes) {
  std::set<std::uint64_t> seen;
  std::size_t count = 0;
  const auto add = [&](std::uint64_t hash) {
    seen.insert(hash);
    ++count;
  };
  for (std::size_t size = 0; size < 30; ++size) {
    add(text_hash(std::string(size, '\0')));
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      text[at] = 'b';
      add(text_hash(text));
      add(text_hash(text, 1));
    }
  }
  // In two places, as numbers do that stand in a text more than once.
  for (std::size_t at = 0; at < 24; ++at)
    for (std::size_t other = 0; other < at; ++other)
      for (const char a : {'0', '1', '2', 'z'})
        for (const char b : {'3', '4', '8', 'Z'}) {
          std::string text(24, '-');
          text[at] = a;
          text[other] = b;
          add(text_hash(text));
          add(text_hash(text.substr(3) + text.substr(0, 3), 9));
        }
  for (int number = 0; number < 10'000; ++number) {
    const auto twice = std::to_string(number) + "-" + std::to_string(number);
    add(text_hash("z9hG4bK" + twice));
    add(text_hash(twice + "@192.0.2.1", 5));
  }
  for (int number = 0; number < 10'000; ++number) add(text_hash("call-" + std::to_string(number) + "@host"));
  BOOST_TEST(seen.size() == count);
  BOOST_TEST(text_hash("same") == text_hash(std::string("same")));
}

BOOST_AUTO_TEST_SUITE_END()

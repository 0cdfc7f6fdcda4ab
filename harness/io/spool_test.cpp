#include "io/spool.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sipvet::io {

BOOST_AUTO_TEST_SUITE(io_spool)

BOOST_AUTO_TEST_CASE(what_was_appended_is_read_from_anywhere) {
  const auto spool = Spool::make().value();
  std::vector<std::pair<std::uint64_t, Bytes>> pieces;
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < 300; ++i) { // more than is written at once, empty and large pieces among them
    Bytes piece(i * 7 % 1000 + (i == 50 ? 200'000 : 0), static_cast<std::uint8_t>(i));
    const auto offset = spool->append(piece).value();
    BOOST_TEST(offset == end);
    end += piece.size();
    if (i % 100 == 0) BOOST_TEST((spool->read(offset, piece.size()).value() == piece)); // not written yet
    pieces.emplace_back(offset, std::move(piece));
  }
  for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece)
    BOOST_TEST((spool->read(piece->first, piece->second.size()).value() == piece->second));
  BOOST_TEST(spool->read(end, 1).error().what == "a temporary file is shorter than what was written to it");
}

BOOST_AUTO_TEST_CASE(no_folder_for_it) {
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/no/such/folder", 1);
  const auto spool = Spool::make();
  if (before == nullptr)
    ::unsetenv("TMPDIR");
  else
    ::setenv("TMPDIR", kept.c_str(), 1);
  BOOST_REQUIRE(!spool);
  BOOST_TEST(spool.error().what.find("no folder for temporary files") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sipvet::io

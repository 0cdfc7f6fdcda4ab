#include "tlswire/record.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace sipvet;
using namespace sipvet::tlswire;

namespace {

struct Kept {
  ContentType type;
  Bytes fragment;
  std::uint64_t offset;
  bool sslv2;
};

// Everything the reader finds when fed in pieces of `piece` octets.
std::vector<Kept> read(ByteView stream, std::size_t piece, std::optional<Error>& failed) {
  RecordReader reader;
  std::vector<Kept> found;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    // A copy that is gone afterwards, so that a view kept too long shows up.
    const Bytes part = to_bytes(stream.subspan(at, std::min(piece, stream.size() - at)));
    reader.feed(part);
    while (true) {
      const auto next = reader.next();
      if (!next) {
        failed = next.error();
        return found;
      }
      if (!*next) break;
      const Record& record = **next;
      found.push_back({record.type, to_bytes(record.fragment), record.stream_offset, record.sslv2_hello});
    }
  }
  return found;
}

Bytes two_records() {
  Bytes stream;
  append_record(stream, ContentType::handshake, 0x0301, Bytes{1, 2, 3});
  append_record(stream, ContentType::application_data, 0x0303, Bytes(300, 7));
  append_record(stream, ContentType::alert, 0x0303, {});
  return stream;
}

Error error_of(Bytes stream) {
  std::optional<Error> failed;
  read(stream, 1000, failed);
  BOOST_REQUIRE(failed.has_value());
  return *failed;
}

} // namespace

BOOST_AUTO_TEST_SUITE(record)

BOOST_AUTO_TEST_CASE(any_pieces_give_the_same_records) {
  const Bytes stream = two_records();
  for (std::size_t piece = 1; piece <= stream.size() + 1; piece += piece < 12 ? 1 : 37) {
    std::optional<Error> failed;
    const auto found = read(stream, piece, failed);
    BOOST_TEST(!failed.has_value());
    BOOST_REQUIRE(found.size() == 3u);
    BOOST_TEST((found[0].type == ContentType::handshake));
    BOOST_TEST((found[0].fragment == Bytes{1, 2, 3}));
    BOOST_TEST(found[1].offset == 8u);
    BOOST_TEST((found[1].fragment == Bytes(300, 7)));
    BOOST_TEST(found[2].fragment.empty());
  }
}

BOOST_AUTO_TEST_CASE(sslv2_format_hello_only_at_the_start) {
  Bytes stream{0x80, 0x0b, 1, 3, 1, 9, 9, 9, 9, 9, 9, 9, 9};
  append_record(stream, ContentType::handshake, 0x0301, Bytes{5});
  for (const std::size_t piece : {1u, 3u, 4u, 100u}) {
    std::optional<Error> failed;
    const auto found = read(stream, piece, failed);
    BOOST_REQUIRE(found.size() == 2u);
    BOOST_TEST(found[0].sslv2);
    BOOST_TEST((found[0].fragment == Bytes{1, 3, 1, 9, 9, 9, 9, 9, 9, 9, 9}));
    BOOST_TEST(!found[1].sslv2);
  }
  Bytes late;
  append_record(late, ContentType::handshake, 0x0301, Bytes{5});
  append(late, stream);
  BOOST_TEST((error_of(late).offset == 6u));
  BOOST_TEST((error_of({0x80, 0x01, 1, 3, 0, 0, 0}).offset == 0u)); // too short to be a hello
}

BOOST_AUTO_TEST_CASE(what_is_not_tls_is_named) {
  BOOST_TEST(error_of(to_bytes("INVITE sip:x")).what ==
             "expected a TLS record, got a first octet of 73, 'I'");
  BOOST_TEST(error_of({22, 2, 0, 0, 1, 0}).what == "expected version 3.x in a TLS record, got 2");
  const Error too_long = error_of({23, 3, 3, 0x48, 0x01, 0});
  BOOST_TEST(too_long.what == "expected a TLS record of at most 18432 octets, got 18433");
  BOOST_TEST((too_long.offset == 3u));
}

BOOST_AUTO_TEST_CASE(after_an_error_there_is_nothing_more) {
  RecordReader reader;
  const Bytes bad{1, 2, 3};
  reader.feed(bad);
  BOOST_TEST(!reader.next());
  const Bytes good = two_records();
  reader.feed(good);
  BOOST_TEST(!reader.next());
}

BOOST_AUTO_TEST_CASE(offsets_may_begin_elsewhere) {
  RecordReader reader(1000);
  const Bytes stream = two_records();
  reader.feed(stream);
  BOOST_TEST((*reader.next().value()).stream_offset == 1000u);
  BOOST_TEST(reader.stream_offset() == 1008u);
}

BOOST_AUTO_TEST_CASE(plausible_headers) {
  BOOST_TEST(looks_like_record(Bytes{22, 3, 1, 0, 5}));
  BOOST_TEST(!looks_like_record(Bytes{22, 3, 1, 0}));
  BOOST_TEST(!looks_like_record(Bytes{22, 3, 1, 0, 0}));
  BOOST_TEST(!looks_like_record(Bytes{19, 3, 1, 0, 5}));
  BOOST_TEST(!looks_like_record(Bytes{22, 3, 9, 0, 5}));
}

BOOST_AUTO_TEST_SUITE_END()

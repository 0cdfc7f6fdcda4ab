#include "io/inflater.hpp"

#include "base/random.hpp"
#include "io/byte_source.hpp"
#include "io/capture_file.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <filesystem>
#include <unistd.h>
#include <zlib.h>

using namespace sipvet;
using namespace sipvet::io;

namespace {

Bytes gzip(ByteView plain) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  Bytes out(deflateBound(&stream, plain.size()));
  stream.next_in = const_cast<Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  BOOST_TEST(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// A pcap file of raw IP frames of random octets.
Bytes capture(std::size_t frames) {
  SeededRandom random(4);
  Bytes out;
  const auto word = [&](std::uint32_t value) {
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  for (const std::uint32_t value : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 262'144U, 101U}) word(value);
  for (std::size_t i = 0; i < frames; ++i) {
    const auto frame = random.bytes(i % 1500);
    for (const auto value : {std::size_t{1}, i, frame.size(), frame.size()})
      word(static_cast<std::uint32_t>(value));
    append(out, frame);
  }
  return out;
}

struct Read {
  Bytes frames; // one after another
  std::string error;
};
Read read_all(const Result<std::unique_ptr<CaptureReader>>& reader) {
  Read all;
  if (!reader) return {{}, reader.error().what};
  for (;;) {
    const auto frame = (*reader)->next();
    if (!frame) all.error = frame.error().what;
    if (!frame || !*frame) return all;
    append(all.frames, (*frame)->data);
  }
}

struct TemporaryFile {
  explicit TemporaryFile(ByteView octets)
      : path(
            (std::filesystem::temp_directory_path() / ("sipvet-gz-" + std::to_string(::getpid()))).string()) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    std::fwrite(octets.data(), 1, octets.size(), file);
    std::fclose(file);
  }
  ~TemporaryFile() { std::filesystem::remove(path); }
  std::string path;
};

} // namespace

BOOST_AUTO_TEST_SUITE(inflater)

BOOST_AUTO_TEST_CASE(a_compressed_capture_reads_like_the_plain_one) {
  const Bytes plain = capture(1000); // larger than any buffer on the way
  const auto expected = read_all(CaptureReader::open(plain));
  BOOST_TEST(expected.frames.size() > 400'000u);
  const Bytes packed = gzip(plain);
  const auto memory = read_all(CaptureReader::open(packed));
  BOOST_TEST(memory.error == "");
  BOOST_TEST((memory.frames == expected.frames));
  const TemporaryFile file(packed);
  const auto on_disk = read_all(CaptureReader::open(file.path));
  BOOST_TEST(on_disk.error == "");
  BOOST_TEST((on_disk.frames == expected.frames));
}

BOOST_AUTO_TEST_CASE(members_follow_one_another_and_zeros_may_pad) {
  const Bytes plain = capture(50);
  Bytes packed = gzip(ByteView(plain).first(777));
  append(packed, gzip(ByteView(plain).subspan(777)));
  packed.resize(packed.size() + 512);
  const auto all = read_all(CaptureReader::open(packed));
  BOOST_TEST(all.error == "");
  BOOST_TEST((all.frames == read_all(CaptureReader::open(plain)).frames));
}

BOOST_AUTO_TEST_CASE(what_is_cut_or_damaged_is_read_up_to_there) {
  const Bytes plain = capture(1000), packed = gzip(plain);
  const auto cut = read_all(CaptureReader::open(ByteView(packed).first(packed.size() / 2)));
  BOOST_TEST(cut.error.find("the gzip data ends early") != std::string::npos);
  BOOST_TEST(cut.frames.size() > 100'000u);
  Bytes damaged = packed;
  damaged[packed.size() / 2] ^= 0xff;
  for (std::size_t i = 0; i < 8; ++i) damaged[packed.size() - 1 - i] ^= 0x55; // the checksum as well
  BOOST_TEST(read_all(CaptureReader::open(damaged)).error.find("gzip data is damaged") != std::string::npos);
  BOOST_TEST(read_all(CaptureReader::open(gzip(as_bytes("no capture")))).error.find("not a capture") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_hundred_megabytes_of_zeros_take_no_memory_to_refuse) {
  const Bytes zeros(100 * 1024 * 1024), packed = gzip(zeros);
  BOOST_TEST(packed.size() < 1024u * 1024u);
  BOOST_TEST(read_all(CaptureReader::open(packed)).error.find("not a capture") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

#include "io/capture_file.hpp"

#include "base/hex.hpp"
#include "io/pcapng_writer.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <unistd.h>

namespace sipvet::io {

namespace {

using namespace std::chrono_literals;

// Files are written down field by field, in either byte order, after draft-ietf-opsawg-pcap and -pcapng.
struct FileBytes {
  bool little;
  Bytes out;
  FileBytes& put(std::uint64_t value, std::size_t octets) {
    for (std::size_t i = 0; i < octets; ++i)
      out.push_back(static_cast<std::uint8_t>(value >> 8 * (little ? i : octets - 1 - i)));
    return *this;
  }
  FileBytes& u16(std::uint64_t value) { return put(value, 2); }
  FileBytes& u32(std::uint64_t value) { return put(value, 4); }
  FileBytes& text(std::string_view octets) {
    append(out, as_bytes(octets));
    return *this;
  }
  FileBytes& block(std::uint32_t type, const FileBytes& body) {
    Bytes padded = body.out;
    padded.resize((padded.size() + 3) / 4 * 4);
    u32(type).u32(padded.size() + 12);
    append(out, padded);
    return u32(padded.size() + 12);
  }
  FileBytes body() const { return {little, {}}; }
  FileBytes& section() { return block(0x0A0D0D0A, body().u32(0x1A2B3C4D).u16(1).u16(0).put(~0ull, 8)); }
  FileBytes& interface(std::uint32_t link_type) { return block(1, body().u16(link_type).u16(0).u32(0)); }
  FileBytes& packet(std::uint32_t interface, std::uint64_t ticks, std::string_view data) {
    return block(6, body()
                        .u32(interface)
                        .u32(ticks >> 32)
                        .u32(ticks & 0xFFFFFFFF)
                        .u32(data.size())
                        .u32(data.size() + 1)
                        .text(data));
  }
};

FileBytes pcap(bool little, std::uint32_t magic) {
  FileBytes file{little, {}};
  return file.u32(magic).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(1);
}

struct Contents {
  std::vector<std::string> data;
  std::vector<CapturedFrame> frames; // without data
  std::vector<std::string> keylog;
  std::optional<Error> error;
};

Contents read_all(CaptureReader& reader) {
  Contents contents;
  for (;;) {
    const auto frame = reader.next();
    if (!frame) {
      contents.error = frame.error();
      BOOST_TEST((reader.next().error() == frame.error())); // it stays so
    }
    if (!frame || !*frame) break;
    contents.data.emplace_back(as_text((*frame)->data));
    contents.frames.push_back(**frame);
  }
  contents.keylog = reader.keylog_lines();
  return contents;
}

Contents read_all(ByteView octets) {
  const auto reader = CaptureReader::open(octets);
  BOOST_TEST_REQUIRE(reader.has_value());
  return read_all(**reader);
}

Instant at(std::int64_t seconds, std::int64_t nanoseconds) {
  return Instant(std::chrono::seconds(seconds) + Duration(nanoseconds));
}

std::string temporary_path(const char* name) {
  return (std::filesystem::temp_directory_path() / ("sipvet-" + std::to_string(::getpid()) + "-" + name))
      .string();
}

} // namespace

BOOST_AUTO_TEST_SUITE(capture_file)

BOOST_AUTO_TEST_CASE(pcap_in_both_orders_and_resolutions) {
  for (const bool little : {false, true})
    for (const bool nanoseconds : {false, true}) {
      FileBytes file = pcap(little, nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4);
      file.u32(1'700'000'000).u32(999'999).u32(3).u32(60).text("abc");
      file.u32(1'700'000'001).u32(0).u32(0).u32(0);
      const Contents contents = read_all(file.out);
      BOOST_TEST(!contents.error);
      BOOST_TEST(contents.data == (std::vector<std::string>{"abc", ""}), boost::test_tools::per_element());
      BOOST_TEST((contents.frames[0].time == at(1'700'000'000, nanoseconds ? 999'999 : 999'999'000)));
      BOOST_TEST(contents.frames[0].original_octets == 60u);
      BOOST_TEST(contents.frames[0].link_type == 1u);
      BOOST_TEST(contents.frames[1].number == 2u);
    }
}

BOOST_AUTO_TEST_CASE(truncated_pcap_gives_what_is_there) {
  FileBytes file = pcap(true, 0xA1B2C3D4);
  file.u32(1).u32(0).u32(3).u32(3).text("one");
  const std::size_t second = file.out.size();
  file.u32(2).u32(0).u32(3).u32(3).text("two");
  for (std::size_t size = second + 1; size < file.out.size(); ++size) {
    const Contents contents = read_all(ByteView(file.out).first(size));
    BOOST_TEST(contents.data.size() == 1u);
    BOOST_TEST_REQUIRE(contents.error.has_value());
    BOOST_TEST(contents.error->what.find("frame 2 ") == 0u);
    BOOST_TEST((contents.error->offset >= second));
  }
}

BOOST_AUTO_TEST_CASE(records_with_more_fields) {
  for (const bool little : {true, false}) {
    FileBytes file = pcap(little, 0xA1B2CD34);
    for (const auto text : {"one", "four"})
      file.u32(5).u32(6).u32(std::string_view(text).size()).u32(9).u32(2).u16(0x0800).u16(0).text(text);
    const Contents contents = read_all(file.out);
    BOOST_TEST((contents.data == std::vector<std::string>{"one", "four"}));
    BOOST_TEST((contents.frames[1].time == at(5, 6000)));
    BOOST_TEST(contents.frames[1].original_octets == 9u);
  }
}

BOOST_AUTO_TEST_CASE(absurd_pcap_length) {
  FileBytes file = pcap(true, 0xA1B2C3D4);
  file.u32(1).u32(0).u32(0xFFFFFFF0).u32(3).text("one");
  const Contents contents = read_all(file.out);
  BOOST_TEST_REQUIRE(contents.error.has_value());
  BOOST_TEST((contents.error->offset == 24u + 8u));
}

BOOST_AUTO_TEST_CASE(foreign_files_are_refused) {
  const auto refused = [](std::string_view text) {
    const auto reader = CaptureReader::open(as_bytes(text));
    BOOST_TEST_REQUIRE(!reader.has_value());
    return reader.error().what;
  };
  BOOST_TEST(refused("").find("empty") != std::string::npos);
  BOOST_TEST(refused("INVITE sip:").find("not a capture") != std::string::npos);
  BOOST_TEST(refused("\x1F\x8B\x08").find("gzip data ends early") != std::string::npos);
  BOOST_TEST(refused("\x0A\x0D\x0D\x0A"
                     "abcdABCD")
                 .find("byte-order") != std::string::npos);
  BOOST_TEST(refused("\xD4\xC3\xB2\xA1").find("needs") != std::string::npos); // cut within the file header
  FileBytes future{true, {}};
  future.u32(0xA1B2C3D4).u16(3).u16(0).u32(0).u32(0).u32(0).u32(1);
  BOOST_TEST(refused(as_text(future.out)).find("version 2") != std::string::npos);
  BOOST_TEST(CaptureReader::open("/nonexistent/x.pcap").error().what.find("/nonexistent/x.pcap") !=
             std::string::npos);
  BOOST_TEST(!CaptureReader::open("/").has_value()); // a folder
}

BOOST_AUTO_TEST_CASE(pcapng_in_both_orders_and_several_sections) {
  FileBytes file{true, {}};
  file.section().interface(1).packet(0, 1'000'001, "first");
  file.little = false;
  file.section().interface(101).interface(113).packet(1, 2'000'002, "second");
  const Contents contents = read_all(file.out);
  BOOST_TEST(!contents.error);
  BOOST_TEST(contents.data == (std::vector<std::string>{"first", "second"}),
             boost::test_tools::per_element());
  BOOST_TEST(contents.frames[0].link_type == 1u);
  BOOST_TEST(contents.frames[1].link_type == 113u); // interfaces are counted anew in each section
  BOOST_TEST((contents.frames[0].time == at(1, 1000)));
  BOOST_TEST((contents.frames[1].time == at(2, 2000)));
  BOOST_TEST(contents.frames[0].original_octets == 6u);
}

BOOST_AUTO_TEST_CASE(time_resolution_and_offset) {
  struct Case {
    std::uint8_t resolution;
    std::uint64_t ticks;
    std::int64_t offset;
    Instant expected;
  };
  const Case cases[] = {
      {9, 1'700'000'000'123'456'789, 0, at(1'700'000'000, 123'456'789)},
      {3, 1'500, 0, at(1, 500'000'000)},
      {0, 7, 0, at(7, 0)},
      {12, 1'000'000'005'000, 0, at(1, 5)},
      {19, 10'000'000'000'000'000'000ull, 100, at(101, 0)},
      {0x80 | 1, 3, 0, at(1, 500'000'000)},
      {0x80 | 63, (1ull << 63) | (1ull << 62), 0, at(1, 500'000'000)},
      {6, 1'000'000, -3, at(-2, 0)},
  };
  for (const Case& test : cases)
    for (const bool little : {false, true}) {
      FileBytes file{little, {}};
      FileBytes options = file.body().u16(101).u16(0).u32(0);
      options.u16(2).u16(3).text("lo").put(0, 2);                             // if_name, padded
      options.u16(9).u16(1).put(test.resolution, 1).put(0, 3);                // if_tsresol
      options.u16(14).u16(8).put(static_cast<std::uint64_t>(test.offset), 8); // if_tsoffset
      options.u16(0).u16(0);
      file.section().block(1, options).packet(0, test.ticks, "x");
      const Contents contents = read_all(file.out);
      BOOST_TEST_REQUIRE(!contents.error);
      BOOST_TEST((contents.frames[0].time == test.expected));
    }
}

BOOST_AUTO_TEST_CASE(simple_and_obsolete_packets) {
  FileBytes file{true, {}};
  file.section().block(1, file.body().u16(101).u16(0).u32(4)); // snap length 4
  file.block(3, file.body().u32(10).text("simp"));
  file.block(2, file.body().u16(0).u16(9).u32(0).u32(5'000'000).u32(3).u32(3).text("old"));
  const Contents contents = read_all(file.out);
  BOOST_TEST(!contents.error);
  BOOST_TEST(contents.data == (std::vector<std::string>{"simp", "old"}), boost::test_tools::per_element());
  BOOST_TEST(contents.frames[0].original_octets == 10u);
  BOOST_TEST((contents.frames[1].time == at(5, 0)));
}

BOOST_AUTO_TEST_CASE(secrets_and_unknown_blocks) {
  FileBytes file{true, {}};
  const std::string log = "# comment\r\nCLIENT_RANDOM 00 11\r\n\nEXPORTER_SECRET 22 33";
  file.section().interface(101).block(0x0BAD,
                                      file.body().text(std::string(300'000, 'x'))); // more than the buffer
  file.block(10, file.body().u32(0x57474B4C).u32(4).text("wire"));                  // WireGuard's: not ours
  file.packet(0, 1, "before")
      .block(10, file.body().u32(0x544C534B).u32(log.size()).text(log))
      .packet(0, 2, "after");
  const Contents contents = read_all(file.out);
  BOOST_TEST(!contents.error);
  BOOST_TEST(contents.data.size() == 2u);
  BOOST_TEST(contents.keylog == (std::vector<std::string>{"CLIENT_RANDOM 00 11", "EXPORTER_SECRET 22 33"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(damaged_pcapng) {
  FileBytes good{true, {}};
  good.section().interface(101).packet(0, 1, "one");
  const std::size_t second = good.out.size();
  good.packet(0, 2, "two");
  const auto error_of = [&](const Bytes& octets) {
    const Contents contents = read_all(octets);
    BOOST_TEST(contents.data.size() == 1u);
    BOOST_TEST_REQUIRE(contents.error.has_value());
    BOOST_TEST(contents.error->what.find("frame 2 ") == 0u);
    BOOST_TEST_REQUIRE(contents.error->offset.has_value());
    BOOST_TEST(*contents.error->offset >= second);
    return contents.error->what;
  };
  for (std::size_t size = second + 1; size < good.out.size(); ++size)
    error_of(Bytes(good.out.begin(), good.out.begin() + static_cast<std::ptrdiff_t>(size)));
  const auto with = [&](std::size_t where, std::uint8_t octet) {
    Bytes octets = good.out;
    octets[where] = octet;
    return octets;
  };
  BOOST_TEST(error_of(with(second + 4, 5)).find("multiple of 4") != std::string::npos);
  BOOST_TEST(error_of(with(second + 4, 8)).find("at least 12") != std::string::npos);
  BOOST_TEST(error_of(with(good.out.size() - 4, 99)).find("ends with") != std::string::npos);
  BOOST_TEST(error_of(with(second + 8, 7)).find("interface 7") != std::string::npos);
  BOOST_TEST(error_of(with(second + 20, 200)).find("packet data") != std::string::npos);
  BOOST_TEST(error_of(with(second + 7, 0x7F)).find("beyond") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(larger_than_the_buffer) {
  const std::string path = temporary_path("large.pcapng");
  const auto writer = PcapngWriter::create(path, 1);
  BOOST_TEST_REQUIRE(writer.has_value());
  for (std::size_t i = 0; i < 500; ++i)
    (*writer)->frame(at(static_cast<std::int64_t>(i), 1), Bytes(i * 20, static_cast<std::uint8_t>(i)));
  (*writer)->frame(at(1000, 0), Bytes(262'144, 1));
  BOOST_TEST((*writer)->close().has_value());
  const auto reader = CaptureReader::open(path);
  BOOST_TEST_REQUIRE(reader.has_value());
  const Contents contents = read_all(**reader);
  BOOST_TEST(!contents.error);
  BOOST_TEST_REQUIRE(contents.data.size() == 501u);
  for (std::size_t i = 0; i < 500; ++i)
    BOOST_TEST((contents.data[i] == std::string(i * 20, static_cast<char>(i))));
  BOOST_TEST(contents.data[500].size() == 262'144u);
  BOOST_TEST((*reader)->offset() == std::filesystem::file_size(path));
  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_CASE(an_interface_for_each_link_type) {
  const std::string path = temporary_path("links.pcapng");
  const auto writer = PcapngWriter::create(path, std::nullopt);
  BOOST_TEST_REQUIRE(writer.has_value());
  (*writer)->secrets("# in front of every interface\n");
  const Bytes octets = {1, 2, 3};
  const std::vector<std::uint32_t> links = {1, 101, 1, 113};
  for (const auto link : links) (*writer)->frame(Instant{}, octets, 9, link);
  BOOST_TEST_REQUIRE((*writer)->close().has_value());
  const auto reader = CaptureReader::open(path).value();
  for (const auto link : links) {
    const auto frame = reader->next().value();
    BOOST_TEST_REQUIRE(frame.has_value());
    BOOST_TEST(frame->link_type == link);
    BOOST_TEST(frame->original_octets == 9u);
    BOOST_TEST(frame->data.size() == 3u);
  }
  BOOST_TEST(!reader->next().value().has_value());
  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_CASE(writing_fails_aloud) {
  BOOST_TEST(!PcapngWriter::create("/nonexistent/x.pcapng").has_value());
  const auto writer = PcapngWriter::create("/dev/full");
  BOOST_TEST_REQUIRE(writer.has_value());
  (*writer)->frame(at(0, 0), as_bytes("x"));
  const auto closed = (*writer)->close();
  BOOST_TEST_REQUIRE(!closed.has_value());
  BOOST_TEST(closed.error().what.find("/dev/full") != std::string::npos);
}

// Frames that are kept stand still while the file is read on; their buffers do not become more and more, and
// once they are let go of there is room for others.
BOOST_AUTO_TEST_CASE(frames_are_kept_within_bounds) {
  constexpr std::size_t octets = 1000, count = 8'000;
  FileBytes file = pcap(true, 0xA1B2C3D4);
  for (std::size_t i = 0; i < count; ++i)
    file.u32(i).u32(0).u32(octets).u32(octets).text(std::string(octets, static_cast<char>(i % 251)));
  const auto path = temporary_path("kept.pcap");
  std::FILE* out = std::fopen(path.c_str(), "wb");
  BOOST_REQUIRE(out != nullptr);
  std::fwrite(file.out.data(), 1, file.out.size(), out);
  std::fclose(out);
  const auto reader = CaptureReader::open(path).value();
  std::vector<CapturedFrame> held;
  std::vector<std::weak_ptr<const Bytes>> buffers;
  std::size_t most_buffers = 0, not_kept = 0;
  const auto check_and_let_go = [&] {
    for (const auto& frame : held)
      for (const auto octet : frame.data)
        if (octet != (frame.number - 1) % 251) BOOST_ERROR("frame " << frame.number << " moved");
    held.clear();
  };
  for (std::size_t i = 0; i < count; ++i) {
    auto frame = reader->next().value().value();
    BOOST_REQUIRE(frame.data.size() == octets && frame.data[0] == i % 251);
    std::erase_if(buffers, [](const auto& each) { return each.expired(); });
    if (frame.kept &&
        std::ranges::none_of(buffers, [&](const auto& each) { return each.lock() == frame.kept; }))
      buffers.push_back(frame.kept);
    most_buffers = std::max(most_buffers, buffers.size());
    if (frame.kept)
      held.push_back(std::move(frame));
    else
      ++not_kept;
    if (i == count / 2) {
      BOOST_TEST(not_kept > 0u);
      not_kept = 0;
      check_and_let_go();
    }
    if (i == count / 2 + 500) BOOST_TEST(not_kept == 0u);
  }
  check_and_let_go();
  BOOST_TEST(most_buffers > 1u);
  BOOST_TEST(most_buffers < 15u); // of 31 that the file would fill
  std::remove(path.c_str());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sipvet::io

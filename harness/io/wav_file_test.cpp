#include "io/wav_file.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace sipvet;
using namespace sipvet::io;

namespace {

struct Folder {
  std::string path = (std::filesystem::temp_directory_path() / "sipvet-wav-XXXXXX").string();
  Folder() { BOOST_TEST_REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& octets) const {
    std::ofstream(path + "/a.wav", std::ios::binary) << octets;
    return path + "/a.wav";
  }
};

std::string why(const std::string& path) {
  const auto read = read_wav(path, 8000);
  return read ? "" : read.error().what;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wav_file)

BOOST_AUTO_TEST_CASE(what_was_written_is_read_back) {
  const Folder folder;
  const std::vector<std::int16_t> first = {1, -1, 32767}, last = {-32768, 256};
  WavFile file = WavFile::create(folder.path + "/a.wav", 8000).value();
  file.write(5, last).value();
  file.write(0, first).value();
  file.finish().value();
  const std::vector<std::int16_t> all = {1, -1, 32767, 0, 0, -32768, 256};
  BOOST_TEST((read_wav(file.path(), 8000).value() == all));
  BOOST_TEST(why(file.path()) == "");
  BOOST_TEST(!read_wav(file.path(), 16000).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_such_file_is_told) {
  const Folder folder;
  const Bytes header = wav_header(2, 8000);
  const std::string good = std::string(as_text(header)) + std::string("\1\0\2\0", 4);
  BOOST_TEST(why(folder.file(good)) == "");
  BOOST_TEST(why(folder.path + "/none.wav") == "cannot read " + folder.path + "/none.wav");
  BOOST_TEST(why(folder.file("RIFF")).find("WAV header") != std::string::npos);
  BOOST_TEST(why(folder.file(good + "\3")).starts_with("expected the header of 2 samples"));
  BOOST_TEST(
      why(folder.file(good.substr(0, good.size() - 2))).starts_with("expected the header of 1 samples"));
  BOOST_TEST(why(folder.file("RIFX" + good.substr(4))).starts_with("expected the header"));
}

BOOST_AUTO_TEST_SUITE_END()

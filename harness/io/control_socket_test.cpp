#include "io/control_socket.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace sipvet;
using namespace sipvet::io;

namespace {

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sipvet-control-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string socket() const { return (path / "control").string(); }
};

struct Client {
  int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  bool connected = false;
  explicit Client(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    connected = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { ::close(socket); }
  void say(const std::string& text) const { (void)::send(socket, text.data(), text.size(), MSG_NOSIGNAL); }
  std::string line() const {
    std::string out;
    for (char c = 0; ::recv(socket, &c, 1, 0) == 1 && c != '\n';) out += c;
    return out;
  }
  bool ended() const {
    char c = 0;
    return ::recv(socket, &c, 1, 0) <= 0;
  }
};

std::string echo(const std::string& order) { return "ok " + order; }

} // namespace

BOOST_AUTO_TEST_SUITE(control_socket)

BOOST_AUTO_TEST_CASE(each_order_is_answered) {
  const Folder folder;
  {
    const auto control = ControlSocket::open(folder.socket(), echo);
    BOOST_REQUIRE(control);
    const Client first(folder.socket()), second(folder.socket());
    first.say("one\ntw");
    second.say("three\n");
    first.say("o\n");
    BOOST_TEST(first.line() == "ok one");
    BOOST_TEST(first.line() == "ok two");
    BOOST_TEST(second.line() == "ok three");
    const auto mode = std::filesystem::status(folder.socket()).permissions();
    BOOST_TEST(((mode & std::filesystem::perms::others_all) == std::filesystem::perms::none));
    BOOST_TEST(((mode & std::filesystem::perms::group_all) == std::filesystem::perms::none));
  }
  BOOST_TEST(!std::filesystem::exists(folder.socket()));
}

BOOST_AUTO_TEST_CASE(clients_see_the_end) {
  const Folder folder;
  auto control = std::make_unique<ControlSocket>(ControlSocket::open(folder.socket(), echo).value());
  const Client client(folder.socket());
  client.say("here\n");
  BOOST_TEST(client.line() == "ok here");
  control.reset();
  BOOST_TEST(client.ended());
}

BOOST_AUTO_TEST_CASE(an_order_without_end_costs_its_connection_only) {
  const Folder folder;
  const auto control = ControlSocket::open(folder.socket(), echo);
  const Client flood(folder.socket()), other(folder.socket());
  flood.say(std::string(6000, 'x'));
  BOOST_TEST(flood.line().starts_with("error: "));
  BOOST_TEST(flood.ended());
  other.say("still\n");
  BOOST_TEST(other.line() == "ok still");
}

BOOST_AUTO_TEST_CASE(what_is_in_the_way) {
  const Folder folder;
  std::ofstream(folder.socket()) << "a file";
  BOOST_TEST(!ControlSocket::open(folder.socket(), echo)); // is not removed
  BOOST_TEST(std::filesystem::is_regular_file(folder.socket()));
  std::filesystem::remove(folder.socket());
  const auto first = ControlSocket::open(folder.socket(), echo);
  BOOST_TEST(!ControlSocket::open(folder.socket(), echo)); // somebody listens
  BOOST_TEST(!ControlSocket::open(std::string(200, 'a'), echo));
  BOOST_TEST(!ControlSocket::open("", echo));
  BOOST_TEST(!ControlSocket::open((folder.path / "no" / "folder").string(), echo));
}

BOOST_AUTO_TEST_CASE(what_a_program_left_behind) {
  const Folder folder;
  {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    folder.socket().copy(address.sun_path, folder.socket().size());
    const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    BOOST_REQUIRE(::bind(left, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::close(left);
  }
  BOOST_REQUIRE(std::filesystem::exists(folder.socket()));
  BOOST_TEST(ControlSocket::open(folder.socket(), echo).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

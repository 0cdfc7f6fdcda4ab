#include "analysis/dialog_list.hpp"
#include "analysis/message_list.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

using namespace sipvet;
using namespace sipvet::analysis;

namespace {

SipMessage numbered(std::size_t frame, std::int64_t time_ms) {
  SipMessage message;
  message.frame = frame;
  message.time = Instant(std::chrono::milliseconds(time_ms));
  message.source = {IpAddress::v4(192, 0, 2, 1), 5060};
  message.destination = parse_endpoint("[2001:db8::7]:5061").value();
  message.transport = Transport::wss;
  message.text = "text " + std::to_string(frame);
  message.is_request = frame % 2 == 0;
  message.method = "OPTIONS";
  message.status = frame % 2 == 0 ? 0 : 200;
  message.first_line = "line " + std::to_string(frame);
  message.call_id = "call";
  message.cseq = "1 OPTIONS";
  if (frame % 3 == 0) message.connection = frame;
  return message;
}

Bytes packed_form(const SipMessage& message) {
  Bytes out;
  pack(SipMessageView(message), out);
  return out;
}

std::string message_error(ByteView packed) { return unpack_message(packed).error().what; }

std::vector<std::size_t> frames_of(const MessageList& list) {
  std::vector<std::size_t> frames;
  for (const auto& message : list) frames.push_back(message.frame);
  return frames;
}

Dialog numbered_dialog(std::size_t number) {
  Dialog dialog;
  dialog.call_id = "call " + std::to_string(number);
  dialog.from = "sip:a@test";
  dialog.methods = {"INVITE", "BYE"};
  dialog.invite_statuses = {100, 200};
  dialog.transports = {Transport::tls, Transport::udp};
  auto& media = dialog.media.emplace_back();
  media.offer.rtp = {IpAddress::v4(192, 0, 2, 1), 4000};
  media.offer.suites = {"AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM"};
  media.accepted = true;
  media.keying = "sdes";
  dialog.first_frame = number;
  return dialog;
}

} // namespace

BOOST_AUTO_TEST_SUITE(message_list)

BOOST_AUTO_TEST_CASE(a_message_comes_back_from_its_packed_form) {
  const auto message = numbered(6, 5);
  const auto packed = packed_form(message);
  ByteView rest = packed;
  const auto back = unpack_message(rest).value();
  BOOST_TEST(rest.empty());
  BOOST_TEST((packed_form(SipMessage(back)) == packed));
  BOOST_TEST((back.destination == message.destination));
  BOOST_TEST(back.connection.value_or(0) == 6);
  BOOST_TEST((back.time == message.time));
  for (std::size_t size = 0; size < packed.size(); ++size)
    BOOST_TEST(message_error(ByteView(packed).first(size)) == "a packed message ends early");
}

BOOST_AUTO_TEST_CASE(more_than_memory_holds_comes_back_in_order) {
  MessageList list;
  const std::size_t count = MessageList::most_in_memory * 3;
  for (std::size_t i = 1; i <= count; ++i) list.push_back(numbered(i, static_cast<std::int64_t>(i)));
  list.sort();
  BOOST_TEST(list.size() == count);
  BOOST_TEST(list.in_file() >= MessageList::most_in_memory);
  const auto copy = list; // shares the file
  std::size_t expected = 0;
  for (const auto& message : copy) {
    ++expected;
    if (message.frame != expected || packed_form(SipMessage(message)) !=
                                         packed_form(numbered(expected, static_cast<std::int64_t>(expected))))
      BOOST_REQUIRE_EQUAL(message.frame, expected);
  }
  BOOST_TEST(expected == count);
}

BOOST_AUTO_TEST_CASE(those_that_come_late_find_their_place_among_what_is_in_the_file) {
  MessageList list;
  std::vector<std::size_t> late = {2, 50, 51, 5'000, 30'001};
  const std::size_t count = MessageList::most_in_memory * 2;
  const auto is_late = [&](std::size_t i) { return std::ranges::find(late, i) != late.end(); };
  for (std::size_t i = 1; i <= count; ++i)
    if (!is_late(i)) list.push_back(numbered(i, 7)); // all at one time: the frame decides
  for (auto i = late.rbegin(); i != late.rend(); ++i) list.push_back(numbered(*i, 7));
  list.sort();
  const auto frames = frames_of(list);
  BOOST_REQUIRE_EQUAL(frames.size(), count);
  for (std::size_t i = 0; i < count; ++i) BOOST_REQUIRE_EQUAL(frames[i], i + 1);
}

BOOST_AUTO_TEST_CASE(a_short_list_stays_in_memory_and_is_sorted) {
  MessageList list = {numbered(3, 3), numbered(1, 1), numbered(2, 1)};
  list.sort();
  BOOST_TEST(frames_of(list) == (std::vector<std::size_t>{1, 2, 3}), boost::test_tools::per_element());
  BOOST_TEST(list.in_file() == 0);
  BOOST_TEST(list[2].frame == 3);
  list.clear();
  BOOST_TEST(list.empty());
  BOOST_TEST(frames_of(list).empty());
}

BOOST_AUTO_TEST_CASE(dialogs_go_away_and_come_back) {
  DialogList list;
  for (std::size_t i = 0; i < 5; ++i) list.push_back(numbered_dialog(i));
  for (const std::size_t away : {1U, 3U, 3U}) list.put_away(away);
  list[3].messages = 9; // back, and changed
  list.put_away(3);
  const auto copy = list;
  std::vector<std::string> ids;
  for (const auto& dialog : copy) {
    ids.push_back(dialog.call_id);
    BOOST_TEST((pack(dialog).size() == pack(numbered_dialog(0)).size()));
  }
  BOOST_TEST(ids == (std::vector<std::string>{"call 0", "call 1", "call 2", "call 3", "call 4"}),
             boost::test_tools::per_element());
  BOOST_TEST(list[3].messages == 9);
  BOOST_TEST((pack(list[1]) == pack(numbered_dialog(1))));
  const auto packed = pack(numbered_dialog(1));
  BOOST_TEST(!unpack_dialog(ByteView(packed).first(packed.size() - 1)));
}

BOOST_AUTO_TEST_SUITE_END()

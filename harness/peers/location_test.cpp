#include "peers/location.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::peers;
using namespace std::chrono_literals;

namespace {

constexpr Instant start{1000s};

sip::Message request(int cseq, const std::vector<std::string>& contacts, const char* expires = nullptr,
                     const char* call_id = "a") {
  sip::Message out = sip::Message::request("REGISTER", "sip:192.0.2.11");
  out.add("Call-ID", call_id);
  out.add("CSeq", std::to_string(cseq) + " REGISTER");
  for (const std::string& contact : contacts) out.add("Contact", contact);
  if (expires != nullptr) out.add("Expires", expires);
  return out;
}

const std::string here = "<sip:100@192.0.2.30:16000;transport=tls>", there = "<sip:100@192.0.2.31>";

struct Users {
  Location location;
  ExpiryLimits limits{60, 3600};
  Location::Outcome update(const sip::Message& message, Instant now = start) {
    return location.update("100", message, limits, now);
  }
  std::size_t count(Instant now = start) const { return location.find("100", now).size(); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(location)

BOOST_AUTO_TEST_CASE(a_contact_is_bound_for_the_time_it_asks_for_up_to_the_most) {
  Users users;
  const auto bound = users.update(request(1, {here + ";expires=100", there}, "7200"));
  BOOST_TEST(bound.status == 200);
  BOOST_TEST((bound.contacts == std::vector<std::string>{here + ";expires=100", there + ";expires=3600"}));
  BOOST_TEST(users.count(start + 99s) == 2u);
  BOOST_TEST(users.count(start + 100s) == 1u);
  BOOST_TEST(users.count(start + 3600s) == 0u);
  BOOST_TEST(users.location.find("101", start).empty());
}

BOOST_AUTO_TEST_CASE(the_latest_binding_comes_first) {
  Users users;
  (void)users.update(request(1, {there}));
  (void)users.update(request(1, {here}, nullptr, "b"));
  BOOST_TEST(users.location.find("100", start).front().host == "192.0.2.30");
  (void)users.update(request(2, {there}));
  BOOST_TEST(users.location.find("100", start).front().host == "192.0.2.31");
  BOOST_TEST(users.count() == 2u);
}

BOOST_AUTO_TEST_CASE(without_contact_it_only_asks) {
  Users users;
  (void)users.update(request(1, {here}));
  BOOST_TEST(users.update(request(2, {})).contacts.size() == 1u);
}

BOOST_AUTO_TEST_CASE(bindings_are_removed_one_by_one_or_all_together) {
  Users users;
  (void)users.update(request(1, {here, there}));
  BOOST_TEST(users.update(request(2, {here}, "0")).contacts.size() == 1u);
  BOOST_TEST(users.update(request(3, {"*"}, "0")).contacts.empty());
  BOOST_TEST(users.count() == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_changes_nothing) {
  Users users;
  (void)users.update(request(5, {here}));
  BOOST_TEST(users.update(request(6, {there + ";expires=59"})).status == 423);
  BOOST_TEST(users.update(request(5, {here}, "0")).status == 500); // overtaken (RFC 3261 §10.3)
  BOOST_TEST(users.update(request(6, {"*"}, "60")).status == 400);
  BOOST_TEST(users.update(request(6, {"<sip:"})).status == 400);
  sip::Message no_cseq = request(7, {here});
  no_cseq.remove("CSeq");
  BOOST_TEST(users.update(no_cseq).status == 400);
  BOOST_TEST(users.count() == 1u);
  BOOST_TEST(users.update(request(1, {here}, "0", "b")).status == 200); // another client's counts by itself
}

BOOST_AUTO_TEST_SUITE_END()

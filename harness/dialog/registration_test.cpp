#include "dialog/registration.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::dialog;
using namespace std::chrono_literals;
using State = Registration::State;

namespace {

const std::string contact = "sip:100@192.0.2.30:16000;transport=tls";

sip::Message ok(std::initializer_list<const char*> contacts, const char* expires = nullptr) {
  sip::Message out = sip::Message::response(200, "OK");
  for (const char* each : contacts) out.add("Contact", each);
  if (expires != nullptr) out.add("Expires", expires);
  return out;
}
sip::Message failure(int status, const char* header = nullptr, const char* value = "") {
  sip::Message out = sip::Message::response(status, "No");
  if (header != nullptr) out.add(header, value);
  return out;
}

const char* bound_for_an_hour = "<sip:100@192.0.2.30:16000;transport=tls>;expires=3600";
const char* bound_for_a_minute = "<sip:100@192.0.2.30:16000;transport=TLS>;expires=60";
const char* somebody_else = "<sip:100@192.0.2.99:5061>;expires=20";

} // namespace

BOOST_AUTO_TEST_SUITE(registration)

BOOST_AUTO_TEST_CASE(a_binding_is_renewed_before_it_ends) {
  Registration machine;
  BOOST_TEST((machine.start(contact).send_expires_s == 3600u));
  const auto step = machine.on_response(ok({somebody_else, bound_for_a_minute}));
  BOOST_TEST((machine.state() == State::registered));
  BOOST_TEST(machine.granted_s() == 60u);
  BOOST_TEST(machine.bindings() == 2u);
  BOOST_TEST((step.wake_after == 54s));
  BOOST_TEST(!step.send_expires_s.has_value());
  BOOST_TEST((machine.on_timer().send_expires_s == 3600u));
  BOOST_TEST((machine.state() == State::registering));
}

BOOST_AUTO_TEST_CASE(expires_counts_where_the_contact_has_none_of_its_own) {
  Registration machine;
  (void)machine.start(contact);
  const auto step = machine.on_response(ok({"<sip:100@192.0.2.30:16000;transport=tls>"}, "100"));
  BOOST_TEST((step.wake_after == 90s));
}

BOOST_AUTO_TEST_CASE(a_200_without_the_contact_binds_nothing) {
  for (const auto& response : {ok({}), ok({somebody_else}), ok({"<sip:100@192.0.2.30:16000>;expires=60"}),
                               ok({"<sip:100@192.0.2.30:16000;transport=tls>;expires=0"}),
                               ok({"<sip:100@192.0.2.30:16000;transport=tls>;expires=soon"})}) {
    Registration machine;
    (void)machine.start(contact);
    BOOST_TEST((machine.on_response(response).wake_after == 5s));
    BOOST_TEST((machine.state() == State::waiting));
  }
}

BOOST_AUTO_TEST_CASE(an_interval_too_brief_is_raised_once) {
  Registration machine({60, 5s, 5min});
  BOOST_TEST((machine.start(contact).send_expires_s == 60u));
  BOOST_TEST((machine.on_response(failure(423, "Min-Expires", "600")).send_expires_s == 600u));
  (void)machine.on_response(ok({bound_for_an_hour}));
  BOOST_TEST((machine.on_timer().send_expires_s == 600u)); // remembered
  // The same again, or nonsense, is a failure like others.
  BOOST_TEST((machine.on_response(failure(423, "Min-Expires", "600")).wake_after == 5s));
  (void)machine.on_timer();
  BOOST_TEST((machine.on_response(failure(423)).wake_after == 10s));
}

BOOST_AUTO_TEST_CASE(failures_are_tried_again_ever_later) {
  Registration machine({3600, 5s, 15s});
  (void)machine.start(contact);
  for (const Duration wait : {Duration(5s), Duration(10s), Duration(15s), Duration(15s)}) {
    BOOST_TEST((machine.on_no_response().wake_after == wait));
    BOOST_TEST((machine.state() == State::waiting));
    BOOST_TEST(machine.on_timer().send_expires_s.has_value());
  }
  BOOST_TEST((machine.on_response(failure(503, "Retry-After", "120 (maintenance)")).wake_after == 120s));
  (void)machine.on_timer();
  (void)machine.on_response(ok({bound_for_an_hour}));
  (void)machine.on_timer();
  BOOST_TEST((machine.on_response(failure(500)).wake_after == 5s)); // counted anew
}

BOOST_AUTO_TEST_CASE(what_will_not_pass_is_not_tried_again) {
  for (const int status : {401, 403, 404, 407}) {
    Registration machine;
    (void)machine.start(contact);
    const auto step = machine.on_response(failure(status));
    BOOST_TEST((machine.state() == State::refused));
    BOOST_TEST(!step.wake_after.has_value());
    BOOST_TEST(!machine.on_timer().send_expires_s.has_value());
    BOOST_TEST(machine.start(contact).send_expires_s.has_value()); // until it is asked for
  }
}

BOOST_AUTO_TEST_CASE(a_binding_is_removed_with_expiry_0) {
  Registration machine;
  BOOST_TEST(!machine.stop().send_expires_s.has_value());
  (void)machine.start(contact);
  (void)machine.on_response(ok({bound_for_an_hour}));
  BOOST_TEST((machine.stop().send_expires_s == 0u));
  BOOST_TEST((machine.state() == State::unregistering));
  (void)machine.on_response(ok({somebody_else}));
  BOOST_TEST((machine.state() == State::idle));
  BOOST_TEST(machine.bindings() == 1u);

  (void)machine.start(contact);
  (void)machine.stop();
  (void)machine.on_no_response();
  BOOST_TEST((machine.state() == State::idle));
}

BOOST_AUTO_TEST_CASE(a_late_response_changes_nothing) {
  Registration machine;
  (void)machine.on_response(ok({bound_for_an_hour}));
  (void)machine.on_no_response();
  BOOST_TEST((machine.state() == State::idle));
  BOOST_TEST(name(machine.state()) == "idle");
}

BOOST_AUTO_TEST_SUITE_END()

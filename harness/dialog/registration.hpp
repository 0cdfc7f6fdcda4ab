// A registration (RFC 3261 §10.2) as a pure machine: when to send REGISTER and with what expiry, what its
// outcome means, when to come back. Whoever drives it sends the requests, answers challenges and owns the
// timer.
#pragma once

#include "base/clock.hpp"
#include "sip/message.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sipvet::dialog {

struct RegistrationSettings {
  std::uint32_t expires_s = 3600; // asked for
  // After a failure that may pass: doubled each time up to the longest, unless Retry-After says otherwise.
  Duration retry = std::chrono::seconds(5);
  Duration longest_retry = std::chrono::minutes(5);
  // Misbehaviour by name.
  bool ignores_min_expires = false;
  bool never_renews = false;
};

// A binding is renewed when this share of its time is over, in percent: late enough not to bother the
// registrar, early enough for a second try.
inline constexpr int refresh_percent = 90;

class Registration {
 public:
  enum class State {
    idle,          // never begun, or removed
    registering,   // a REGISTER waits for its outcome
    registered,    // and will be renewed
    waiting,       // failed; another try is due
    refused,       // for a reason that will not pass: nothing more is tried
    unregistering, // the removal waits for its outcome
  };

  // What to do now; both may be there.
  struct Step {
    std::optional<std::uint32_t> send_expires_s; // a REGISTER with this expiry; 0 removes the binding
    std::optional<Duration> wake_after;          // in place of any timer set before
  };

  // `contact`: the URI that is bound, to find it among those of a response.
  explicit Registration(RegistrationSettings settings = {}) : settings_(settings) {}

  Step
  start(std::string contact); // from any state; also to bind another contact, or again over a new connection
  Step stop();                // removes the binding; nothing where there is none
  // A final response to the REGISTER, after challenges were answered as far as that goes.
  Step on_response(const sip::Message& response);
  Step on_no_response(); // none came, or the transport failed
  Step on_timer();
  void suspend(); // nothing is tried until start(): the way to the registrar is lost

  State state() const { return state_; }
  std::uint32_t granted_s() const { return granted_s_; } // by the last 2xx
  std::size_t bindings() const { return bindings_; }     // that it listed
  int status() const { return status_; }                 // of the last response; 0: none came

 private:
  Step send();
  Step fail_for_now(std::optional<Duration> retry_after);
  Step accepted(const sip::Message& response);

  RegistrationSettings settings_;
  State state_ = State::idle;
  std::string contact_;
  std::uint32_t wanted_s_ = 0; // raised by a 423
  std::uint32_t granted_s_ = 0;
  std::size_t bindings_ = 0;
  unsigned failures_ = 0; // in a row
  int status_ = 0;
};
std::string_view name(Registration::State state);

} // namespace sipvet::dialog

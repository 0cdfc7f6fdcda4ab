#include "gateway/deviation_reader.hpp"

#include "gateway/config.hpp"
#include "gateway/property_value.hpp"

#include <algorithm>
#include <array>

namespace sipvet::gateway {

namespace {

using script::Value;

constexpr std::string_view modes = "always, as-needed, never";

struct Row {
  PropertyInfo info;
  bool Deviations::*flag; // null: read by hand
};

#define SIPVET_FLAG(name, text)                                                                              \
  Row { {#name, "boolean", "", "false", text}, &Deviations::name }
constexpr Row rows[] = {
    {{"srtp_answer", "{mode, offer, treatment}", "", "", "one changed entry of the inbound SRTP table"},
     nullptr},
    {{"srtp_offer", "{mode, offer}", "", "", "one changed entry of the outbound SRTP table"}, nullptr},
    {{"status_instead_of_488", "integer", "", "488", "the status that unacceptable offers get"}, nullptr},
    SIPVET_FLAG(plain_media_on_secured_leg, "agrees on SRTP and sends RTP"),
    SIPVET_FLAG(reuse_key_both_directions, "answers with the offerer's own key"),
    SIPVET_FLAG(wrong_suite_in_answer, "names another suite in the answer than the one it uses"),
    SIPVET_FLAG(answer_tag_changed, "answers a crypto tag that was not offered"),
    SIPVET_FLAG(offer_suites_reversed, "offers its suites last first"),
    SIPVET_FLAG(answer_picks_offerers_order, "takes the offerer's first suite instead of its own"),
    SIPVET_FLAG(silent_media, "sends packets without sound"),
    SIPVET_FLAG(wrong_voiceprint, "sends the caller's own sound back"),
    SIPVET_FLAG(one_way_media, "sends no media"),
    SIPVET_FLAG(t38_beside_srtp, "changes a call with SRTP to T.38 whatever is configured"),
    SIPVET_FLAG(no_t38, "turns T.38 down whatever is configured"),
    SIPVET_FLAG(no_ack, "does not acknowledge a 2xx"),
    SIPVET_FLAG(no_bye_response, "does not answer BYE"),
    SIPVET_FLAG(second_answer_kept, "acknowledges a second fork that answers, and does not end it"),
    SIPVET_FLAG(sip_contact_for_sips, "answers a sips request with a Contact of scheme sip"),
    SIPVET_FLAG(message_for_each_read, "takes what a read gives for one SIP message"),
    SIPVET_FLAG(no_pong, "does not answer keep-alives"),
    SIPVET_FLAG(connection_for_each_request, "sends no request over a connection that is there"),
    SIPVET_FLAG(no_credentials, "answers no challenge"),
    SIPVET_FLAG(ignores_next_nonce, "goes on with a nonce when another was announced"),
    SIPVET_FLAG(tries_refused_password, "answers challenges whatever became of the last answer"),
    SIPVET_FLAG(no_persistent_connection, "registers over a connection of any port, and keeps none"),
    SIPVET_FLAG(one_persistent_port, "asks for the base port for each persistent connection"),
    SIPVET_FLAG(no_reconnect, "a persistent connection that is lost stays so"),
    SIPVET_FLAG(no_renewed_registration, "registers once, and never again in time or over a new connection"),
    SIPVET_FLAG(no_unregister, "leaves its bindings where they are"),
    SIPVET_FLAG(ignores_min_expires, "takes a 423 for a failure like others"),
    SIPVET_FLAG(no_keep_alive, "sends no keep-alives whatever is configured"),
    SIPVET_FLAG(ignores_missing_pong, "takes a connection without answers to keep-alives for a good one"),
    SIPVET_FLAG(udp_in_dialog, "sends requests within dialogs by UDP"),
    SIPVET_FLAG(tls_for_some, "lets TLS and plain gateways stand side by side"),
    SIPVET_FLAG(no_prack, "does not acknowledge reliable provisional responses"),
    SIPVET_FLAG(any_prack, "takes any PRACK for the one that is due"),
    SIPVET_FLAG(no_session_refresh, "lets sessions run out that it is to refresh"),
    SIPVET_FLAG(no_session_end, "keeps sessions that were not refreshed"),
    SIPVET_FLAG(takes_any_interval, "takes session intervals below its minimum"),
    SIPVET_FLAG(offers_unanswered, "answers no offer in PRACK and UPDATE"),
    SIPVET_FLAG(crossing_offers_taken, "takes an offer while another one is open"),
    SIPVET_FLAG(no_repeated_offer, "does not offer again what crossed another offer"),
    SIPVET_FLAG(unchallenged_in_call, "answers no challenge to requests within a call"),
    SIPVET_FLAG(garbage_kept, "keeps connections whose octets are no SIP"),
    SIPVET_FLAG(silent_about_limits, "does not say which limit was reached, and by whom"),
    SIPVET_FLAG(no_transfer_notice, "does not tell what came of a transfer"),
    SIPVET_FLAG(no_cancel, "does not cancel a call that is hung up before the answer"),
    SIPVET_FLAG(late_answer_taken, "takes an order to answer a call that is over, or answered"),
    SIPVET_FLAG(silent_recording, "records silence in the place of what is heard"),
    {{"tls", "{NAME: value}", "", "", "TLS that misbehaves: the names of docs/tls-deviations.md"}, nullptr},
    {{"sdes", "{NAME: boolean}", "", "", "SDES that misbehaves: the names of docs/sdes.md"}, nullptr},
    {{"dtls", "{NAME: value}", "", "", "DTLS-SRTP that misbehaves: the names of docs/dtls-srtp.md"}, nullptr},
    {{"mikey", "{NAME: value}", "", "", "MIKEY that misbehaves: the names of docs/key-management.md"},
     nullptr},
    {{"route", "{NAME: boolean}", "", "",
      "finds, chooses or admits others wrongly: the names of docs/routing.md"},
     nullptr},
    {{"media", "{NAME: value}", "", "", "media that misbehaves: the names of docs/media-deviations.md"},
     nullptr},
};
#undef SIPVET_FLAG

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Row& row : rows) all.emplace_back(row.info.name);
  return all;
}

struct EntryReader {
  const Value& map;
  std::vector<script::Diagnostic>& errors;
  bool good = true;

  void complain(const script::SourceLocation& at, std::string message) {
    errors.push_back({at, std::move(message)});
    good = false;
  }

  template <typename Enum>
  void read(std::string_view key, std::optional<Enum> (*find)(std::string_view), std::string_view choices,
            Enum& field) {
    const Value* value = map.find(key);
    if (value == nullptr) return complain(map.at, "expected the key '" + std::string(key) + "'");
    const std::optional<Enum> found = value->is_scalar() ? find(value->text) : std::nullopt;
    if (!found) {
      return complain(value->at, std::string(key) + ": expected one of " + std::string(choices) + ", found " +
                                     script::describe(*value));
    }
    field = *found;
  }

  void check_keys(const std::vector<std::string>& known) {
    if (!map.is_map()) complain(map.at, "expected a map, found " + script::describe(map));
    for (const script::MapEntry& entry : map.entries) {
      if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
        complain(entry.at, unknown_name("key", entry.key, known));
      }
    }
  }
};

void read_answer_override(const Value& value, Deviations& deviations,
                          std::vector<script::Diagnostic>& errors) {
  EntryReader reader{value, errors};
  AnswerOverride entry;
  reader.check_keys({"mode", "offer", "treatment"});
  if (!value.is_map()) return;
  reader.read("mode", &find_srtp_mode, modes, entry.mode);
  reader.read("offer", &find_offer_shape, "srtp-only, srtp-and-rtp, rtp-only", entry.offer);
  reader.read("treatment", &find_treatment, "srtp, rtp, 488", entry.treatment);
  if (reader.good) deviations.srtp_answer = entry;
}

void read_offer_override(const Value& value, Deviations& deviations,
                         std::vector<script::Diagnostic>& errors) {
  EntryReader reader{value, errors};
  OfferOverride entry;
  reader.check_keys({"mode", "offer"});
  if (!value.is_map()) return;
  reader.read("mode", &find_srtp_mode, modes, entry.mode);
  reader.read("offer", &find_offer_shape, "srtp-only, srtp-and-rtp, rtp-only", entry.offer);
  if (reader.good) deviations.srtp_offer = entry;
}

// The deviations of another part, which reads their values itself.
template <typename Set>
void read_named(const std::string& part, const Value& value, Set set,
                std::vector<script::Diagnostic>& errors) {
  if (!value.is_map())
    errors.push_back({value.at, part + ": expected a map, found " + script::describe(value)});
  for (const script::MapEntry& entry : value.entries) {
    const auto values = script::as_texts(entry.value);
    if (!values) {
      errors.push_back({entry.value.at, part + ": expected a text or a list of texts for " + entry.key +
                                            ", found " + script::describe(entry.value)});
    } else if (const Result<void> done = set(entry.key, *values); !done) {
      errors.push_back({entry.at, part + ": " + done.error().what});
    }
  }
}

void read_entry(const Row& row, const Value& value, Deviations& deviations,
                std::vector<script::Diagnostic>& errors) {
  Complaint complaint;
  if (row.flag != nullptr) {
    complaint = read_boolean(value, deviations.*row.flag);
  } else if (row.info.name == "srtp_answer") {
    read_answer_override(value, deviations, errors);
  } else if (row.info.name == "srtp_offer") {
    read_offer_override(value, deviations, errors);
  } else if (row.info.name == "tls") {
    const auto set = [&](const auto& name, const auto& values) {
      return tls::set_deviation(deviations.tls, name, values);
    };
    read_named("tls", value, set, errors);
  } else if (row.info.name == "dtls") {
    const auto set = [&](const auto& name, const auto& values) {
      return ua::set_dtls_deviation(deviations.dtls, name, values.size() == 1 ? values[0] : std::string());
    };
    read_named("dtls", value, set, errors);
  } else if (row.info.name == "mikey") {
    const auto set = [&](const auto& name, const auto& values) {
      return keying::set_mikey_deviation(deviations.mikey, name, values);
    };
    read_named("mikey", value, set, errors);
  } else if (row.info.name == "route") {
    const auto set = [&](const auto& name, const auto& values) {
      return set_route_deviation(deviations.route, name, values);
    };
    read_named("route", value, set, errors);
  } else if (row.info.name == "media") {
    const auto set = [&](const auto& name, const auto& values) {
      return ua::set_media_deviation(deviations.media, name, values);
    };
    read_named("media", value, set, errors);
  } else if (row.info.name == "sdes") {
    const auto set = [&](const auto& name, const auto& values) {
      return keying::set_sdes_deviation(deviations.sdes, name, values);
    };
    read_named("sdes", value, set, errors);
  } else {
    std::int64_t status = 0;
    complaint = read_integer(value, 300, 699, status);
    if (!complaint) deviations.status_instead_of_488 = static_cast<int>(status);
  }
  if (complaint) errors.push_back({value.at, std::string(row.info.name) + ": " + *complaint});
}

} // namespace

void read_deviations(const Value& map, Deviations& deviations, std::vector<script::Diagnostic>& errors) {
  if (!map.is_map()) {
    errors.push_back({map.at, "deviations: expected a map, found " + script::describe(map)});
    return;
  }
  for (const script::MapEntry& entry : map.entries) {
    const auto row = std::find_if(std::begin(rows), std::end(rows),
                                  [&](const Row& each) { return each.info.name == entry.key; });
    if (row == std::end(rows)) {
      errors.push_back({entry.at, unknown_name("deviation", entry.key, names())});
    } else {
      read_entry(*row, entry.value, deviations, errors);
    }
  }
}

std::span<const PropertyInfo> deviation_properties() {
  static const std::vector<PropertyInfo> infos = [] {
    std::vector<PropertyInfo> all;
    for (const Row& row : rows) all.push_back(row.info);
    return all;
  }();
  return infos;
}

} // namespace sipvet::gateway

// The steps a scripted peer carries out: one function for each action of the scenario language.
#include "peers/peer_state.hpp"

#include "base/text.hpp"
#include "peers/crypto_template.hpp"
#include "peers/keys_expectation.hpp"
#include "sdp/crypto.hpp"
#include "ua/t38_description.hpp"

#include <fmt/format.h>

#include <array>

namespace sipvet::peers {

namespace {

using script::Step;

std::string text_option(const Step& step, std::string_view key) {
  const script::Value* value = step.options.find(key);
  return value == nullptr ? std::string() : value->text;
}

std::optional<keying::OfferShape> find_shape(std::string_view name) {
  for (const auto shape :
       {keying::OfferShape::srtp_only, keying::OfferShape::srtp_and_rtp, keying::OfferShape::rtp_only})
    if (keying::name(shape) == name) return shape;
  return std::nullopt;
}

keying::Form form_of(const Step& step, keying::Form otherwise) {
  return keying::find_choice_form(text_option(step, "form")).value_or(otherwise);
}

// Templates of crypto lines. They have commas of their own, which part nothing.
std::vector<std::string> crypto_of(const Step& step) {
  const script::Value* value = step.options.find("crypto");
  return value == nullptr ? std::vector<std::string>{}
                          : script::as_texts(*value).value_or(std::vector<std::string>{});
}

// The answer given before, or one that has other crypto lines: media goes on as it was.
Result<sdp::Session> with_crypto(sdp::Session answer, const std::vector<std::string>& templates,
                                 Random& random) {
  for (sdp::Media& media : answer.media) {
    const auto line = media.attributes.value("crypto");
    if (templates.empty() || !line) continue;
    SIPVET_TRY(const sdp::Crypto chosen, sdp::parse_crypto(*line));
    media.attributes.remove("crypto");
    for (const std::string& text : templates) {
      SIPVET_TRY(std::string filled, fill_crypto_template(text, random, &chosen));
      media.attributes.add("crypto", std::move(filled));
    }
  }
  return answer;
}

MediaWish wish_of(const Step& step) {
  const std::string wish = text_option(step, "media");
  if (wish == "srtp") return MediaWish::srtp;
  if (wish == "rtp") return MediaWish::rtp;
  return MediaWish::best;
}

constexpr int early_dialog_terminated = 199; // RFC 6228

bool hears_fax(const Leg& leg, std::string_view signal) {
  const auto heard = leg.media ? leg.media->fax_signal() : std::nullopt;
  return heard && rtp::name(*heard) == signal;
}

} // namespace

ActiveStep impossible(const Step& step, const std::string& why) {
  return finished({step_finding(
      step, "step-impossible",
      fmt::format("{} cannot carry out '{}' here: {}.", step.actor, step.action, why), "", why)});
}

ua::HeaderValues headers_of(const Step& step) {
  ua::HeaderValues out;
  if (const script::Value* headers = step.options.find("headers"))
    for (const script::MapEntry& entry : headers->entries) out.emplace_back(entry.key, entry.value.text);
  return out;
}

Leg* Peer::State::pending_incoming() {
  for (auto leg = legs.rbegin(); leg != legs.rend(); ++leg) {
    if ((*leg)->ended || (*leg)->rejected) continue;
    if ((*leg)->reinvited || (*leg)->updated || ((*leg)->incoming && !(*leg)->answered)) return leg->get();
  }
  return nullptr;
}

std::vector<rtp::SrtpSuite> Peer::State::suites_of(const Step& step, std::string_view key) const {
  std::vector<rtp::SrtpSuite> out;
  for (const std::string& text : text_list(step.options.find(key)))
    if (const auto suite = rtp::find_srtp_suite(text)) out.push_back(*suite);
  return out.empty() ? settings.suites : out;
}

Result<ua::Target> Peer::State::gateway_target(const Step& step) const {
  const std::string wanted = text_option(step, "transport");
  SIPVET_TRY(ua::Target target,
             surroundings.gateway(ua::find_transport(wanted).value_or(
                                      settings.next_hop.transport.value_or(settings.transport)),
                                  settings.next_hop.port));
  if (settings.next_hop.domain) target.server_name = target.domain = *settings.next_hop.domain;
  if (settings.tls.server_name) target.server_name = *settings.tls.server_name;
  return target;
}

Result<std::optional<ua::Body>> Peer::State::offer_body(Leg& leg, const Step& step) {
  const std::string wanted = text_option(step, "offer");
  leg.we_offered = wanted != "none";
  if (!leg.we_offered) return std::optional<ua::Body>();
  if (wanted == "t38") {
    SIPVET_TRY(const sdp::Session fax, leg.media->offer_t38());
    return std::optional(sdp_body(fax));
  }
  const auto shape = wanted.empty() ? settings.next_hop.encryption.value_or(keying::OfferShape::rtp_only)
                                    : find_shape(wanted);
  if (!shape) return fail(fmt::format("'{}' is no offer", wanted));
  const auto suites = suites_of(step, "suites");
  SIPVET_TRY(const sdp::Session offer,
             leg.media->offer(*shape, form_of(step, settings.form), suites, crypto_of(step)));
  return std::optional(sdp_body(offer));
}

ActiveStep Peer::State::call(const Step& step) {
  const auto target = call_target(step);
  if (!target) return impossible(step, target.error().what);
  auto leg = std::make_unique<Leg>();
  leg->media = make_media();
  auto body = offer_body(*leg, step);
  if (!body) return impossible(step, body.error().what);

  ua::InviteOptions invite;
  invite.target = *target;
  invite.body = std::move(*body);
  invite.headers = headers_of(step);
  leg->prack_offer = text_option(step, "prack");
  if (const std::string to = text_option(step, "to"); !to.empty())
    invite.request_uri =
        fmt::format("sip:{}@{};transport={}", to, to_string(target->remote), ua::name(target->transport));
  if (step.options.find("through") != nullptr)
    invite.request_uri = fmt::format("sip:{}@{}", step.argument.text, to_string(target->remote));
  begin_outcome("INVITE");
  const auto id = agent->invite(invite);
  if (!id) return impossible(step, id.error().what);
  leg->id = *id;
  legs.push_back(std::move(leg));
  return finished();
}

ActiveStep Peer::State::expect(const Step& step) {
  const auto read = read_expectation(step.argument);
  if (!read) return impossible(step, read.error().what);
  const auto& [response, tls, dtls, dtmf, fax, next_hop] = *read;
  if ((response || !next_hop.empty()) && outstanding.empty())
    return impossible(step, "it has sent no request");
  notice_connections();
  return {[this, step, response = response, tls = tls, dtls = dtls, dtmf = dtmf, fax = fax,
           next_hop = next_hop]() -> std::optional<Findings> {
            if ((response || !next_hop.empty()) && !answered_all()) return std::nullopt;
            if (!next_hop.empty()) return judge_next_hop(step, next_hop);
            Findings out;
            for (const Outcome& outcome : response ? outcomes : std::vector<Outcome>{})
              for (verdict::Finding& finding : compare(step, *response, outcome))
                out.push_back(std::move(finding));
            if (response) go_on_with_invite();
            if (!out.empty()) return out;
            if (dtls) {
              const auto judged = judge(step, *dtls, dtls_of_latest());
              if (!judged || !judged->empty()) return judged;
            }
            if (!dtmf.empty()) {
              const auto judged = compare_keys(step, dtmf, keys_heard());
              if (!judged || !judged->empty()) return judged;
            }
            const Leg* leg = latest();
            if (!fax.empty() && (leg == nullptr || !hears_fax(*leg, fax))) return std::nullopt;
            return tls ? judge_latest(step, *tls, connections) : out;
          },
          [this, step, response = response, tls = tls, dtmf = dtmf, fax = fax, next_hop = next_hop] {
            if ((response || !next_hop.empty()) && !answered_all())
              return fmt::format("a final response to the {} of {}", outstanding, name);
            if (!dtmf.empty() && !compare_keys(step, dtmf, keys_heard()))
              return fmt::format("the digits {} to {}, which has heard '{}'", dtmf, name, keys_heard());
            if (!fax.empty()) return fmt::format("the fax signal {} to {}", fax, name);
            if (!tls) return fmt::format("the DTLS handshake of {}'s media to end so", name);
            if (connections.empty()) return fmt::format("a connection of {}", name);
            if (connections.back()->judged_when_over)
              return fmt::format("a connection of {} after the last, which was judged before", name);
            return missing(*tls, *connections.back());
          }};
}

ActiveStep Peer::State::receive(const Step& step) {
  const auto expected = read_expected_request(step);
  if (!expected) return impossible(step, expected.error().what);
  return {[this, step, expected = *expected]() -> std::optional<Findings> {
            for (auto arrived = inbox.begin(); arrived != inbox.end(); ++arrived) {
              if (arrived->name() != expected.method) continue;
              const sip::Message request = arrived->request;
              inbox.erase(inbox.begin(), arrived + 1);
              return compare(step, expected, request);
            }
            return std::nullopt;
          },
          [this, method = expected->method] { return fmt::format("a {} to {}", method, name); }};
}

ActiveStep Peer::State::ring(const Step& step) {
  Leg* leg = pending_incoming();
  if (leg == nullptr) return impossible(step, "no INVITE waits for a response");
  const int status = static_cast<int>(script::as_integer(step.argument).value_or(180));
  const script::Value* with_sdp = step.options.find("sdp");
  if (status == early_dialog_terminated) leg->media->stop();
  if (with_sdp == nullptr || !script::as_boolean(*with_sdp).value_or(false))
    return done_or_impossible(step, agent->provisional(leg->id, status));
  if (!leg->remote_offer) return impossible(step, "the INVITE had no offer to answer");
  leg->media->hold();
  const auto early =
      leg->media->answer(*leg->remote_offer, wish_of(step), suites_of(step, "suite"), crypto_of(step));
  if (!early) return impossible(step, early.error().what);
  leg->early_answer = *early;
  leg->described = agent->reliable(leg->id);
  const auto sent = agent->provisional(leg->id, status, sdp_body(*early));
  leg->media->answer_sent();
  note_agreed(*leg, true);
  return done_or_impossible(step, sent);
}

// An answer that a provisional response gave stays the answer (RFC 3261 §13.2.1).
Result<sdp::Session> Peer::State::final_description(Leg& leg, const Step& step) {
  const auto suites = suites_of(step, "suite");
  if (!leg.remote_offer) return leg.media->offer(keying::OfferShape::rtp_only, settings.form, suites);
  const auto early = std::exchange(leg.early_answer, std::nullopt);
  if (early) return with_crypto(*early, crypto_of(step), surroundings.network.random());
  if (const auto section = ua::t38_section(*leg.remote_offer))
    return leg.media->answer_t38(*leg.remote_offer, *section);
  return leg.media->answer(*leg.remote_offer, wish_of(step), suites, crypto_of(step));
}

ActiveStep Peer::State::answer(const Step& step) {
  Leg* leg = pending_incoming();
  if (leg == nullptr) return impossible(step, "no INVITE waits for a response");
  if (leg->updated) return answer_update(*leg, step);
  const auto description = final_description(*leg, step);
  if (!description) return impossible(step, description.error().what);
  const bool told = std::exchange(leg->described, false) && crypto_of(step).empty(); // RFC 6337 §3.1
  leg->remote_offer.reset();
  leg->answered = true;
  leg->reinvited = false;
  const int status = static_cast<int>(script::as_integer(step.argument).value_or(200));
  silence_other_branches(*leg);
  const std::optional<ua::Body> body = told ? std::nullopt : std::optional(sdp_body(*description));
  const auto sent = agent->answer(leg->id, status, body, headers_of(step));
  leg->media->answer_sent();
  return done_or_impossible(step, sent);
}

ActiveStep Peer::State::reject(const Step& step) {
  Leg* leg = pending_incoming();
  if (leg == nullptr) return impossible(step, "no INVITE waits for a response");
  if (leg->updated) return answer_update(*leg, step);
  if (leg->answered) { // a re-INVITE: the call goes on
    leg->remote_offer.reset();
    leg->reinvited = false;
  } else
    leg->rejected = true;
  const int status = static_cast<int>(script::as_integer(step.argument).value_or(486));
  return done_or_impossible(step,
                            agent->reject(leg->id, status, text_option(step, "reason"), headers_of(step)));
}

ActiveStep Peer::State::cancel(const Step& step) {
  Leg* leg = latest();
  if (leg == nullptr || leg->incoming || leg->answered)
    return impossible(step, "it has no call that could be cancelled");
  return done_or_impossible(step, agent->cancel(leg->id));
}

ActiveStep Peer::State::hang_up(const Step& step) {
  Leg* leg = latest();
  if (leg == nullptr || !leg->answered || leg->ended) return impossible(step, "it has no call to hang up");
  leg->media->stop();
  const auto sent = agent->hang_up(leg->id);
  if (!sent) return impossible(step, sent.error().what);
  return {[leg, step]() -> std::optional<Findings> {
            if (!leg->ended) return std::nullopt;
            if (!leg->bye_done || leg->bye_response.starts_with("2")) return Findings{};
            return Findings{step_finding(
                step, "bye-response", fmt::format("The BYE of {} was not answered with 200.", step.actor),
                "200", leg->bye_response.empty() ? "no response" : leg->bye_response)};
          },
          [this] { return fmt::format("the response to the BYE of {}", name); }};
}

ActiveStep Peer::State::reinvite(const Step& step) {
  Leg* leg = latest();
  if (leg == nullptr || !leg->answered || leg->ended) return impossible(step, "it has no call to change");
  auto body = offer_body(*leg, step);
  if (!body) return impossible(step, body.error().what);
  begin_outcome("INVITE");
  return done_or_impossible(step, agent->reinvite(leg->id, std::move(*body)));
}

ActiveStep Peer::State::options(const Step& step) {
  const auto target = gateway_target(step);
  if (!target) return impossible(step, target.error().what);
  begin_outcome("OPTIONS");
  return done_or_impossible(step, agent->request("OPTIONS", *target, {}, {}, headers_of(step)));
}

// RFC 3515: asks the gateway to call somebody else.
ActiveStep Peer::State::refer(const Step& step) {
  Leg* leg = latest();
  if (leg == nullptr || !leg->answered || leg->ended) return impossible(step, "it has no call to transfer");
  std::string uri = text_option(step, "uri");
  if (const std::string other = text_option(step, "to"); uri.empty() && !other.empty()) {
    const auto target = surroundings.peer(other, settings.transport);
    if (!target) return impossible(step, target.error().what);
    uri =
        fmt::format("sip:{}@{};transport={}", other, to_string(target->remote), ua::name(target->transport));
  }
  ua::HeaderValues headers = headers_of(step);
  if (!uri.empty()) headers.insert(headers.begin(), {"Refer-To", "<" + uri + ">"});
  begin_outcome("REFER");
  return done_or_impossible(step, agent->request_in_call(leg->id, "REFER", {}, headers));
}

ActiveStep Peer::begin(const Step& step) {
  struct Row {
    std::string_view action;
    ActiveStep (State::*run)(const Step&);
  };
  static constexpr std::array rows = {
      Row{"call", &State::call},
      Row{"expect", &State::expect},
      Row{"receive", &State::receive},
      Row{"ring", &State::ring},
      Row{"answer", &State::answer},
      Row{"reject", &State::reject},
      Row{"cancel", &State::cancel},
      Row{"hang up", &State::hang_up},
      Row{"re-invite", &State::reinvite},
      Row{"update", &State::update},
      Row{"finish", &State::finish_sending},
      Row{"options", &State::options},
      Row{"refer", &State::refer},
      Row{"connect", &State::connect},
      Row{"disconnect", &State::disconnect},
      Row{"send", &State::send},
      Row{"send octets", &State::send_octets},
      Row{"ping", &State::ping},
      Row{"dtmf", &State::dtmf},
      Row{"listen", &State::listen},
      Row{"registers_with", &State::register_with},
      Row{"unregisters", &State::unregister},
  };
  for (const Row& row : rows)
    if (row.action == step.action) {
      ActiveStep active = (state_.get()->*row.run)(step);
      state_->notice_connections();
      return active;
    }
  return impossible(step, "no such action");
}

} // namespace sipvet::peers

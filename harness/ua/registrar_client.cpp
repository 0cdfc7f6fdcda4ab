#include "ua/registrar_client.hpp"

#include "dialog/request_builder.hpp"
#include "sip/cseq.hpp"

namespace sipvet::ua {

using dialog::Registration;

RegistrarClient::RegistrarClient(net::Network& network, UserAgent& agent,
                                 dialog::RegistrationSettings settings,
                                 std::function<void(std::size_t)> changed)
    : network_(network), agent_(agent), settings_(settings), changed_(std::move(changed)) {}

RegistrarClient::~RegistrarClient() { network_.forget(*this); }

std::size_t RegistrarClient::add(std::string address_of_record, std::string registrar_uri) {
  Entry entry;
  entry.address_of_record = std::move(address_of_record);
  entry.registrar_uri = std::move(registrar_uri);
  // RFC 3261 §10.2: all registrations of one client at one registrar have the same Call-ID.
  entry.call_id = dialog::new_call_id(network_.random());
  entry.tag = dialog::new_tag(network_.random());
  entry.machine = Registration(settings_);
  entries_.push_back(std::move(entry));
  return entries_.size() - 1;
}

void RegistrarClient::bind(std::size_t number, const Target& registrar, const sip::Uri& contact) {
  Entry& entry = entries_.at(number);
  entry.registrar = registrar;
  entry.contact = to_string(contact);
  perform(number, entry.machine.start(entry.contact));
}

void RegistrarClient::unbind(std::size_t number) { perform(number, entries_.at(number).machine.stop()); }

void RegistrarClient::suspend() {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    entries_[i].machine.suspend();
    perform(i, {});
  }
}

std::vector<RegistrarClient::Status> RegistrarClient::statuses() const {
  std::vector<Status> out;
  for (const Entry& entry : entries_)
    out.push_back({entry.address_of_record, entry.machine.state(), entry.machine.granted_s(),
                   entry.machine.bindings(), entry.machine.status()});
  return out;
}

Result<RequestId> RegistrarClient::send(Entry& entry, std::uint32_t expires_s) {
  const std::uint32_t cseq = entry.next_cseq++;
  const HeaderValues headers = {
      {"From", "<" + entry.address_of_record + ">;tag=" + entry.tag},
      {"To", "<" + entry.address_of_record + ">"},
      {"Call-ID", entry.call_id},
      {"CSeq", to_string(sip::CSeq{cseq, "REGISTER"})},
      {"Contact", "<" + entry.contact + ">"},
      {"Expires", std::to_string(expires_s)},
  };
  return agent_.request("REGISTER", entry.registrar, entry.registrar_uri, {}, headers);
}

void RegistrarClient::perform(std::size_t number, const Registration::Step& step) {
  Entry& entry = entries_.at(number);
  network_.cancel(entry.timer);
  entry.timer = net::TimerId::none;
  // One that is still open may have taken more CSeq numbers than are known, for challenges.
  if (entry.open != RequestId::none) entry.next_cseq += max_digest_answers;
  entry.open = RequestId::none;
  if (step.wake_after) entry.timer = network_.wake_after(*this, *step.wake_after);
  if (step.send_expires_s) {
    const auto sent = send(entry, *step.send_expires_s);
    if (!sent) return perform(number, entry.machine.on_no_response());
    entry.open = *sent;
  }
  changed_(number);
}

std::optional<std::size_t> RegistrarClient::waiting_for(RequestId id) const {
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (entries_[i].open == id) return i;
  return std::nullopt;
}

bool RegistrarClient::on_response(RequestId id, const sip::Message& response) {
  const auto number = waiting_for(id);
  if (!number) return false;
  if (response.status() < 200) return true;
  Entry& entry = entries_[*number];
  entry.open = RequestId::none;
  // Challenges that were answered have taken CSeq numbers of their own.
  if (const auto cseq = sip::parse_cseq(response.header("CSeq").value_or("")))
    entry.next_cseq = std::max(entry.next_cseq, cseq->number + 1);
  perform(*number, entry.machine.on_response(response));
  return true;
}

bool RegistrarClient::on_request_failed(RequestId id) {
  const auto number = waiting_for(id);
  if (!number) return false;
  perform(*number, entries_[*number].machine.on_no_response());
  return true;
}

void RegistrarClient::on_timer(net::TimerId timer) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].timer != timer) continue;
    return perform(i, entries_[i].machine.on_timer());
  }
}

} // namespace sipvet::ua

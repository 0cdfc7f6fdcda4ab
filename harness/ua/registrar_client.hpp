// Registers the accounts of a user agent (RFC 3261 §10.2): sends what dialog/registration decides, and wakes
// it. Challenges are the user agent's own business.
#pragma once

#include "dialog/registration.hpp"
#include "ua/user_agent.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sipvet::ua {

class RegistrarClient final : public net::Node {
 public:
  struct Status {
    std::string address_of_record;
    dialog::Registration::State state = dialog::Registration::State::idle;
    std::uint32_t granted_s = 0;
    std::size_t bindings = 0; // that the registrar listed last
    int status = 0;           // of its last response; 0: there was none
  };

  // `changed` gets the number of a registration whose state may be another now.
  RegistrarClient(net::Network& network, UserAgent& agent, dialog::RegistrationSettings settings,
                  std::function<void(std::size_t)> changed);
  ~RegistrarClient() override;

  // An account; its number, from 0.
  std::size_t add(std::string address_of_record, std::string registrar_uri);
  // Binds the contact, and keeps it bound; again where the connection or the contact is another.
  void bind(std::size_t number, const Target& registrar, const sip::Uri& contact);
  void unbind(std::size_t number);
  void suspend(); // all of them, until bind(): their connection is lost
  std::vector<Status> statuses() const;

  // What the user agent reported; false: of another request.
  bool on_response(RequestId id, const sip::Message& response);
  bool on_request_failed(RequestId id);
  void on_timer(net::TimerId timer) override;

 private:
  struct Entry {
    std::string address_of_record, registrar_uri, call_id, tag;
    std::uint32_t next_cseq = 1;
    Target registrar;
    std::string contact;
    dialog::Registration machine;
    RequestId open = RequestId::none;
    net::TimerId timer = net::TimerId::none;
  };
  void perform(std::size_t number, const dialog::Registration::Step& step);
  Result<RequestId> send(Entry& entry, std::uint32_t expires_s);
  std::optional<std::size_t> waiting_for(RequestId id) const;

  net::Network& network_;
  UserAgent& agent_;
  dialog::RegistrationSettings settings_;
  std::function<void(std::size_t)> changed_;
  std::vector<Entry> entries_;
};

} // namespace sipvet::ua

// Who begins the DTLS handshake: a=setup (RFC 4145 §4, RFC 5763 §5, RFC 8842 §5.2 and §5.3).
#pragma once

#include <optional>
#include <string_view>

namespace sipvet::keying {

enum class Setup { active, passive, actpass, holdconn };
std::string_view name(Setup setup); // "active"
std::optional<Setup> find_setup(std::string_view name);

enum class DtlsRole { client, server };

// What an answer says to the offered value; `preferred` decides where the offer leaves the choice. Never
// actpass.
Setup answer_to(Setup offered, Setup preferred = Setup::active);
// Whether the answer is one that the offer allows (RFC 4145 §4.1).
bool may_answer(Setup offered, Setup answered);
// What the writer of the answer becomes; none for holdconn (no association for now) and actpass.
std::optional<DtlsRole> role_of(Setup answered);
inline DtlsRole other(DtlsRole role) {
  return role == DtlsRole::client ? DtlsRole::server : DtlsRole::client;
}

} // namespace sipvet::keying

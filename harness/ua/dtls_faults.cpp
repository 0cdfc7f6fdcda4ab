#include "ua/dtls_faults.hpp"

namespace sipvet::ua {

namespace {

using keying::Setup;

// The role that is read in place of one that contradicts.
Setup role_in_place_of(Setup written, const std::optional<keying::DtlsDescription>& ours) {
  if (!ours) return written == Setup::holdconn ? Setup::actpass : written;
  const bool usable = keying::may_answer(ours->setup, written) && written != Setup::holdconn;
  return usable ? written : keying::answer_to(ours->setup, Setup::active);
}

void overlook_role(sdp::Session& session, sdp::Media& media,
                   const std::optional<keying::DtlsDescription>& ours) {
  auto written = media.attributes.value("setup");
  if (!written) written = session.attributes.value("setup");
  const auto setup = keying::find_setup(written.value_or(""));
  if (!setup) return;
  media.attributes.remove("setup");
  media.attributes.add("setup", std::string(keying::name(role_in_place_of(*setup, ours))));
}

} // namespace

sdp::Session overlook_faults(const DtlsDeviations& deviations, sdp::Session session,
                             const std::optional<keying::DtlsDescription>& ours) {
  for (sdp::Media& media : session.media) {
    if (!keying::is_dtls_profile(media.protocol) || media.port == 0) continue;
    if (deviations.any_setup) overlook_role(session, media, ours);
    if (deviations.fingerprint_not_needed && keying::fingerprint_lines(session, media).empty())
      media.attributes.add("fingerprint", keying::to_string(keying::Fingerprint{"sha-256", Bytes(32)}));
  }
  return session;
}

} // namespace sipvet::ua

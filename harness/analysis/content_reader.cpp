#include "analysis/content_reader.hpp"

#include "analysis/media_checks.hpp"

#include <vector>

namespace sipvet::analysis {

ContentReader::ContentReader(Report& report, const Keys& keys, const Options& options)
    : report_(report), secrets_(keys), mikey_(report, keys, options),
      dtls_(map_, secrets_, findings_, report), offers_(map_, mikey_, dtls_, findings_),
      sip_(report, findings_, offers_, options),
      plaintext_(sip_), media_context_{map_, keys, findings_, std::vector<bool>(keys.srtp.size()),
                                       0,    {},   0,         options.sinks},
      media_(media_context_, report, options.most_media_streams), t38_(map_, report) {
  sip_.on_turn_message = [this](const frames::Datagram& message, frames::Captured at) {
    on_turn_message(message, at);
  };
}

void ContentReader::on_datagram(const frames::Datagram& datagram, frames::Captured at) {
  if (datagram.payload.empty()) return;
  // RTP and RTCP have version 2 in their first two bits, text never has.
  if ((datagram.payload[0] & 0xc0) == 0x80) {
    media_.on_datagram(datagram, at);
    return;
  }
  if (dtls_.on_datagram(datagram, at) || t38_.on_datagram(datagram, at)) return;
  if (looks_like_turn(datagram.payload)) return on_turn_message(datagram, at);
  if (begins_with_sip(as_text(datagram.payload)) == Guess::yes)
    sip_.on_datagram({datagram.source, datagram.destination, Transport::udp, {}}, at, datagram.payload);
}

// What is relayed is looked at like any datagram, but for relays within relays.
void ContentReader::on_turn_message(const frames::Datagram& message, frames::Captured at) {
  const auto carried = turn_.on_message(message);
  if (carried && !looks_like_turn(carried->payload)) on_datagram(*carried, at);
}

// What is wrong with a line is said where it was read.
void ContentReader::on_secret(std::string_view line) { (void)secrets_.add_line(line); }

void ContentReader::finish(Instant last) {
  dtls_.look_again();
  media_.finish();
  sip_.finish(last);
  dtls_.finish();
  plaintext_.finish(report_.tls);
  check_directions(report_, map_, findings_);
}

} // namespace sipvet::analysis

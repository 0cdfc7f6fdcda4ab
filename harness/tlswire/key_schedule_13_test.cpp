// The schedule of TLS 1.3 against every secret that RFC 8448 §3, §4 and §5 print.
#include "tlswire/key_schedule_13.hpp"

#include "tlswire/finished.hpp"
#include "tlswire/key_schedule.hpp"
#include "tlswire/pre_shared_key.hpp"
#include "tlswire/rfc8448_resumption.hpp"
#include "tlswire/test_codec.hpp"
#include "tlswire/transcript.hpp"
#include "tlswire/version.hpp"

using namespace sipvet;
using namespace sipvet::tlswire;
using namespace sipvet::tlswire::testing;
namespace resumed = sipvet::tlswire::rfc8448::resumed;
namespace retried = sipvet::tlswire::rfc8448::retried;

namespace {

const Suite& suite = *find_suite(std::uint16_t{0x1301});

Transcript transcript_of(const Bytes& client_hello) {
  Transcript transcript;
  transcript.add(client_hello);
  transcript.choose(tls1_3, suite);
  return transcript;
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_schedule_13)

BOOST_AUTO_TEST_CASE(full_handshake) {
  Transcript transcript = transcript_of(rfc8448::client_hello);
  KeySchedule13 schedule(suite);
  BOOST_TEST((schedule.early_secret() == rfc8448::early_secret));
  BOOST_TEST(schedule.handshake_secret().empty());
  BOOST_TEST(schedule.client_handshake_traffic(transcript.hash()).empty()); // too early
  BOOST_TEST(schedule.resumption_master(transcript.hash()).empty());

  schedule.set_shared_secret(rfc8448::shared_secret);
  BOOST_TEST((schedule.handshake_secret() == rfc8448::handshake_secret));
  BOOST_TEST((schedule.master_secret() == rfc8448::master_secret));
  transcript.add(rfc8448::server_hello);
  BOOST_TEST((schedule.client_handshake_traffic(transcript.hash()) == rfc8448::client_handshake));
  BOOST_TEST((schedule.server_handshake_traffic(transcript.hash()) == rfc8448::server_handshake));
  for (const Bytes* message : {&rfc8448::encrypted_extensions, &rfc8448::certificate,
                               &rfc8448::certificate_verify, &rfc8448::server_finished})
    transcript.add(*message);
  BOOST_TEST((schedule.client_application_traffic(transcript.hash()) == rfc8448::client_traffic));
  BOOST_TEST((schedule.server_application_traffic(transcript.hash()) == rfc8448::server_traffic));
  BOOST_TEST((schedule.exporter_master(transcript.hash()) == rfc8448::exporter_master));
  transcript.add(rfc8448::client_finished);
  const Bytes resumption = schedule.resumption_master(transcript.hash());
  BOOST_TEST((resumption == rfc8448::resumption_master));
  BOOST_TEST((ticket_psk(suite, resumption, Bytes{0, 0}) == rfc8448::ticket_psk));
}

BOOST_AUTO_TEST_CASE(resumption_with_early_data) {
  Transcript transcript = transcript_of(resumed::client_hello);
  KeySchedule13 schedule(suite, rfc8448::ticket_psk);
  BOOST_TEST((schedule.early_secret() == resumed::early_secret));
  BOOST_TEST((schedule.binder_key(PskKind::resumption) == resumed::binder_key));
  BOOST_TEST((schedule.binder_key(PskKind::external) != resumed::binder_key));
  const Bytes early = schedule.client_early_traffic(transcript.hash());
  BOOST_TEST((early == resumed::client_early_traffic));
  BOOST_TEST((traffic_keys(suite, early).key == resumed::client_early_key));
  BOOST_TEST((traffic_keys(suite, early).iv == resumed::client_early_iv));
  BOOST_TEST((schedule.early_exporter_master(transcript.hash()) == resumed::early_exporter_master));

  schedule.set_shared_secret(resumed::shared_secret);
  transcript.add(resumed::server_hello);
  BOOST_TEST((schedule.handshake_secret() == resumed::handshake_secret));
  const Bytes client = schedule.client_handshake_traffic(transcript.hash());
  const Bytes server = schedule.server_handshake_traffic(transcript.hash());
  BOOST_TEST((client == resumed::client_handshake));
  BOOST_TEST((server == resumed::server_handshake));
  BOOST_TEST((schedule.master_secret() == resumed::master_secret));
  transcript.add(resumed::encrypted_extensions);
  BOOST_TEST((finished_verify_data_13(suite, server, transcript.hash()) ==
              to_bytes(body_of(resumed::server_finished))));
  transcript.add(resumed::server_finished);
  BOOST_TEST((schedule.client_application_traffic(transcript.hash()) == resumed::client_traffic));
  BOOST_TEST((schedule.server_application_traffic(transcript.hash()) == resumed::server_traffic));
  BOOST_TEST((schedule.exporter_master(transcript.hash()) == resumed::exporter_master));
  transcript.add(resumed::end_of_early_data);
  BOOST_TEST((finished_verify_data_13(suite, client, transcript.hash()) ==
              to_bytes(body_of(resumed::client_finished))));
  transcript.add(resumed::client_finished);
  BOOST_TEST((schedule.resumption_master(transcript.hash()) == resumed::resumption_master));
}

BOOST_AUTO_TEST_CASE(after_a_retry) {
  Transcript transcript = transcript_of(retried::client_hello);
  transcript.replace_by_message_hash();
  transcript.add(retried::retry_request);
  transcript.add(retried::second_client_hello);
  transcript.add(retried::server_hello);
  KeySchedule13 schedule(suite);
  schedule.set_shared_secret(retried::shared_secret);
  BOOST_TEST((schedule.client_handshake_traffic(transcript.hash()) == retried::client_handshake));
  BOOST_TEST((schedule.server_handshake_traffic(transcript.hash()) == retried::server_handshake));
}

// RFC 8446 §7.1: without a key exchange the schedule goes on with zeros; lengths follow the suite's hash.
BOOST_AUTO_TEST_CASE(psk_alone_and_other_hashes) {
  KeySchedule13 zeros(suite, Bytes(32, 1));
  KeySchedule13 given(suite, Bytes(32, 1));
  zeros.set_shared_secret({});
  given.set_shared_secret(Bytes(32, 0));
  BOOST_TEST((zeros.handshake_secret() == given.handshake_secret()));
  const Suite& sha384 = *find_suite(std::uint16_t{0x1302});
  KeySchedule13 longer(sha384);
  longer.set_shared_secret(Bytes(32, 3));
  for (const Bytes& secret :
       {longer.early_secret(), longer.master_secret(), longer.binder_key(PskKind::external),
        ticket_psk(sha384, longer.master_secret(), Bytes{1})})
    BOOST_TEST(secret.size() == 48u);
}

BOOST_AUTO_TEST_SUITE_END()

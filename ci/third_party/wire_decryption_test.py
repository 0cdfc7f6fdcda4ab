#!/usr/bin/env python3
"""tshark decrypts what our own TLS engine says, with the key log and with the server's RSA key, and finds every SIP
message that went over the wire, octet for octet."""

import collections
import subprocess

import capture_lab
import lab
import sip_text
import tls_lab
from gnutls_phone import GnutlsPhone

# Key exchange by RSA: the server's key opens the whole connection. GnuTLS's words for each.
STATIC_RSA = {
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA": "+RSA:+3DES-CBC:+SHA1",
    "TLS_RSA_WITH_AES_128_CBC_SHA": "+RSA:+AES-128-CBC:+SHA1",
    "TLS_RSA_WITH_AES_256_CBC_SHA": "+RSA:+AES-256-CBC:+SHA1",
}
FORWARD_SECRET = {
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": "+ECDHE-RSA:+AES-128-CBC:+SHA1",
}
TLS12_ONLY = {
    "TLS_RSA_WITH_AES_128_GCM_SHA256": "+RSA:+AES-128-GCM:+AEAD",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "+ECDHE-RSA:+AES-128-GCM:+AEAD",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "+ECDHE-RSA:+AES-256-GCM:+AEAD",
}
TLS13 = {
    "TLS_AES_128_GCM_SHA256": "+ECDHE-RSA:+AES-128-GCM:+AEAD",
    "TLS_AES_256_GCM_SHA384": "+ECDHE-RSA:+AES-256-GCM:+AEAD",
}
OLD = ("TLSv1.0", "TLSv1.1", "TLSv1.2")
OK = "SIP/2.0 200 OK"


def priority(version, words, more=""):
    return f"NONE:+VERS-{version.replace('v', '')}:{words}:+SIGN-ALL:+GROUP-ALL{more}"


class WireDecryption(tls_lab.TlsCase):
    def converse(self, cases, **properties):
        """One OPTIONS to the gateway and one call from it for each (version, suite, GnuTLS's words, with or without
        encrypt-then-MAC). Gives how many messages went over the wire and those that the peers know octet for octet."""
        suites = list(dict.fromkeys(suite for _, suite, _, _ in cases))
        gateway = self.gateway("wire", tls_lab.VERSIONS, suites, **properties)
        known = collections.Counter()
        for version, _, words, more in cases:
            printed = self.gnutls_cli(gateway, priority(version, words, more))
            self.assertIn(OK, printed)
            known[sip_text.options(gateway.ports["tls"])] += 1
            peer = GnutlsPhone(self, priority(version, words, more))
            self.assert_call_is_busy(gateway, peer.port)
            peer.join()
            self.assertEqual(peer.phone.methods, ["INVITE", "ACK"], peer.error)
            known.update(message.decode() for message in [*peer.phone.messages, *peer.phone.answers])
        gateway.quit()
        # OPTIONS and its 200; INVITE, 486 and ACK.
        return gateway, 5 * len(cases), known

    def without_secrets(self, gateway):
        """The capture as anybody on the network could have made it."""
        bare = self.folder / "bare.pcapng"
        subprocess.run(["editcap", "--discard-all-secrets", str(gateway.capture), str(bare)], check=True)
        return bare

    def compare(self, gateway, count, known, bare, *keys):
        seen = capture_lab.sip_messages(bare, *keys)
        ours = collections.Counter(m["text"] for m in self.inspect(gateway.capture)["sip"]["list"])
        self.assertEqual(sum(seen.values()), count)
        self.assertEqual(seen, ours)
        self.assertEqual(known - seen, collections.Counter())

    def test_with_the_key_log(self):
        cases = [(v, s, w, m) for v in OLD for s, w in {**STATIC_RSA, **FORWARD_SECRET}.items() for m in ("", ":%NO_ETM")]
        cases += [("TLSv1.2", suite, words, "") for suite, words in TLS12_ONLY.items()]
        cases += [("TLSv1.3", suite, words, "") for suite, words in TLS13.items()]
        gateway, count, known = self.converse(cases)
        bare = self.without_secrets(gateway)
        self.assertEqual(capture_lab.sip_messages(bare), collections.Counter())
        self.compare(gateway, count, known, bare, "-o", f"tls.keylog_file:{gateway.keylog}")

    def test_with_the_key_log_in_the_capture(self):
        cases = [("TLSv1.2", s, w, "") for s, w in TLS12_ONLY.items()] + [("TLSv1.3", s, w, "") for s, w in TLS13.items()]
        gateway, count, known = self.converse(cases)
        self.compare(gateway, count, known, gateway.capture)

    def test_with_the_rsa_key(self):
        cases = [(v, s, w, m) for v in OLD for s, w in STATIC_RSA.items() for m in ("", ":%NO_ETM", ":%NO_SESSION_HASH")]
        cases += [("TLSv1.2", "TLS_RSA_WITH_AES_128_GCM_SHA256", TLS12_ONLY["TLS_RSA_WITH_AES_128_GCM_SHA256"], "")]
        gateway, count, known = self.converse(cases)
        # The GnuTLS phones have the same certificate as the gateway.
        key = f'uat:rsa_keys:"{self.folder / "key.pem"}",""'
        self.compare(gateway, count, known, self.without_secrets(gateway), "-o", key)

    def test_hellos_in_sslv2_format_with_the_rsa_key(self):
        """Only the gateway's calls: gnutls-cli cannot write such a hello."""
        gateway = self.gateway("wire", OLD, STATIC_RSA, **{"netborder.sip.tls.supportSSLv2ClientHello": True})
        known = collections.Counter()
        for version in OLD:
            for words in STATIC_RSA.values():
                peer = GnutlsPhone(self, priority(version, words))
                self.assert_call_is_busy(gateway, peer.port)
                peer.join()
                known.update(message.decode() for message in [*peer.phone.messages, *peer.phone.answers])
        gateway.quit()
        key = f'uat:rsa_keys:"{self.folder / "key.pem"}",""'
        self.compare(gateway, 3 * len(OLD) * len(STATIC_RSA), known, self.without_secrets(gateway), "-o", key)


if __name__ == "__main__":
    lab.require("gnutls-cli", "tshark", "editcap")
    lab.main()

#!/usr/bin/env python3
"""tshark reads the crypto lines and the capability negotiation that we write as they are meant, and marks none as invalid."""

import base64
import re
import subprocess

import lab
from capture_lab import sip_messages, tshark

DECODE = ("-d", "tcp.port==1-65535,tls", "-d", "tls.port==0-65535,sip")
# Only in messages: what tshark takes for RTCP may be encrypted, and says anything.
INVALID = "sip && (_ws.malformed || sdp.invalid_key_param || sdp.invalid_crypto_tag || sdp.invalid_crypto_mki_length)"
FIELDS = ("tag", "crypto_suite", "master_key", "master_salt", "lifetime", "mki-valu", "mki_length")
LINE = re.compile(r"^a=crypto:(\d+) (\S+) (\S+)", re.MULTILINE)
KEY = re.compile(r"inline:([A-Za-z0-9+/=]+)(?:\|(2\^\d+|\d+))?(?:\|(\d+):(\d+))?$")
AES_CM_128 = ("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32")  # the suites whose keys tshark takes apart


class Sdes(lab.Case):
    def captures(self, scenario):
        report = self.folder / scenario.replace("/", "-")
        run = subprocess.run([lab.SIPVET, "run", "scenarios", "--keep", "all", "--report", str(report), "--filter", scenario,
                              "--network", "sim"], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        found = sorted(report.glob("evidence/*/capture.pcapng"))
        self.assertGreater(len(found), 0)
        return found

    def our_lines(self, capture):
        """Tag, suite, and of the first key, for tshark reads no more, its octets, lifetime and MKI."""
        lines = []
        for text, count in sip_messages(capture).items():
            for tag, suite, keys in LINE.findall(text.replace("\r\n", "\n")):
                if suite not in AES_CM_128:
                    continue
                octets, lifetime, mki, length = KEY.match(keys.split(";")[0]).groups()
                raw = base64.b64decode(octets)
                lines += [(tag, suite, raw[:16].hex(), raw[16:].hex(), lifetime, mki, length)] * count
        return sorted(lines, key=str)

    def tshark_lines(self, capture):
        rows = tshark(capture, *DECODE, "-Y", "sdp.crypto.tag", "-T", "fields", "-E", "aggregator=;",
                      *[a for f in FIELDS for a in ("-e", f"sdp.crypto.{f}")]).splitlines()
        return [dict(zip(FIELDS, (values.split(";") if values else [] for values in row.split("\t")))) for row in rows]

    def compare(self, scenario):
        for capture in self.captures(scenario):
            with self.subTest(capture=capture.parent.name):
                self.assertEqual(tshark(capture, *DECODE, "-Y", INVALID), "")
                ours, theirs = self.our_lines(capture), self.tshark_lines(capture)
                self.assertGreater(len(ours), 0)
                known = {value for row in theirs for field in FIELDS for value in row[field]}
                for tag, suite, key, salt, lifetime, mki, length in ours:
                    self.assertIn(tag, known)
                    self.assertIn(suite, known)
                    self.assertIn(key, known)
                    self.assertIn(salt, known)
                    if lifetime:
                        self.assertIn(lifetime.removeprefix("2^"), known)
                    # Without a lifetime in front, tshark takes the MKI for one and shows it whole.
                    if mki and lifetime:
                        self.assertIn(mki, known)
                        self.assertIn(length, known)
                    elif mki:
                        self.assertIn(f"{mki}:{length}", known)

    def test_lines_with_one_key(self):
        self.compare("sdes/answer-tag")

    def test_lines_with_several_identified_keys(self):
        self.compare("sdes/identified-keys")

    def test_lines_with_lifetimes(self):
        self.compare("sdes/next-key")

    def test_lines_with_session_parameters(self):
        self.compare("sdes/session-parameters")

    def test_a_wrong_line_is_marked(self):
        """The proof that tshark's silence says something."""
        marked = [tshark(c, *DECODE, "-Y", INVALID) for c in self.captures("sdes/lines-passed-over")]
        self.assertTrue(any(marked))

    def test_capability_negotiation(self):
        for capture in self.captures("optional-srtp/outbound"):
            with self.subTest(capture=capture.parent.name):
                self.assertEqual(tshark(capture, *DECODE, "-Y", INVALID), "")
                if "capability" not in capture.parent.name:
                    continue
                names = tshark(capture, *DECODE, "-Y", "sdp", "-T", "fields", "-e", "sdp.media_attribute.field")
                for name in ("tcap", "acap", "pcfg"):
                    self.assertIn(name, names)


if __name__ == "__main__":
    lab.require("tshark")
    lab.main()

#!/usr/bin/env python3
"""tshark finds in our captures the same SIP messages as sipvet does, byte for byte, and has nothing to complain about."""

import collections
import json
import pathlib
import subprocess
import wave

import lab
from capture_lab import sip_messages, tshark

# What the phone wrote there is malformed, and tshark says so of the one packet.
MALFORMED = {f"sipp-answers-{what}.pcapng" for what in ("key-not-base64", "key-too-short", "line-unreadable")}


class Tshark(lab.Case):
    def run_scenarios(self, *arguments):
        report = self.folder / "report"
        run = subprocess.run([lab.SIPVET, "run", "scenarios", "--keep", "all", "--report", str(report), *arguments],
                             capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        captures = sorted(report.glob("evidence/*/capture.pcapng"))
        self.assertGreater(len(captures), 0)
        return captures

    def compare(self, captures):
        for capture in captures:
            with self.subTest(capture=capture.parent.name):
                ours = collections.Counter(m["text"] for m in self.inspect(capture)["sip"]["list"])
                self.assertGreater(sum(ours.values()), 0)
                self.assertEqual(sip_messages(capture), ours)

    def test_same_messages_from_real_sockets(self):
        self.compare(self.run_scenarios("--filter", "srtp-mode/*", "--network", "sockets"))

    def test_same_messages_from_the_simulated_network(self):
        self.compare(self.run_scenarios("--filter", "suites/*", "--network", "sim"))

    def test_nothing_to_complain_about(self):
        for capture in self.run_scenarios("--filter", "srtp-mode/inbound-offer", "--network", "sockets"):
            with self.subTest(capture=capture.parent.name):
                checks = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"]
                bad = tshark(capture, *checks, "-Y", "_ws.malformed || tcp.analysis.flags || "
                             "ip.checksum.status==0 || tcp.checksum.status==0 || udp.checksum.status==0")
                self.assertEqual(bad, "")
                info = subprocess.run(["capinfos", "-Tmr", str(capture)], capture_output=True, text=True)
                self.assertEqual((info.returncode, info.stderr), (0, ""))

    def sipvet(self, *arguments):
        run = subprocess.run([lab.SIPVET, "inspect", *map(str, arguments)], capture_output=True, text=True)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        return run

    def assert_readable(self, capture, malformed=0):
        bad = tshark(capture, "-Y", "_ws.malformed || tcp.analysis.flags")
        self.assertEqual(len(bad.splitlines()), malformed, bad)
        info = subprocess.run(["capinfos", "-Tmr", str(capture)], capture_output=True, text=True)
        self.assertEqual((info.returncode, info.stderr), (0, ""))

    def test_a_decrypted_capture_is_plain_sip_and_rtp(self):
        for capture in self.run_scenarios("--filter", "srtp-mode/inbound-offer", "--network", "sockets"):
            with self.subTest(capture=capture.parent.name):
                plain = capture.with_name("plain.pcapng")
                self.sipvet(capture, "--write-decrypted", plain)
                self.assert_readable(plain)
                report = self.inspect(capture)
                sip = tshark(plain, "-Y", "sip", "-T", "fields", "-e", "sip.Call-ID", "-e", "sip.Request-Line")
                self.assertEqual(sum(len(line.split("\t")[0].split(",")) for line in sip.splitlines()), report["sip"]["messages"])
                media = sum(s["authenticated"] for s in report["srtp"]) + sum(s["packets"] - s["duplicates"] for s in report["rtp"])
                rtp = [line.split("\t") for line in tshark(plain, "-Y", "rtp", "-T", "fields", "-e", "rtp.payload", "-e",
                                                           "srtp.enc_payload").splitlines()]
                self.assertEqual(len(rtp), media)
                self.assertTrue(all(payload and not encrypted for payload, encrypted in rtp))
                octets = sum(len(payload.replace(":", "")) // 2 for payload, _ in rtp)
                self.assertEqual(octets, sum(s["payload_bytes"] for s in report["srtp"] + report["rtp"]))

    def test_a_capture_with_embedded_secrets_opens_by_itself(self):
        for base in sorted(pathlib.Path("captures").glob("*.key")):
            with self.subTest(capture=base.stem):
                capture, out = base.with_suffix(".pcapng"), self.folder / f"{base.stem}.pcapng"
                self.sipvet(capture, "--tls-key", f"any,0,sip,{base}", "--write-decrypted", out, "--embed-secrets")
                self.assert_readable(out)
                ours = collections.Counter(m["text"] for m in self.inspect(out)["sip"]["list"])
                self.assertGreater(sum(ours.values()), 0)
                self.assertEqual(sip_messages(out), ours)

    def test_a_certificate_that_had_run_out_or_was_not_valid_yet_is_a_warning(self):
        for shift, finding in ((366 * 86_400, "certificate-expired"), (-366 * 86_400, "certificate-not-yet-valid"), (0, None)):
            out = self.folder / "shifted.pcapng"
            subprocess.run(["editcap", "-t", str(shift), "captures/openssl-tls13.pcapng", str(out)], check=True)
            run = subprocess.run([lab.SIPVET, "inspect", str(out)], capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stdout)
            for each in ("certificate-expired", "certificate-not-yet-valid"):
                self.assertEqual(f"[{each}]" in run.stdout, each == finding, run.stdout)

    def test_every_capture_here_is_written_as_wireshark_reads_it(self):
        """As it is, decrypted, and with its secrets inside."""
        for capture in sorted(pathlib.Path("captures").glob("*.pcapng")):
            with self.subTest(capture=capture.name):
                keys = ["--tls-key", f"any,0,sip,{capture.with_suffix('.key')}"] if capture.with_suffix(".key").exists() else []
                malformed = 1 if capture.name in MALFORMED else 0
                self.assert_readable(capture, malformed)
                for options in ([], ["--embed-secrets"]):
                    out = self.folder / f"{capture.stem}{len(options)}.pcapng"
                    self.sipvet(capture, *keys, "--write-decrypted", out, *options)
                    # Without its secrets inside, a description has lost its crypto lines.
                    self.assert_readable(out, malformed if options else 0)

    def test_wav_files_hold_the_calls_audio(self):
        for capture in self.run_scenarios("--filter", "srtp-mode/inbound-offer", "--network", "sockets")[:2]:
            folder = self.folder / f"wav-{capture.parent.name}"
            self.sipvet(capture, "--wav", folder)
            report = self.inspect(capture)
            streams = [s for s in report["srtp"] + report["rtp"] if s["payload_bytes"] and s["codec"] in ("PCMU/8000", "PCMA/8000")]
            files = sorted(folder.glob("*.wav"))
            self.assertEqual(len(files), len(streams))
            for file in files:
                with wave.open(str(file)) as audio:
                    self.assertEqual((audio.getframerate(), audio.getnchannels(), audio.getsampwidth()), (8000, 1, 2))
                    self.assertGreater(audio.getnframes(), 0)
                    self.assertEqual(file.stat().st_size, 44 + 2 * audio.getnframes())


if __name__ == "__main__":
    lab.require("tshark", "capinfos", "editcap")
    lab.main()

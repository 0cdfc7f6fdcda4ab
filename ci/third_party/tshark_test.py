#!/usr/bin/env python3
"""tshark finds in our captures the same SIP messages as sipvet does, byte for byte, and has nothing to complain about."""

import collections
import subprocess

import lab
from capture_lab import sip_messages, tshark


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


if __name__ == "__main__":
    lab.require("tshark", "capinfos")
    lab.main()

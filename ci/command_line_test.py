#!/usr/bin/env python3
"""The contracts of the command line that scripts rely on: exit codes, messages with places, files written."""

import contextlib
import gzip
import json
import os
import pathlib
import pty
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

SIPVET = os.environ.get("SIPVET", "build/release/sipvet")

ANY = object()  # exit code of no concern

GOOD = """\
scenario: test/one
title: An OPTIONS is answered
covers: NBE-SRTP-DEFAULT
gateway: {profile: netborder-express}
peers:
  server: {profile: ocs-mediation-server}
steps:
  - server: {options: gateway}
  - server: {expect: 200}
"""


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sipvet-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def sipvet(self, *arguments, code):
        run = subprocess.run([SIPVET, *map(str, arguments)], capture_output=True, text=True)
        if code is not ANY:
            self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def scenario(self, text, name="one.yaml"):
        path = self.folder / name
        path.write_text(text)
        return path

    def run_scenario(self, text, code, *arguments):
        return self.sipvet("run", self.scenario(text), "--profiles", "scenarios/profiles", "--report",
                           self.folder / "report", *arguments, code=code)

    def results(self):
        return json.loads((self.folder / "report/results.json").read_text())

    def test_the_page_of_findings_is_the_table_of_the_program(self):
        printed = self.sipvet("inspect", "--list-findings", code=0).stdout
        self.assertEqual(printed, pathlib.Path("docs/findings.md").read_text())
        ids = set(re.findall(r"^\| `([a-z0-9-]+)`", printed, re.M))
        used = set()
        for source in pathlib.Path("harness/analysis").glob("*.cpp"):
            if not source.name.endswith("_test.cpp"):
                used |= set(re.findall(r'(?:findings_?|context_\.findings)\.(?:note|error|warning|info)\(\s*"([a-z0-9-]+)"',
                                       source.read_text()))
        self.assertGreater(len(used), 30)
        self.assertEqual(used - ids, set())

    def test_inspect_says_the_same_on_any_number_of_threads(self):
        for i, capture in enumerate(sorted(pathlib.Path("captures").glob("*.pcapng"))):
            key = capture.with_suffix(".key")
            keys = ["--tls-key", f"any,any,sip,{key}"] if key.exists() else []
            for form in ("json", "text") if i % 8 == 0 else ("json",):
                printed = {subprocess.run([SIPVET, "inspect", "--jobs", str(jobs), "--show-keys", "--format", form, *keys,
                                           capture], capture_output=True).stdout for jobs in (1, 2, 4)}
                self.assertEqual(len(printed), 1, f"{capture} {form}")
                self.assertGreater(len(printed.pop()), 100)

    def test_inspect_measures_a_capture_against_expectations(self):
        capture = next(pathlib.Path("captures").glob("*.pcapng"))
        right = self.scenario("packets: {at_least: 1}\n", "right.yaml")
        self.assertIn("0 of 1 expectations differ", self.sipvet("inspect", capture, "--expect", right, code=0).stdout)
        wrong = self.scenario("packets: 0\n", "wrong.yaml")
        self.assertIn(f"{wrong}:1:10: packets: expected 0", self.sipvet("inspect", capture, "--expect", wrong, code=1).stdout)
        unknown = self.scenario("pakets: 0\n", "unknown.yaml")
        self.assertIn("did you mean 'packets'", self.sipvet("inspect", capture, "--expect", unknown, code=2).stderr)
        self.sipvet("inspect", capture, "--expect", self.folder / "none.yaml", code=2)
        self.sipvet("inspect", capture, "--filter", "nothing", code=2)
        self.sipvet("inspect", code=2)
        self.sipvet("inspect", capture, "--write-decrypted", self.folder / "none/x.pcapng", code=3)

    @staticmethod
    def pcap(frames):
        """Of raw IP packets: (microseconds, octets)."""
        head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101)
        return head + b"".join(struct.pack("<IIII", us // 1_000_000, us % 1_000_000, len(p), len(p)) + p for us, p in frames)

    @staticmethod
    def datagram(text):
        payload = text.encode()
        return (struct.pack(">BBHHHBBH8s", 0x45, 0, 28 + len(payload), 0, 0, 64, 17, 0, bytes([192, 0, 2, 1, 192, 0, 2, 2]))
                + struct.pack(">HHHH", 5060, 5060, 8 + len(payload), 0) + payload)

    def test_inspect_reads_standard_input_also_compressed(self):
        capture = next(pathlib.Path("captures").glob("sipp-udp*.pcapng"))
        whole = self.sipvet("inspect", capture, "--format", "json", code=ANY).stdout
        for octets in (capture.read_bytes(), gzip.compress(capture.read_bytes())):
            run = subprocess.run([SIPVET, "inspect", "-", "--format", "json"], input=octets, capture_output=True)
            self.assertEqual(run.stdout.decode(), whole.replace(str(capture), "-"))

    def test_inspect_says_what_is_no_capture(self):
        for content in (b"", b"no capture", b"\x1f\x8b\x08\x00damaged", gzip.compress(b"no capture either")):
            path = self.folder / "none.pcap"
            path.write_bytes(content)
            run = self.sipvet("inspect", path, code=2)
            self.assertNotEqual(run.stderr, "")
            self.assertEqual(run.stdout, "")
        self.sipvet("inspect", self.folder / "missing.pcap", code=2)
        cut = self.folder / "cut.pcap"
        cut.write_bytes(self.pcap([(1, self.datagram("x"))])[:-3])
        self.assertIn("[capture-truncated]", self.sipvet("inspect", cut, code=0).stdout)

    def test_inspect_merges_files_by_time(self):
        texts = [f"OPTIONS sip:{i}@test SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK{i}\r\nFrom: <sip:a@b>\r\nTo: <sip:c@d>\r\n"
                 f"Call-ID: {i}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n" for i in range(6)]
        frames = [(1_000_000 * i, self.datagram(text)) for i, text in enumerate(texts)]
        for name, some in (("odd", frames[1::2]), ("even", frames[::2])):
            (self.folder / name).write_bytes(self.pcap(some))
        report = json.loads(self.sipvet("inspect", self.folder / "odd", self.folder / "even", "--format", "json", code=ANY).stdout)
        self.assertEqual([m["call_id"] for m in report["sip"]["list"]], ["0", "1", "2", "3", "4", "5"])
        self.assertEqual([m["frame"] for m in report["sip"]["list"]], [4, 1, 5, 2, 6, 3])
        self.assertEqual([f["first_frame"] for f in report["files"]], [1, 4])

    def test_a_value_of_an_option_does_not_take_the_capture_with_it(self):
        capture = next(pathlib.Path("captures").glob("sipp-udp*.pcapng"))
        self.sipvet("inspect", "--srtp-key", "AES_CM_128_HMAC_SHA1_80:hex:" + "00" * 30, capture, code=ANY)
        self.assertIn("packets", self.sipvet("inspect", "--filter", "method:INVITE", capture, code=ANY).stdout)

    def test_the_progress_bar_is_for_terminals(self):
        capture = self.folder / "long.pcap"
        capture.write_bytes(self.pcap([(i, self.datagram("")) for i in range(40_000)]))
        self.assertNotIn("%", self.sipvet("inspect", capture, code=0).stdout)
        main, other = pty.openpty()
        run = subprocess.Popen([SIPVET, "inspect", capture], stdout=other, stderr=subprocess.DEVNULL)
        os.close(other)
        printed = b""
        with contextlib.suppress(OSError):  # the terminal's end
            while piece := os.read(main, 4096):
                printed += piece
        os.close(main)
        self.assertEqual(run.wait(), 0)
        self.assertRegex(printed, rb"\r\x1b\[K\[=* *\] \d+ %")
        self.assertRegex(printed, rb"\r\x1b\[K[^\[]*long.pcap: 40000 packets")

    def test_inspect_prints_ladder_and_page(self):
        capture = next(pathlib.Path("captures").glob("*.pcapng"))
        ladder = self.sipvet("inspect", capture, "--format", "ladder", code=ANY).stdout
        self.assertNotIn("\x1b", ladder)  # no terminal
        self.assertTrue(all(len(line) <= 100 for line in ladder.split("\n")))
        page = self.sipvet("inspect", capture, "--format", "html", code=ANY).stdout
        self.assertTrue(page.startswith("<!DOCTYPE html>") and page.endswith("</html>\n"))

    def test_a_pass(self):
        self.run_scenario(GOOD, 0)
        results = self.results()
        self.assertEqual(results["schema"], "sipvet-results/1")
        self.assertEqual(results["summary"], {"pass": 1, "fail": 0, "error": 0, "unsupported": 0, "skipped": 0})
        result = results["results"][0]
        self.assertEqual((result["id"], result["outcome"], result["covers"]), ("test/one", "pass", ["NBE-SRTP-DEFAULT"]))
        self.assertEqual(result["findings"], [])
        for name in ("junit.xml", "report.html", "summary.md"):
            self.assertGreater((self.folder / "report" / name).stat().st_size, 0)
        self.assertEqual(list((self.folder / "report").glob("evidence/*")), [])

    def test_a_failure_explains_itself(self):
        run = self.run_scenario(GOOD.replace("expect: 200", "expect: 486"), 1)
        result = self.results()["results"][0]
        self.assertEqual(result["outcome"], "fail")
        finding = result["findings"][0]
        self.assertEqual((finding["id"], finding["expected"], finding["actual"]), ("response-status", "486", "200 OK"))
        self.assertTrue((self.folder / "report" / result["evidence"] / "capture.pcapng").exists())
        for text in ("486", "200 OK", "one.yaml:9:", "NBE-SRTP-DEFAULT"):
            self.assertIn(text, run.stdout)
        junit = xml.etree.ElementTree.parse(self.folder / "report/junit.xml")
        self.assertEqual(len(junit.findall(".//failure")), 1)

    def test_every_error_of_a_file_at_once_with_its_place(self):
        bad = GOOD.replace("title:", "titel:").replace("options: gateway", "optoins: gateway").replace("200}", '"${code}"}')
        run = self.sipvet("check", self.scenario(bad), "--profiles", "scenarios/profiles", code=2)
        path = self.folder / "one.yaml"
        for start, hint in ((f"{path}:2:1: error: ", "title"), (f"{path}:8:", "options"), (f"{path}:9:", "code")):
            lines = [line for line in run.stderr.split("\n") if line.startswith(start)]
            self.assertTrue(lines and hint in lines[0], run.stderr)

    def test_settings_that_nobody_knows(self):
        bad = GOOD.replace("netborder-express}", "netborder-express, netborder.media.srtp.mod: never}")
        run = self.sipvet("check", self.scenario(bad), "--profiles", "scenarios/profiles", code=2)
        self.assertIn("one.yaml:4:39: error: ", run.stderr)
        self.assertIn("netborder.media.srtp.mode", run.stderr)

    def test_requirements_that_nobody_knows(self):
        bad = GOOD.replace("NBE-SRTP-DEFAULT", "NBE-SRTP-DEFUALT")
        run = self.sipvet("check", self.scenario(bad), "--profiles", "scenarios/profiles", code=2)
        self.assertIn("one.yaml:1:1: error: 'covers' names 'NBE-SRTP-DEFUALT'", run.stderr)
        self.assertIn("'NBE-SRTP-DEFAULT'?", run.stderr)

    def test_nothing_to_run_is_an_error(self):
        self.sipvet("run", self.scenario(GOOD), "--profiles", "scenarios/profiles", "--filter", "nothing", code=2)
        self.sipvet("run", self.folder / "missing.yaml", code=2)

    def test_two_runs_in_one_folder(self):
        report = self.folder / "report"
        report.mkdir()
        with open(report / ".lock", "w") as lock:
            import fcntl
            fcntl.flock(lock, fcntl.LOCK_EX)
            run = self.sipvet("run", self.scenario(GOOD), "--profiles", "scenarios/profiles", "--report", report, code=3)
        self.assertIn("another run", run.stderr)

    def test_shards_merge_into_the_whole(self):
        for i in (1, 2):
            self.sipvet("run", "scenarios", "--filter", "srtp-mode/inbound-offer", "--network", "sim", "--shard", f"{i}/2",
                        "--report", self.folder / f"shard{i}", code=0)
        self.sipvet("report", self.folder / "shard1/results.json", self.folder / "shard2/results.json", "--report",
                    self.folder / "report", code=0)
        self.assertEqual(self.results()["summary"]["pass"], 9)
        # The same file twice would count cells twice.
        self.sipvet("report", self.folder / "shard1/results.json", self.folder / "shard1/results.json", "--report",
                    self.folder / "again", code=2)

    def test_keys_stay_out_of_reports(self):
        self.sipvet("run", "scenarios", "--filter", "srtp-mode/inbound-offer", "--network", "sim", "--keep", "none",
                    "--report", self.folder / "report", code=0)
        for path in (self.folder / "report").iterdir():
            if path.is_file():
                self.assertNotIn("inline:", path.read_text().replace("inline:***", ""), path)

    def test_a_seed_gives_the_same_run_to_the_byte(self):
        captures = []
        for name in ("first", "second"):
            self.sipvet("run", "scenarios", "--filter", "srtp-mode/*", "--network", "sim", "--seed", "7", "--keep", "all",
                        "--report", self.folder / name, code=0)
            captures.append({p.parent.name: p.read_bytes() for p in (self.folder / name).glob("evidence/*/capture.pcapng")})
        self.assertGreater(len(captures[0]), 10)
        self.assertEqual(captures[0], captures[1])

    def test_inspect_of_what_is_no_capture(self):
        path = self.scenario("no capture at all, but a text that is long enough", "text.pcap")
        self.assertIn("text.pcap", self.sipvet("inspect", path, code=2).stderr)
        self.assertIn("missing.pcap", self.sipvet("inspect", self.folder / "missing.pcap", code=2).stderr)

    def test_inspect_says_first_what_is_wrong_with_keys(self):
        path = self.scenario("-----BEGIN NOTHING-----\n", "wrong.pem")
        run = self.sipvet("inspect", self.folder / "missing.pcap", "--tls-key", f"any,any,sip,{path}", code=2)
        self.assertIn("wrong.pem", run.stderr)
        run = self.sipvet("inspect", self.folder / "missing.pcap", "--keylog", self.folder / "missing.keylog", code=2)
        self.assertIn("missing.keylog", run.stderr)

    def test_gateway_takes_orders_on_a_control_socket(self):
        config = self.scenario("netborder.sip.userAgent.IPAddress: 127.0.0.1:0/udp\n", "gateway.yaml")
        path = str(self.folder / "control")
        gateway = subprocess.Popen([SIPVET, "gateway", "--config", config, "--events", "--control", path],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(gateway.stdout.close)
        self.addCleanup(gateway.wait)
        self.addCleanup(gateway.terminate)
        self.assertEqual(json.loads(gateway.stdout.readline())["event"], "listening")
        with socket.socket(socket.AF_UNIX) as control, control.makefile("rw") as orders:
            control.connect(path)

            def order(line):
                orders.write(line + "\n")
                orders.flush()
                return orders.readline().rstrip("\n")

            self.assertEqual(order("calls"), "[]")
            self.assertTrue(order("sing").startswith("error: no such order"))
            self.assertTrue(order("hangup").startswith("error: "))
            self.assertEqual(order("call sip:nobody@127.0.0.1:9"), "ok")
            self.assertEqual(json.loads(order("calls"))[0]["direction"], "outgoing")
            # A second gateway cannot have the same socket, and says so.
            other = self.sipvet("gateway", "--config", config, "--control", path, code=3)
            self.assertIn("--control", other.stderr)
            self.assertEqual(order("quit"), "ok")
        self.assertEqual(gateway.wait(20), 0)
        self.assertFalse(os.path.exists(path))

    def test_gateway_names_what_is_wrong_in_its_configuration(self):
        path = self.scenario("netborder.media.srtp.mode: sometimes\nnetborder.sip.tls.cypherSuites: TLS_WRONG\n", "gw.yaml")
        run = self.sipvet("gateway", "--config", path, code=2)
        self.assertIn("gw.yaml:1:", run.stderr)
        self.assertIn("gw.yaml:2:", run.stderr)

    def test_properties_are_listed(self):
        self.assertIn("netborder.media.srtp.mode", self.sipvet("gateway", "--properties", code=0).stdout)
        self.assertIn("--config", self.sipvet("gateway", code=2).stderr)

    def test_usage(self):
        self.sipvet("--version", code=0)
        self.sipvet(code=2)
        self.sipvet("run", "--network", "carrier-pigeon", code=2)


if __name__ == "__main__":
    unittest.main(verbosity=2)

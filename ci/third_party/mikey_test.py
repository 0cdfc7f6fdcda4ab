#!/usr/bin/env python3
"""Our MIKEY messages of each kind as tshark's dissector and GStreamer's reader see them, and a message of GStreamer's that
keys a call with the reference gateway."""

import base64
import re
import socket
import subprocess

import gst_mikey
import lab
from capture_lab import tshark

SIP = ["-d", "tcp.port==1-65535,tls", "-d", "tls.port==0-65535,sip"]
# Kinds of exchange by scenario cell, with the data types of offer and answer (RFC 3830 §6.1).
KINDS = {"psk": ("0", "1"), "public-key": ("2", "3"), "dh": ("4", "5")}


class Mikey(lab.Case):
    def setUp(self):
        super().setUp()
        lab.require("tshark")

    def captures(self, name):
        report = self.folder / "report"
        run = subprocess.run([lab.SIPVET, "run", "scenarios/key-management", "--keep", "all", "--report", str(report), "--network", "sim",
                              "--filter", name], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return sorted(report.glob("evidence/*/capture.pcapng"))

    def messages(self, capture):
        """Every MIKEY message in the session descriptions of a capture, once."""
        found = []
        for message in self.inspect(capture)["sip"]["list"]:
            for text in re.findall(r"(?m)^a=key-mgmt:mikey (\S+)", message["text"]):
                if (octets := base64.b64decode(text)) not in found:
                    found.append(octets)
        return found

    def test_tshark_dissects_every_kind(self):
        for scenario in ("key-management/mikey-modes", "key-management/mikey-modes-offered"):
            for capture in self.captures(scenario):
                kind = re.search(r"(?:mode|kind)=(psk|public-key|dh)", capture.parent.name)[1]
                with self.subTest(capture=capture.parent.name):
                    fields = ["mikey.type", "mikey.csb_id", "mikey.srtp_id.ssrc", "mikey.t.ntp", "mikey.v.set"]
                    seen = tshark(capture, *SIP, "-Y", "mikey", "-T", "fields", *(a for f in fields for a in ("-e", f)))
                    offer, answer = [line.split("\t") for line in seen.splitlines()]
                    self.assertEqual((offer[0], answer[0]), KINDS[kind])
                    self.assertEqual(offer[1], answer[1])
                    self.assertEqual(offer[3], answer[3])
                    self.assertEqual((offer[4], answer[4]), ("1", "0"))
                    ours = self.inspect(capture)["srtp"]
                    self.assertEqual({int(s, 0) for s in answer[2].split(",")}, {int(s["ssrc"], 0) for s in ours})
                    self.assertEqual(tshark(capture, *SIP, "-Y", "mikey && _ws.malformed"), "")

    def test_gstreamer_reads_our_message(self):
        capture = next(c for c in self.captures("key-management/null-protection*") if "true" in c.parent.name)
        offer = self.messages(capture)[0]
        seen = gst_mikey.GStreamer().read(offer)
        self.assertIsNotNone(seen)
        self.assertEqual(seen["octets"], offer)
        self.assertEqual((seen["type"], seen["V"]), (0, True))
        self.assertEqual(seen["csb_id"], int.from_bytes(offer[4:8], "big"))
        self.assertEqual(len(seen["sessions"]), 2)
        self.assertEqual(seen["sessions"][1], (0, 0, 0))
        self.assertEqual(len(seen["rand"]), 16)
        self.assertEqual((seen["policy"][1], seen["policy"][3], seen["policy"][11]), (16, 20, 10))
        self.assertEqual((seen["key"][0], len(seen["key"][1])), (0, 32))

    def call(self, gateway, message):
        """A call over UDP whose offer has the message: the answer, and the first media packets that come."""
        media = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for each in (media, sip):
            self.addCleanup(each.close)
            each.bind(("127.0.0.1", 0))
            each.settimeout(lab.DEADLINE_S)
        body = "\r\n".join([
            "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
            f"a=key-mgmt:mikey {base64.b64encode(message).decode()}",
            f"m=audio {media.getsockname()[1]} RTP/SAVP 0", "a=rtpmap:0 PCMU/8000"]) + "\r\n"
        own, target = "%s:%d" % sip.getsockname(), ("127.0.0.1", gateway.ports["udp"])

        def request(method, to_tag="", content=""):
            lines = [f"{method} sip:gateway@127.0.0.1:{target[1]} SIP/2.0",
                     f"Via: SIP/2.0/UDP {own};branch=z9hG4bK-{method};rport", "Max-Forwards: 70",
                     "From: <sip:gst@127.0.0.1>;tag=one", f"To: <sip:gateway@127.0.0.1>{to_tag}", "Call-ID: gst",
                     f"CSeq: 1 {method}", f"Contact: <sip:gst@{own}>",
                     *(["Content-Type: application/sdp"] if content else []), f"Content-Length: {len(content)}"]
            sip.sendto(("\r\n".join(lines) + "\r\n\r\n" + content).encode(), target)

        request("INVITE", content=body)
        response = ""
        while not re.match(r"SIP/2.0 [2-6]", response):
            response = sip.recv(65536).decode()
        self.assertTrue(response.startswith("SIP/2.0 200"), response)
        request("ACK", ";tag=" + re.search(r"(?im)^To:.*;tag=([^\s;]+)", response)[1])
        for _ in range(10):
            media.recv(65536)
        return response

    def test_a_message_of_gstreamer_keys_a_call(self):
        gateway = lab.Gateway(self, {
            "netborder.sip.userAgent.IPAddress": "127.0.0.1:0/udp", "netborder.media.srtp.mode": "always",
            "sipvet.media.keyExchange": "mikey", "sipvet.mikey.presharedKey": "not used",
            "sipvet.mikey.nullProtection": True})
        tek = bytes(range(16))
        message = gst_mikey.GStreamer().write(0x01020304, 0xDEADBEEF, (2, tek), {0: 1, 1: 16, 2: 1, 3: 20, 11: 10})
        response = self.call(gateway, message)
        self.assertNotIn("key-mgmt", response)  # it asks for no verification message
        gateway.quit()
        seen = self.inspect(gateway.capture)
        (exchange,) = seen["mikey"]
        self.assertEqual(exchange["exchange"], "psk")
        (stream,) = seen["srtp"]
        self.assertEqual((stream["suite"], stream["key_source"]), ("AES_CM_128_HMAC_SHA1_80", "mikey"))
        self.assertGreaterEqual(stream["packets"], 10)
        self.assertEqual((stream["authenticated"], stream["failed"]), (stream["packets"], 0))


if __name__ == "__main__":
    lab.main()

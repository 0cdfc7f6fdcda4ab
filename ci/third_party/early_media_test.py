#!/usr/bin/env python3
"""Early media and forks of others: sipp answers the reference gateway's INVITE with provisional responses, whose media libsrtp2
protects before anybody has answered the call."""

import base64
import ctypes
import ctypes.util
import math
import re
import socket
import struct
import subprocess
import threading

import lab

SUITE = "AES_CM_128_HMAC_SHA1_80"
RATE_HZ, PACKET_SAMPLES, PACKET_S = 8000, 160, 0.02
# Pairs of tones that the gateway knows by name.
VOICES = {"one": (550, 800), "two": (1000, 1250)}


class CryptoPolicy(ctypes.Structure):
    _fields_ = [("cipher_type", ctypes.c_uint32), ("cipher_key_len", ctypes.c_int), ("auth_type", ctypes.c_uint32),
                ("auth_key_len", ctypes.c_int), ("auth_tag_len", ctypes.c_int), ("sec_serv", ctypes.c_int)]


class Policy(ctypes.Structure):
    _fields_ = [("ssrc_type", ctypes.c_int), ("ssrc", ctypes.c_uint), ("rtp", CryptoPolicy), ("rtcp", CryptoPolicy),
                ("key", ctypes.c_char_p), ("keys", ctypes.c_void_p), ("num_master_keys", ctypes.c_ulong),
                ("deprecated_ekt", ctypes.c_void_p), ("window_size", ctypes.c_ulong), ("allow_repeat_tx", ctypes.c_int),
                ("enc_xtn_hdr", ctypes.c_void_p), ("enc_xtn_hdr_count", ctypes.c_int), ("next", ctypes.c_void_p)]


class Srtp:
    """One session of libsrtp2 in one direction, for any SSRC (srtp2/srtp.h)."""
    library = None

    def __init__(self, key, outbound):
        if Srtp.library is None:
            Srtp.library = ctypes.CDLL(ctypes.util.find_library("srtp2") or "libsrtp2.so.1")
            if Srtp.library.srtp_init() != 0:
                raise AssertionError("libsrtp2 does not start")
        policy = Policy(ssrc_type=3 if outbound else 2)  # ssrc_any_outbound, ssrc_any_inbound
        self.library.srtp_crypto_policy_set_rtp_default(ctypes.byref(policy.rtp))
        self.library.srtp_crypto_policy_set_rtcp_default(ctypes.byref(policy.rtcp))
        self._key = ctypes.create_string_buffer(key)
        policy.key = ctypes.cast(self._key, ctypes.c_char_p)
        self._session = ctypes.c_void_p()
        if self.library.srtp_create(ctypes.byref(self._session), ctypes.byref(policy)) != 0:
            raise AssertionError("libsrtp2 does not take the key")
        self._work = self.library.srtp_protect if outbound else self.library.srtp_unprotect

    def work(self, packet):
        """The packet protected or opened; nothing where it is not authentic."""
        buffer = ctypes.create_string_buffer(packet, len(packet) + 64)
        length = ctypes.c_int(len(packet))
        failed = self._work(self._session, buffer, ctypes.byref(length))
        return None if failed else buffer.raw[:length.value]


def mu_law(sample):
    """G.711 §3, by the segment that a sample falls into."""
    magnitude = min(abs(sample), 32635) + 132
    exponent = magnitude.bit_length() - 8
    code = exponent << 4 | (magnitude >> (exponent + 3)) & 15
    return ~(code | (0x80 if sample < 0 else 0)) & 0xFF


class Phone:
    """A media port that sends two tones as SRTP, at the pace of sound, until its test ends, and opens what comes."""

    def __init__(self, test, voice, number):
        self.key = bytes((number * 37 + i * i * 11 + 5) & 0xFF for i in range(30))
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]
        self.voice = VOICES[voice]
        self.opened = self.refused = 0
        self._ssrc, self._sender = 0x1000 + number, Srtp(self.key, outbound=True)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        test.addCleanup(self.end)

    def name(self):
        return "%d+%d Hz" % self.voice

    def description(self):
        return "\n".join([
            "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", f"m=audio {self.port} RTP/SAVP 0",
            "a=rtpmap:0 PCMU/8000", f"a=crypto:1 {SUITE} inline:{base64.b64encode(self.key).decode()}"]) + "\n"

    def begin(self, port, key):
        """Sends to that port, and opens what comes with the key of the offer."""
        self._target, self._receiver = ("127.0.0.1", port), Srtp(key, outbound=False)
        self._thread.start()

    def _sound(self, n):
        samples = (sum(4000 * math.sin(2 * math.pi * hz * (n * PACKET_SAMPLES + i) / RATE_HZ) for hz in self.voice)
                   for i in range(PACKET_SAMPLES))
        return bytes(mu_law(int(s)) for s in samples)

    def _run(self):
        n = 0
        while not self._ended.wait(PACKET_S):
            head = struct.pack("!BBHII", 0x80, 0, n & 0xFFFF, n * PACKET_SAMPLES, self._ssrc)
            self.socket.sendto(self._sender.work(head + self._sound(n)), self._target)
            n += 1
            try:
                while True:
                    if self._receiver.work(self.socket.recv(2048)) is None:
                        self.refused += 1
                    else:
                        self.opened += 1
            except BlockingIOError:
                pass

    def end(self):
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self.socket.close()


def response(status, tag, body=""):
    content = f"Content-Type: application/sdp\nContent-Length: [len]\n\n{body}" if body else "Content-Length: 0\n\n"
    return f"""<send><![CDATA[
SIP/2.0 {status}
[last_Via:]
[last_From:]
[last_To:];tag={tag}
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:phone@[local_ip]:[local_port];transport=[transport]>
{content}
]]></send>
"""


BYE = """<recv request="BYE"/><send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>"""


class EarlyMedia(lab.Case):
    def setUp(self):
        super().setUp()
        lab.require("sipp", "ss")

    def answered_by(self, steps):
        """A gateway that calls sipp, which sends these responses, with pauses in milliseconds among them."""
        parts = ['<?xml version="1.0" encoding="ISO-8859-1" ?><scenario name="early"><recv request="INVITE"/>']
        parts += [f'<pause milliseconds="{step}"/>' if isinstance(step, int) else response(*step) for step in steps]
        scenario = self.folder / "uas.xml"
        scenario.write_text("".join(parts) + '<recv request="ACK"/>' + BYE + "</scenario>")
        (port,) = lab.free_ports(1, socket.SOCK_DGRAM)
        self.messages = self.folder / "sipp.messages"
        self.sipp = lab.Program(self, "sipp", [
            "sipp", "-sf", str(scenario), "-i", "127.0.0.1", "-p", str(port), "-m", "1", "-nostdin", "-t", "u1", "-timeout",
            f"{lab.DEADLINE_S}s", "-timeout_error", "-trace_msg", "-message_file", str(self.messages)], cwd=self.folder)
        bound = f"127.0.0.1:{port} "
        lab.wait_until(lambda: bound in subprocess.run(["ss", "-Hnul"], capture_output=True, text=True).stdout, "sipp to listen")
        gateway = lab.Gateway(self, {
            "netborder.sip.userAgent.IPAddress": "127.0.0.1:0/udp", "netborder.media.srtp.mode": "always",
            "netborder.media.srtp.cryptoSuite": SUITE, "netborder.media.rtp.lockOnSDP": True})
        gateway.order(f"call sip:phone@127.0.0.1:{port};transport=udp")
        return gateway

    def offer(self):
        """The media port and the key that sipp was offered."""
        def offered():
            text = self.messages.read_text() if self.messages.exists() else ""
            port, key = re.search(r"m=audio (\d+) ", text), re.search(r"inline:(\S+)", text)
            return port and key and (int(port[1]), base64.b64decode(key[1]))
        return lab.wait_until(offered, "the INVITE")

    def finish(self, gateway):
        gateway.order("hangup")
        ended = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "ended")
        self.assertEqual(self.sipp.wait(), 0, self.sipp.text())
        gateway.quit()
        return ended

    def assert_wire_agrees(self, gateway, phones):
        """The capture opens with the keys of the responses."""
        seen = self.inspect(gateway.capture)
        streams = {int(s["ssrc"], 0): s for s in seen["srtp"]}
        for phone in phones:
            stream = streams[phone._ssrc]
            self.assertEqual((stream["failed"], stream["key_source"]), (0, "sdes"))
            self.assertGreater(stream["authenticated"], 0)
        return seen

    def test_media_before_the_answer(self):
        phone = Phone(self, "one", 1)
        sdp = phone.description()
        gateway = self.answered_by([("183 Session Progress", "one", sdp), 1500, ("200 OK", "one", sdp)])
        phone.begin(*self.offer())
        heard = gateway.wait_for(lambda e: e["event"] == "call" and e["heard"])
        self.assertEqual((heard["state"], heard["heard"]), ("ringing", [phone.name()]))
        early = lab.wait_until(lambda: phone.opened, "the gateway's own early media")
        gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "answered")
        lab.wait_until(lambda: phone.opened > early + 10, "media after the answer")
        ended = self.finish(gateway)
        self.assertEqual(phone.refused, 0)
        self.assertEqual((ended["media"], ended["suite"], ended["heard"]), ("srtp", SUITE, [phone.name()]))
        self.assert_wire_agrees(gateway, [phone])

    def test_the_other_fork_answers(self):
        """Two early dialogs by their To tags: the second is heard first, the first answers the call and is heard then."""
        one, two = Phone(self, "one", 1), Phone(self, "two", 2)
        gateway = self.answered_by([("183 Session Progress", "one", one.description()),
                                    ("183 Session Progress", "two", two.description()), 1500,
                                    ("200 OK", "one", one.description())])
        offer = self.offer()
        two.begin(*offer)
        heard = gateway.wait_for(lambda e: e["event"] == "call" and e["heard"])
        self.assertEqual((heard["state"], heard["heard"]), ("ringing", [two.name()]))
        one.begin(*offer)
        gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "answered")
        both = gateway.wait_for(lambda e: e["event"] == "call" and one.name() in e["heard"])
        self.assertEqual(both["state"], "answered")
        lab.wait_until(lambda: one.opened > 10, "media to the fork that answered")
        ended = self.finish(gateway)
        self.assertEqual((one.refused, two.refused), (0, 0))
        self.assertGreater(ended["packets"]["dropped"].get("other-fork", 0), 0)
        self.assertEqual(set(ended["packets"]["dropped"]), {"other-fork"})
        self.assert_wire_agrees(gateway, [one, two])


if __name__ == "__main__":
    lab.main()

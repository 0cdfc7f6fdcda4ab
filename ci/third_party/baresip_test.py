#!/usr/bin/env python3
"""baresip calls the reference gateway and is called by it, over TLS, in each of its SRTP modes; both hear each other."""

import json
import math
import re
import socket
import struct
import subprocess
import wave

import lab

MODULES = "/usr/lib/baresip/modules"
RATE_HZ = 8000
# One pair of the tones that the gateway recognises and that is not its own; the gateway prints such pairs as "A+B Hz".
BARESIP_TONES_HZ = (800, 2450)
# baresip's mediaenc values: how its offers look, and whether media is SRTP when the gateway prefers SRTP.
MODES = {
    "": ("rtp-only", "rtp"),             # RTP/AVP
    "srtp": ("srtp-and-rtp", "srtp"),    # RTP/AVP with crypto lines
    "srtp-mand": ("srtp-only", "srtp"),  # RTP/SAVP
    "srtp-mandf": ("srtp-only", "srtp"), # RTP/SAVPF
    "dtls_srtp": ("srtp-only", "srtp"),  # UDP/TLS/RTP/SAVPF
}


def write_tones(path, tones_hz, length_s):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        for i in range(length_s * RATE_HZ):
            value = sum(math.sin(2 * math.pi * hz * i / RATE_HZ) for hz in tones_hz)
            out.writeframes(struct.pack("<h", int(6000 * value)))


def tone_share(samples, hz):
    """Part of the sound's power that one tone holds."""
    real = sum(s * math.cos(2 * math.pi * hz * i / RATE_HZ) for i, s in enumerate(samples))
    imaginary = sum(s * math.sin(2 * math.pi * hz * i / RATE_HZ) for i, s in enumerate(samples))
    power = sum(s * s for s in samples) * len(samples)
    return 2 * (real * real + imaginary * imaginary) / power if power else 0.0


def read_samples(path):
    with wave.open(str(path), "rb") as recording:
        channels = recording.getnchannels()
        frames = recording.readframes(recording.getnframes())
    return struct.unpack(f"<{len(frames) // 2}h", frames)[::channels]


class Baresip(lab.Program):
    """baresip with its control port: netstrings of JSON (module ctrl_tcp)."""

    def __init__(self, test, mode, gateway_port, account="", user="phone"):
        """`account`: parameters of its account; without one it registers nowhere."""
        home = test.folder / "baresip"
        home.mkdir()
        self.sip_port = lab.free_port_pair()
        self.tls_port = self.sip_port + 1
        (control,) = lab.free_ports(1)
        write_tones(home / "voice.wav", BARESIP_TONES_HZ, 20)
        self.recordings = home / "recordings"
        self.recordings.mkdir()
        modules = ["g711", "aufile", "aubridge", "sndfile", "srtp", "dtls_srtp", "account", "menu", "ctrl_tcp"]
        (home / "config").write_text("\n".join([
            f"sip_listen 127.0.0.1:{self.sip_port}",
            f"sip_certificate {test.folder / 'both.pem'}",
            f"sip_cafile {test.folder / 'ca.pem'}",
            "net_interface 127.0.0.1",
            f"ctrl_tcp_listen 127.0.0.1:{control}",
            f"audio_source aufile,{home / 'voice.wav'}",
            "audio_player aubridge,nil",
            "audio_alert aubridge,nil",
            f"ausrc_srate {RATE_HZ}", f"auplay_srate {RATE_HZ}", "ausrc_channels 1", "auplay_channels 1",
            f"snd_path {self.recordings}",
            "jitter_buffer_type off",
            f"module_path {MODULES}",
            *[f"{'module_app' if m in ('account', 'menu', 'ctrl_tcp') else 'module'} {m}.so" for m in modules],
        ]) + "\n")
        media = f";mediaenc={mode}" if mode else ""
        (home / "accounts").write_text(
            f"<sip:{user}@127.0.0.1:{gateway_port};transport=tls>{account or ';regint=0'};answermode=auto;audio_codecs=pcmu,pcma{media}\n")
        (home / "contacts").write_text("")
        super().__init__(test, "baresip-run", ["baresip", "-f", str(home), "-v"], stdin=subprocess.DEVNULL)
        self.control = lab.wait_until(lambda: self._connect(control), f"baresip's control port:\n{self.text()}")
        test.addCleanup(self.control.close)

    def _connect(self, port):
        if self.process.poll() is not None:
            raise AssertionError(f"baresip ended:\n{self.text()}")
        control = socket.socket()
        try:
            control.connect(("127.0.0.1", port))
            return control
        except OSError:
            control.close()
            return None

    def order(self, command, params=""):
        body = json.dumps({"command": command, "params": params}).encode()
        self.control.sendall(str(len(body)).encode() + b":" + body + b",")

    def keys_heard(self, count):
        """The keys of so many DTMF events, as its control port tells of them."""
        keys, buffered = "", b""
        self.control.settimeout(lab.DEADLINE_S)
        while len(keys) < count:
            received = self.control.recv(4096)
            if not received:
                raise AssertionError(f"baresip closed its control port after the keys '{keys}':\n{self.text()}")
            buffered += received
            while b":" in buffered:
                length, rest = buffered.split(b":", 1)
                if len(rest) <= int(length):
                    break
                event, buffered = json.loads(rest[:int(length)]), rest[int(length) + 1:]
                if event.get("type") == "CALL_DTMF_START":
                    keys += event["param"]
        return keys

    def decoded_recording(self):
        """What came in over the network, as far as it is written by now."""
        found = [p for p in self.recordings.glob("*-dec.wav") if p.stat().st_size > 44 + RATE_HZ]
        return found[0] if found else None


class BaresipCalls(lab.Case):
    def set_up(self, mode, gateway_mode="as-needed", feedback=False, **more):
        gateway = lab.Gateway(self, self.tls_properties(**{
            "sipvet.sip.tls.versions": "TLSv1.2,TLSv1.3",
            "netborder.sip.tls.cypherSuites": "TLS_RSA_WITH_AES_128_CBC_SHA,TLS_AES_128_GCM_SHA256",
            "netborder.media.srtp.mode": gateway_mode,
            # baresip does not take an offer of two sections for one call; RFC 8643's form is what it writes itself.
            "sipvet.media.srtp.offerForm": "avp-with-crypto",
            "sipvet.media.feedbackProfile": feedback, **more}))
        return gateway, Baresip(self, mode, gateway.ports["tls"])

    def assert_both_hear(self, gateway, baresip, media, suite="AES_CM_128_HMAC_SHA1_80"):
        tones = f"{BARESIP_TONES_HZ[0]}+{BARESIP_TONES_HZ[1]} Hz"
        event = gateway.wait_for(lambda e: e["event"] == "call" and tones in e["heard"])
        self.assertEqual(event["heard"], [tones])
        self.assertEqual(event["media"], media)
        if media == "srtp":
            self.assertEqual(event["suite"], suite)
        lab.wait_until(baresip.decoded_recording, f"baresip's recording:\n{baresip.text()}")

    def assert_recording_holds_the_gateways_sound(self, capture, baresip):
        """The capture says which tones the gateway sent; baresip's recording of what it decoded must hold them."""
        sent = [s["voiceprint"] for s in capture if s["voiceprint"] and s["voiceprint"] != "800+2450 Hz"]
        self.assertEqual(len(sent), 1)
        tones_hz = [int(t) for t in sent[0].removesuffix(" Hz").split("+")]
        samples = read_samples(baresip.decoded_recording())[-RATE_HZ // 2:]
        share = sum(tone_share(samples, hz) for hz in tones_hz)
        self.assertGreater(share, 0.8, f"{sent[0]} has {share:.2f} of the recording's power")

    def finish(self, gateway, baresip, media):
        gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "ended")
        gateway.quit()
        seen = self.inspect(gateway.capture)
        streams = seen[media]
        self.assertEqual(len(streams), 2, streams)
        if media == "srtp":
            self.assertTrue(all(s["authenticated"] == s["packets"] and s["failed"] == 0 for s in streams), streams)
        self.assert_recording_holds_the_gateways_sound(streams, baresip)
        return seen

    def baresip_calls(self, mode, **more):
        shape, media = MODES[mode]
        gateway, baresip = self.set_up(mode, **more)
        baresip.order("dial", f"sip:gateway@127.0.0.1:{gateway.ports['tls']};transport=tls")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "answered")
        self.assertEqual((event["direction"], event["offered"], event["transport"]), ("incoming", shape, "tls"))
        self.assert_both_hear(gateway, baresip, media)
        baresip.order("hangup")
        return self.finish(gateway, baresip, media)

    def gateway_calls(self, mode, gateway_mode, media, feedback=False, **more):
        gateway, baresip = self.set_up(mode, gateway_mode, feedback, **more)
        gateway.order(f"call sip:phone@127.0.0.1:{baresip.tls_port};transport=tls")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] in ("answered", "failed"))
        self.assertEqual((event["direction"], event["state"]), ("outgoing", "answered"), event)
        self.assert_both_hear(gateway, baresip, media)
        gateway.order("hangup")
        return self.finish(gateway, baresip, media)

    def assert_keyed_by_dtls(self, seen):
        """An association for RTP and one for RTCP, and the media opened with what they exported."""
        self.assertEqual([(h["version"], h["completed"]) for h in seen["dtls"]], [("DTLSv1.2", True)] * 2, seen["dtls"])
        self.assertEqual({s["key_source"] for s in seen["srtp"]}, {"dtls"})
        self.assertEqual([f for f in seen["findings"] if f["id"].startswith("dtls")], [])

    def gateway_called(self, mode, **more):
        gateway, baresip = self.set_up(mode, **more)
        baresip.order("dial", f"sip:gateway@127.0.0.1:{gateway.ports['tls']};transport=tls")
        return gateway, baresip

    def test_keys_pressed_at_baresip_are_heard_and_recorded(self):
        for mode, stream in (("", "rtp"), ("srtp-mand", "srtp")):
            with self.subTest(stream):
                self.setUp()
                gateway, baresip = self.gateway_called(mode)
                self.assert_both_hear(gateway, baresip, stream)
                recording = self.folder / "telephone.wav"
                gateway.order(f"record {recording}")
                for key in "15#0": # when the last one begins, those before it are over
                    baresip.order("sndcode", key)
                    # Only a released key ends its event; baresip's menu has a code of its own for that.
                    baresip.order("sndcode", "\x04")
                gateway.wait_for(lambda e: e["event"] == "call" and e["dtmf"] == "15#0")
                gateway.order("hang up")
                gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "ended")
                self.assertIn("15#0", [s["dtmf"] for s in self.capture_of(gateway)[stream]])
                self.assert_tones(read_samples(recording), ((697, 1209), (770, 1336), (941, 1477)))
                self.doCleanups()

    def capture_of(self, gateway):
        gateway.quit()
        return self.inspect(gateway.capture)

    def assert_tones(self, samples, pairs):
        """Somewhere in the recording each pair of tones has most of the power for 40 ms."""
        length = 40 * RATE_HZ // 1000
        pieces = [samples[at:at + length] for at in range(0, len(samples) - length, length // 2)]
        for pair in pairs:
            share = max(sum(tone_share(piece, hz) for hz in pair) for piece in pieces)
            self.assertGreater(share, 0.8, f"{pair} Hz are nowhere in the recording")

    def test_keys_pressed_at_the_gateway_are_heard_by_baresip(self):
        for mode, stream in (("", "rtp"), ("srtp-mand", "srtp")):
            with self.subTest(stream):
                self.setUp()
                gateway, baresip = self.gateway_called(mode)
                self.assert_both_hear(gateway, baresip, stream)
                gateway.order("dtmf 07*D")
                self.assertEqual(baresip.keys_heard(4), "07*D")
                gateway.order("hang up")
                gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "ended")
                self.assertIn("07*D", [s["dtmf"] for s in self.capture_of(gateway)[stream]])
                self.doCleanups()

    def test_keys_by_info_are_heard_by_baresip(self):
        gateway, baresip = self.gateway_called("", **{"sipvet.telephone.dtmf": "info"})
        self.assert_both_hear(gateway, baresip, "rtp")
        gateway.order("dtmf 42#")
        self.assertEqual(baresip.keys_heard(3), "42#")
        gateway.order("hang up")
        gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "ended")
        seen = self.capture_of(gateway)
        self.assertEqual([s["dtmf"] for s in seen["rtp"]], [None, None])
        of_info = [m["first_line"] for m in seen["sip"]["list"] if re.search(r"^CSeq: *\d+ INFO\r?$", m["text"], re.MULTILINE)]
        self.assertEqual([line for line in of_info if line.startswith("SIP/2.0")], ["SIP/2.0 200 OK"] * 3)

    def test_the_telephone_answers_and_declines_by_hand(self):
        for order, status in (("answer", 200), ("decline", 603)):
            with self.subTest(order):
                self.setUp()
                gateway, baresip = self.gateway_called("", **{"sipvet.telephone.autoAnswer": False})
                gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "ringing")
                gateway.order(order)
                event = gateway.wait_for(lambda e: e["event"] == "call" and e["status"])
                self.assertEqual(event["status"], status)
                self.doCleanups()

    def test_baresip_calls_with_dtls_srtp(self):
        for setup in ("active", "passive"):
            with self.subTest(setup):
                self.setUp()
                self.assert_keyed_by_dtls(self.baresip_calls("dtls_srtp", **{
                    "sipvet.media.keyExchange": "sdes,dtls-srtp", "sipvet.media.dtls.answerSetup": setup}))
                self.doCleanups()

    def test_gateway_calls_with_dtls_srtp(self):
        self.assert_keyed_by_dtls(self.gateway_calls("dtls_srtp", "always", "srtp", feedback=True, **{
            "sipvet.media.keyExchange": "dtls-srtp"}))

    def test_baresip_calls_with_rtp(self):
        self.baresip_calls("")

    def test_baresip_calls_with_optional_srtp(self):
        self.baresip_calls("srtp")

    def test_baresip_calls_with_mandatory_srtp(self):
        self.baresip_calls("srtp-mand")

    def test_baresip_calls_with_mandatory_srtp_and_feedback_profile(self):
        self.baresip_calls("srtp-mandf")

    def test_gateway_calls_a_phone_without_srtp(self):
        self.gateway_calls("", "never", "rtp")

    def test_gateway_calls_with_optional_srtp(self):
        self.gateway_calls("srtp", "as-needed", "srtp")

    def test_gateway_calls_with_mandatory_srtp(self):
        self.gateway_calls("srtp-mand", "always", "srtp")

    def test_gateway_calls_with_mandatory_srtp_and_feedback_profile(self):
        self.gateway_calls("srtp-mandf", "always", "srtp", feedback=True)

    # baresip's own offers have one line, of AES_CM_128_HMAC_SHA1_80; it answers with others.
    def test_gateway_calls_under_a_short_tag(self):
        self.gateway_calls_under("AES_CM_128_HMAC_SHA1_32")

    def test_gateway_calls_under_gcm_of_128_bits(self):
        self.gateway_calls_under("AEAD_AES_128_GCM")

    def test_gateway_calls_under_gcm_of_256_bits(self):
        self.gateway_calls_under("AEAD_AES_256_GCM")

    def gateway_calls_under(self, suite):
        gateway, baresip = self.set_up("srtp-mand", "always", **{"sipvet.media.srtp.suites": suite})
        gateway.order(f"call sip:phone@127.0.0.1:{baresip.tls_port};transport=tls")
        self.assert_both_hear(gateway, baresip, "srtp", suite)
        gateway.order("hangup")
        seen = self.finish(gateway, baresip, "srtp")
        self.assertEqual({stream["suite"] for stream in seen["srtp"]}, {suite})

    def test_the_suite_of_baresips_offers_must_be_accepted(self):
        gateway, baresip = self.set_up("srtp-mand", "always", **{"sipvet.media.srtp.suites": "AEAD_AES_256_GCM"})
        baresip.order("dial", f"sip:gateway@127.0.0.1:{gateway.ports['tls']};transport=tls")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["status"] >= 300)
        self.assertEqual((event["status"], event["media"]), (488, None))

    def test_baresip_takes_no_notice_of_capability_negotiation(self):
        gateway, baresip = self.set_up("", "as-needed", **{"sipvet.media.srtp.offerForm": "capability-negotiation"})
        gateway.order(f"call sip:phone@127.0.0.1:{baresip.tls_port};transport=tls")
        self.assert_both_hear(gateway, baresip, "rtp")
        gateway.order("hangup")
        self.finish(gateway, baresip, "rtp")

    def test_never_refuses_mandatory_srtp(self):
        gateway, baresip = self.set_up("srtp-mand", "never")
        baresip.order("dial", f"sip:gateway@127.0.0.1:{gateway.ports['tls']};transport=tls")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["status"] >= 300)
        self.assertEqual((event["status"], event["media"]), (488, None))

    def test_always_refuses_rtp(self):
        gateway, baresip = self.set_up("", "always")
        baresip.order("dial", f"sip:gateway@127.0.0.1:{gateway.ports['tls']};transport=tls")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["status"] >= 300)
        self.assertEqual((event["status"], event["media"]), (488, None))


if __name__ == "__main__":
    lab.require("baresip")
    lab.main()

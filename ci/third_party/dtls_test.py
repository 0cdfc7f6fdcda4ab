#!/usr/bin/env python3
"""The reference gateway's DTLS-SRTP against OpenSSL's s_client and s_server: what they export must open the gateway's media."""

import hashlib
import re
import socket
import ssl
import subprocess

import lab

PROFILES = {  # OpenSSL's names to SDP's, and the octets of two keys and two salts
    "SRTP_AES128_CM_SHA1_80": ("AES_CM_128_HMAC_SHA1_80", 60),
    "SRTP_AES128_CM_SHA1_32": ("AES_CM_128_HMAC_SHA1_32", 60),
}
LABEL = "EXTRACTOR-dtls_srtp"


def fingerprint(pem):
    der = ssl.PEM_cert_to_DER_cert(pem)
    digest = hashlib.sha256(der).hexdigest().upper()
    return "sha-256 " + ":".join(digest[i:i + 2] for i in range(0, len(digest), 2))


def udp_pair():
    """An even port and the next one, free for UDP (RFC 3550 §11)."""
    while True:
        (port,) = lab.free_ports(1, socket.SOCK_DGRAM)
        port -= port % 2
        sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        try:
            for i, each in enumerate(sockets):
                each.bind(("127.0.0.1", port + i))
            return port
        except OSError:
            continue
        finally:
            for each in sockets:
                each.close()


class Phone:
    """SIP over UDP: one call with one section of DTLS-SRTP."""

    def __init__(self, test, gateway, media_port, setup, pem):
        self.gateway = gateway
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(lab.DEADLINE_S)
        test.addCleanup(self.socket.close)
        self.sdp = "\r\n".join([
            "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
            f"m=audio {media_port} UDP/TLS/RTP/SAVP 0", "a=rtpmap:0 PCMU/8000", "a=rtcp-mux",
            f"a=fingerprint:{fingerprint(pem)}", f"a=setup:{setup}"]) + "\r\n"

    def request(self, method, number, to_tag="", body=""):
        own = "%s:%d" % self.socket.getsockname()
        lines = [
            f"{method} sip:gateway@127.0.0.1:{self.gateway.ports['udp']} SIP/2.0",
            f"Via: SIP/2.0/UDP {own};branch=z9hG4bK-{method}-{number};rport",
            "Max-Forwards: 70", "From: <sip:openssl@127.0.0.1>;tag=one",
            f"To: <sip:gateway@127.0.0.1:{self.gateway.ports['udp']}>{to_tag}",
            "Call-ID: dtls-third-party", f"CSeq: {number} {method}", f"Contact: <sip:openssl@{own}>",
            *(["Content-Type: application/sdp"] if body else []), f"Content-Length: {len(body)}"]
        message = ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
        self.socket.sendto(message, ("127.0.0.1", self.gateway.ports["udp"]))

    def call(self):
        """The answer's SDP."""
        self.request("INVITE", 1, body=self.sdp)
        while True:
            response = self.socket.recv(65536).decode()
            status = int(response.split(" ")[1])
            if status >= 200:
                break
        if status != 200:
            raise AssertionError(response)
        self.to_tag = ";tag=" + re.search(r"(?im)^To:.*;tag=([^\s;]+)", response)[1]
        self.request("ACK", 1, self.to_tag)
        return response.partition("\r\n\r\n")[2]

    def hang_up(self):
        self.request("BYE", 2, self.to_tag)
        while b" BYE" not in self.socket.recv(65536):
            pass


class OpensslDtls(lab.Case):
    def set_up(self, suite, versions="DTLSv1.2"):
        lab.make_certificates(self.folder)
        self.pem = (self.folder / "cert.pem").read_text()
        return lab.Gateway(self, {
            "netborder.sip.userAgent.IPAddress": "127.0.0.1:0/udp", "netborder.media.srtp.mode": "always",
            "netborder.media.srtp.cryptoSuite": suite, "sipvet.media.keyExchange": "dtls-srtp",
            "sipvet.media.dtls.rtcpMux": True, "sipvet.media.dtls.versions": versions})

    def openssl(self, arguments, profile):
        certificate = ["-cert", str(self.folder / "cert.pem"), "-key", str(self.folder / "key.pem")]
        return lab.Program(self, arguments[0], [
            "openssl", *arguments, *certificate, "-use_srtp", profile, "-keymatexport", LABEL,
            "-keymatexportlen", str(PROFILES[profile][1])], stdin=subprocess.PIPE)

    def exported(self, program):
        found = lab.wait_until(lambda: re.search(r"Keying material: ([0-9A-F]+)", program.text()),
                               f"the exported keys:\n{program.text()}")
        return found[1]

    def assert_opens_media(self, gateway, exported, profile):
        """With what OpenSSL exported, and with the gateway's own key log: the same stream under the same keys."""
        material = self.folder / "exported"
        material.write_text(exported)
        suite = PROFILES[profile][0]
        seen = self.inspect(gateway.capture)
        self.assertEqual([h["profile"].replace("_HMAC", "") for h in seen["dtls"]], [profile])
        self.assertEqual([h["key_source"] for h in seen["dtls"]], ["dsb"])
        self.assertEqual([f for f in seen["findings"] if f["severity"] == "error"], [])
        (stream,) = seen["srtp"]
        self.assertEqual((stream["suite"], stream["key_source"]), (suite, "dtls"))
        self.assertGreater(stream["packets"], 5)
        self.assertEqual((stream["authenticated"], stream["failed"]), (stream["packets"], 0))
        bare = self.folder / "bare.pcapng"
        bare.write_bytes(without_secrets(gateway.capture.read_bytes()))
        (other,) = self.inspect(bare)["srtp"]
        self.assertEqual(other["authenticated"], 0)
        (same,) = self.inspect(bare, "--srtp-key", f"dtls:{material}")["srtp"]
        self.assertEqual((same["authenticated"], same["payload_sha256"]), (stream["packets"], stream["payload_sha256"]))

    def finish(self, gateway, phone, program, port):
        """OpenSSL has done its part; the test takes over its port and waits for media there."""
        gateway.wait_for(lambda e: e["event"] == "call" and e["suite"])
        program.end()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as media:
            media.bind(("127.0.0.1", port))
            media.settimeout(lab.DEADLINE_S)
            packets = 0
            while packets < 10:
                packets += media.recv(2048)[0] >> 6 == 2  # RFC 7983
        phone.hang_up()
        gateway.quit()

    def client(self, profile, version="-dtls1_2", more=(), versions="DTLSv1.2"):
        gateway = self.set_up(PROFILES[profile][0], versions)
        port = udp_pair()
        phone = Phone(self, gateway, port, "active", self.pem)
        answer = phone.call()
        self.assertIn("a=setup:passive", answer)
        media_port = int(re.search(r"m=audio (\d+) ", answer)[1])
        program = self.openssl(["s_client", version, *more, "-connect", f"127.0.0.1:{media_port}", "-bind",
                                f"127.0.0.1:{port}"], profile)
        exported = self.exported(program)
        promised = re.search(r"a=fingerprint:(.*)\r", answer)[1]
        presented = re.search(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", program.text(), re.S)[0]
        self.assertEqual(fingerprint(presented), promised)
        self.finish(gateway, phone, program, port)
        self.assert_opens_media(gateway, exported, profile)

    def server(self, profile):
        gateway = self.set_up(PROFILES[profile][0])
        port = udp_pair()
        program = self.openssl(["s_server", "-dtls1_2", "-accept", f"127.0.0.1:{port}", "-Verify", "1"], profile)
        lab.wait_until(lambda: "ACCEPT" in program.text(), f"s_server to listen:\n{program.text()}")
        phone = Phone(self, gateway, port, "passive", self.pem)
        self.assertIn("a=setup:active", phone.call())
        exported = self.exported(program)
        self.finish(gateway, phone, program, port)
        self.assert_opens_media(gateway, exported, profile)

    def test_s_client_with_80_bit_tags(self):
        self.client("SRTP_AES128_CM_SHA1_80")

    def test_s_client_with_32_bit_tags(self):
        self.client("SRTP_AES128_CM_SHA1_32")

    def test_s_client_of_dtls_1_0(self):
        self.client("SRTP_AES128_CM_SHA1_80", "-dtls1", ["-cipher", "ALL:@SECLEVEL=0"], "DTLSv1.0,DTLSv1.2")

    def test_s_server_with_80_bit_tags(self):
        self.server("SRTP_AES128_CM_SHA1_80")

    def test_s_server_with_32_bit_tags(self):
        self.server("SRTP_AES128_CM_SHA1_32")

    def test_another_certificate_than_promised_is_refused(self):
        gateway = self.set_up("AES_CM_128_HMAC_SHA1_80")
        other = (self.folder / "ca.pem").read_text()
        port = udp_pair()
        answer = Phone(self, gateway, port, "active", other).call()
        media_port = int(re.search(r"m=audio (\d+) ", answer)[1])
        program = self.openssl(["s_client", "-dtls1_2", "-connect", f"127.0.0.1:{media_port}", "-bind",
                                f"127.0.0.1:{port}"], "SRTP_AES128_CM_SHA1_80")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "failed")
        self.assertIn("does not promise", event["cause"])
        lab.wait_until(lambda: "bad certificate" in program.text(), f"the alert:\n{program.text()}")


def without_secrets(data):
    """The pcapng file without its Decryption Secrets Blocks."""
    out, at = b"", 0
    while at < len(data):
        kind, length = int.from_bytes(data[at:at + 4], "little"), int.from_bytes(data[at + 4:at + 8], "little")
        if kind != 10:
            out += data[at:at + length]
        at += length
    return out


if __name__ == "__main__":
    lab.require("openssl")
    lab.main()

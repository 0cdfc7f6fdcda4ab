#!/usr/bin/env python3
"""SIP over TLS with the openssl program on the other side: s_client resumes, renegotiates, shows certificates and leaves
extensions out; s_server is called by the gateway."""

import subprocess
import threading

import capture_lab
import lab
import sip_text
import tls_lab

ALL = ["-cipher", "ALL:@SECLEVEL=0"]
SWITCHES = {"TLSv1.0": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}
SUITES = [tls_lab.AES, tls_lab.GCM_13]
OK = "SIP/2.0 200 OK"


class Client(tls_lab.TlsCase):
    def resumes(self, engine, switch, more, resumption=True):
        """Whether the second of two connections used the first one's session again, as s_client and as tshark saw it."""
        gateway = self.gateway(engine, tls_lab.VERSIONS, SUITES, resumption=resumption)
        session = self.folder / "session.pem"
        session.unlink(missing_ok=True)
        self.assertIn(OK, self.s_client(gateway, switch, *ALL, *more, "-sess_out", str(session)))
        if not session.exists():  # there was nothing to keep
            gateway.quit()
            return False
        printed = self.s_client(gateway, switch, *ALL, *more, "-sess_in", str(session))
        self.assertIn(OK, printed)
        gateway.quit()
        first, second = capture_lab.full_handshakes(gateway.capture)
        self.assertTrue(first)
        self.assertEqual("Reused, " in printed, not second, printed)
        return not second

    def test_resumption(self):
        for engine in tls_lab.ENGINES:
            for version, switch in SWITCHES.items():
                for more in ([], ["-no_ticket"]):
                    # In TLS 1.3 this word says what kind of ticket a server makes, and nothing of a client.
                    if more and version == "TLSv1.3":
                        continue
                    with self.subTest(engine=engine, version=version, more=more):
                        self.assertTrue(self.resumes(engine, switch, more))
            with self.subTest(engine=engine, resumption=False):
                self.assertFalse(self.resumes(engine, "-tls1_2", [], False))

    def test_a_session_of_another_gateway_is_no_session_here(self):
        for engine in tls_lab.ENGINES:
            with self.subTest(engine=engine):
                session = str(self.folder / "session.pem")
                first = self.gateway(engine, tls_lab.VERSIONS, SUITES, resumption=True)
                self.s_client(first, "-tls1_2", *ALL, "-sess_out", session)
                first.quit()
                second = self.gateway(engine, tls_lab.VERSIONS, SUITES, resumption=True)
                printed = self.s_client(second, "-tls1_2", *ALL, "-sess_in", session)
                self.assertIn(OK, printed)
                self.assertIn("New, ", printed)
                second.quit()

    def test_reconnect(self):
        for engine in tls_lab.ENGINES:
            with self.subTest(engine=engine):
                gateway = self.gateway(engine, tls_lab.VERSIONS, SUITES, resumption=True)
                printed = self.s_client(gateway, "-tls1_2", *ALL, "-reconnect")
                self.assertEqual((printed.count("New, "), printed.count("Reused, ")), (1, 5), printed)
                gateway.quit()

    def test_client_certificates(self):
        tls_lab.make_client_certificate(self.folder)
        tls_lab.make_stranger(self.folder)
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, tls_lab.VERSIONS, SUITES, verifyPeer="required")
            for version, switch in SWITCHES.items():
                with self.subTest(engine=engine, version=version):
                    for name, accepted in (("client", True), ("stranger", False)):
                        pair = ["-cert", str(self.folder / f"{name}.pem"), "-key", str(self.folder / f"{name}-key.pem")]
                        self.assertEqual(OK in self.s_client(gateway, switch, *ALL, *pair), accepted, name)
                    self.assertNotIn(OK, self.s_client(gateway, switch, *ALL))
            gateway.quit()

    def test_encrypt_then_mac_or_not(self):
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, tls_lab.VERSIONS, SUITES)
            for version, switch in list(SWITCHES.items())[:3]:
                for more in ([], ["-no_etm"]):
                    with self.subTest(engine=engine, version=version, more=more):
                        self.assertIn(OK, self.s_client(gateway, switch, *ALL, *more))
            gateway.quit()
            # Types of the extensions of both hellos; 22 is encrypt_then_mac (RFC 7366).
            asked = [types.count("22") for types in
                     capture_lab.fields_by_stream(gateway.capture, "tls.handshake.extension.type")]
            self.assertEqual(asked, [2, 0] * 3)

    def renegotiate(self, engine, rule):
        gateway = self.gateway(engine, ["TLSv1.2"], [tls_lab.AES], renegotiation=rule)
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{gateway.ports['tls']}", "-CAfile",
                   str(self.folder / "ca.pem"), *ALL]
        request = sip_text.options(gateway.ports["tls"])
        # Commands are letters at the start of a line; OPTIONS begins with none of them.
        printed = self.talk(command, (request, OK.encode()), ("R\n", b"RENEGOTIATING"), (request, OK.encode()))
        after = self.s_client(gateway, "-tls1_2", *ALL)
        self.assertIn(OK, after)  # refused or not, the gateway goes on
        gateway.quit()
        return printed, capture_lab.fields_by_stream(gateway.capture, "tls.handshake.type")[0]

    def test_renegotiation(self):
        for engine in tls_lab.ENGINES:
            with self.subTest(engine=engine, rule="secure"):
                printed, types = self.renegotiate(engine, "secure")
                self.assertEqual(printed.count(OK), 2, printed)
                self.assertEqual(types.count(capture_lab.SERVER_HELLO_DONE), 2)
            with self.subTest(engine=engine, rule="refuse"):
                printed, types = self.renegotiate(engine, "refuse")
                # OpenSSL ends the connection when its wish is not granted.
                self.assertEqual(printed.count(OK), 1, printed)
                self.assertIn("no renegotiation", printed)
                self.assertEqual(types.count(capture_lab.SERVER_HELLO_DONE), 1)


class ServerProgram(lab.Program):
    """s_server with a phone behind it that answers 486."""

    def __init__(self, test, *arguments):
        (self.port,) = lab.free_ports(1)
        self.phone = sip_text.BusyPhone()
        command = ["openssl", "s_server", "-accept", f"127.0.0.1:{self.port}", "-cert", str(test.folder / "cert.pem"), "-key",
                   str(test.folder / "key.pem"), "-CAfile", str(test.folder / "ca.pem"), "-quiet", "-naccept", "1", *arguments]
        super().__init__(test, "s_server", command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        threading.Thread(target=self._converse, daemon=True).start()
        lab.wait_until(self._listens, "s_server to listen")

    def _listens(self):
        listening = subprocess.run(["ss", "-Hntl"], capture_output=True, text=True).stdout
        return f"127.0.0.1:{self.port} " in listening

    def _converse(self):
        while octets := self.process.stdout.read1(65536):
            if answer := self.phone.receive(octets):
                self.process.stdin.write(answer)
                self.process.stdin.flush()

    def wait_for_ack(self):
        lab.wait_until(self.phone.is_done, f"the gateway's ACK; there were {self.phone.methods}")


class Server(tls_lab.TlsCase):
    # OpenSSL's words for what the gateway may offer, by version.
    CASES = {
        "TLSv1.0": {tls_lab.AES: "AES128-SHA"},
        "TLSv1.1": {tls_lab.AES: "AES128-SHA"},
        "TLSv1.2": {tls_lab.AES: "AES128-SHA", tls_lab.GCM: "ECDHE-RSA-AES128-GCM-SHA256"},
        "TLSv1.3": {tls_lab.GCM_13: ""},
    }

    def call(self, gateway, version, suite, *arguments):
        words = ["-ciphersuites", suite] if version == "TLSv1.3" else []
        name = self.CASES[version][suite]
        server = ServerProgram(self, SWITCHES[version], "-cipher", f"{name or 'ALL'}:@SECLEVEL=0", *words, *arguments)
        self.assert_call_is_busy(gateway, server.port)
        server.wait_for_ack()
        self.assertEqual(server.phone.methods, ["INVITE", "ACK"])
        server.end()
        self.wait_for_log(gateway, f"{version} {suite}")

    def test_the_gateway_calls_in_every_version_with_its_certificate(self):
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, tls_lab.VERSIONS, [tls_lab.GCM_13, tls_lab.GCM, tls_lab.AES])
            for version, suites in self.CASES.items():
                for suite in suites:
                    with self.subTest(engine=engine, version=version, suite=suite):
                        self.call(gateway, version, suite, "-Verify", "3", "-verify_return_error")
            gateway.quit()

    def test_encrypt_then_mac_or_not(self):
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, tls_lab.VERSIONS, [tls_lab.AES])
            for more in ([], ["-no_etm"]):
                with self.subTest(engine=engine, more=more):
                    self.call(gateway, "TLSv1.2", tls_lab.AES, *more)
            gateway.quit()
            answered = [types.count("22") for types in
                        capture_lab.fields_by_stream(gateway.capture, "tls.handshake.extension.type")]
            self.assertEqual(answered, [2, 1])

    def test_the_gateway_refuses_a_certificate_of_nobody(self):
        tls_lab.make_stranger(self.folder)
        for engine in tls_lab.ENGINES:
            with self.subTest(engine=engine):
                gateway = self.gateway(engine, tls_lab.VERSIONS, [tls_lab.AES], verifyPeer="required")
                server = ServerProgram(self, *ALL, "-cert", str(self.folder / "stranger.pem"),
                                       "-key", str(self.folder / "stranger-key.pem"))
                self.assertIn("certificate", self.assert_call_fails(gateway, server.port))
                self.assertEqual(server.phone.methods, [])
                gateway.quit()


if __name__ == "__main__":
    lab.require("openssl", "ss", "tshark")
    lab.main()

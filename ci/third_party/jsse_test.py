#!/usr/bin/env python3
"""SIP over TLS with Java's JSSE on the other side, as client and as server: old versions, 3DES, the ClientHello in SSLv2
format, client certificates and resumption."""

import pathlib
import queue
import shutil
import subprocess
import tempfile
import threading

import capture_lab
import lab
import tls_lab
from tls_lab import AES, GCM, GCM_13, TRIPLE_DES

SOURCE = pathlib.Path(__file__).parent / "jsse" / "SipOverTls.java"
# What Java forbids since its release dates is what old gateways speak.
SECURITY = "jdk.tls.disabledAlgorithms=\njdk.certpath.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\n"
OLD_VERSIONS = {"TLSv1.0": "TLSv1", "TLSv1.1": "TLSv1.1", "TLSv1.2": "TLSv1.2"}  # and Java's words for them
SSL2_HELLO = {"netborder.sip.tls.supportSSLv2ClientHello": True}
OK = "SIP/2.0 200 OK"


def java_suite(name):
    return "SSL_RSA_WITH_3DES_EDE_CBC_SHA" if name == TRIPLE_DES else name


class Jsse(lab.Program):
    """The Java program, which takes an order a line and answers each."""

    def __init__(self, test, classes):
        security = test.folder / "java.security"
        security.write_text(SECURITY)
        # Small and quick to start: it lives for a few connections.
        command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", f"-Djava.security.properties={security}",
                   "-cp", str(classes), "SipOverTls", str(test.folder)]
        super().__init__(test, "jsse", command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def order(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def line(self):
        try:
            line = self._lines.get(timeout=lab.DEADLINE_S)
        except queue.Empty:
            raise AssertionError(f"JSSE says nothing:\n{self.text()}") from None
        if line is None:
            raise AssertionError(f"JSSE ended:\n{self.text()}")
        return line

    def connect(self, gateway, protocols, suites, identity="anonymous", sessions="new"):
        self.order("connect", gateway.ports["tls"], protocols, ",".join(map(java_suite, suites)), identity, sessions)
        return self.line()

    def serve(self, protocols, suites, clients="anonymous"):
        """The port that it listens on for one connection."""
        self.order("serve", protocols, ",".join(map(java_suite, suites)), clients)
        return int(self.line().removeprefix("listening "))


class JsseCase(tls_lab.TlsCase):
    @classmethod
    def setUpClass(cls):
        cls.classes = pathlib.Path(tempfile.mkdtemp(prefix="sipvet-jsse-"))
        cls.addClassCleanup(shutil.rmtree, cls.classes, ignore_errors=True)
        subprocess.run(["javac", "-Xlint:all", "-Werror", "-d", str(cls.classes), str(SOURCE)], check=True)

    def setUp(self):
        super().setUp()
        self.jsse = Jsse(self, self.classes)


class Client(JsseCase):
    def test_old_versions_with_each_suite(self):
        for engine, suites in (("openssl", [AES]), ("wire", [AES, TRIPLE_DES])):
            gateway = self.gateway(engine, OLD_VERSIONS, suites)
            for version in OLD_VERSIONS.values():
                for suite in suites:
                    with self.subTest(engine=engine, version=version, suite=suite):
                        said = self.jsse.connect(gateway, version, [suite])
                        self.assertEqual(said, f"answered {version} {java_suite(suite)} {OK}")
            gateway.quit()

    def test_new_versions(self):
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, ["TLSv1.2", "TLSv1.3"], [GCM, GCM_13])
            for version, suite in (("TLSv1.2", GCM), ("TLSv1.3", GCM_13)):
                with self.subTest(engine=engine, version=version):
                    self.assertEqual(self.jsse.connect(gateway, version, [suite]), f"answered {version} {suite} {OK}")
            gateway.quit()

    def test_hello_in_sslv2_format(self):
        gateway = self.gateway("wire", OLD_VERSIONS, [AES, TRIPLE_DES], **SSL2_HELLO)
        for version in OLD_VERSIONS.values():
            for suite in (AES, TRIPLE_DES):
                with self.subTest(suite=suite, version=version):
                    said = self.jsse.connect(gateway, f"SSLv2Hello,{version}", [suite])
                    self.assertEqual(said, f"answered {version} {java_suite(suite)} {OK}")
        gateway.quit()
        self.assertEqual(capture_lab.first_record_versions(gateway.capture), [capture_lab.SSL2_RECORD] * 6)

    def assert_refused(self, gateway, said, alert, *because):
        self.assertIn(f"Received fatal alert: {alert}", said)
        line = self.wait_for_log(gateway, because[0])
        self.assertIn("no connection", line)
        for words in because:
            self.assertIn(words, line)

    def test_refused_and_why(self):
        for engine in tls_lab.ENGINES:
            with self.subTest(engine=engine, refused="hello"):
                gateway = self.gateway(engine, ["TLSv1.0", "TLSv1.2"], [AES])
                said = self.jsse.connect(gateway, "SSLv2Hello,TLSv1", [AES])
                self.assert_refused(gateway, said, "protocol_version", "SSLv2 format")
            with self.subTest(engine=engine, refused="suite"):
                said = self.jsse.connect(gateway, "TLSv1.2", [TRIPLE_DES])
                self.assert_refused(gateway, said, "handshake_failure", "no common cipher suite",
                                    f"the peer offers TLSv1.2 with {TRIPLE_DES} only", AES)
            gateway.quit()
            with self.subTest(engine=engine, refused="version"):
                gateway = self.gateway(engine, ["TLSv1.2"], [AES])
                said = self.jsse.connect(gateway, "TLSv1", [AES])
                self.assert_refused(gateway, said, "protocol_version", "no common TLS version", "the peer offers TLSv1.0",
                                    "this side allows TLSv1.2")
                gateway.quit()

    def test_client_certificates(self):
        tls_lab.make_client_certificate(self.folder)
        tls_lab.make_stranger(self.folder)
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, ["TLSv1.0", "TLSv1.3"], [AES, GCM_13], verifyPeer="required")
            for version, suite in (("TLSv1", AES), ("TLSv1.2", AES), ("TLSv1.3", GCM_13)):
                with self.subTest(engine=engine, version=version):
                    self.assertEqual(self.jsse.connect(gateway, version, [suite], "client"),
                                     f"answered {version} {suite} {OK}")
                    for nobody in ("anonymous", "stranger"):
                        self.assertTrue(self.jsse.connect(gateway, version, [suite], nobody).startswith("refused "))
            gateway.quit()
            refused = [line for line in gateway.text().splitlines() if "no connection" in line and "certificate" in line]
            self.assertEqual(len(refused), 6, gateway.text())

    def resumes(self, engine, version, suite, resumption):
        gateway = self.gateway(engine, tls_lab.VERSIONS, [AES, GCM_13], resumption=resumption)
        for _ in range(2):  # Java keeps sessions by address and port, so no two gateways have one in common
            said = self.jsse.connect(gateway, version, [suite], sessions="kept")
            self.assertEqual(said, f"answered {version} {suite} {OK}")
        gateway.quit()
        return capture_lab.full_handshakes(gateway.capture)

    def test_resumption(self):
        for engine in tls_lab.ENGINES:
            for version, suite in (("TLSv1", AES), ("TLSv1.2", AES), ("TLSv1.3", GCM_13)):
                with self.subTest(engine=engine, version=version):
                    self.assertEqual(self.resumes(engine, version, suite, True), [True, False])
            with self.subTest(engine=engine, resumption=False):
                self.assertEqual(self.resumes(engine, "TLSv1.2", AES, False), [True, True])


class Server(JsseCase):
    def call(self, gateway, port):
        self.assert_call_is_busy(gateway, port)
        return self.jsse.line()

    def test_the_gateway_calls_in_old_versions(self):
        for engine, suites in (("openssl", [AES]), ("wire", [AES, TRIPLE_DES])):
            gateway = self.gateway(engine, OLD_VERSIONS, suites)
            for version in OLD_VERSIONS.values():
                for suite in suites:
                    with self.subTest(engine=engine, version=version, suite=suite):
                        port = self.jsse.serve(version, [suite])
                        self.assertEqual(self.call(gateway, port), f"served {version} {java_suite(suite)} INVITE,ACK")
            gateway.quit()

    def test_the_gateway_calls_in_new_versions_with_its_certificate(self):
        for engine in tls_lab.ENGINES:
            gateway = self.gateway(engine, ["TLSv1.2", "TLSv1.3"], [GCM, GCM_13])
            for version, suite in (("TLSv1.2", GCM), ("TLSv1.3", GCM_13)):
                with self.subTest(engine=engine, version=version):
                    port = self.jsse.serve(version, [suite], "known")
                    self.assertEqual(self.call(gateway, port), f"served {version} {suite} INVITE,ACK")
            gateway.quit()

    def test_the_gateways_hello_in_sslv2_format(self):
        gateway = self.gateway("wire", OLD_VERSIONS, [AES, TRIPLE_DES], **SSL2_HELLO)
        # Not TLS 1.2: without signature_algorithms Java takes certificates signed with SHA-1 only, so it does not even
        # understand its own client.
        for version in ("TLSv1", "TLSv1.1"):
            for suite in (AES, TRIPLE_DES):
                with self.subTest(version=version, suite=suite):
                    port = self.jsse.serve(f"SSLv2Hello,{version}", [suite])
                    self.assertEqual(self.call(gateway, port), f"served {version} {java_suite(suite)} INVITE,ACK")
        cause = self.assert_call_fails(gateway, self.jsse.serve("TLSv1,TLSv1.2", [AES]))
        self.assertIn("SSLv2Hello is not enabled", self.jsse.line())
        self.assertIn("ClientHello", cause)
        gateway.quit()
        # One connection for each pair, and the refused one.
        self.assertEqual(capture_lab.first_record_versions(gateway.capture), [capture_lab.SSL2_RECORD] * 5)

    def test_no_common_suite(self):
        for engine in tls_lab.ENGINES:
            with self.subTest(engine=engine):
                gateway = self.gateway(engine, OLD_VERSIONS, [AES])
                cause = self.assert_call_fails(gateway, self.jsse.serve("TLSv1.2", [TRIPLE_DES]))
                self.assertIn("handshake_failure", cause)
                self.assertTrue(self.jsse.line().startswith("refused "))
                gateway.quit()


if __name__ == "__main__":
    lab.require("java", "javac", "tshark")
    lab.main()

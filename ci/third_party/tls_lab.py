"""What the tests against other TLS programs share: gateways on either engine, and clients that talk."""

import contextlib
import subprocess
import threading

import lab
import sip_text

VERSIONS = ("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3")
ENGINES = ("openssl", "wire")

AES = "TLS_RSA_WITH_AES_128_CBC_SHA"
TRIPLE_DES = "TLS_RSA_WITH_3DES_EDE_CBC_SHA"
GCM = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
GCM_13 = "TLS_AES_128_GCM_SHA256"


def of_engine(engine, suites):
    """Those of the suites that the engine can do: OpenSSL as Debian builds it has no 3DES in TLS."""
    return [name for name in suites if engine == "wire" or "3DES" not in name]


def make_client_certificate(folder):
    """client.pem with client-key.pem, signed by the CA of lab.make_certificates."""
    key, cert, request = (str(folder / n) for n in ("client-key.pem", "client.pem", "client-request.pem"))
    lab.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", "/CN=client.example.com")
    lab.openssl("x509", "-req", "-in", request, "-CA", str(folder / "ca.pem"), "-CAkey", str(folder / "ca.key"),
                "-CAcreateserial", "-days", "2", "-out", cert)


def make_stranger(folder):
    """stranger.pem with stranger-key.pem: a certificate that no authority of the lab has signed."""
    lab.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(folder / "stranger-key.pem"),
                "-out", str(folder / "stranger.pem"), "-subj", "/CN=stranger.example.com", "-days", "2")


class TlsCase(lab.Case):
    """A case whose gateways and client certificates come from one CA."""

    def setUp(self):
        super().setUp()
        self.properties = self.tls_properties()

    def gateway(self, engine, versions, suites, **more):
        """`versions` and `suites` are lists of names; `more` are properties by their last word in `sipvet.sip.tls.*`, or
        whole, or `deviations`."""
        named = {name if "." in name or name == "deviations" else f"sipvet.sip.tls.{name}": value
                 for name, value in more.items()}
        return lab.Gateway(self, {**self.properties, "sipvet.sip.tls.engine": engine,
                                  "sipvet.sip.tls.versions": ",".join(versions),
                                  "netborder.sip.tls.cypherSuites": ",".join(suites),
                                  "netborder.media.srtp.mode": "never", **named})

    def talk(self, command, *steps):
        """Runs a client and gives all that it printed. A step is what it is sent and what it must print after that; it may
        end before, of a refusal."""
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        deadline = threading.Timer(lab.DEADLINE_S, process.kill)
        deadline.start()
        printed = b""
        try:
            for text, wanted in steps:
                process.stdin.write(text.encode())
                process.stdin.flush()
                seen = len(printed)
                while wanted not in printed[seen:]:
                    piece = process.stdout.read1(4096)
                    if not piece:
                        return printed.decode(errors="replace")
                    printed += piece
        except BrokenPipeError:
            printed += process.stdout.read()
        finally:
            deadline.cancel()
            process.kill()
            process.wait()
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            process.stdout.close()
        return printed.decode(errors="replace")

    def s_client(self, gateway, *arguments):
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{gateway.ports['tls']}", "-CAfile",
                   str(self.folder / "ca.pem"), "-verify_return_error", "-nocommands", *arguments]
        return self.talk(command, (sip_text.options(gateway.ports["tls"]), b"Content-Length"))

    def gnutls_cli(self, gateway, priority, *arguments):
        command = ["gnutls-cli", "--x509cafile", str(self.folder / "ca.pem"), "--port", str(gateway.ports["tls"]),
                   "--priority", priority, "--verify-hostname", "localhost", *arguments, "127.0.0.1"]
        return self.talk(command, (sip_text.options(gateway.ports["tls"]), b"Content-Length"))

    def wait_for_log(self, gateway, text):
        """The line of the gateway's log that has the text."""
        def found():
            lines = [line for line in gateway.text().splitlines() if text in line]
            return lines[0] if lines else None
        try:
            return lab.wait_until(found, repr(text))
        except AssertionError as error:
            raise AssertionError(f"{error} in the log:\n{gateway.text()}") from None

    def assert_call_is_busy(self, gateway, port):
        """The gateway calls a peer that answers 486, and takes it so."""
        gateway.order(f"call sip:phone@127.0.0.1:{port};transport=tls")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "failed")
        self.assertEqual((event["status"], event["transport"]), (486, "tls"), gateway.text())

    def assert_call_fails(self, gateway, port):
        gateway.order(f"call sip:phone@127.0.0.1:{port};transport=tls")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "failed")
        self.assertNotEqual(event["status"], 486, gateway.text())
        return event["cause"]

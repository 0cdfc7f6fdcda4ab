"""What the third-party tests share: certificates, free ports, programs that end with their test, and the reference gateway
with its events and orders."""

import json
import os
import pathlib
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

SIPVET = os.environ.get("SIPVET", "build/release/sipvet")
DEADLINE_S = 20


def require(*programs):
    """A missing program is a failure, not a skip: ci/bootstrap installs it."""
    for program in programs:
        if shutil.which(program) is None:
            raise AssertionError(f"{program} is not installed; ci/bootstrap installs it")


def free_ports(count, kind=socket.SOCK_STREAM):
    """Ports of loopback that the kernel says are free. For programs that cannot be given port 0."""
    sockets = [socket.socket(socket.AF_INET, kind) for _ in range(count)]
    try:
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


def free_port_pair():
    """Two ports in a row, both free for TCP: baresip's SIP port and its TLS port behind it."""
    while True:
        first = socket.socket()
        second = socket.socket()
        try:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            second.bind(("127.0.0.1", port + 1))
            return port
        except OSError:
            continue
        finally:
            first.close()
            second.close()


def openssl(*arguments):
    run = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
    if run.returncode != 0:
        raise AssertionError(f"openssl {' '.join(arguments)}: {run.stderr}")


def make_certificates(folder):
    """ca.pem, and cert.pem with key.pem for 127.0.0.1, signed by it."""
    ca_key, ca, key, request, cert = (str(folder / n) for n in ("ca.key", "ca.pem", "key.pem", "request.pem", "cert.pem"))
    extensions = folder / "extensions"
    extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", ca_key, "-out", ca, "-subj", "/CN=test CA", "-days", "2")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", "/CN=localhost")
    openssl("x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "2",
            "-extfile", str(extensions), "-out", cert)
    # baresip and stunnel want certificate and key in one file.
    (folder / "both.pem").write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())


def wait_until(condition, what, deadline_s=DEADLINE_S):
    """Polls, for programs that offer no event to wait for."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


def accepts(port):
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", port)) == 0


class Program:
    """A child process whose output goes to a file and that is ended with its test."""

    def __init__(self, test, name, command, **options):
        self.name = name
        self.output = test.folder / f"{name}.out"
        with open(self.output, "wb") as out:
            self.process = subprocess.Popen(command, stdout=options.pop("stdout", out), stderr=out, **options)
        test.addCleanup(self.end)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()

    def text(self):
        return self.output.read_text(errors="replace")

    def wait(self, deadline_s=DEADLINE_S):
        try:
            return self.process.wait(timeout=deadline_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} did not end:\n{self.text()}") from None


class Gateway(Program):
    """`sipvet gateway` with its JSON events."""

    def __init__(self, test, properties, extra=(), name="gateway"):
        """`properties` are names and values, or the file of a gateway that listens at one address."""
        config, wanted = properties, 1
        if isinstance(properties, dict):
            config = test.folder / f"{name}.yaml"
            config.write_text("".join(f"{name}: {json.dumps(value)}\n" for name, value in properties.items()))
            wanted = len(properties.get("Gateways", properties.get("netborder.sip.userAgent.IPAddress", "")).split(","))
        self.capture = test.folder / f"{name}.pcapng"
        self.keylog = test.folder / f"{name}.keylog"
        command = [SIPVET, "gateway", "--config", str(config), "--events", "--commands", "--verbose",
                   "--record", str(self.capture), "--keylog", str(self.keylog), *extra]
        super().__init__(test, name, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.events = []
        self._queue = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.ports = {}
        while len(self.ports) < wanted:
            event = self.wait_for(lambda e: e["event"] == "listening" and e["transport"] not in self.ports)
            self.ports[event["transport"]] = int(event["address"].rsplit(":", 1)[1])

    def _read(self):
        for line in self.process.stdout:
            self._queue.put(json.loads(line))
        self._queue.put(None)

    def wait_for(self, condition, deadline_s=DEADLINE_S):
        """The next event that the condition holds for."""
        end = time.monotonic() + deadline_s
        while True:
            try:
                event = self._queue.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no such event; events so far: {self.events}\n{self.text()}") from None
            if event is None:
                raise AssertionError(f"the gateway ended:\n{self.text()}")
            self.events.append(event)
            if condition(event):
                return event

    def order(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def quit(self):
        self.order("quit")
        code = self.wait()
        if code != 0:
            raise AssertionError(f"the gateway ended with {code}:\n{self.text()}")


class Case(unittest.TestCase):
    """A test with a folder of its own, kept when it fails and SIPVET_KEEP is set."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sipvet-test-"))
        if not os.environ.get("SIPVET_KEEP"):
            self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def tls_properties(self, **more):
        make_certificates(self.folder)
        return {
            "netborder.sip.userAgent.IPAddress": "127.0.0.1:0/tls",
            "netborder.sip.tls.serverCertificateFile": str(self.folder / "cert.pem"),
            "netborder.sip.tls.serverCertificatePrivateKeyFile": str(self.folder / "key.pem"),
            "netborder.sip.tls.trustedRootCertificatesStore": str(self.folder / "ca.pem"),
            "sipvet.sip.tls.verifyPeer": "if-given",
            **more,
        }

    def inspect(self, *arguments):
        """`sipvet inspect` as JSON. A finding of severity error makes the exit code 1; tests look for themselves."""
        run = subprocess.run([SIPVET, "inspect", "--format", "json", "--show-keys", *map(str, arguments)],
                             capture_output=True, text=True)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        return json.loads(run.stdout)


def main():
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])

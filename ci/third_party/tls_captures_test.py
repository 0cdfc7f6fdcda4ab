#!/usr/bin/env python3
"""Captures of programs that talk TLS (gnutls-cli, JSSE) open to the octet: pre-shared keys, the oldest versions and suites, and
what a loss leaves."""

import hashlib
import pathlib
import socket
import subprocess
import threading

import lab
import tcp_capture


def sha256(pieces):
    return hashlib.sha256(b"".join(pieces)).hexdigest()


class Recorder:
    """Stands between a client and a server on loopback and keeps what each said, in the order it went through."""

    def __init__(self, test, server_port):
        self.writes = []
        self.lock = threading.Lock()
        self.server_port = server_port
        self.listener = socket.create_server(("127.0.0.1", 0))
        test.addCleanup(self.listener.close)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        client, _ = self.listener.accept()
        with client, socket.create_connection(("127.0.0.1", self.server_port)) as server:
            back = threading.Thread(target=self.carry, args=(server, client, False), daemon=True)
            back.start()
            self.carry(client, server, True)
            back.join(lab.DEADLINE_S)

    def carry(self, source, target, from_client):
        try:
            while octets := source.recv(65536):
                with self.lock:
                    self.writes.append((from_client, octets))
                target.sendall(octets)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def conversation(self, port):
        self.thread.join(lab.DEADLINE_S)
        return tcp_capture.Conversation(("10.0.0.1", port), ("10.0.0.2", 5061), self.writes)


PSK = "0123456789abcdef0123456789abcdef"
LEGACY = "NORMAL:-CIPHER-ALL:-MAC-ALL:-KX-ALL:-VERS-ALL:%COMPAT"
GNUTLS = {
    "3des": LEGACY + ":+VERS-TLS1.0:+RSA:+3DES-CBC:+SHA1",
    "rc4-md5": LEGACY + ":+VERS-TLS1.0:+RSA:+ARCFOUR-128:+MD5",
    "rc4-sha": LEGACY + ":+VERS-TLS1.2:+RSA:+ARCFOUR-128:+SHA1",
    "null": LEGACY + ":+VERS-TLS1.2:+RSA:+NULL:+SHA256",
    "camellia": LEGACY + ":+VERS-TLS1.2:+RSA:+CAMELLIA-256-CBC:+SHA256",
    "ccm-8": LEGACY + ":+VERS-TLS1.2:+RSA:+AES-128-CCM-8:+AEAD",
    "ccm-13": "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-CCM",
    "ccm-8-13": "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-CCM-8",
    "chacha-13": "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+CHACHA20-POLY1305",
    "psk": LEGACY + ":+VERS-TLS1.2:+PSK:+AES-128-CBC:+SHA1",
    "rsa-psk": LEGACY + ":+VERS-TLS1.2:+RSA-PSK:+AES-128-GCM:+AEAD",
    "psk-13": "NORMAL:-VERS-ALL:+VERS-TLS1.3:-KX-ALL:+PSK",
}


class Gnutls(lab.Case):
    def session(self, name):
        priority = GNUTLS[name]
        psk = self.folder / "psk"
        psk.write_text(f"phone:{PSK}\n")
        port, = lab.free_ports(1)
        server = lab.Program(self, f"serv-{name}", [
            "gnutls-serv", "--echo", "--quiet", "-p", str(port), "--priority", priority, "--pskpasswd", str(psk),
            "--x509certfile", str(self.folder / "cert.pem"), "--x509keyfile", str(self.folder / "key.pem")])
        lab.wait_until(lambda: lab.accepts(port), "gnutls-serv")
        recorder = Recorder(self, port)
        keys = ["--pskusername", "phone", "--pskkey", PSK] if "psk" in name else []
        keylog = self.folder / f"{name}.keylog"
        client = subprocess.Popen(["gnutls-cli", "--insecure", "--priority", priority, *keys, "--logfile", "/dev/null",
                                   "--port", str(recorder.port), "127.0.0.1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, env={"SSLKEYLOGFILE": str(keylog), "PATH": "/usr/bin:/bin"})
        said = b""
        for i in range(5):
            line = f"line {i} of {name}\n".encode()
            client.stdin.write(line)
            client.stdin.flush()
            seen = b""
            while line not in seen:
                piece = client.stdout.read1(4096)
                self.assertTrue(piece, f"{name}: gnutls-cli ended: {seen}\n{server.text()}")
                seen += piece
            said += line
        client.stdin.close()
        client.wait(lab.DEADLINE_S)
        client.stdout.close()
        server.end()
        return recorder.conversation(30_000), keylog, said

    def test_every_suite(self):
        lab.make_certificates(self.folder)
        for name in GNUTLS:
            with self.subTest(session=name):
                conversation, keylog, said = self.session(name)
                capture = tcp_capture.Capture(self.folder / "capture.pcap")
                capture.add(conversation)
                capture.close()
                keys = {"psk": [["--tls-psk", f"phone:{PSK}"]],
                        "psk-13": [["--tls-psk", f"phone:{PSK}"], ["--keylog", keylog]],
                        "rsa-psk": [["--tls-psk", f"phone:{PSK}", "--tls-key", f"any,0,sip,{self.folder / 'key.pem'}"]],
                        }.get(name, [["--keylog", keylog]])
                for arguments in keys:
                    entry, = self.inspect(self.folder / "capture.pcap", *arguments)["tls"]
                    self.assertIsNone(entry["reason"])
                    self.assertEqual(entry["client_sha256"], sha256([said]))
                    self.assertEqual(entry["server_sha256"], sha256([said]))


SESSIONS_JAVA = pathlib.Path(__file__).parent / "jsse" / "TlsSessions.java"
# Java's names of suites keep the SSL they came with.
JSSE = [("SSLv3", suite) for suite in ("SSL_RSA_WITH_3DES_EDE_CBC_SHA", "SSL_RSA_WITH_DES_CBC_SHA", "SSL_RSA_WITH_RC4_128_MD5",
                                       "SSL_RSA_WITH_RC4_128_SHA", "SSL_RSA_WITH_NULL_MD5", "TLS_RSA_WITH_AES_128_CBC_SHA")]
JSSE += [(version, suite) for version in ("TLSv1", "TLSv1.1")
         for suite in ("SSL_RSA_WITH_DES_CBC_SHA", "SSL_RSA_WITH_3DES_EDE_CBC_SHA", "SSL_RSA_WITH_RC4_128_MD5")]


class Jsse(lab.Case):
    """SSL 3.0, single DES and RC4: what no other library speaks any more."""

    def sessions(self, texts):
        lab.make_certificates(self.folder)
        lab.openssl("pkcs12", "-export", "-in", str(self.folder / "cert.pem"), "-inkey", str(self.folder / "key.pem"), "-out",
                    str(self.folder / "store.p12"), "-passout", "pass:secret")
        security = self.folder / "security"
        security.write_text("jdk.tls.disabledAlgorithms=\njdk.certpath.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\n")
        run = subprocess.run(["java", f"-Djava.security.properties={security}", str(SESSIONS_JAVA), str(self.folder / "store.p12"),
                              "secret", *texts], input="".join(f"{version} {suite}\n" for version, suite in JSSE),
                             capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)
        for i, session in enumerate(run.stdout.split("end\n")[:-1]):
            writes = [(line.startswith("client"), bytes.fromhex(line.split()[1])) for line in session.splitlines()]
            yield tcp_capture.Conversation(("10.0.0.1", 40_000 + i), ("10.0.0.2", 5061), writes)

    def test_every_suite_with_and_without_a_loss(self):
        texts = [f"message {i}" for i in range(6)]
        conversations = list(self.sessions(texts))
        self.assertEqual(len(conversations), len(JSSE))
        key = f"any,0,sip,{self.folder / 'key.pem'}"
        for lost in (False, True):
            path = self.folder / "capture.pcap"
            capture = tcp_capture.Capture(path)
            for conversation in conversations:
                gone = [o for from_client, o in conversation.writes if from_client][-3] if lost else None
                capture.add(conversation, lost=lambda s, gone=gone: s[0] and s[2] == gone)
            capture.close()
            found = {int(e["client"].rsplit(":", 1)[1]): e for e in self.inspect(path, "--tls-key", key)["tls"]}
            for (version, suite), conversation in zip(JSSE, conversations):
                with self.subTest(version=version, suite=suite, lost=lost):
                    entry = found[conversation.client[1]]
                    self.assertEqual(entry["version"], "TLSv1.0" if version == "TLSv1" else version)
                    self.assertEqual(entry["cipher"].split("_", 1)[1], suite.split("_", 1)[1])
                    self.assertEqual(entry["server_sha256"], sha256(t.encode() for t in texts))
                    if not lost:
                        self.assertIsNone(entry["reason"])
                        self.assertEqual(entry["client_sha256"], sha256(t.encode() for t in texts))
                        continue
                    self.assertIn("read on from offset", entry["reason"])
                    # Up to the loss, and on behind it: CBC of old versions may need one record more to find its way.
                    chains = version in ("SSLv3", "TLSv1") and "CBC" in suite
                    behind = texts[4:], [texts[4][1:], texts[5]], texts[5:], [texts[5][1:]]
                    possible = [sha256(t.encode() for t in [*texts[:3], *rest]) for rest in (behind if chains else behind[:1])]
                    self.assertIn(entry["client_sha256"], possible)


if __name__ == "__main__":
    lab.require("openssl", "gnutls-cli", "gnutls-serv", "java")
    lab.main()

#!/usr/bin/env python3
"""Captures of OpenSSL and GnuTLS sessions open to the octet, whatever happened to their segments on the way; tshark reads the
same from them."""

import hashlib
import itertools
import pathlib
import socket
import ssl
import subprocess
import threading
import warnings

import lab
import tcp_capture

warnings.simplefilter("ignore", DeprecationWarning)

# SSL_OP_… that Python has no name for.
NO_EXTENDED_MASTER_SECRET, NO_ENCRYPT_THEN_MAC = 1 << 0, 1 << 19
VERSIONS = {"TLSv1.0": ssl.TLSVersion.TLSv1, "TLSv1.1": ssl.TLSVersion.TLSv1_1, "TLSv1.2": ssl.TLSVersion.TLSv1_2,
            "TLSv1.3": ssl.TLSVersion.TLSv1_3}
OLD = ["AES128-SHA", "AES256-SHA", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES256-SHA", "CAMELLIA128-SHA", "DHE-RSA-CAMELLIA256-SHA",
       "NULL-MD5", "NULL-SHA", "ECDHE-RSA-NULL-SHA"]
NEW = ["AES128-SHA256", "AES256-SHA256", "NULL-SHA256", "CAMELLIA256-SHA256", "ECDHE-RSA-AES256-SHA384",
       "ECDHE-RSA-CAMELLIA256-SHA384", "AES128-GCM-SHA256", "AES256-GCM-SHA384", "ECDHE-RSA-AES128-GCM-SHA256", "AES128-CCM",
       "AES256-CCM8", "DHE-RSA-AES256-CCM", "ECDHE-RSA-CHACHA20-POLY1305", "ARIA128-GCM-SHA256", "ECDHE-ARIA256-GCM-SHA384"]
SUITES = {"TLSv1.0": OLD, "TLSv1.1": OLD, "TLSv1.2": OLD + NEW, "TLSv1.3": ["TLS_AES_256_GCM_SHA384"]}
MESSAGES = [f"OPTIONS sip:{i}@example.com SIP/2.0\r\nCall-ID: {i}\r\nX-Fill: {'x' * (i * 97 % 500)}\r\n"
            "Content-Length: 0\r\n\r\n".encode() for i in range(8)]


class Session:
    """A client and a server of OpenSSL that talk in memory; `writes` is what went over the wire."""

    def __init__(self, client_context, server_context, session=None):
        self.writes = []
        self.pipes = ssl.MemoryBIO(), ssl.MemoryBIO()
        to_client, to_server = self.pipes
        self.client_out, self.server_out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.client = client_context.wrap_bio(to_client, self.client_out, session=session)
        self.server = server_context.wrap_bio(to_server, self.server_out, server_side=True)
        self.to_client, self.to_server = to_client, to_server

    def carry(self):
        """Whether anything was there to be carried."""
        moved = False
        for from_client, source, target in ((True, self.client_out, self.to_server), (False, self.server_out, self.to_client)):
            octets = source.read()
            if octets:
                self.writes.append((from_client, octets))
                target.write(octets)
                moved = True
        return moved

    def handshake(self):
        done = [False, False]
        while not all(done) or self.carry():
            for i, side in enumerate((self.client, self.server)):
                try:
                    side.do_handshake()
                    done[i] = True
                except ssl.SSLWantReadError:
                    pass
            self.carry()

    def say(self, side, octets):
        side.write(octets)
        self.carry()
        other = self.server if side is self.client else self.client
        assert other.read(len(octets) + 1) == octets

    def drain(self):
        """Tickets of TLS 1.3 are taken in."""
        try:
            self.client.read(1)
        except ssl.SSLWantReadError:
            pass


def sha256(pieces):
    return hashlib.sha256(b"".join(pieces)).hexdigest()


class Matrix(lab.Case):
    def setUp(self):
        super().setUp()
        lab.make_certificates(self.folder)
        lab.openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", str(self.folder / "dh.pem"))
        self.keylog = self.folder / "keylog"
        self.key = f"any,0,sip,{self.folder / 'key.pem'}"
        self.ports = itertools.count(20_000)

    def contexts(self, version, suite, options=0, tickets=True):
        client, server = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
        client.keylog_filename = str(self.keylog)
        for context in (client, server):
            context.set_ciphers((suite if version != "TLSv1.3" else "ALL") + ":@SECLEVEL=0")
            context.minimum_version = context.maximum_version = VERSIONS[version]
            context.options |= options
            if not tickets:
                context.options |= ssl.OP_NO_TICKET
        server.load_dh_params(self.folder / "dh.pem")
        server.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        return client, server

    def sessions(self):
        """A name and a Conversation for each point of the matrix; all say MESSAGES one way and their reverse the other."""
        for version, suites in SUITES.items():
            for suite in suites:
                for options in (0, NO_EXTENDED_MASTER_SECRET | NO_ENCRYPT_THEN_MAC):
                    for tickets in (True, False):
                        contexts = self.contexts(version, suite, options, tickets)
                        first = self.talk(*contexts)
                        yield f"{version} {suite} {options} full", self.conversation(first)
                        again = self.talk(*contexts, first.client.session)
                        self.assertTrue(again.client.session_reused)
                        yield f"{version} {suite} {options} resumed, tickets {tickets}", self.conversation(again)

    def talk(self, client, server, session=None):
        talk = Session(client, server, session)
        talk.handshake()
        for message in MESSAGES:
            talk.say(talk.client, message)
            talk.say(talk.server, message[::-1])
        talk.drain()
        return talk

    def conversation(self, talk):
        return tcp_capture.Conversation(("10.0.0.1", next(self.ports)), ("10.0.0.2", 5061), talk.writes)

    def inspect_all(self, conversations, *arguments, **how):
        path = self.folder / "capture.pcap"
        capture = tcp_capture.Capture(path)
        for conversation in conversations:
            capture.add(conversation, **how)
        capture.close()
        found = self.inspect(path, *arguments)["tls"]
        self.assertEqual(len(found), len(conversations))
        return {int(each["client"].rsplit(":", 1)[1]): each for each in found}

    def test_every_session_opens_in_every_order(self):
        names, conversations = zip(*self.sessions())
        for order in (tcp_capture.in_order, tcp_capture.swapped, tcp_capture.duplicated):
            found = self.inspect_all(conversations, "--keylog", self.keylog, order=order)
            for name, conversation in zip(names, conversations):
                with self.subTest(order=order.__name__, session=name):
                    entry = found[conversation.client[1]]
                    self.assertIsNone(entry["reason"])
                    self.assertEqual(entry["client_sha256"], sha256(MESSAGES))
                    self.assertEqual(entry["server_sha256"], sha256(m[::-1] for m in MESSAGES))

    def test_the_rsa_key_opens_static_rsa_and_what_it_is_resumed_from(self):
        names, conversations = zip(*((name, c) for name, c in self.sessions()
                                     if "1.3" not in name and "DHE" not in name and "ECDHE" not in name))
        found = self.inspect_all(conversations, "--tls-key", self.key)
        for name, conversation in zip(names, conversations):
            with self.subTest(session=name):
                entry = found[conversation.client[1]]
                self.assertIsNone(entry["reason"])
                self.assertEqual(entry["client_sha256"], sha256(MESSAGES))

    def test_one_lost_segment_costs_what_was_in_it(self):
        names, conversations = zip(*self.sessions())
        lost_message = 3

        def gone(conversation):
            """What the client sent for the lost message."""
            wanted = 0
            for from_client, octets in reversed(conversation.writes):
                if from_client:
                    wanted += 1
                    if wanted == len(MESSAGES) - lost_message:
                        return octets
            raise AssertionError("no such record")

        path = self.folder / "capture.pcap"
        capture = tcp_capture.Capture(path)
        for conversation in conversations:
            octets = gone(conversation)
            capture.add(conversation, lost=lambda s, octets=octets: s[0] and octets.startswith(s[2]))
        capture.close()
        found = {int(e["client"].rsplit(":", 1)[1]): e for e in self.inspect(path, "--keylog", self.keylog)["tls"]}
        for name, conversation in zip(names, conversations):
            with self.subTest(session=name):
                entry = found[conversation.client[1]]
                # CBC of TLS 1.0 needs the record in front; OpenSSL sends an empty one before each message there.
                expected = [m for i, m in enumerate(MESSAGES) if i != lost_message]
                stream = b"".join(o for from_client, o in conversation.writes if from_client)
                self.assertEqual(entry["client_sha256"], sha256(expected))
                self.assertEqual(entry["server_sha256"], sha256(m[::-1] for m in MESSAGES))
                self.assertIn(f"bytes lost at offset {stream.index(gone(conversation))}, client: {len(gone(conversation))} "
                              "octets, read on", entry["reason"])

    def test_tshark_reads_the_same(self):
        # Its library has no ARIA.
        names, conversations = zip(*((name, c) for name, c in self.sessions() if "ARIA" not in name))
        found = self.inspect_all(conversations, "--keylog", self.keylog)
        follow = [o for i in range(len(conversations)) for o in ("-z", f"follow,tls,raw,{i}")]
        run = subprocess.run(["tshark", "-n", "-q", "-r", str(self.folder / "capture.pcap"), "-o",
                              f"tls.keylog_file:{self.keylog}", *follow], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)
        streams = {}
        for block in run.stdout.split("Follow: tls,raw")[1:]:
            lines = block.splitlines()
            stream = int(next(line for line in lines if line.startswith("Filter")).rsplit(" ", 1)[1])
            server_first = ":5061" in next(line for line in lines if line.startswith("Node 0"))
            data = [line for line in lines if line and not line.startswith(("Filter", "Node", "="))]
            first, second = ([bytes.fromhex(x) for x in data if x.startswith("\t") == tabbed] for tabbed in (False, True))
            streams[stream] = (second, first) if server_first else (first, second)
        for i, (name, conversation) in enumerate(zip(names, conversations)):
            with self.subTest(session=name):
                entry = found[conversation.client[1]]
                self.assertEqual(entry["client_sha256"], sha256(streams[i][0]))
                self.assertEqual(entry["server_sha256"], sha256(streams[i][1]))


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
    lab.require("openssl", "gnutls-cli", "gnutls-serv", "tshark", "java")
    lab.main()

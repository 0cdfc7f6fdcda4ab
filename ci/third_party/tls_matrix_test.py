#!/usr/bin/env python3
"""Each version and suite that OpenSSL and GnuTLS speak, with and without extended master secret and encrypt-then-MAC, full and
resumed, opens to the octet from captures in order, swapped, duplicated and with a loss; tshark reads the same from them."""

import hashlib
import itertools
import subprocess

import gnutls_memory
import lab
import openssl_memory
import tcp_capture

MESSAGES = [f"OPTIONS sip:{i}@example.com SIP/2.0\r\nCall-ID: {i}\r\nX-Fill: {'x' * (i * 97 % 500)}\r\n"
            "Content-Length: 0\r\n\r\n".encode() for i in range(6)]
ANSWERS = [m[::-1] for m in MESSAGES]
LOST = 3  # of the client's messages
# So many connections are one capture, or a few more: tshark takes long for many.
PART = 60
# No cipher of OpenSSL, which has GOST 28147 in an engine that Debian does not build.
GOST = "TLS_GOSTR341112_256_28147_CNT_IMIT"


def sha256(pieces):
    return hashlib.sha256(b"".join(pieces)).hexdigest()


class Point:
    """One point of the matrix: its name, what went over the wire, and where in `writes` the lost message is."""

    def __init__(self, name, writes, port):
        self.name, self.writes, self.port = name, writes, port
        self.conversation = tcp_capture.Conversation(("10.0.0.1", port), ("10.0.0.2", 5061), writes)
        sent = [octets for from_client, octets in writes if from_client]
        self.lost = sent[-(len(MESSAGES) - LOST)]
        self.stream = b"".join(sent)


class Matrix(lab.Case):
    """All points are made once: every test puts them into captures of its own."""

    points = None

    def setUp(self):
        super().setUp()
        if Matrix.points is None:
            self.certificates()
            Matrix.keylog_text, ports = "", itertools.count(10_000)
            Matrix.points = [Point(name, writes, next(ports)) for name, writes in [*self.openssl(), *self.gnutls()]]
            Matrix.key_text = (self.folder / "key.pem").read_text()
        self.keylog, self.key = self.folder / "keylog", self.folder / "rsa.pem"
        self.keylog.write_text(Matrix.keylog_text)
        self.key.write_text(Matrix.key_text)

    def certificates(self):
        lab.make_certificates(self.folder)
        f = self.folder
        lab.openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", str(f / "dh.pem"))
        lab.openssl("genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", "dsa_paramgen_bits:2048", "-out", str(f / "dsa-p.pem"))
        for name, how in (("ec", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]), ("dsa", [f"dsa:{f / 'dsa-p.pem'}"])):
            lab.openssl("req", "-x509", "-newkey", *how, "-nodes", "-keyout", str(f / f"{name}-key.pem"), "-out",
                        str(f / f"{name}.pem"), "-days", "30", "-subj", "/CN=matrix")
        self.pairs = [(f / "cert.pem", f / "key.pem"), (f / "ec.pem", f / "ec-key.pem"), (f / "dsa.pem", f / "dsa-key.pem")]

    @staticmethod
    def versions(first):
        return [v for v in gnutls_memory.WORDS if (v == "TLSv1.3") == (first == "TLSv1.3") and v >= first]

    def openssl(self):
        keylog = self.folder / "openssl.keylog"
        options = {"ems": openssl_memory.NO_EXTENDED_MASTER_SECRET, "etm": openssl_memory.NO_ENCRYPT_THEN_MAC}
        for suite, first, _, cbc in openssl_memory.suites():
            for version in self.versions(first):
                axes = [] if version == "TLSv1.3" else ["ems", "etm"] if cbc else ["ems"]
                for off in [set(c) for n in range(len(axes) + 1) for c in itertools.combinations(axes, n)]:
                    for tickets in (True, False):
                        how = openssl_memory.contexts(version, suite, self.folder, self.pairs, keylog,
                                                      sum(options[each] for each in off), tickets)
                        first_talk = self.talk_openssl(*how)
                        name = f"OpenSSL {version} {suite} without {off or 'nothing'}"
                        yield f"{name}, full{'' if tickets else ', for an id'}", first_talk.writes
                        again = self.talk_openssl(*how, first_talk.client.session)
                        self.assertTrue(again.client.session_reused, name)
                        yield f"{name}, resumed by {'ticket' if tickets else 'id'}", again.writes
        Matrix.keylog_text += keylog.read_text()

    @staticmethod
    def talk_openssl(client, server, session=None):
        talk = openssl_memory.Session(client, server, session)
        talk.handshake()
        for message, answer in zip(MESSAGES, ANSWERS):
            talk.say(talk.client, message)
            talk.say(talk.server, answer)
        talk.drain()
        return talk

    def gnutls(self):
        credentials = gnutls_memory.Credentials(self.pairs)
        words = {"ems": ":%NO_SESSION_HASH", "etm": ":%NO_ETM"}
        for name, first, kx, cipher, mac in gnutls_memory.suites():
            if name == GOST:
                continue
            for version in self.versions(first):
                axes = [] if version == "TLSv1.3" else ["ems", "etm"] if "CBC" in cipher else ["ems"]
                for off in [set(c) for n in range(len(axes) + 1) for c in itertools.combinations(axes, n)]:
                    priority = gnutls_memory.priority(version, kx, cipher, mac, "".join(words[each] for each in sorted(off)))
                    first_talk = self.talk_gnutls(credentials, priority)
                    again = self.talk_gnutls(credentials, priority, first_talk.data())
                    self.assertTrue(again.resumed(), name)
                    for how, talk in (("full", first_talk), ("resumed by ticket", again)):
                        Matrix.keylog_text += "\n".join(talk.secrets) + "\n"
                        yield f"GnuTLS {version} {name} without {off or 'nothing'}, {how}", talk.writes
                        talk.close()

    @staticmethod
    def talk_gnutls(credentials, priority, data=None):
        talk = gnutls_memory.Talk(credentials, priority, data)
        for message, answer in zip(MESSAGES, ANSWERS):
            talk.say(True, message)
            talk.say(False, answer)
        return talk

    def parts(self, points=None):
        """A resumed session is together with its full one: GnuTLS writes no secret for it."""
        parts = [[]]
        for point in points or self.points:
            if len(parts[-1]) >= PART and ", full" in point.name:
                parts.append([])
            parts[-1].append(point)
        return parts

    def write(self, points, **how):
        path = self.folder / "capture.pcap"
        capture = tcp_capture.Capture(path)
        for point in points:
            lost = {"lost": lambda s, point=point: s[0] and point.lost.startswith(s[2])} if "lost" in how else how
            capture.add(point.conversation, **lost)
        capture.close()
        return path

    def entries(self, points, *arguments, **how):
        found = self.inspect(self.write(points, **how), *arguments)["tls"]
        self.assertEqual(len(found), len(points))
        return {int(each["client"].rsplit(":", 1)[1]): each for each in found}

    def assert_all(self, entry):
        self.assertIsNone(entry["reason"])
        self.assertEqual(entry["client_sha256"], sha256(MESSAGES))
        self.assertEqual(entry["server_sha256"], sha256(ANSWERS))

    def test_every_session_opens_in_every_order(self):
        self.assertGreater(len(self.points), 1000)
        for order in (tcp_capture.in_order, tcp_capture.swapped, tcp_capture.duplicated):
            for part in self.parts():
                found = self.entries(part, "--keylog", self.keylog, order=order)
                for point in part:
                    with self.subTest(order=order.__name__, session=point.name):
                        self.assert_all(found[point.port])

    def test_the_rsa_key_and_for_rsa_psk_the_other_open_what_they_should_and_its_resumption(self):
        rsa = [p for p in self.points if "1.3" not in p.name and not any(
            word in p.name.replace("RSA_PSK", "") for word in ("DH", "PSK", "SRP", "ECDSA"))]
        self.assertGreater(len(rsa), 100)
        psk = f"{gnutls_memory.PSK_NAME.decode()}:{gnutls_memory.PSK_HEX.decode()}"
        found = self.entries(rsa, "--tls-key", f"any,0,sip,{self.key}", "--tls-psk", psk)
        for point in rsa:
            with self.subTest(session=point.name):
                self.assert_all(found[point.port])

    def test_one_lost_segment_costs_what_was_in_it(self):
        for part in self.parts():
            found = self.entries(part, "--keylog", self.keylog, lost=True)
            for point in part:
                with self.subTest(session=point.name):
                    entry = found[point.port]
                    self.assertEqual(entry["server_sha256"], sha256(ANSWERS))
                    offset, octets = point.stream.index(point.lost), len(point.lost)
                    self.assertIn(f"bytes lost at offset {offset}, client: {octets} octets, read on", entry["reason"])
                    loss, = entry["losses"]
                    self.assertEqual((loss["from"], loss["offset"], loss["octets"]), ("client", offset, octets))
                    # CBC of TLS 1.0 needs the record in front of one to open it. OpenSSL sends an empty one before each message;
                    # with GnuTLS the message behind the lost one goes as well, and counts as lost.
                    chained = "GnuTLS TLSv1.0" in point.name and "CBC" in point.name
                    kept = [m for i, m in enumerate(MESSAGES) if i != LOST and not (chained and i == LOST + 1)]
                    self.assertEqual(entry["client_sha256"], sha256(kept))

    @staticmethod
    def streams_of_tshark(path, keylog, count):
        follow = [o for i in range(count) for o in ("-z", f"follow,tls,raw,{i}")]
        run = subprocess.run(["tshark", "-n", "-q", "-r", str(path), "-o", f"tls.keylog_file:{keylog}", *follow],
                             capture_output=True, text=True)
        if run.returncode != 0:
            raise AssertionError(run.stderr)
        streams = {}
        for block in run.stdout.split("Follow: tls,raw")[1:]:
            lines = block.splitlines()
            stream = int(next(line for line in lines if line.startswith("Filter")).rsplit(" ", 1)[1])
            server_first = ":5061" in next(line for line in lines if line.startswith("Node 0"))
            data = [line for line in lines if line and not line.startswith(("Filter", "Node", "="))]
            first, second = ([bytes.fromhex(x) for x in data if x.startswith("\t") == tabbed] for tabbed in (False, True))
            streams[stream] = (second, first) if server_first else (first, second)
        return streams

    def test_tshark_reads_the_same(self):
        unread = []
        for part in self.parts():
            found = self.entries(part, "--keylog", self.keylog)
            streams = self.streams_of_tshark(self.folder / "capture.pcap", self.keylog, len(part))
            for i, point in enumerate(part):
                with self.subTest(session=point.name):
                    entry = found[point.port]
                    self.assert_all(entry)
                    client, server = streams.get(i, ([], []))
                    if not client and not server:
                        unread.append(point.name)
                        continue
                    self.assertEqual(entry["client_sha256"], sha256(client))
                    self.assertEqual(entry["server_sha256"], sha256(server))
        # libgcrypt, which tshark decrypts with, has no ARIA: there sipvet reads what tshark does not.
        self.assertEqual(unread, [p.name for p in self.points if "ARIA" in p.name])

    def test_what_cannot_be_opened_is_named(self):
        name, _, kx, cipher, mac = next(each for each in gnutls_memory.suites() if each[0] == GOST)
        chain, key = self.folder / "gost.pem", self.folder / "gost-key.pem"
        template = self.folder / "template"
        template.write_text("cn = gost\nexpiration_days = 2\nsigning_key\nkey_agreement\n")
        for command in (["--generate-privkey", "--key-type", "gost12-256", "--curve", "TC26-256-B", "--no-text", "--outfile", key],
                        ["--generate-self-signed", "--load-privkey", key, "--template", template, "--no-text", "--outfile", chain]):
            subprocess.run(["certtool", *map(str, command)], check=True, capture_output=True)
        words = gnutls_memory.priority("TLSv1.2", kx, cipher, mac, ":+SIGN-GOSTR341012-256:+GROUP-GC256B")
        talk = self.talk_gnutls(gnutls_memory.Credentials([(chain, key)]), words)
        self.keylog.write_text("\n".join(talk.secrets) + "\n")
        (entry,) = self.entries([Point(name, talk.writes, 20_000)], "--keylog", self.keylog).values()
        talk.close()
        self.assertFalse(entry["decrypted"])
        self.assertEqual(entry["reason"], "unsupported suite: TLS_GOSTR341112_256_WITH_28147_CNT_IMIT")


if __name__ == "__main__":
    lab.require("openssl", "tshark")
    lab.main()

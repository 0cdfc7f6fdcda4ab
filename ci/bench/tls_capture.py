"""Writes captures of SIP over TLS for the benchmarks: real TLS between two OpenSSL endpoints in memory, packets around it.
Usage: tls_capture.py FILE.pcap KEYFILE CONNECTIONS MEGABYTES [PROTECTION]
PROTECTION: cbc (TLS 1.2, static RSA, AES-128-CBC-SHA with encrypt-then-MAC), cbc-mac-first, gcm, or tls13. KEYFILE becomes the
server's RSA key, for tls13 a key log."""

import pathlib
import socket
import ssl
import struct
import subprocess
import sys
import tempfile

CHUNK = 1448  # of a TCP segment, as Ethernet and the usual options leave it
ETHERNET = bytes(12) + b"\x08\x00"
OP_NO_ENCRYPT_THEN_MAC = 1 << 19  # SSL_OP_NO_ENCRYPT_THEN_MAC, which the ssl module has no name for
SUITES = {"cbc": "AES128-SHA", "cbc-mac-first": "AES128-SHA", "gcm": "AES128-GCM-SHA256", "tls13": None}


class Capture:
    """A pcap of IPv4 packets in Ethernet frames; sequence numbers are kept for each direction."""

    def __init__(self, path):
        self.file = open(path, "wb", buffering=1 << 20)
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        self.sequence = {}
        self.ticks = 1_700_000_000_000_000

    def segment(self, source, destination, payload=b"", flags=0x18):
        here = self.sequence.setdefault((source, destination), 1000)
        there = self.sequence.setdefault((destination, source), 1000)
        total = 40 + len(payload)
        header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, total, 0, 0x4000, 64, 6, 0,
                             socket.inet_aton(source[0]), socket.inet_aton(destination[0]))
        header += struct.pack(">HHIIBBHHH", source[1], destination[1], here, there, 0x50, flags, 65535, 0, 0)
        self.ticks += 10
        self.file.write(struct.pack("<IIII", self.ticks // 1_000_000, self.ticks % 1_000_000, 14 + total, 14 + total))
        self.file.write(ETHERNET + header)
        self.file.write(payload)
        self.sequence[source, destination] = (here + len(payload) + (1 if flags & 3 else 0)) & 0xFFFFFFFF

    def octets(self, source, destination, octets):
        for at in range(0, len(octets), CHUNK):
            self.segment(source, destination, octets[at:at + CHUNK])

    def opening(self, client, server):
        self.segment(client, server, flags=0x02)
        self.segment(server, client, flags=0x12)
        self.segment(client, server, flags=0x10)

    def closing(self, client, server):
        self.segment(client, server, flags=0x11)
        self.segment(server, client, flags=0x11)


def certificate(folder, key):
    path = pathlib.Path(folder) / "server.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", path, "-days", "2",
                    "-subj", "/CN=bench.test"], check=True, capture_output=True)
    return path


class Connection:
    """Both ends of one TLS connection, without a socket."""

    def __init__(self, capture, number, contexts):
        self.capture = capture
        self.client = (f"10.1.{number >> 8}.{number & 255}", 40000 + number % 20000)
        self.server = ("10.2.0.1", 5061)
        self.ends = []
        pipes = [(ssl.MemoryBIO(), ssl.MemoryBIO()) for _ in contexts]
        for (incoming, outgoing), context, is_server in zip(pipes, contexts, (False, True)):
            self.ends.append((context.wrap_bio(incoming, outgoing, server_side=is_server), incoming, outgoing))
        capture.opening(self.client, self.server)
        done = [False, False]
        while not all(done):
            for side in (0, 1):
                try:
                    self.ends[side][0].do_handshake()
                    done[side] = True
                except ssl.SSLWantReadError:
                    pass
                self.flush(side)

    def flush(self, side):
        octets = self.ends[side][2].read()
        if octets:
            addresses = (self.client, self.server) if side == 0 else (self.server, self.client)
            self.capture.octets(*addresses, octets)
            self.ends[1 - side][1].write(octets)

    def say(self, side, text):
        self.ends[side][0].write(text)
        self.flush(side)
        self.ends[1 - side][0].read(len(text))


def messages(connection, number):
    """A request with a description and its answer, of the size real devices send; three of them make a call."""
    call = f"{connection:04x}-{number // 3:08x}"
    sdp = ("v=0\r\no=- 1 1 IN IP4 10.1.0.1\r\ns=-\r\nc=IN IP4 10.1.0.1\r\nt=0 0\r\nm=audio 20000 RTP/SAVP 0 8 101\r\n"
           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n"
           "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n")
    common = (f"Via: SIP/2.0/TLS 10.1.0.1:5061;branch=z9hG4bK{connection:04x}{number:08x};rport\r\n"
              f"From: \"Alice\" <sips:alice@example.com>;tag={call}\r\nTo: <sips:bob@example.com>\r\n"
              f"Call-ID: {call}@10.1.0.1\r\nCSeq: {number + 1} MESSAGE\r\n"
              "Contact: <sips:alice@10.1.0.1:5061;transport=tls>\r\nMax-Forwards: 70\r\nUser-Agent: bench/1.0\r\n"
              "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, REFER, NOTIFY\r\nSupported: replaces, 100rel, timer\r\n")
    request = f"MESSAGE sips:bob@example.com SIP/2.0\r\n{common}Content-Type: text/plain\r\nContent-Length: {len(sdp)}\r\n\r\n{sdp}"
    response = f"SIP/2.0 200 OK\r\n{common}Content-Length: 0\r\n\r\n"
    return request.encode(), response.encode()


def contexts_of(protection, key, keylog):
    client, server = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    version = ssl.TLSVersion.TLSv1_3 if protection == "tls13" else ssl.TLSVersion.TLSv1_2
    for context in (client, server):
        context.minimum_version = context.maximum_version = version
        if SUITES[protection]:
            context.set_ciphers(SUITES[protection] + ":@SECLEVEL=0")
        if protection == "cbc-mac-first":
            context.options |= OP_NO_ENCRYPT_THEN_MAC
    if keylog:
        client.keylog_filename = keylog
    with tempfile.TemporaryDirectory() as folder:
        server.load_cert_chain(certificate(folder, key), key)
    return client, server


def write(path, key, connections, megabytes, protection="cbc"):
    with tempfile.TemporaryDirectory() as folder:
        keylog = key if protection == "tls13" else None
        contexts = contexts_of(protection, f"{folder}/key.pem" if keylog else key, keylog)
    capture = Capture(path)
    opened = [Connection(capture, number, contexts) for number in range(connections)]
    target, number, octets = megabytes * 1_000_000, 0, 0
    while capture.file.tell() < target:
        for index, connection in enumerate(opened):
            request, response = messages(index, number)
            connection.say(0, request)
            connection.say(1, response)
            octets += len(request) + len(response)
        number += 1
    for connection in opened:
        capture.closing(connection.client, connection.server)
    capture.file.close()
    return 2 * number * connections, octets


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    count, octets = write(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:6])
    print(count, "messages of", octets, "octets")

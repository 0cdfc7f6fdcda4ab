"""Writes captures of many calls for the benchmarks: SIP and RTP over UDP, so many calls at once, so many in all.
Usage: calls_capture.py FILE.pcap AT_ONCE PACKETS_OF_A_CALL MEGABYTES
A file that is there already is continued, an hour later, until it has so many megabytes."""

import pathlib
import socket
import struct
import sys

PAYLOAD = bytes(range(160))
ETHERNET = bytes(12) + b"\x08\x00"


class Capture:
    def __init__(self, path):
        self.continues = pathlib.Path(path).exists()
        self.file = open(path, "ab", buffering=1 << 20)
        if not self.continues:
            self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        self.packets = 0

    def datagram(self, ticks, source, destination, payload):
        total = 28 + len(payload)
        self.file.write(struct.pack("<IIII", ticks // 1_000_000, ticks % 1_000_000, 14 + total, 14 + total) + ETHERNET
                        + struct.pack(">BBHHHBBH4s4s", 0x45, 0, total, 0, 0x4000, 64, 17, 0, source[0], destination[0])
                        + struct.pack(">HHHH", source[1], destination[1], 8 + len(payload), 0) + payload)
        self.packets += 1


class Call:
    """One call between two hosts; step() says or sends its next part."""

    def __init__(self, number, place):
        self.id = f"call-{number}@bench.test"
        low = place % 16_000 * 2 + 20_000
        ips = [socket.inet_aton(f"10.{side}.{place // 16_000}.1") for side in (1, 2)]
        self.texts = [socket.inet_ntoa(ip) for ip in ips]
        self.signalling = [(ip, 5060) for ip in ips]
        self.media = [(ip, low) for ip in ips]
        self.ssrc = number * 2 + 1

    def description(self, side):
        return (f"v=0\r\no=- 1 1 IN IP4 {self.texts[side]}\r\ns=-\r\nc=IN IP4 {self.texts[side]}\r\nt=0 0\r\n"
                f"m=audio {self.media[side][1]} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n")

    def message(self, start, cseq, body=""):
        kind = "Content-Type: application/sdp\r\n" if body else ""
        return (f"{start}\r\nVia: SIP/2.0/UDP {self.texts[0]}:5060;branch=z9hG4bK{self.id}{cseq[0]}\r\nMax-Forwards: 70\r\n"
                f"From: <sip:a@{self.texts[0]}>;tag=a\r\nTo: <sip:b@{self.texts[1]}>\r\nCall-ID: {self.id}\r\n"
                f"CSeq: {cseq}\r\nContact: <sip:x@{self.texts[0]}>\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}").encode()

    def begin(self, capture, ticks):
        there, back = self.signalling, self.signalling[::-1]
        target = f"sip:b@{self.texts[1]}"
        capture.datagram(ticks, *there, self.message(f"INVITE {target} SIP/2.0", "1 INVITE", self.description(0)))
        capture.datagram(ticks, *back, self.message("SIP/2.0 200 OK", "1 INVITE", self.description(1)))
        capture.datagram(ticks, *there, self.message(f"ACK {target} SIP/2.0", "1 ACK"))

    def talk(self, capture, ticks, index):
        for side in (0, 1):
            header = struct.pack(">BBHII", 0x80, 0, index & 0xFFFF, index * 160 & 0xFFFFFFFF, self.ssrc + side)
            capture.datagram(ticks, self.media[side], self.media[1 - side], header + PAYLOAD)

    def end(self, capture, ticks):
        capture.datagram(ticks, *self.signalling, self.message(f"BYE sip:b@{self.texts[1]} SIP/2.0", "2 BYE"))
        capture.datagram(ticks, *self.signalling[::-1], self.message("SIP/2.0 200 OK", "2 BYE"))


def write(path, at_once, packets, megabytes):
    """Calls begin one after another, so that one ends and another begins every so often."""
    capture, calls = Capture(path), 0
    ticks = 1_700_000_000_000_000 + (3_600_000_000 if capture.continues else 0)
    running = [None] * at_once  # (call, packets sent)
    while capture.file.tell() < megabytes * 1_000_000:
        for place in range(at_once):
            ticks += max(1, 20_000 // at_once)
            if running[place] is None:
                running[place] = [Call(calls, place), 0 if calls >= at_once else packets * place // at_once]
                calls += 1
                running[place][0].begin(capture, ticks)
            call, sent = running[place]
            call.talk(capture, ticks, sent)
            running[place][1] += 1
            if running[place][1] >= packets:
                call.end(capture, ticks)
                running[place] = None
    capture.file.close()
    return capture.packets, calls


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    print(*write(sys.argv[1], *map(int, sys.argv[2:])))

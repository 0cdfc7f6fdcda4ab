"""Writes captures of TCP conversations whose octets are known: in order, or as a bad day on the network shows them."""

import struct

FIN, SYN, ACK = 1, 2, 16
RAW_IP = 101


class Conversation:
    """Octets of both sides in the order they were sent: (True, b"…") is the client's."""

    def __init__(self, client, server, writes):
        self.client, self.server, self.writes = client, server, writes

    def segments(self, mss=700):
        """(from the client, offset in its direction, octets)"""
        sent = {True: 0, False: 0}
        for from_client, octets in self.writes:
            for at in range(0, len(octets), mss):
                piece = octets[at:at + mss]
                yield from_client, sent[from_client], piece
                sent[from_client] += len(piece)


def ipv4(source, destination, segment):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), 0, 0x4000, 64, 6, 0,
                       bytes(map(int, source[0].split("."))), bytes(map(int, destination[0].split("."))))
    return head + segment


def tcp(source, destination, sequence, acknowledged, flags, octets):
    return ipv4(source, destination, struct.pack("!HHIIBBHHH", source[1], destination[1], sequence & 0xffffffff,
                                                 acknowledged & 0xffffffff, 5 << 4, flags, 65535, 0, 0) + octets)


def in_order(segments):
    return segments


def swapped(segments):
    """Each two neighbours of one direction the other way round."""
    out, i = [], 0
    while i < len(segments):
        if i + 1 < len(segments) and segments[i][0] == segments[i + 1][0]:
            out += [segments[i + 1], segments[i]]
            i += 2
        else:
            out.append(segments[i])
            i += 1
    return out


def duplicated(segments):
    """Each segment comes again a little later, and as part of a longer one."""
    out = []
    for i, segment in enumerate(segments):
        out.append(segment)
        if i >= 2:
            out.append(segments[i - 2])
        if i >= 1 and segments[i - 1][0] == segment[0]:
            before = segments[i - 1]
            out.append((segment[0], before[1], before[2] + segment[2]))
    return out


class Capture:
    def __init__(self, path):
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, RAW_IP))
        self.frames = 0

    def frame(self, packet):
        self.frames += 1
        self.file.write(struct.pack("<IIII", 1_700_000_000, self.frames, len(packet), len(packet)) + packet)

    def add(self, conversation, order=in_order, lost=lambda segment: False):
        """`lost` says which segments were not captured."""
        ends = {True: (conversation.client, conversation.server), False: (conversation.server, conversation.client)}
        start = {True: 1000, False: 5000}
        reached = dict.fromkeys(ends, 0)
        self.frame(tcp(*ends[True], start[True] - 1, 0, SYN, b""))
        self.frame(tcp(*ends[False], start[False] - 1, start[True], SYN | ACK, b""))
        self.frame(tcp(*ends[True], start[True], start[False], ACK, b""))
        segments = list(conversation.segments())
        for side, offset, octets in order([s for s in segments if not lost(s)]):
            self.frame(tcp(*ends[side], start[side] + offset, start[not side] + reached[not side], ACK, octets))
            reached[side] = max(reached[side], offset + len(octets))
        total = {side: sum(len(o) for s, _, o in segments if s == side) for side in ends}
        for side in ends:
            self.frame(tcp(*ends[side], start[side] + total[side], start[not side] + total[not side], FIN | ACK, b""))

    def close(self):
        self.file.close()

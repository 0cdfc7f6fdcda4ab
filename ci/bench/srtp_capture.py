"""Writes a capture of one SRTP stream (AES_CM_128_HMAC_SHA1_80, RFC 3711) for the benchmarks, with openssl as the block cipher.
Usage: srtp_capture.py FILE.pcap PACKETS"""

import base64
import hashlib
import hmac
import socket
import struct
import subprocess
import sys

PAYLOAD = 160
BLOCKS = PAYLOAD // 16


def encrypt_blocks(key, blocks):
    """AES-128 of whole blocks, each for itself."""
    command = ["openssl", "enc", "-aes-128-ecb", "-nopad", "-K", key.hex()]
    return subprocess.run(command, input=blocks, capture_output=True, check=True).stdout


def counter_blocks(start, count):
    value = int.from_bytes(start, "big")
    return b"".join((value + i).to_bytes(16, "big") for i in range(count))


def session_key(master_key, master_salt, label, octets):
    """RFC 3711 §4.3.1, key derivation rate 0."""
    salt = bytearray(master_salt)
    salt[7] ^= label
    return encrypt_blocks(master_key, counter_blocks(bytes(salt) + b"\0\0", (octets + 15) // 16))[:octets]


def keystream(key, salt, ssrc, packets):
    """RFC 3711 §4.1.1: (salt * 2^16) xor (SSRC * 2^64) xor (index * 2^16), for packets with index 0, 1, 2 …"""
    base = int.from_bytes(salt, "big") << 16 ^ ssrc << 64
    blocks = b"".join(counter_blocks((base ^ index << 16).to_bytes(16, "big"), BLOCKS) for index in range(packets))
    return encrypt_blocks(key, blocks)


def write(path, packets):
    """The master key and salt, in base64, and how many packets there are."""
    master_key, master_salt, ssrc = bytes(range(16)), bytes(range(100, 114)), 0x5EC0DE
    key = session_key(master_key, master_salt, 0, 16)
    authentication = session_key(master_key, master_salt, 1, 20)
    stream = keystream(key, session_key(master_key, master_salt, 2, 14), ssrc, packets)
    keyed = hmac.new(authentication, digestmod=hashlib.sha1)
    addresses = socket.inet_aton("10.1.0.1"), socket.inet_aton("10.2.0.1")
    with open(path, "wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101))
        for index in range(packets):
            packet = struct.pack(">BBHII", 0x80, 0, index & 0xFFFF, index * PAYLOAD & 0xFFFFFFFF, ssrc)
            packet += stream[index * PAYLOAD:(index + 1) * PAYLOAD]  # of a payload of zeros
            tag = keyed.copy()
            tag.update(packet + struct.pack(">I", index >> 16))
            packet += tag.digest()[:10]
            total, ticks = 28 + len(packet), 1_700_000_000_000_000 + index * 20_000
            file.write(struct.pack("<IIII", ticks // 1_000_000, ticks % 1_000_000, total, total))
            file.write(struct.pack(">BBHHHBBH4s4s", 0x45, 0, total, 0, 0x4000, 64, 17, 0, *addresses))
            file.write(struct.pack(">HHHH", 10000, 20000, total - 20, 0) + packet)
    return base64.b64encode(master_key + master_salt).decode(), packets


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(*write(sys.argv[1], int(sys.argv[2])))

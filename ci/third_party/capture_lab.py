"""What tshark reads out of a capture: SIP messages octet for octet, and fields connection by connection."""

import collections
import json
import subprocess


def tshark(capture, *arguments):
    run = subprocess.run(["tshark", "-n", "-r", str(capture), *arguments], capture_output=True, text=True)
    if run.returncode != 0:
        raise AssertionError(run.stderr)
    return run.stdout


def raw_layers(node, key):
    """Every value under `key`, wherever it stands: one raw layer is ["HEX", position, length, …], several are a list."""
    found = []
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                found += [v for v in value if isinstance(v, list)] if isinstance(value[0], list) else [value]
            else:
                found += raw_layers(value, key)
    elif isinstance(node, list):
        for value in node:
            found += raw_layers(value, key)
    return found


def sip_messages(capture, *options):
    """How often each message is there; `options` are where tshark gets its keys."""
    # Left alone, tshark takes TLS on a port that it knows (5060, or a free one such as 48898) for that port's protocol, and
    # what is inside TLS for HTTP.
    decode = ["-d", "tcp.port==1-65535,tls", "-d", "tls.port==0-65535,sip"]
    packets = json.loads(tshark(capture, "-Y", "sip", "-T", "json", "-x", "--no-duplicate-keys", *decode, *options))
    return collections.Counter(bytes.fromhex(layer[0]).decode() for layer in raw_layers(packets, "sip_raw"))


# TLS handshake types (RFC 5246 §7.4).
CERTIFICATE = "11"
SERVER_HELLO_DONE = "14"
SSL2_RECORD = "0x0002"  # the record version of a hello in SSLv2 format


def fields_by_stream(capture, field):
    """Values of a field for each TCP connection, in order, where all ports are taken for TLS."""
    found = collections.OrderedDict()
    lines = tshark(capture, "-d", "tcp.port==1-65535,tls", "-T", "fields", "-e", "tcp.stream", "-e", field).splitlines()
    for line in lines:
        stream, values = line.split("\t")
        found.setdefault(int(stream), []).extend(v for v in values.split(",") if v)
    return list(found.values())


def full_handshakes(capture):
    """For each connection, whether the server sent its certificate: a resumed session goes without."""
    return [CERTIFICATE in types for types in fields_by_stream(capture, "tls.handshake.type")]


def first_record_versions(capture):
    return [versions[0] if versions else None for versions in fields_by_stream(capture, "tls.record.version")]

"""The few SIP messages that the third-party tests write themselves, and how they find messages in a stream."""

import re


def options(port, transport="TLS", call_id="third-party"):
    """A whole OPTIONS request, as a phone would send it."""
    lines = [
        f"OPTIONS sip:gateway@127.0.0.1:{port};transport={transport.lower()} SIP/2.0",
        f"Via: SIP/2.0/{transport} 127.0.0.1:9;branch=z9hG4bK-{call_id};rport",
        "Max-Forwards: 70",
        "From: <sip:client@127.0.0.1>;tag=one",
        f"To: <sip:gateway@127.0.0.1:{port}>",
        f"Call-ID: {call_id}",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:client@127.0.0.1:9;transport={transport.lower()}>",
        "Accept: application/sdp",
        "Content-Length: 0",
    ]
    return "\r\n".join(lines) + "\r\n\r\n"


def next_message(octets):
    """(message, rest) of a stream, or (None, octets) while the message is not whole."""
    head, end, body = octets.partition(b"\r\n\r\n")
    if not end:
        return None, octets
    length = re.search(rb"(?im)^Content-Length *: *(\d+)", head)
    size = int(length[1]) if length else 0
    if len(body) < size:
        return None, octets
    return head + end + body[:size], body[size:]


def method(message):
    return message.split(b" ", 1)[0].decode()


def busy(request):
    """486 to an INVITE (RFC 3261 §8.2.6): the simplest final answer of somebody who has no media."""
    kept = [line for line in request.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]
            if re.match(rb"(?i)(via|from|call-id|cseq) *:", line)]
    to = re.search(rb"(?im)^To *: *([^\r\n]*)", request)[1] + b";tag=busy"
    return b"\r\n".join([b"SIP/2.0 486 Busy Here", *kept, b"To: " + to, b"Content-Length: 0"]) + b"\r\n\r\n"


class BusyPhone:
    """Octets in, octets out: answers every INVITE with 486 and remembers what came."""

    def __init__(self):
        self.methods = []
        self.messages = []
        self.answers = []
        self._waiting = b""

    def receive(self, octets):
        self._waiting += octets
        answers = b""
        while True:
            message, self._waiting = next_message(self._waiting)
            if message is None:
                return answers
            self.messages.append(message)
            self.methods.append(method(message))
            if self.methods[-1] == "INVITE":
                self.answers.append(busy(message))
                answers += self.answers[-1]

    def is_done(self):
        return self.methods[-1:] == ["ACK"]

"""GnuTLS sessions in memory: a client and a server of the library itself, every suite it knows, and what went over the wire."""

import ctypes
import ctypes.util
import errno

CLIENT, SERVER = 2, 1
AGAIN = -28
CRD_CERTIFICATE, CRD_ANON, CRD_SRP, CRD_PSK = 1, 2, 3, 4
SEC_PARAM_LEGACY = 30  # a group of 2048 bits
SESSION_DATA_TICKETS = 1
PEM = 1
PSK_KEY_HEX = 1
VERSIONS = {1: "TLSv1.0", 2: "TLSv1.0", 3: "TLSv1.1", 4: "TLSv1.2", 5: "TLSv1.3"}
WORDS = {"TLSv1.0": "VERS-TLS1.0", "TLSv1.1": "VERS-TLS1.1", "TLSv1.2": "VERS-TLS1.2", "TLSv1.3": "VERS-TLS1.3"}
SRP_NAME, SRP_PASSWORD, SRP_SALT = b"phone", b"a password", bytes(range(16))
PSK_NAME, PSK_HEX = b"phone", b"0123456789abcdef0123456789abcdef"


class Datum(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(ctypes.c_ubyte)), ("size", ctypes.c_uint)]

    def octets(self):
        return ctypes.string_at(self.data, self.size)


def datum(octets):
    kept = (ctypes.c_ubyte * len(octets)).from_buffer_copy(octets)
    return Datum(ctypes.cast(kept, ctypes.POINTER(ctypes.c_ubyte)), len(octets))


library = ctypes.CDLL(ctypes.util.find_library("gnutls") or "libgnutls.so.30")
PUSH = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
READY = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_uint)
KEYLOG = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(Datum))
SRP_SERVER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, *4 * [ctypes.POINTER(Datum)])
PSK_SERVER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(Datum))
for name in ("gnutls_cipher_suite_info", "gnutls_kx_get_name", "gnutls_cipher_get_name", "gnutls_mac_get_name",
             "gnutls_strerror"):
    getattr(library, name).restype = ctypes.c_char_p
library.gnutls_record_send.restype = library.gnutls_record_recv.restype = ctypes.c_ssize_t
library.gnutls_malloc = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_size_t).in_dll(library, "gnutls_malloc")


def check(code):
    if code < 0:
        raise OSError(f"GnuTLS: {library.gnutls_strerror(code).decode()} ({code})")
    return code


def hand_over(octets, to):
    """A copy that the library will free."""
    place = library.gnutls_malloc(len(octets))
    ctypes.memmove(place, octets, len(octets))
    to.contents.data = ctypes.cast(place, ctypes.POINTER(ctypes.c_ubyte))
    to.contents.size = len(octets)


def suites():
    """(IANA's name, first version, key exchange, cipher, MAC), as priority strings call them."""
    index = 0
    while True:
        code = (ctypes.c_ubyte * 2)()
        kx, cipher, mac, version = (ctypes.c_int() for _ in range(4))
        name = library.gnutls_cipher_suite_info(ctypes.c_size_t(index), code, *map(ctypes.byref, (kx, cipher, mac, version)))
        if name is None:
            return
        index += 1
        words = (library.gnutls_kx_get_name(kx), library.gnutls_cipher_get_name(cipher), library.gnutls_mac_get_name(mac))
        yield (name.decode(), VERSIONS.get(version.value), *(word.decode() if word else "" for word in words))


def priority(version, kx, cipher, mac, more=""):
    exchange = "" if version == "TLSv1.3" else f":+{kx}"
    return f"NONE:+{WORDS[version]}{exchange}:+{cipher}:+{mac}:+SIGN-ALL:+SIGN-DSA-SHA1:+SIGN-DSA-SHA256:+GROUP-ALL:%COMPAT{more}"


class Credentials:
    """For both sides: certificates (pairs of PEM files), a pre-shared key, a password, and none at all."""

    def __init__(self, certificates):
        self.client, self.server = {}, {}
        for side in (self.client, self.server):
            certificate = ctypes.c_void_p()
            check(library.gnutls_certificate_allocate_credentials(ctypes.byref(certificate)))
            side[CRD_CERTIFICATE] = certificate
        for chain, key in certificates:
            check(library.gnutls_certificate_set_x509_key_file(self.server[CRD_CERTIFICATE], str(chain).encode(),
                                                               str(key).encode(), PEM))
        check(library.gnutls_certificate_set_known_dh_params(self.server[CRD_CERTIFICATE], SEC_PARAM_LEGACY))
        for kind, word in ((CRD_ANON, "anon"), (CRD_PSK, "psk")):
            for side, who in ((self.client, "client"), (self.server, "server")):
                side[kind] = ctypes.c_void_p()
                check(getattr(library, f"gnutls_{word}_allocate_{who}_credentials")(ctypes.byref(side[kind])))
            check(getattr(library, f"gnutls_{word}_set_server_known_dh_params")(self.server[kind], SEC_PARAM_LEGACY))
        self.secret = datum(PSK_HEX)
        check(library.gnutls_psk_set_client_credentials(self.client[CRD_PSK], PSK_NAME, ctypes.byref(self.secret),
                                                        PSK_KEY_HEX))
        self.give = PSK_SERVER(self.give_psk)
        library.gnutls_psk_set_server_credentials_function(self.server[CRD_PSK], self.give)
        self.passwords()
        self.ticket_key = Datum()
        check(library.gnutls_session_ticket_key_generate(ctypes.byref(self.ticket_key)))

    @staticmethod
    def give_psk(_session, _name, key):
        hand_over(bytes.fromhex(PSK_HEX.decode()), key)
        return 0

    def passwords(self):
        """SRP: the server knows salt and verifier instead of the password (RFC 5054 §2.4)."""
        for side, who in ((self.client, "client"), (self.server, "server")):
            side[CRD_SRP] = ctypes.c_void_p()
            check(getattr(library, f"gnutls_srp_allocate_{who}_credentials")(ctypes.byref(side[CRD_SRP])))
        check(library.gnutls_srp_set_client_credentials(self.client[CRD_SRP], SRP_NAME, SRP_PASSWORD))
        salt, verifier = datum(SRP_SALT), Datum()
        generator, prime = (Datum.in_dll(library, f"gnutls_srp_2048_group_{part}") for part in ("generator", "prime"))
        check(library.gnutls_srp_verifier(SRP_NAME, SRP_PASSWORD, *map(ctypes.byref, (salt, generator, prime, verifier))))
        known = [part.octets() for part in (salt, verifier, generator, prime)]

        def give(_session, _name, *places):
            for octets, place in zip(known, places):
                hand_over(octets, place)
            return 0
        self.give_verifier = SRP_SERVER(give)
        library.gnutls_srp_set_server_credentials_function(self.server[CRD_SRP], self.give_verifier)


class End:
    def __init__(self, talk, is_client, credentials, words):
        self.talk, self.is_client, self.arrived = talk, is_client, bytearray()
        self.session = ctypes.c_void_p()
        check(library.gnutls_init(ctypes.byref(self.session), CLIENT if is_client else SERVER))
        check(library.gnutls_priority_set_direct(self.session, words.encode(), None))
        for kind, each in (credentials.client if is_client else credentials.server).items():
            check(library.gnutls_credentials_set(self.session, kind, each))
        self.functions = PUSH(self.push), PUSH(self.pull), READY(lambda _p, _ms: 1 if self.arrived else 0), KEYLOG(self.log)
        library.gnutls_transport_set_push_function(self.session, self.functions[0])
        library.gnutls_transport_set_pull_function(self.session, self.functions[1])
        library.gnutls_transport_set_pull_timeout_function(self.session, self.functions[2])
        if is_client:
            library.gnutls_session_set_keylog_function(self.session, self.functions[3])
        else:
            check(library.gnutls_session_ticket_enable_server(self.session, ctypes.byref(credentials.ticket_key)))

    def push(self, _pointer, octets, size):
        self.talk.carry(self.is_client, ctypes.string_at(octets, size))
        return size

    def pull(self, _pointer, place, size):
        if not self.arrived:
            library.gnutls_transport_set_errno(self.session, errno.EAGAIN)
            return -1
        piece = bytes(self.arrived[:size])
        del self.arrived[:size]
        ctypes.memmove(place, piece, len(piece))
        return len(piece)

    def log(self, _session, label, secret):
        client_random = Datum()
        library.gnutls_session_get_random(self.session, ctypes.byref(client_random), None)
        self.talk.secrets.append(f"{label.decode()} {client_random.octets().hex()} {secret.contents.octets().hex()}")
        return 0

    def take(self, most=65536):
        place = ctypes.create_string_buffer(most)
        got = library.gnutls_record_recv(self.session, place, ctypes.c_size_t(most))
        return place.raw[:got] if got > 0 else b""


class Talk:
    """`writes` is what went over the wire: (from the client, octets); `secrets` are lines of a key log."""

    def __init__(self, credentials, words, session_data=None):
        self.writes, self.secrets = [], []
        self.client, self.server = (End(self, side, credentials, words) for side in (True, False))
        if session_data:
            kept = datum(session_data)
            check(library.gnutls_session_set_data(self.client.session, kept.data, ctypes.c_size_t(kept.size)))
        done = {self.client: False, self.server: False}
        for _ in range(40):
            for end in done:
                if not done[end]:
                    code = library.gnutls_handshake(end.session)
                    done[end] = code == 0
                    if code not in (0, AGAIN) and library.gnutls_error_is_fatal(code):
                        check(code)
        if not all(done.values()):
            raise OSError("the handshake does not end")

    def carry(self, from_client, octets):
        self.writes.append((from_client, octets))
        (self.server if from_client else self.client).arrived += octets

    def say(self, from_client, octets):
        sender, receiver = (self.client, self.server) if from_client else (self.server, self.client)
        check(library.gnutls_record_send(sender.session, octets, ctypes.c_size_t(len(octets))))
        got = b""
        for _ in range(20):  # TLS 1.3: tickets come first
            got += receiver.take()
            if len(got) >= len(octets):
                break
        if got != octets:
            raise OSError("what was said did not arrive")

    def resumed(self):
        return bool(library.gnutls_session_is_resumed(self.client.session))

    def data(self):
        """To resume it with."""
        out = Datum()
        check(library.gnutls_session_get_data2(self.client.session, ctypes.byref(out)))
        return out.octets()

    def close(self):
        for end in (self.client, self.server):
            library.gnutls_deinit(end.session)

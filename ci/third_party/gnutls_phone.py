"""A SIP phone that speaks TLS by GnuTLS: gnutls-serv can only echo or speak HTTP, so the library is called itself."""

import ctypes
import socket
import struct
import threading

import lab
import sip_text

LIBRARY = "libgnutls.so.30"
# Of gnutls.h.
SERVER = 1
CREDENTIALS_CERTIFICATE = 1
FORMAT_PEM = 1
CERTIFICATE_REQUIRED = 2
SHUT_WRITE = 1
WARNINGS = (-52, -37)  # GNUTLS_E_INTERRUPTED, GNUTLS_E_REHANDSHAKE


class GnutlsError(Exception):
    pass


def load():
    library = ctypes.CDLL(LIBRARY)
    library.gnutls_strerror.restype = ctypes.c_char_p
    library.gnutls_session_get_desc.restype = ctypes.c_char_p
    library.gnutls_record_recv.restype = ctypes.c_ssize_t
    library.gnutls_record_send.restype = ctypes.c_ssize_t
    library.gnutls_record_send.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    library.gnutls_record_recv.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    return library


class Session:
    """One TLS session over a connected socket, as server."""

    def __init__(self, library, folder, priority, connection, wants_certificate):
        self.library = library
        credentials, self.session = ctypes.c_void_p(), ctypes.c_void_p()
        self._check(library.gnutls_certificate_allocate_credentials(ctypes.byref(credentials)))
        self._check(library.gnutls_certificate_set_x509_key_file(
            credentials, str(folder / "cert.pem").encode(), str(folder / "key.pem").encode(), FORMAT_PEM))
        self._check(library.gnutls_certificate_set_x509_trust_file(credentials, str(folder / "ca.pem").encode(), FORMAT_PEM))
        self._check(library.gnutls_init(ctypes.byref(self.session), SERVER))
        self._check(library.gnutls_priority_set_direct(self.session, priority.encode(), None))
        self._check(library.gnutls_credentials_set(self.session, CREDENTIALS_CERTIFICATE, credentials))
        if wants_certificate:
            library.gnutls_certificate_server_set_request(self.session, CERTIFICATE_REQUIRED)
        library.gnutls_transport_set_int2(self.session, connection.fileno(), connection.fileno())

    def _check(self, code):
        if code < 0:
            raise GnutlsError(self.library.gnutls_strerror(code).decode())
        return code

    def handshake(self):
        while True:
            code = self.library.gnutls_handshake(self.session)
            if code >= 0:
                return
            if code not in WARNINGS:
                self.library.gnutls_alert_send_appropriate(self.session, code)
                self._check(code)

    def description(self):
        return self.library.gnutls_session_get_desc(self.session).decode()

    def encrypts_then_macs(self):
        return bool(self.library.gnutls_session_etm_status(self.session))

    def receive(self):
        buffer = ctypes.create_string_buffer(16384)
        count = self._check(self.library.gnutls_record_recv(self.session, buffer, len(buffer)))
        return buffer.raw[:count]

    def send(self, octets):
        self._check(self.library.gnutls_record_send(self.session, octets, len(octets)))

    def close(self):
        self.library.gnutls_bye(self.session, SHUT_WRITE)


class GnutlsPhone:
    """Takes one connection and answers the call in it with 486. What came of it stands in `description`,
    `encrypts_then_macs` and `phone`, or in `error`, after join()."""

    def __init__(self, test, priority, wants_certificate=False):
        self.phone = sip_text.BusyPhone()
        self.description = self.encrypts_then_macs = self.error = None
        self._arguments = (test.folder, priority, wants_certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(lab.DEADLINE_S)
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        test.addCleanup(self._listener.close)

    def _run(self):
        try:
            connection, _ = self._listener.accept()
            with connection:
                self._serve(connection)
        except (GnutlsError, OSError) as error:
            self.error = str(error)

    def _serve(self, connection):
        # The library reads by itself, so the deadline is the socket's own.
        connection.setblocking(True)
        deadline = struct.pack("ll", lab.DEADLINE_S, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, deadline)
        folder, priority, wants_certificate = self._arguments
        session = Session(load(), folder, priority, connection, wants_certificate)
        session.handshake()
        self.description = session.description()
        self.encrypts_then_macs = session.encrypts_then_macs()
        while not self.phone.is_done():
            octets = session.receive()
            if not octets:
                raise GnutlsError("the gateway closed the connection")
            if answer := self.phone.receive(octets):
                session.send(answer)
        session.close()

    def join(self):
        self._thread.join(lab.DEADLINE_S)
        if self._thread.is_alive():
            raise AssertionError("the GnuTLS phone is still at it")

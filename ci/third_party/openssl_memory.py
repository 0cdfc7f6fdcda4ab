"""OpenSSL sessions in memory: both sides, every suite the library speaks, and what went over the wire."""

import ctypes
import ssl
import warnings

warnings.simplefilter("ignore", DeprecationWarning)

# With its legacy provider the library speaks SEED; one that is named takes the place of the default one, so both are.
crypto = ctypes.CDLL("libcrypto.so.3")
crypto.OSSL_PROVIDER_load.restype = ctypes.c_void_p
LEGACY = all(crypto.OSSL_PROVIDER_load(None, name) for name in (b"legacy", b"default"))

# SSL_OP_… that Python has no name for.
NO_EXTENDED_MASTER_SECRET, NO_ENCRYPT_THEN_MAC = 1 << 0, 1 << 19
VERSIONS = {"TLSv1.0": ssl.TLSVersion.TLSv1, "TLSv1.1": ssl.TLSVersion.TLSv1_1, "TLSv1.2": ssl.TLSVersion.TLSv1_2,
            "TLSv1.3": ssl.TLSVersion.TLSv1_3}


def suites():
    """(OpenSSL's name, first version, key exchange, whether it is a CBC suite). Python's module has no callbacks for pre-shared
    keys and SRP, and no way to choose among the suites of TLS 1.3: GnuTLS speaks those."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    for suite in context.get_ciphers():
        old = suite["protocol"] in ("SSLv3", "TLSv1.0")
        if suite["protocol"] == "TLSv1.3" or "psk" in suite["kea"] or "srp" in suite["kea"]:
            continue
        yield suite["name"], "TLSv1.0" if old else "TLSv1.2", suite["kea"], not suite["aead"] and "NULL" not in suite["name"]
    yield "TLS_AES_256_GCM_SHA384", "TLSv1.3", "kx-any", False


def contexts(version, suite, folder, certificates, keylog, options=0, tickets=True):
    """A client's and a server's, whose key log is `keylog`. `folder` has dh.pem."""
    client, server = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    client.keylog_filename = str(keylog)
    for context in (client, server):
        context.set_ciphers((suite if version != "TLSv1.3" else "ALL") + ":@SECLEVEL=0")
        context.minimum_version = context.maximum_version = VERSIONS[version]
        context.options |= options
        if not tickets:
            context.options |= ssl.OP_NO_TICKET
    server.load_dh_params(folder / "dh.pem")
    for chain, key in certificates:
        server.load_cert_chain(chain, key)
    return client, server


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

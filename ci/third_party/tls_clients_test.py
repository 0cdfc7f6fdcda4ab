#!/usr/bin/env python3
"""openssl s_client and gnutls-cli complete handshakes with the reference gateway, on either of its engines, and get an
answer to OPTIONS."""

import lab
import tls_lab

OPENSSL_VERSIONS = {"TLSv1.0": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}
GNUTLS_VERSIONS = {"TLSv1.0": "VERS-TLS1.0", "TLSv1.1": "VERS-TLS1.1", "TLSv1.2": "VERS-TLS1.2", "TLSv1.3": "VERS-TLS1.3"}
# OpenSSL's and GnuTLS's words for the suites of TLS 1.2 and before.
SUITES = {
    "TLS_RSA_WITH_AES_128_CBC_SHA": ("AES128-SHA", "AES-128-CBC"),
    "TLS_RSA_WITH_AES_256_CBC_SHA": ("AES256-SHA", "AES-256-CBC"),
}
ALL_SUITES = [*SUITES, tls_lab.GCM_13]


class Clients:
    """The tests; each engine has them all."""

    engine = None

    def test_openssl_in_every_version(self):
        gateway = self.gateway(self.engine, tls_lab.VERSIONS, ALL_SUITES)
        for version, switch in OPENSSL_VERSIONS.items():
            with self.subTest(version=version):
                printed = self.s_client(gateway, switch, "-cipher", "ALL:@SECLEVEL=0")
                self.assertIn("SIP/2.0 200 OK", printed)
                self.assertIn("Verify return code: 0 (ok)" if version != "TLSv1.3" else "SIP/2.0 200 OK", printed)

    def test_gnutls_in_every_version(self):
        gateway = self.gateway(self.engine, tls_lab.VERSIONS, ALL_SUITES)
        for version, name in GNUTLS_VERSIONS.items():
            with self.subTest(version=version):
                printed = self.gnutls_cli(gateway, f"NORMAL:-VERS-ALL:+{name}:+RSA:%COMPAT")
                self.assertIn("SIP/2.0 200 OK", printed)

    def test_only_configured_suites_are_spoken(self):
        for suite, (openssl_name, gnutls_name) in SUITES.items():
            with self.subTest(suite=suite):
                gateway = self.gateway(self.engine, ["TLSv1.2"], [suite])
                other = next(name for name in SUITES if name != suite)
                good = self.s_client(gateway, "-tls1_2", "-cipher", openssl_name)
                self.assertIn("SIP/2.0 200 OK", good)
                bad = self.s_client(gateway, "-tls1_2", "-cipher", SUITES[other][0])
                self.assertIn("handshake failure", bad)
                self.assertNotIn("SIP/2.0", bad)
                priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA:-CIPHER-ALL:+{}:%COMPAT"
                self.assertIn("SIP/2.0 200 OK", self.gnutls_cli(gateway, priority.format(gnutls_name)))
                self.assertNotIn("SIP/2.0 200", self.gnutls_cli(gateway, priority.format(SUITES[other][1])))
                gateway.quit()

    def test_versions_outside_the_range_are_refused(self):
        gateway = self.gateway(self.engine, ["TLSv1.2"], list(SUITES))
        for version in ("TLSv1.0", "TLSv1.1", "TLSv1.3"):
            with self.subTest(version=version):
                printed = self.s_client(gateway, OPENSSL_VERSIONS[version], "-cipher", "ALL:@SECLEVEL=0")
                self.assertNotIn("SIP/2.0 200", printed)
                self.assertIn("alert", printed)

    def test_inspect_reads_what_they_said(self):
        gateway = self.gateway(self.engine, tls_lab.VERSIONS, ALL_SUITES)
        for switch in OPENSSL_VERSIONS.values():
            self.s_client(gateway, switch, "-cipher", "ALL:@SECLEVEL=0")
        gateway.quit()
        seen = self.inspect(gateway.capture)
        self.assertEqual([c["version"] for c in seen["tls"]], list(OPENSSL_VERSIONS))
        self.assertTrue(all(c["decrypted"] for c in seen["tls"]))
        self.assertEqual(seen["sip"]["messages"], 2 * len(OPENSSL_VERSIONS))


class ClientsOfOpenssl(Clients, tls_lab.TlsCase):
    engine = "openssl"


class ClientsOfWire(Clients, tls_lab.TlsCase):
    engine = "wire"


if __name__ == "__main__":
    lab.require("openssl", "gnutls-cli")
    lab.main()

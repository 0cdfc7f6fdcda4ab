#!/usr/bin/env python3
"""openssl s_client and gnutls-cli complete handshakes with the reference gateway and get an answer to OPTIONS."""

import subprocess

import lab


def options(port, transport="TLS"):
    """A whole OPTIONS request, as a phone would send it."""
    lines = [
        f"OPTIONS sip:gateway@127.0.0.1:{port};transport={transport.lower()} SIP/2.0",
        f"Via: SIP/2.0/{transport} 127.0.0.1:9;branch=z9hG4bK-third-party;rport",
        "Max-Forwards: 70",
        "From: <sip:client@127.0.0.1>;tag=one",
        f"To: <sip:gateway@127.0.0.1:{port}>",
        "Call-ID: third-party",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:client@127.0.0.1:9;transport={transport.lower()}>",
        "Accept: application/sdp",
        "Content-Length: 0",
    ]
    return "\r\n".join(lines) + "\r\n\r\n"


OPENSSL_VERSIONS = {"TLSv1.0": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}
GNUTLS_VERSIONS = {"TLSv1.0": "VERS-TLS1.0", "TLSv1.1": "VERS-TLS1.1", "TLSv1.2": "VERS-TLS1.2", "TLSv1.3": "VERS-TLS1.3"}
ALL_SUITES = "TLS_RSA_WITH_AES_128_CBC_SHA,TLS_RSA_WITH_AES_256_CBC_SHA,TLS_AES_128_GCM_SHA256"
# OpenSSL's and GnuTLS's words for the suites of TLS 1.2 and before.
SUITES = {
    "TLS_RSA_WITH_AES_128_CBC_SHA": ("AES128-SHA", "AES-128-CBC"),
    "TLS_RSA_WITH_AES_256_CBC_SHA": ("AES256-SHA", "AES-256-CBC"),
}


class Clients(lab.Case):
    def gateway(self, versions, suites=ALL_SUITES):
        return lab.Gateway(self, self.tls_properties(**{
            "sipvet.sip.tls.versions": versions, "netborder.sip.tls.cypherSuites": suites}))

    def talk(self, command, request, wanted):
        """Sends the request, reads until the answer is there, and gives all that the client printed."""
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            process.stdin.write(request.encode())
            process.stdin.flush()
            printed = b""
            while wanted not in printed:
                piece = process.stdout.read1(4096)
                if not piece:
                    break
                printed += piece
            return printed.decode(errors="replace")
        finally:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()

    def s_client(self, gateway, *arguments):
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{gateway.ports['tls']}", "-CAfile",
                   str(self.folder / "ca.pem"), "-verify_return_error", "-nocommands", *arguments]
        return self.talk(command, options(gateway.ports["tls"]), b"Content-Length")

    def gnutls_cli(self, gateway, priority):
        command = ["gnutls-cli", "--x509cafile", str(self.folder / "ca.pem"), "--port", str(gateway.ports["tls"]),
                   "--priority", priority, "--verify-hostname", "localhost", "127.0.0.1"]
        return self.talk(command, options(gateway.ports["tls"]), b"Content-Length")

    def test_openssl_in_every_version(self):
        gateway = self.gateway("TLSv1.0,TLSv1.1,TLSv1.2,TLSv1.3")
        for version, switch in OPENSSL_VERSIONS.items():
            with self.subTest(version=version):
                printed = self.s_client(gateway, switch, "-cipher", "ALL:@SECLEVEL=0")
                self.assertIn("SIP/2.0 200 OK", printed)
                self.assertIn("Verify return code: 0 (ok)" if version != "TLSv1.3" else "SIP/2.0 200 OK", printed)

    def test_gnutls_in_every_version(self):
        gateway = self.gateway("TLSv1.0,TLSv1.1,TLSv1.2,TLSv1.3")
        for version, name in GNUTLS_VERSIONS.items():
            with self.subTest(version=version):
                printed = self.gnutls_cli(gateway, f"NORMAL:-VERS-ALL:+{name}:+RSA:%COMPAT")
                self.assertIn("SIP/2.0 200 OK", printed)

    def test_only_configured_suites_are_spoken(self):
        for suite, (openssl_name, gnutls_name) in SUITES.items():
            with self.subTest(suite=suite):
                gateway = self.gateway("TLSv1.2", suite)
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
        gateway = self.gateway("TLSv1.2")
        for version in ("TLSv1.0", "TLSv1.1", "TLSv1.3"):
            with self.subTest(version=version):
                printed = self.s_client(gateway, OPENSSL_VERSIONS[version], "-cipher", "ALL:@SECLEVEL=0")
                self.assertNotIn("SIP/2.0 200", printed)
                self.assertIn("alert", printed)

    def test_inspect_reads_what_they_said(self):
        gateway = self.gateway("TLSv1.0,TLSv1.1,TLSv1.2,TLSv1.3")
        for switch in OPENSSL_VERSIONS.values():
            self.s_client(gateway, switch, "-cipher", "ALL:@SECLEVEL=0")
        gateway.quit()
        seen = self.inspect(gateway.capture)
        self.assertEqual([c["version"] for c in seen["tls"]], list(OPENSSL_VERSIONS))
        self.assertTrue(all(c["decrypted"] for c in seen["tls"]))
        self.assertEqual(seen["sip"]["messages"], 2 * len(OPENSSL_VERSIONS))


if __name__ == "__main__":
    lab.require("openssl", "gnutls-cli")
    lab.main()

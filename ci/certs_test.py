#!/usr/bin/env python3
"""sipvet certs against the openssl program: what we make, it takes; what it makes, we take; and each error names its file."""

import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

SIPVET = str(pathlib.Path(os.environ.get("SIPVET", "build/release/sipvet")).resolve())
NOW = "2026-01-01T00:00:00Z"
NOW_SECONDS = "1767225600"
REPEATABLE = ("--at", NOW, "--seed", "1")


class Certs(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sipvet-certs-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "passphrase").write_text("hush, hush\nnot this line\n")
        (self.folder / "other").write_text("another\n")

    def run_program(self, *command, code=0):
        run = subprocess.run([str(part) for part in command], cwd=self.folder, capture_output=True, text=True,
                             stdin=subprocess.DEVNULL)
        self.assertEqual(run.returncode, code, f"{command}\n{run.stdout}{run.stderr}")
        return run

    def certs(self, *arguments, code=0):
        return self.run_program(SIPVET, "certs", *arguments, code=code)

    def openssl(self, *arguments, code=0):
        return self.run_program("openssl", *arguments, code=code)

    def refused(self, *arguments, saying):
        run = self.certs(*arguments, code=2)
        for text in (saying,) if isinstance(saying, str) else saying:
            self.assertIn(text, run.stderr)
        return run

    def read(self, name):
        return (self.folder / name).read_text()

    def assert_private(self, name):
        self.assertEqual(stat.S_IMODE((self.folder / name).stat().st_mode), 0o600)

    def make_ca(self, *more):
        self.certs("ca", "--name", "Lab CA", "--out", "ca", *more)

    def make_request(self, *more):
        self.certs("request", "--subject", "C=US,O=Acme,CN=gw.example.com", "--dns", "gw.example.com", "--uri",
                   "sip:example.com", "--ip", "192.0.2.1", "--ip", "2001:db8::1", "--key-out", "key.pem", "--out",
                   "request.pem", *more)

    def sign(self, *more, request="request.pem"):
        self.certs("sign", request, "--ca-cert", "ca/ca-certificate.pem", "--ca-key", "ca/ca-key.pem", "--out",
                   "certificate.pem", *more)


class Authority(Certs):
    def test_a_root(self):
        self.make_ca("--days", "30", "--bits", "1024", *REPEATABLE)
        self.assert_private("ca/ca-key.pem")
        self.assertEqual(self.openssl("verify", "-x509_strict", "-check_ss_sig", "-attime", NOW_SECONDS, "-CAfile",
                                      "ca/ca-certificate.pem", "ca/ca-certificate.pem").stdout,
                         "ca/ca-certificate.pem: OK\n")
        self.assertIn("RSA key ok", self.openssl("rsa", "-check", "-noout", "-in", "ca/ca-key.pem").stdout)
        text = self.openssl("x509", "-noout", "-text", "-in", "ca/ca-certificate.pem").stdout
        for part in ("Subject: CN = Lab CA", "CA:TRUE", "Public-Key: (1024 bit)", "Not Before: Dec 31 00:00:00 2025 GMT",
                     "Not After : Jan 31 00:00:00 2026 GMT", "Certificate Sign, CRL Sign"):
            self.assertIn(part, text)

    def test_its_key_may_be_protected(self):
        self.make_ca("--passphrase-file", "passphrase", "--bits", "1024")
        self.assertIn("ENCRYPTED PRIVATE KEY", self.read("ca/ca-key.pem"))
        self.make_request("--no-passphrase", "--bits", "1024")
        self.refused("sign", "request.pem", "--ca-cert", "ca/ca-certificate.pem", "--ca-key", "ca/ca-key.pem", "--out", "x",
                     saying="ca/ca-key.pem: the private key is encrypted")
        self.sign("--passphrase-file", "passphrase")

    def test_the_same_seed_gives_the_same_files(self):
        self.make_ca(*REPEATABLE)
        first = self.read("ca/ca-key.pem") + self.read("ca/ca-certificate.pem")
        self.make_ca(*REPEATABLE, "--force")
        self.assertEqual(self.read("ca/ca-key.pem") + self.read("ca/ca-certificate.pem"), first)
        self.make_ca("--at", NOW, "--seed", "2", "--force")
        self.assertNotEqual(self.read("ca/ca-key.pem"), first)
        self.make_ca("--at", NOW, "--force")
        without = self.read("ca/ca-key.pem")
        self.make_ca("--at", NOW, "--force")
        self.assertNotEqual(self.read("ca/ca-key.pem"), without)

    def test_what_cannot_be_made(self):
        make = ("ca", "--out", "ca", "--name")
        self.refused(*make, "", saying="common name")
        self.refused(*make, "x" * 65, saying="1 to 64 characters")
        self.refused(*make, "x", "--bits", "100", saying="512 to 8192 bits")
        self.refused(*make, "x", "--days", "0", saying="--days")
        self.refused(*make, "x", "--digest", "md4", saying="--digest")
        self.refused(*make, "x", "--at", "yesterday", saying='--at: expected a time as 2026-01-31T09:05:00Z, got "yesterday"')
        self.refused(*make, "x", "--at", "2150-01-01T00:00:00Z", saying="--at: expected a time between 1970 and 2149")
        self.assertFalse((self.folder / "ca").exists())
        (self.folder / "file").write_text("")
        self.assertIn("file/ca", self.certs("ca", "--name", "x", "--bits", "1024", "--out", "file/ca", code=3).stderr)


class Request(Certs):
    def test_a_request_and_its_certificate(self):
        self.make_ca("--at", NOW)
        self.make_request("--passphrase-file", "passphrase")
        self.assert_private("key.pem")
        verified = self.openssl("req", "-verify", "-noout", "-text", "-in", "request.pem")
        self.assertIn("verify OK", verified.stderr)
        for part in ("Subject: C = US, O = Acme, CN = gw.example.com", "sha256WithRSAEncryption", "Public-Key: (2048 bit)",
                     "DNS:gw.example.com, URI:sip:example.com, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1"):
            self.assertIn(part, verified.stdout)
        self.openssl("rsa", "-check", "-noout", "-in", "key.pem", "-passin", "file:passphrase")
        self.openssl("rsa", "-check", "-noout", "-in", "key.pem", "-passin", "file:other", code=1)
        self.sign("--at", NOW, "--days", "10")
        for purpose in ("sslserver", "sslclient"):
            self.openssl("verify", "-x509_strict", "-purpose", purpose, "-attime", NOW_SECONDS, "-CAfile",
                         "ca/ca-certificate.pem", "certificate.pem")
        text = self.openssl("x509", "-noout", "-text", "-in", "certificate.pem").stdout
        for part in ("Subject: C = US, O = Acme, CN = gw.example.com", "URI:sip:example.com", "Issuer: CN = Lab CA",
                     "Not After : Jan 11 00:00:00 2026 GMT"):
            self.assertIn(part, text)
        self.assertEqual(self.openssl("x509", "-noout", "-pubkey", "-in", "certificate.pem").stdout,
                         self.openssl("pkey", "-pubout", "-in", "key.pem", "-passin", "file:passphrase").stdout)

    def test_as_a_guide_of_2008_has_it(self):
        self.make_request("--no-passphrase", "--bits", "1024", "--digest", "sha1")
        text = self.openssl("req", "-noout", "-text", "-in", "request.pem").stdout
        self.assertIn("sha1WithRSAEncryption", text)
        self.assertIn("Public-Key: (1024 bit)", text)

    def test_a_key_on_a_curve(self):
        self.make_ca("--bits", "1024")
        self.make_request("--no-passphrase", "--curve", "secp384r1")
        self.sign()
        self.assertIn("ASN1 OID: secp384r1", self.openssl("x509", "-noout", "-text", "-in", "certificate.pem").stdout)
        self.openssl("verify", "-x509_strict", "-CAfile", "ca/ca-certificate.pem", "certificate.pem")

    def test_the_openssl_programs_request_is_signed(self):
        self.openssl("req", "-new", "-newkey", "rsa:2048", "-sha1", "-keyout", "key.pem", "-passout", "file:passphrase", "-out",
                     "request.pem", "-subj", "/C=DE/CN=gw.example.com", "-addext", "subjectAltName=URI:sip:example.com")
        self.make_ca("--bits", "1024")
        self.sign("--digest", "sha1")
        self.openssl("verify", "-CAfile", "ca/ca-certificate.pem", "certificate.pem")
        self.assertIn("URI:sip:example.com", self.openssl("x509", "-noout", "-text", "-in", "certificate.pem").stdout)

    def test_the_openssl_program_signs_ours_and_its_ca_signs_through_us(self):
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=their CA", "-keyout", "their.key", "-out",
                     "their.pem", "-days", "100", "-addext", "keyUsage=critical,keyCertSign")
        self.make_request("--no-passphrase")
        self.openssl("x509", "-req", "-in", "request.pem", "-CA", "their.pem", "-CAkey", "their.key", "-CAcreateserial",
                     "-copy_extensions", "copy", "-out", "one.pem")
        self.assertIn("URI sip:example.com", self.certs("show", "one.pem").stdout)
        self.certs("sign", "request.pem", "--ca-cert", "their.pem", "--ca-key", "their.key", "--out", "two.pem")
        self.openssl("verify", "-x509_strict", "-CAfile", "their.pem", "one.pem", "two.pem")

    def test_what_cannot_be_asked_for(self):
        def refused(subject, *more, saying):
            self.refused("request", "--subject", subject, "--key-out", "k", "--out", "r", *more, saying=saying)
        refused("CN=x", saying="--passphrase-file FILE, or --no-passphrase")
        refused("CN=x", "--passphrase-file", "nowhere", saying="nowhere: cannot be read")
        (self.folder / "empty").write_text("\n")
        refused("CN=x", "--passphrase-file", "empty", saying="empty: expected a pass phrase on the first line")
        refused("CN=x", "--passphrase-file", "passphrase", "--no-passphrase", saying="excludes")
        refused("gw", "--no-passphrase", saying="--subject: expected TYPE=VALUE")
        refused("C=Germany", "--no-passphrase", saying="--subject: expected a country of 2 characters (at octet 0)")
        refused("CN=x", "--no-passphrase", "--ip", "300.1.1.1", saying="expected an IP address, got \"300.1.1.1\"")
        refused("CN=x", "--no-passphrase", "--curve", "secp256k1", saying="--curve")
        self.assertFalse((self.folder / "k").exists() or (self.folder / "r").exists())
        self.refused("request", "--subject", "CN=x", "--no-passphrase", "--key-out", "k", "--out", "k",
                     saying="k: two files of the same name")

    def test_what_cannot_be_signed(self):
        self.make_ca("--bits", "1024")
        self.make_request("--no-passphrase", "--bits", "1024")
        sign = lambda request, certificate, key, saying: self.refused(
            "sign", request, "--ca-cert", certificate, "--ca-key", key, "--out", "x", saying=saying)
        ca, key = "ca/ca-certificate.pem", "ca/ca-key.pem"
        sign("nowhere", ca, key, "nowhere: cannot be read")
        sign("key.pem", ca, key, "key.pem: there is no request")
        sign("request.pem", "key.pem", key, "key.pem: there is no certificate")
        sign("request.pem", ca, ca, "ca/ca-certificate.pem: there is no private key")
        sign("request.pem", ca, "key.pem", "key.pem: the private key does not belong to the certificate of CN=Lab CA")
        self.sign()
        sign("request.pem", "certificate.pem", "key.pem", "certificate.pem: the certificate of CN=gw.example.com,O=Acme,C=US is no CA's")
        lines = self.read("request.pem").split("\n")
        body = "".join(lines[1:-2])
        swapped = body[:-12] + ("B" if body[-12] == "A" else "A") + body[-11:]
        (self.folder / "broken.pem").write_text("\n".join([lines[0], swapped, lines[-2], ""]))
        sign("broken.pem", ca, key, ("broken.pem: ", "not signed by its own key"))


class Keys(Certs):
    def test_no_key_is_overwritten_unasked(self):
        self.make_request("--no-passphrase", "--bits", "1024")
        before = self.read("key.pem")
        again = ("request", "--subject", "CN=x", "--no-passphrase", "--bits", "1024", "--out", "r", "--key-out")
        self.refused(*again, "key.pem", saying="key.pem: there is a file already; --force")
        self.refused("request", "--subject", "CN=x", "--no-passphrase", "--bits", "1024", "--out", "key.pem", "--key-out", "k",
                     saying="key.pem: there is a key in it; --force")
        os.symlink("key.pem", self.folder / "link")
        self.refused(*again, "link", saying="link: there is a file already")
        self.assertEqual(self.read("key.pem"), before)
        self.assertFalse((self.folder / "r").exists())
        os.chmod(self.folder / "key.pem", 0o644)
        self.certs(*again, "key.pem", "--force")
        self.assertNotEqual(self.read("key.pem"), before)
        self.assert_private("key.pem")
        self.assertEqual([p.name for p in self.folder.glob("*.new")], [])

    def test_protected_and_back(self):
        self.openssl("genrsa", "-out", "plain.pem", "1024")
        self.certs("protect-key", "plain.pem", "locked.pem", "--passphrase-file", "passphrase")
        self.assert_private("locked.pem")
        self.assertIn("BEGIN ENCRYPTED PRIVATE KEY", self.read("locked.pem"))
        self.openssl("rsa", "-check", "-noout", "-in", "locked.pem", "-passin", "pass:hush, hush")
        self.certs("unprotect-key", "locked.pem", "back.pem", "--passphrase-file", "passphrase")
        self.assert_private("back.pem")
        moduli = {self.openssl("rsa", "-noout", "-modulus", "-in", name).stdout for name in ("plain.pem", "back.pem")}
        self.assertEqual(len(moduli), 1)
        self.certs("protect-key", "locked.pem", "again.pem", "--input-passphrase-file", "passphrase", "--passphrase-file", "other")
        self.openssl("rsa", "-noout", "-in", "again.pem", "-passin", "pass:another")

    def test_keys_as_old_programs_lock_them(self):
        self.openssl("genrsa", "-traditional", "-des3", "-passout", "file:passphrase", "-out", "old.pem", "1024")
        self.assertIn("Proc-Type: 4,ENCRYPTED", self.read("old.pem"))
        self.certs("unprotect-key", "old.pem", "back.pem", "--passphrase-file", "passphrase")
        self.openssl("rsa", "-check", "-noout", "-in", "back.pem")

    def test_a_key_may_replace_itself(self):
        self.openssl("genrsa", "-out", "key.pem", "1024")
        self.refused("protect-key", "key.pem", "key.pem", "--passphrase-file", "passphrase", saying="--force")
        self.certs("protect-key", "key.pem", "key.pem", "--passphrase-file", "passphrase", "--force")
        self.openssl("rsa", "-check", "-noout", "-in", "key.pem", "-passin", "file:passphrase")

    def test_what_cannot_be_opened(self):
        self.openssl("genrsa", "-out", "plain.pem", "1024")
        self.certs("protect-key", "plain.pem", "locked.pem", "--passphrase-file", "passphrase")
        open_it = lambda name, passphrase, saying: self.refused("unprotect-key", name, "x", "--passphrase-file", passphrase,
                                                                saying=saying)
        open_it("locked.pem", "other", "locked.pem: the password does not open the private key")
        open_it("passphrase", "passphrase", "passphrase: there is no private key")
        open_it("nowhere", "passphrase", "nowhere: cannot be read")
        open_it("locked.pem", "nowhere", "nowhere: cannot be read")
        self.refused("protect-key", "locked.pem", "x", "--passphrase-file", "passphrase",
                     saying="locked.pem: the private key is encrypted and no password is given")
        (self.folder / "cut.pem").write_text("\n".join(self.read("plain.pem").split("\n")[:5]))
        open_it("cut.pem", "passphrase", "cut.pem: the PEM block PRIVATE KEY has no -----END")
        (self.folder / "large").write_bytes(b"x" * (1024 * 1024 + 1))
        open_it("large", "passphrase", "large: too large")
        open_it(".", "passphrase", ".: cannot be read")
        self.assertFalse((self.folder / "x").exists())
        self.assertIn("nowhere/x", self.certs("unprotect-key", "locked.pem", "nowhere/x", "--passphrase-file", "passphrase",
                                              code=3).stderr)


class Chains(Certs):
    def setUp(self):
        super().setUp()
        self.make_ca("--at", NOW)
        self.make_request("--no-passphrase")
        self.sign("--at", NOW)

    def certificates(self, text):
        return re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", text, re.S)

    def expected(self):
        return self.certificates(self.read("certificate.pem") + self.read("ca/ca-certificate.pem"))

    def test_ours_is_read_by_the_openssl_program(self):
        self.certs("pkcs7", "certificate.pem", "ca/ca-certificate.pem", "--out", "chain.p7b")
        printed = self.openssl("pkcs7", "-in", "chain.p7b", "-print_certs").stdout
        self.assertEqual(self.certificates(printed), self.expected())
        self.certs("pkcs7", "certificate.pem", "ca/ca-certificate.pem", "--out", "chain.der", "--der")
        self.assertEqual(self.openssl("pkcs7", "-inform", "DER", "-in", "chain.der", "-print_certs").stdout, printed)

    def test_a_trusted_root_store_with_text_between(self):
        self.openssl("crl2pkcs7", "-nocrl", "-certfile", "certificate.pem", "-certfile", "ca/ca-certificate.pem", "-out",
                     "certnew.p7b")
        self.certs("pkcs7-to-pem", "certnew.p7b", "--out", "store.pem", "--text")
        store = self.read("store.pem")
        self.assertEqual(self.certificates(store), self.expected())
        self.assertIn("    Subject:             CN=gw.example.com,O=Acme,C=US\n", store)
        self.openssl("verify", "-attime", NOW_SECONDS, "-CAfile", "store.pem", "certificate.pem")
        # What the openssl program writes for the same is read as well.
        self.openssl("pkcs7", "-in", "certnew.p7b", "-print_certs", "-text", "-out", "theirs.pem")
        shown = self.certs("show", "theirs.pem", "--at", NOW).stdout
        self.assertEqual(shown.count("Certificate\n"), 2)
        self.certs("pkcs7", "theirs.pem", "--out", "again.p7b")
        self.certs("pkcs7-to-pem", "again.p7b", "--out", "plain.pem")
        self.assertEqual(self.read("plain.pem").strip().split("\n"), "\n".join(self.expected()).split("\n"))

    def test_binary_and_with_another_label(self):
        self.openssl("crl2pkcs7", "-nocrl", "-certfile", "certificate.pem", "-outform", "DER", "-out", "chain.der")
        self.certs("pkcs7-to-pem", "chain.der", "--out", "one.pem")
        self.openssl("crl2pkcs7", "-nocrl", "-certfile", "certificate.pem", "-out", "chain.pem")
        (self.folder / "microsoft.p7b").write_text(self.read("chain.pem").replace("PKCS7", "CERTIFICATE"))
        self.certs("pkcs7-to-pem", "microsoft.p7b", "--out", "two.pem")
        self.assertEqual(self.read("one.pem"), self.read("two.pem"))
        self.assertEqual(self.read("one.pem"), self.read("certificate.pem"))

    def test_what_is_no_chain(self):
        self.refused("pkcs7-to-pem", "key.pem", "--out", "x", saying="key.pem: there is no PKCS #7")
        self.refused("pkcs7-to-pem", "nowhere", "--out", "x", saying="nowhere: cannot be read")
        self.refused("pkcs7", "key.pem", "--out", "x", saying="key.pem: there is no certificate")
        self.refused("pkcs7", "certificate.pem", "--out", "key.pem", saying="key.pem: there is a key in it")
        self.certs("pkcs7", "certificate.pem", "--out", "nowhere/x", code=3)


class Show(Certs):
    def test_a_certificate_says_all_of_itself(self):
        self.make_ca("--at", NOW, "--bits", "2048")
        self.make_request("--no-passphrase")
        self.sign("--at", NOW)
        shown = self.certs("show", "certificate.pem", "--at", NOW).stdout
        theirs = self.openssl("x509", "-noout", "-serial", "-fingerprint", "-sha256", "-in", "certificate.pem").stdout
        for line in theirs.strip().split("\n"):
            self.assertIn(line.split("=")[1], shown)
        for part in ("Subject:             CN=gw.example.com,O=Acme,C=US", "Issuer:              CN=Lab CA",
                     "Valid from:          2025-12-31T00:00:00Z", "Valid to:            2027-01-01T00:00:00Z",
                     "Names:               URI sip:example.com, DNS gw.example.com, IP 192.0.2.1, IP 2001:db8::1",
                     "Key:                 RSA, 2048 bits", "CA:                  no",
                     "Key usage:           digitalSignature, keyEncipherment",
                     "Extended key usage:  serverAuth, clientAuth", "Signature:           sha256WithRSAEncryption"):
            self.assertIn(part, shown)
        self.assertNotIn("!", shown)
        late = self.certs("show", "certificate.pem", "--at", "2028-01-01T00:00:00Z").stdout
        self.assertIn("    ! It expired after 2027-01-01T00:00:00Z.\n", late)

    def test_a_certificate_with_everything_wrong(self):
        self.openssl("req", "-x509", "-newkey", "rsa:1024", "-nodes", "-sha1", "-subj", "/CN=gw.example.com", "-keyout", "k", "-out",
                     "c", "-addext", "basicConstraints=CA:FALSE", "-addext", "keyUsage=dataEncipherment", "-addext",
                     "extendedKeyUsage=emailProtection", "-addext", "subjectAltName=DNS:*.example.com")
        shown = self.certs("show", "c").stdout
        for part in ("1024 bits; peers ask for 2048", "signed with sha1WithRSAEncryption", "signed itself", "wildcard",
                     "may not sign", "may not encipher keys", "may not be a TLS server's", "may not be a TLS client's"):
            self.assertIn(part, shown)

    def test_keys_and_requests(self):
        self.make_request("--passphrase-file", "passphrase")
        shown = self.certs("show", "request.pem").stdout
        self.assertIn("Request for a certificate\n    Subject:             CN=gw.example.com,O=Acme,C=US\n", shown)
        locked = self.certs("show", "key.pem").stdout
        self.assertIn("encrypted", locked)
        self.assertNotIn("bits", locked)
        self.assertIn("RSA, 2048 bits", self.certs("show", "key.pem", "--passphrase-file", "passphrase").stdout)
        self.refused("show", "key.pem", "--passphrase-file", "other", saying="key.pem: the password does not open")
        for form in ("-inform", "PEM"), ("-inform", "PEM", "-outform", "DER"):
            self.openssl("req", *form, "-in", "request.pem", "-out", "again")
            self.assertIn("CN=gw.example.com", self.certs("show", "again").stdout)
        self.assertNotIn("PRIVATE KEY-----", locked + shown)

    def test_a_key_beside_its_certificate_or_another(self):
        self.make_ca("--bits", "1024")
        both = self.read("ca/ca-certificate.pem") + self.read("ca/ca-key.pem")
        (self.folder / "both").write_text(both)
        self.assertIn("The key belongs to a certificate of this file.", self.certs("show", "both").stdout)
        self.make_ca("--bits", "1024", "--force")
        (self.folder / "mixed").write_text(self.read("ca/ca-certificate.pem") + both.split("-----END CERTIFICATE-----\n")[1])
        self.assertIn("! The key belongs to no certificate of this file.", self.certs("show", "mixed").stdout)

    def test_binary_files(self):
        self.make_ca("--bits", "1024")
        self.openssl("x509", "-in", "ca/ca-certificate.pem", "-outform", "DER", "-out", "c.der")
        self.certs("pkcs7", "ca/ca-certificate.pem", "--out", "c.p7b", "--der")
        text = self.certs("show", "ca/ca-certificate.pem").stdout.strip()
        self.assertEqual(self.certs("show", "c.der").stdout.strip(), text)
        self.assertEqual(self.certs("show", "c.p7b").stdout.strip(), text)
        self.certs("pkcs7", "ca/ca-certificate.pem", "--out", "c.pem")
        (self.folder / "microsoft.p7b").write_text(self.read("c.pem").replace("PKCS7", "CERTIFICATE"))
        for name in ("c.pem", "microsoft.p7b"):
            self.assertEqual(self.certs("show", name).stdout.strip(), text)

    def test_names_from_strangers_stay_on_their_line(self):
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=a\x1b[2Jb\nc", "-keyout", "k", "-out", "c")
        shown = self.certs("show", "c").stdout
        self.assertNotIn("\x1b", shown)
        self.assertIn("a\\1B[2Jb\\0Ac", shown)

    def test_what_cannot_be_shown(self):
        self.refused("show", "nowhere", saying="nowhere: cannot be read")
        self.refused("show", "passphrase", saying="passphrase: expected PEM, or a certificate, a request or PKCS #7 in DER")
        (self.folder / "bad").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        self.refused("show", "bad", saying="bad: expected an X.509 certificate")


class Variants(Certs):
    # What the openssl program says of each as a server's certificate; those that are not here it takes.
    REFUSED = {"expired": "certificate has expired", "not-yet-valid": "not yet valid", "other-ca": "unable to get local issuer",
               "self-signed": "self-signed certificate", "bad-signature": "signature failure",
               "wrong-key-usage": "unsuitable certificate purpose", "wrong-extended-key-usage": "unsuitable certificate purpose",
               "weak-key": "key too weak", "sha1": "digest algorithm too weak",
               "missing-intermediate": "unable to get local issuer", "path-too-long": "path length constraint exceeded",
               "not-a-ca-issuer": "invalid CA certificate"}

    def make(self, name, *more):
        self.certs("variant", name, "--domain", "gw.example.com", "--ip", "192.0.2.1", "--out", name, "--at", NOW, "--ca-cert",
                   "ca/ca-certificate.pem", "--ca-key", "ca/ca-key.pem", *more)

    def test_each_is_what_its_name_says(self):
        self.make_ca("--at", NOW)
        names = [line.split()[0] for line in self.certs("variant", "--list").stdout.strip().split("\n")]
        self.assertEqual(set(self.REFUSED) - set(names), set())
        for name in names:
            with self.subTest(name):
                self.make(name)
                self.assert_private(f"{name}/key.pem")
                self.assertEqual(self.read(f"{name}/ca-certificate.pem"), self.read("ca/ca-certificate.pem"))
                self.assertEqual(self.openssl("x509", "-noout", "-pubkey", "-in", f"{name}/certificate.pem").stdout,
                                 self.openssl("pkey", "-pubout", "-in", f"{name}/key.pem").stdout)
                code = 2 if name in self.REFUSED else 0
                said = self.openssl("verify", "-attime", NOW_SECONDS, "-auth_level", "1", "-purpose", "sslserver", "-CAfile",
                                    "ca/ca-certificate.pem", "-untrusted", f"{name}/certificate.pem", f"{name}/certificate.pem",
                                    code=code)
                self.assertIn(self.REFUSED.get(name, "OK"), said.stdout + said.stderr)

    def test_a_variant_alone_brings_its_root(self):
        self.certs("variant", "good", "--domain", "gw.example.com", "--out", "v", *REPEATABLE)
        self.openssl("verify", "-attime", NOW_SECONDS, "-CAfile", "v/ca-certificate.pem", "v/certificate.pem")
        first = [self.read(f"v/{name}.pem") for name in ("key", "certificate", "ca-certificate")]
        self.certs("variant", "good", "--domain", "gw.example.com", "--out", "v", "--force", *REPEATABLE)
        self.assertEqual([self.read(f"v/{name}.pem") for name in ("key", "certificate", "ca-certificate")], first)

    def test_what_cannot_be_made(self):
        self.refused("variant", "expird", "--domain", "x.example", "--out", "v", saying="did you mean expired?")
        self.refused("variant", "good", "--out", "v", saying="needs NAME, --domain and --out")
        self.refused("variant", saying="or --list")
        self.refused("variant", "wildcard", "--domain", "localhost", "--out", "v", saying="with a dot")
        self.refused("variant", "good", "--domain", "x", "--out", "v", "--ca-cert", "x", saying="go together")
        self.assertFalse((self.folder / "v").exists())


class Guide(Certs):
    def test_a_gateways_certificate_from_request_to_use(self):
        """A key and request made with the openssl program of 2008, a CA's answer as .cer and .p7b, the key locked anew with the
        pass phrase that the gateway knows, and the chain as its trusted root store."""
        self.openssl("req", "-newkey", "rsa:1024", "-sha1", "-keyout", "new-private-key.pem", "-keyform", "PEM", "-passout",
                     "file:passphrase", "-out", "new-certificate-request.pem", "-outform", "PEM", "-subj", "/CN=gw.example.com")
        self.make_ca("--digest", "sha1", "--bits", "1024")
        self.certs("sign", "new-certificate-request.pem", "--ca-cert", "ca/ca-certificate.pem", "--ca-key", "ca/ca-key.pem",
                   "--digest", "sha1", "--out", "certnew.cer")
        self.certs("pkcs7", "certnew.cer", "ca/ca-certificate.pem", "--out", "certnew.p7b")
        self.certs("protect-key", "new-private-key.pem", "new-private-key-protected.pem", "--input-passphrase-file", "passphrase",
                   "--passphrase-file", "other")
        self.certs("pkcs7-to-pem", "certnew.p7b", "--out", "newTrustedRootCertificatesStore.pem", "--text")
        self.openssl("verify", "-CAfile", "newTrustedRootCertificatesStore.pem", "certnew.cer")
        self.assertEqual(self.openssl("x509", "-noout", "-modulus", "-in", "certnew.cer").stdout,
                         self.openssl("rsa", "-noout", "-modulus", "-in", "new-private-key-protected.pem", "-passin",
                                      "pass:another").stdout)


if __name__ == "__main__":
    unittest.main()

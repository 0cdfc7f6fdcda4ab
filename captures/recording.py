"""What the scripts that record captures share: the captures they keep, and how they are run."""

import pathlib
import shutil
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "ci" / "third_party"))
import lab  # noqa: E402
import tls_lab  # noqa: E402

MAX_OCTETS = 300_000
OPENSSL_VERSIONS = {"TLSv1.0": "-tls1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}
SECRETS_BLOCK = 10  # pcapng's Decryption Secrets Block
ONLY = set(sys.argv[1:])


def without_secrets(data):
    """The pcapng file without its secrets, for captures that lie beside a key."""
    out, at = b"", 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind != SECRETS_BLOCK:
            out += data[at:at + length]
        at += length
    return out


def keep(test, name, gateway, with_key=False):
    gateway.quit()
    data = gateway.capture.read_bytes()
    if with_key:
        data = without_secrets(data)
        shutil.copy(test.folder / "key.pem", HERE / f"{name}.key")
        (HERE / f"{name}.key").chmod(0o644)
    if len(data) > MAX_OCTETS:
        raise AssertionError(f"{name}: {len(data)} octets, more than {MAX_OCTETS}")
    (HERE / f"{name}.pcapng").write_bytes(data)
    print(f"{name}: {len(data)} octets")


class Recording(tls_lab.TlsCase):
    """Each test records the capture of its name, or all tests those that were asked for."""

    def name(self):
        name = self._testMethodName.removeprefix("test_").replace("_", "-")
        if ONLY and name not in ONLY:
            self.skipTest("not asked for")
        return name


def main(case):
    # The tests of a class that lends its methods are not to be run here.
    for inherited in [n for n in dir(case) if n.startswith("test_") and n not in vars(case)]:
        setattr(case, inherited, None)
    suite = lab.unittest.defaultTestLoader.loadTestsFromTestCase(case)
    sys.exit(0 if lab.unittest.TextTestRunner(verbosity=1).run(suite).wasSuccessful() else 1)

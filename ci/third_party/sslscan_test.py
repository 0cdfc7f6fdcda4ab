#!/usr/bin/env python3
"""sslscan finds in the reference gateway exactly the versions and suites that are configured, and none of the faults that
it looks for."""

import subprocess
import xml.etree.ElementTree

import lab
import tls_lab

OLD = ("TLSv1.0", "TLSv1.1", "TLSv1.2")
# Suites with their number at IANA and the versions that they go with.
SUITES = {
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA": ("0x000A", OLD),
    "TLS_RSA_WITH_AES_128_CBC_SHA": ("0x002F", OLD),
    "TLS_RSA_WITH_AES_256_CBC_SHA": ("0x0035", OLD),
    "TLS_RSA_WITH_AES_128_CBC_SHA256": ("0x003C", ("TLSv1.2",)),
    "TLS_RSA_WITH_AES_128_GCM_SHA256": ("0x009C", ("TLSv1.2",)),
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": ("0xC013", OLD),
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": ("0xC02F", ("TLSv1.2",)),
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": ("0xC030", ("TLSv1.2",)),
    "TLS_AES_128_GCM_SHA256": ("0x1301", ("TLSv1.3",)),
    "TLS_AES_256_GCM_SHA384": ("0x1302", ("TLSv1.3",)),
}
CONFIGURED = {
    "the guide's default": (OLD, ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"]),
    "everything": (tls_lab.VERSIONS, list(SUITES)),
    "old and one suite": (("TLSv1.0",), ["TLS_RSA_WITH_3DES_EDE_CBC_SHA"]),
    "middle": (("TLSv1.1", "TLSv1.2"), ["TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_GCM_SHA256"]),
    "today": (("TLSv1.2", "TLSv1.3"), ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"]),
    "the newest only": (("TLSv1.3",), ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"]),
}


def configurations():
    for engine in tls_lab.ENGINES:
        for name, (versions, suites) in CONFIGURED.items():
            if tls_lab.of_engine(engine, suites):
                yield engine, name, versions, tls_lab.of_engine(engine, suites)


def expected(versions, suites):
    return {(version, SUITES[suite][0]) for suite in suites for version in SUITES[suite][1] if version in versions}


class Sslscan(tls_lab.TlsCase):
    def scan(self, gateway):
        found = self.folder / "sslscan.xml"
        subprocess.run(["sslscan", f"--xml={found}", f"127.0.0.1:{gateway.ports['tls']}"], check=True, capture_output=True)
        return xml.etree.ElementTree.parse(found).find("ssltest")

    def test_exactly_what_is_configured(self):
        for engine, name, versions, suites in configurations():
            with self.subTest(engine=engine, configured=name):
                gateway = self.gateway(engine, versions, suites)
                seen = self.scan(gateway)
                spoken = {f"{p.get('type').upper()}v{p.get('version')}" for p in seen.findall("protocol")
                          if p.get("enabled") == "1"}
                self.assertEqual(spoken, set(versions))
                ciphers = [(c.get("sslversion"), c.get("id")) for c in seen.findall("cipher")]
                self.assertEqual(sorted(ciphers), sorted(expected(versions, suites)))
                gateway.quit()

    def test_the_gateways_preference_counts(self):
        for engine in tls_lab.ENGINES:
            for suites in (["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"],
                           ["TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"]):
                with self.subTest(engine=engine, first=suites[0]):
                    gateway = self.gateway(engine, OLD, suites)
                    preferred = {c.get("id") for c in self.scan(gateway).findall("cipher") if c.get("status") == "preferred"}
                    self.assertEqual(preferred, {SUITES[suites[0]][0]})
                    gateway.quit()

    def test_no_fault_is_found(self):
        for engine in tls_lab.ENGINES:
            for rule in ("refuse", "secure"):
                with self.subTest(engine=engine, renegotiation=rule):
                    gateway = self.gateway(engine, tls_lab.VERSIONS, tls_lab.of_engine(engine, SUITES), renegotiation=rule)
                    seen = self.scan(gateway)
                    self.assertEqual(len(seen.findall("heartbleed")), len(tls_lab.VERSIONS))
                    self.assertEqual({each.get("vulnerable") for each in seen.findall("heartbleed")}, {"0"})
                    # Renegotiation under RFC 5746; whether the gateway does it or refuses is not asked.
                    self.assertEqual(seen.find("renegotiation").attrib, {"supported": "1", "secure": "1"})
                    gateway.quit()


if __name__ == "__main__":
    lab.require("sslscan")
    lab.main()

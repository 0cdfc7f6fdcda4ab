#!/usr/bin/env python3
"""testssl finds none of the known faults of TLS servers in the reference gateway: Heartbleed, early ChangeCipherSpec,
Ticketbleed, Bleichenbacher's oracle, renegotiation that anybody can ask for, compression."""

import concurrent.futures
import json
import subprocess

import lab
import tls_lab

SUITES = [tls_lab.AES, tls_lab.TRIPLE_DES, tls_lab.GCM, tls_lab.GCM_13]


class Testssl(tls_lab.TlsCase):
    # What testssl looks for, by its options and its names for what it found. Faults of old versions and suites are for
    # sslscan, which sees that those are not spoken.
    LOOKED_FOR = {
        "--heartbleed": ["heartbleed"],
        "--ccs-injection": ["CCS"],
        "--ticketbleed": ["ticketbleed"],
        "--robot": ["ROBOT"],
        "--renegotiation": ["secure_renego", "secure_client_renego"],
        "--compression": ["CRIME_TLS"],
        "--tls-fallback": ["fallback_SCSV"],
    }

    def scan(self, name, port):
        found = self.folder / f"testssl-{name}.json"
        command = ["testssl", "--quiet", "--color", "0", "--warnings", "off", "--nodns", "none", "--assume-http",
                   "--jsonfile", str(found), *self.LOOKED_FOR, f"127.0.0.1:{port}"]
        run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if not found.exists():
            raise AssertionError(run.stdout + run.stderr)
        entries = {entry["id"]: entry for entry in json.loads(found.read_text())}
        return {name: entries[name] for name in sum(self.LOOKED_FOR.values(), [])}

    def test_no_fault_is_found_where_there_is_none(self):
        # No certificate is asked for: testssl has no answer to that, and would look no further.
        settings = {"verifyPeer": "none", "resumption": True}
        gateways = {engine: self.gateway(engine, tls_lab.VERSIONS, tls_lab.of_engine(engine, SUITES), **settings)
                    for engine in tls_lab.ENGINES}
        # So that silence means something, one gateway has faults.
        faults = {"tls": {"premaster_oracle": True, "ignore_fallback_scsv": True}}
        gateways["faulty"] = self.gateway("wire", tls_lab.VERSIONS, SUITES, renegotiation="secure", deviations=faults,
                                          **settings)
        # It mostly waits, so they are looked at together.
        with concurrent.futures.ThreadPoolExecutor() as pool:
            scans = {name: pool.submit(self.scan, name, gateway.ports["tls"]) for name, gateway in gateways.items()}
        for engine in tls_lab.ENGINES:
            for fault, finding in scans[engine].result().items():
                with self.subTest(engine=engine, fault=fault):
                    self.assertEqual(finding["severity"], "OK", finding["finding"])
        bad = {fault for fault, finding in scans["faulty"].result().items() if finding["severity"] != "OK"}
        self.assertEqual(bad, {"ROBOT", "fallback_SCSV", "secure_client_renego"})
        for gateway in gateways.values():
            gateway.quit()


if __name__ == "__main__":
    lab.require("testssl")
    lab.main()

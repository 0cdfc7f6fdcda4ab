#!/usr/bin/env python3
"""sipp places a call to the reference gateway and takes one from it: over UDP and TCP directly, over TLS through stunnel."""

import subprocess

import lab


# sipp's ready-made scenario answers with one media section whatever was offered, so it must not be offered two.
ONE_SECTION = {"sipvet.media.srtp.offerForm": "avp-with-crypto"}


class Sipp(lab.Case):
    def udp_and_tcp(self):
        return lab.Gateway(self, {"netborder.sip.userAgent.IPAddress": "127.0.0.1:0/udp,127.0.0.1:0/tcp", **ONE_SECTION})

    def sipp(self, name, *arguments):
        (port,) = lab.free_ports(1)
        command = ["sipp", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", str(port), "-m", "1", "-nostdin",
                   "-timeout", f"{lab.DEADLINE_S}s", "-timeout_error", "-trace_err", "-error_file", str(self.folder / "sipp.err"),
                   *arguments]
        return lab.Program(self, name, command, cwd=self.folder), port

    def assert_ends_well(self, program):
        errors = self.folder / "sipp.err"
        self.assertEqual(program.wait(), 0, program.text() + (errors.read_text() if errors.exists() else ""))

    def assert_call(self, gateway, direction):
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "ended")
        self.assertEqual((event["direction"], event["media"], event["status"]), (direction, "rtp", 200))
        return event

    def places_a_call(self, gateway, transport, port):
        caller, _ = self.sipp("caller", "-sn", "uac", "-t", transport, "-d", "300", f"127.0.0.1:{port}")
        self.assert_ends_well(caller)
        self.assert_call(gateway, "incoming")

    def takes_a_call(self, transport, uri_transport, listening):
        gateway = self.udp_and_tcp()
        callee, port = self.sipp("callee", "-sn", "uas", "-t", transport, "-rtp_echo")
        lab.wait_until(lambda: listening(port), "sipp to listen")
        gateway.order(f"call sip:service@127.0.0.1:{port};transport={uri_transport}")
        # sipp sends the gateway's own sound back, so the gateway hears itself.
        heard = gateway.wait_for(lambda e: e["event"] == "call" and e["heard"])
        self.assertEqual(len(heard["heard"]), 1)
        gateway.order("hangup")
        self.assert_call(gateway, "outgoing")
        self.assert_ends_well(callee)

    def test_call_over_udp(self):
        gateway = self.udp_and_tcp()
        self.places_a_call(gateway, "u1", gateway.ports["udp"])

    def test_call_over_tcp(self):
        gateway = self.udp_and_tcp()
        self.places_a_call(gateway, "t1", gateway.ports["tcp"])

    def test_call_from_the_gateway_over_udp(self):
        def bound(port):
            return f"127.0.0.1:{port} " in subprocess.run(["ss", "-Hnul"], capture_output=True, text=True).stdout
        self.takes_a_call("u1", "udp", bound)

    def test_call_from_the_gateway_over_tcp(self):
        self.takes_a_call("t1", "tcp", lab.accepts)

    def stunnel(self, name, lines):
        config = self.folder / f"{name}.conf"
        config.write_text("foreground = yes\npid =\n" + "\n".join(lines) + "\n")
        return lab.Program(self, name, ["stunnel4", str(config)])

    def test_call_over_tls_through_stunnel(self):
        gateway = lab.Gateway(self, self.tls_properties(**ONE_SECTION))
        (port,) = lab.free_ports(1)
        self.stunnel("stunnel", ["[sip]", "client = yes", f"accept = 127.0.0.1:{port}",
                                 f"connect = 127.0.0.1:{gateway.ports['tls']}", f"CAfile = {self.folder / 'ca.pem'}",
                                 "verifyChain = yes", "ciphers = ALL:@SECLEVEL=0"])
        lab.wait_until(lambda: lab.accepts(port), "stunnel to listen")
        self.places_a_call(gateway, "t1", port)

    def test_call_from_the_gateway_over_tls_through_stunnel(self):
        gateway = lab.Gateway(self, self.tls_properties(**ONE_SECTION))
        callee, plain = self.sipp("callee", "-sn", "uas", "-t", "t1", "-rtp_echo")
        (port,) = lab.free_ports(1)
        self.stunnel("stunnel", ["[sip]", f"accept = 127.0.0.1:{port}", f"connect = 127.0.0.1:{plain}",
                                 f"cert = {self.folder / 'both.pem'}", "ciphers = ALL:@SECLEVEL=0",
                                 "sslVersionMin = TLSv1"])
        lab.wait_until(lambda: lab.accepts(plain), "sipp to listen")
        lab.wait_until(lambda: f":{port} " in subprocess.run(["ss", "-Hntl"], capture_output=True, text=True).stdout,
                       "stunnel to listen")
        # sipp's Contact names its TCP port: what follows the 200 must go back over the same connection all the same.
        gateway.order(f"call sip:service@127.0.0.1:{port};transport=tls")
        gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "answered")
        gateway.order("hangup")
        gateway.wait_for(lambda e: e["event"] == "call" and e["state"] in ("ended", "failed"))


if __name__ == "__main__":
    lab.require("sipp", "stunnel4", "ss")
    lab.main()

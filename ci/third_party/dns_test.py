#!/usr/bin/env python3
"""The gateway finds servers through dnsmasq as RFC 3263 says: NAPTR, SRV in the order of their priorities, addresses. dig asks
dnsmasq for the same records and sees the same; tshark reads the queries and responses of a scenario's own DNS server."""

import re
import socket
import subprocess
import threading

import lab
from capture_lab import tshark
from sip_text import BusyPhone


class TcpPhone:
    """Answers INVITEs with 486 over one TCP connection after another."""

    def __init__(self, test):
        self.phone = BusyPhone()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        test.addCleanup(self.listener.close)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                while octets := connection.recv(65536):
                    connection.sendall(self.phone.receive(octets))


class Dns(lab.Case):
    def dnsmasq(self, *records):
        (port,) = lab.free_ports(1, socket.SOCK_DGRAM)
        program = lab.Program(self, "dnsmasq", [
            "dnsmasq", "--keep-in-foreground", f"--port={port}", "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv",
            "--no-hosts", "--conf-file=/dev/null", "--pid-file=", "--user=", "--group=", "--log-facility=-", "--log-queries",
            "--local=/test/", *records])
        lab.wait_until(lambda: "started, version" in program.text(), "dnsmasq")
        self.port = port
        return program

    def dig(self, name, kind):
        run = subprocess.run(["dig", "+short", "@127.0.0.1", "-p", str(self.port), name, kind], capture_output=True, text=True,
                             check=True)
        return sorted(run.stdout.splitlines())

    def gateway(self, **more):
        return lab.Gateway(self, {"netborder.sip.userAgent.IPAddress": "127.0.0.1:0/udp,127.0.0.1:0/tcp",
                                  "sip.out.requestUri": "sip:%0@example.test",
                                  "sipvet.dns.servers": f"127.0.0.1:{self.port}", **more})

    def test_naptr_and_srv_lead_to_the_next_server(self):
        phone = TcpPhone(self)
        (dead,) = lab.free_ports(1)
        server = self.dnsmasq("--naptr-record=example.test,20,10,s,SIP+D2U,,_sip._udp.example.test",
                              "--naptr-record=example.test,10,10,s,SIP+D2T,,_sip._tcp.example.test",
                              f"--srv-host=_sip._tcp.example.test,b.example.test,{phone.port},20,1",
                              f"--srv-host=_sip._tcp.example.test,a.example.test,{dead},10,1",
                              "--host-record=a.example.test,127.0.0.1", "--host-record=b.example.test,127.0.0.1")
        self.assertEqual(self.dig("_sip._tcp.example.test", "SRV"),
                         sorted([f"20 1 {phone.port} b.example.test.", f"10 1 {dead} a.example.test."]))
        gateway = self.gateway()
        gateway.order("dial 100")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "failed")
        self.assertEqual((event["status"], event["transport"]), (486, "tcp"), gateway.text())
        self.assertRegex(gateway.text(), f"fails at 127.0.0.1:{dead} .*goes on to 127.0.0.1:{phone.port}")
        self.assertTrue(phone.phone.messages[0].startswith(b"INVITE sip:100@example.test SIP/2.0\r\n"))
        asked = re.findall(r"query\[(\w+)\] (\S+)", server.text())
        self.assertEqual(asked[1], ("NAPTR", "example.test"), asked) # behind dig's
        self.assertIn(("SRV", "_sip._tcp.example.test"), asked)
        gateway.quit()

    def test_a_long_answer_comes_over_tcp(self):
        phone = TcpPhone(self)
        many = [f"--srv-host=_sip._tcp.example.test,host-with-a-rather-long-name-number-{i}.example.test,{phone.port},{i},1"
                for i in range(40)]
        server = self.dnsmasq(*many, "--host-record=host-with-a-rather-long-name-number-0.example.test,127.0.0.1")
        gateway = self.gateway(**{"sip.out.transport": "tcp"})
        gateway.order("dial 100")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "failed")
        self.assertEqual(event["status"], 486, gateway.text() + server.text())
        gateway.quit()

    def test_an_alias(self):
        phone = TcpPhone(self)
        self.dnsmasq("--cname=www.example.test,a.example.test", "--host-record=a.example.test,127.0.0.1")
        gateway = self.gateway(**{"sip.out.requestUri": f"sip:%0@www.example.test:{phone.port};transport=tcp"})
        gateway.order("dial 100")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "failed")
        self.assertEqual(event["status"], 486, gateway.text())
        gateway.quit()

    def test_what_is_not_there(self):
        self.dnsmasq()
        gateway = self.gateway()
        gateway.order("dial 100")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "failed")
        self.assertEqual(event["status"], 503, gateway.text())
        self.assertIn("DNS has no address for example.test", gateway.text())
        gateway.quit()

    def test_tshark_reads_the_lab_server(self):
        report = self.folder / "report"
        run = subprocess.run([lab.SIPVET, "run", "scenarios", "--filter", "routing/naptr", "--network", "sim", "--keep", "all",
                              "--report", str(report)], capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        (capture,) = report.glob("evidence/*/capture.pcapng")
        self.assertEqual(tshark(capture, "-Y", "_ws.malformed"), "")
        naptr = tshark(capture, "-Y", "dns.flags.response == 1 && dns.qry.type == 35", "-T", "fields", "-e", "dns.naptr.service",
                       "-e", "dns.naptr.flags", "-e", "dns.naptr.replacement").split()
        self.assertEqual(naptr, ["SIP+D2U,SIPS+D2T", "s,s", "_sip._udp.example.test,_sips._tcp.example.test"])
        srv = tshark(capture, "-Y", "dns.flags.response == 1 && dns.srv.service == \"_sips\"", "-T", "fields", "-e",
                     "dns.srv.target", "-e", "dns.srv.port").split()
        self.assertEqual(srv, ["a.example.test", "5061"])


if __name__ == "__main__":
    lab.require("dnsmasq", "dig", "tshark")
    lab.main()

#!/usr/bin/env python3
"""kamailio with its TLS module in the role of OpenSIPS: the gateway registers with digest over a connection that it keeps, calls
and is called through the proxy, and is not found without a transport in its Contact. Phones behind it are another gateway,
baresip, and sipp over TCP."""

import socket

import baresip_test
import kamailio_lab
import lab

USERS = {"100": "secret", "101": "other secret", "102": "third"}

# Calls 100 and follows the proxy's route; sipp's ready-made caller does not.
SIPP_CALLER = """<?xml version="1.0"?>
<scenario name="caller">
  <send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:sipp@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:sipp@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=sipp 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From: <sip:sipp@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0
]]></send>
  <pause milliseconds="500"/>
  <send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From: <sip:sipp@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0
]]></send>
  <recv response="200"/>
</scenario>
"""


def is_registered(event):
    return event["event"] == "registration" and event["state"] == "registered"


def is_link(state):
    return lambda event: event["event"] == "link" and event["state"] == state


class BehindKamailio(lab.Case):
    def kamailio(self, **options):
        lab.make_certificates(self.folder)
        return kamailio_lab.Kamailio(self, USERS, **options)

    def unit(self, proxy, user, voiceprint, password=None, **more):
        (base_port,) = lab.free_ports(1)
        server = f"127.0.0.1:{proxy.tls_port}"
        gateway = lab.Gateway(self, {
            "Gateways": "OpenSIPS 127.0.0.1:0/tls",
            "RegistrarHost": server, "ProxyHost": server,
            "PersistentTlsBasePort": base_port,
            "sipvet.registration.accounts": f"{user}:{password or USERS[user]}",
            "netborder.sip.tls.serverCertificateFile": str(self.folder / "cert.pem"),
            "netborder.sip.tls.serverCertificatePrivateKeyFile": str(self.folder / "key.pem"),
            "netborder.sip.tls.trustedRootCertificatesStore": str(self.folder / "ca.pem"),
            "TlsCertificateValidation": "HostName",
            "sipvet.sip.tls.versions": "TLSv1.2",
            "netborder.sip.tls.cypherSuites": "default",
            "netborder.media.srtp.mode": "always",
            "sipvet.telephone.voiceprint": voiceprint,
            **more}, name=f"unit-{user}")
        gateway.base_port = base_port
        return gateway

    def registered(self, proxy, user, voiceprint, **more):
        gateway = self.unit(proxy, user, voiceprint, **more)
        gateway.wait_for(is_registered)
        return gateway

    def test_registers_with_digest_from_the_base_port(self):
        proxy = self.kamailio()
        gateway = self.unit(proxy, "100", 1)
        up = gateway.wait_for(is_link("Up"))
        self.assertEqual(up["local_port"], gateway.base_port)
        event = gateway.wait_for(is_registered)
        self.assertEqual((event["status"], event["bindings"]), (200, 1))
        gateway.order("unregister")
        gateway.wait_for(lambda e: e["event"] == "registration" and e["state"] == "idle")
        gateway.quit()
        report = self.inspect(gateway.capture)
        # REGISTER, 401, REGISTER, 200; and once more to unregister, with credentials that kamailio takes at once or not.
        self.assertGreaterEqual(report["sip"]["messages"], 6)
        self.assertEqual([f for f in report["findings"] if f["severity"] == "error"], [])

    def named_unit(self, proxy, validation):
        """A unit that has a name for kamailio, which stands in dnsmasq behind a server that is not there."""
        (dead,), (port,) = lab.free_ports(1), lab.free_ports(1, socket.SOCK_DGRAM)
        name = "_sips._tcp.registrar.example.test,sip.example.test"
        server = lab.Program(self, f"dnsmasq-{validation}", [
            "dnsmasq", "--keep-in-foreground", f"--port={port}", "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv",
            "--no-hosts", "--conf-file=/dev/null", "--pid-file=", "--user=", "--group=", "--log-facility=-", "--local=/test/",
            f"--srv-host={name},{dead},10,1", f"--srv-host={name},{proxy.tls_port},20,1",
            "--host-record=sip.example.test,127.0.0.1"])
        lab.wait_until(lambda: "started, version" in server.text(), "dnsmasq")
        gateway = self.unit(proxy, "100", 1, RegistrarHost="registrar.example.test", ProxyHost="registrar.example.test",
                            TlsCertificateValidation=validation, **{"sipvet.dns.servers": f"127.0.0.1:{port}"})
        return gateway, dead

    def test_a_registrar_is_found_by_its_name(self):
        proxy = self.kamailio()
        gateway, dead = self.named_unit(proxy, "TrustedCertificate")
        up = gateway.wait_for(is_link("Up"))
        self.assertEqual((up["server"], up["remote"], up["local_port"]),
                         ("registrar.example.test", f"127.0.0.1:{proxy.tls_port}", gateway.base_port))
        event = gateway.wait_for(is_registered)
        self.assertEqual(event["address_of_record"], "sip:100@registrar.example.test")
        self.assertIn(f"Persistent connection with 127.0.0.1:{dead} is Down: ", gateway.text())
        gateway.quit()

    def test_the_certificate_must_be_for_the_registrars_name(self):
        proxy = self.kamailio()
        gateway, _ = self.named_unit(proxy, "HostName")
        lab.wait_until(lambda: f"Persistent connection with 127.0.0.1:{proxy.tls_port} is Down: " in gateway.text(), gateway.text)
        gateway.quit()
        self.assertEqual([e for e in gateway.events if is_link("Up")(e)], [])

    def test_registers_with_sha_256(self):
        proxy = self.kamailio(algorithm="SHA-256")
        gateway = self.registered(proxy, "100", 1)
        gateway.quit()
        self.assertEqual(self.inspect(gateway.capture)["sip"]["messages"], 4)

    def test_a_wrong_password_is_not_tried_again(self):
        proxy = self.kamailio()
        gateway = self.unit(proxy, "100", 1, password="guess")
        event = gateway.wait_for(lambda e: e["event"] == "registration" and e["state"] == "refused")
        self.assertEqual(event["status"], 401)
        gateway.quit()
        self.assertEqual(self.inspect(gateway.capture)["sip"]["messages"], 4)

    def assert_call(self, caller, callee, number):
        caller.order(f"dial {number}")
        incoming = callee.wait_for(lambda e: e["event"] == "call" and e["heard"])
        outgoing = caller.wait_for(lambda e: e["event"] == "call" and e["heard"])
        for event in (incoming, outgoing):
            self.assertEqual((event["media"], event["status"], len(event["heard"])), ("srtp", 200, 1))
        self.assertNotEqual(incoming["heard"], outgoing["heard"])
        caller.order("hangup")
        for gateway in (caller, callee):
            gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "ended")

    def test_two_units_call_each_other_through_it(self):
        proxy = self.kamailio()
        one, two = self.registered(proxy, "100", 1), self.registered(proxy, "101", 2)
        self.assert_call(one, two, "101")
        self.assert_call(two, one, "100")
        # All of it went over one connection each.
        for gateway in (one, two):
            gateway.quit()
            report = self.inspect(gateway.capture)
            self.assertEqual(len(report["tls"]), 1)
            self.assertEqual([f for f in report["findings"] if f["severity"] == "error"], [])

    def fails_without_transport(self, status, **options):
        proxy = self.kamailio(**options)
        one = self.registered(proxy, "100", 1)
        self.registered(proxy, "101", 2, AddSipTransportInContact="Disable")
        one.order("dial 101")
        event = one.wait_for(lambda e: e["event"] == "call" and e["state"] == "failed", deadline_s=40)
        self.assertEqual(event["status"], status)

    def test_a_contact_without_transport_is_not_reached(self):
        self.fails_without_transport(500)

    def test_a_contact_without_transport_is_asked_by_udp_in_vain(self):
        self.fails_without_transport(408, also=("udp",))

    def test_an_idle_connection_is_dropped_and_comes_back(self):
        proxy = self.kamailio(lifetime_s=3)
        one, two = self.registered(proxy, "100", 1), self.registered(proxy, "101", 2)
        one.wait_for(is_link("Down"))
        one.wait_for(is_link("Up"))
        one.wait_for(is_registered)
        two.wait_for(is_link("Up"))
        self.assertIn("Establishing persistent connection", one.text())

    def test_keep_alives_hold_the_connection(self):
        proxy = self.kamailio(lifetime_s=4)
        one = self.registered(proxy, "100", 1, **{"sipvet.sip.persistent.keepAlive": "1s"})
        two = self.registered(proxy, "101", 2)
        two.wait_for(is_link("Down"))
        two.wait_for(is_link("Up"))
        two.wait_for(is_link("Down"))
        self.assertEqual([e["state"] for e in one.events if e["event"] == "link"][-1], "Up")
        self.assertNotIn("is Down", one.text())

    def test_baresip_calls_the_unit(self):
        proxy = self.kamailio()
        gateway = self.registered(proxy, "100", 1, **{"sipvet.media.srtp.offerForm": "avp-with-crypto"})
        phone = baresip_test.Baresip(self, "srtp-mand", proxy.tls_port,
                                     f";auth_user=102;auth_pass={USERS['102']};regint=600", user="102")
        lab.wait_until(lambda: "200 OK" in phone.text(), "baresip to register")
        phone.order("dial", f"sip:100@127.0.0.1:{proxy.tls_port};transport=tls")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["heard"])
        self.assertEqual((event["media"], event["transport"]), ("srtp", "tls"))
        lab.wait_until(phone.decoded_recording, "baresip's recording of the gateway")
        gateway.order("hangup")
        gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "ended")

    def test_sipp_over_tcp_calls_the_unit(self):
        proxy = self.kamailio(also=("tcp",))
        gateway = self.registered(proxy, "100", 1, **{"netborder.media.srtp.mode": "as-needed"})
        (port,) = lab.free_ports(1)
        scenario = self.folder / "caller.xml"
        scenario.write_text(SIPP_CALLER)
        caller = lab.Program(self, "sipp", [
            "sipp", "-sf", str(scenario), "-s", "100", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", str(port), "-t", "t1", "-m", "1",
            "-nostdin", "-timeout", f"{lab.DEADLINE_S}s", "-timeout_error", f"127.0.0.1:{proxy.ports['tcp']}"], cwd=self.folder)
        self.assertEqual(caller.wait(), 0, caller.text())
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "ended")
        self.assertEqual((event["direction"], event["media"], event["status"], event["transport"]), ("incoming", "rtp", 200, "tls"))


if __name__ == "__main__":
    lab.require("kamailio", "openssl", "baresip", "sipp", "dnsmasq")
    lab.main()

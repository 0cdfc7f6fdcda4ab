#!/usr/bin/env python3
"""NetBorder Express set up as its guide does it: certificate files made by the guide's commands, its gw.properties, its
routing rule. A SIP phone on GnuTLS stands in for the mediation server."""

import subprocess

import lab
from gnutls_phone import GnutlsPhone

TLS_1_0 = "NONE:+VERS-TLS1.0:+RSA:+AES-128-CBC:+3DES-CBC:+SHA1:+SIGN-ALL:+GROUP-ALL"

PROPERTIES = """# Netborder Express Gateway
netborder.sip.userAgent.IPAddress=127.0.0.1:0/tls

netborder.sip.tls.serverCertificateFile=${netborder.Installation.Directory}/config/certs/certnew.cer
netborder.sip.tls.serverCertificatePrivateKeyFile=\\
    ${netborder.Installation.Directory}/config/certs/new-private-key-protected.pem
netborder.sip.tls.serverCertificatePrivateKeyPassword=expected
netborder.sip.tls.trustedRootCertificatesStore = \\
    ${netborder.Installation.Directory}/config/certs/newTrustedRootCertificatesStore.pem
netborder.sip.tls.cypherSuites=TLS_RSA_WITH_AES_128_CBC_SHA,TLS_RSA_WITH_3DES_EDE_CBC_SHA
netborder.media.srtp.mode=as-needed
netborder.mdedia.srtp.cryptoSuite=AES_CM_128_HMAC_SHA1_80,AES_CM_128_HMAC_SHA1_32
netborder.pstn.board.count=1
"""

RULES = """<?xml version="1.0"?>
<rules>
  <rule name="transfers" outbound_interface="sip" qvalue="0.5">
    <condition param="transfer" expr="true"/>
    <out_leg><param name="sip.out.requestUri" expr="sip:transfer@127.0.0.1:9"/></out_leg>
  </rule>
  <rule name="default_sip_out" outbound_interface="sip" qvalue="0.001">
    <condition param="transfer" expr="false"/>
    <condition param="pstn.in.channelName" expr=".*"/>
    <condition param="pstn.in.dnis" expr="(.*)"/>
    <condition param="pstn.in.ani" expr="(.*)"/>
    <condition param="pstn.in.callerName" expr="(.*)"/>
    <out_leg name="" media_type="sendrecv">
      <param name="sip.out.requestUri" expr="sip:%0@127.0.0.1:{port}"/>
      <param name="sip.out.from.uri" expr="sip:%1@GW_HOST_IP:GW_SIP_PORT"/>
      <param name="sip.out.from.displayName" expr="%2"/>
      <param name="sip.out.transport" expr="tls"/>
    </out_leg>
  </rule>
</rules>
"""


class NetborderGuide(lab.Case):
    def setUp(self):
        super().setUp()
        lab.make_certificates(self.folder)
        self.install = self.folder / "Gateway"
        self.certs = self.install / "config" / "certs"
        self.certs.mkdir(parents=True)
        self.make_certificate_files()

    def make_certificate_files(self):
        """Steps 1 to 10 of the guide's procedure, with the key length of today; the lab's CA is the domain controller."""
        request, key = self.certs / "new-certificate-request.pem", self.certs / "new-private-key.pem"
        lab.openssl("req", "-newkey", "rsa:2048", "-sha256", "-subj", "/CN=gateway.example.com", "-passout", "pass:first",
                    "-keyout", str(key), "-keyform", "PEM", "-out", str(request), "-outform", "PEM")
        ca = str(self.folder / "ca.pem")
        lab.openssl("x509", "-req", "-in", str(request), "-CA", ca, "-CAkey", str(self.folder / "ca.key"), "-CAcreateserial",
                    "-days", "2", "-out", str(self.certs / "certnew.cer"))
        chain = str(self.certs / "certnew.p7b")
        lab.openssl("crl2pkcs7", "-nocrl", "-certfile", ca, "-out", chain)
        (self.folder / "first").write_text("first\n")
        (self.folder / "expected").write_text("expected\n")
        subprocess.run([lab.SIPVET, "certs", "protect-key", str(key), str(self.certs / "new-private-key-protected.pem"),
                        "--input-passphrase-file", str(self.folder / "first"),
                        "--passphrase-file", str(self.folder / "expected")], check=True, capture_output=True)
        lab.openssl("pkcs7", "-in", chain, "-out", str(self.certs / "newTrustedRootCertificatesStore.pem"),
                    "-print_certs", "-text")

    def write(self, properties, rules):
        config, rules_file = self.install / "config" / "gw.properties", self.install / "config" / "routing-rules.xml"
        config.write_text(properties)
        rules_file.write_text(rules)
        return config, rules_file

    def test_a_call_goes_as_the_rule_says(self):
        phone = GnutlsPhone(self, TLS_1_0, wants_certificate=True)
        config, rules = self.write(PROPERTIES, RULES.replace("{port}", str(phone.port)))
        gateway = lab.Gateway(self, config, ("--rules", str(rules)))
        gateway.order("dial 5145551212 4165550100 Alice Example")
        event = gateway.wait_for(lambda e: e["event"] == "call" and e["state"] == "failed")
        self.assertEqual((event["status"], event["transport"]), (486, "tls"), gateway.text())
        phone.join()
        self.assertIsNone(phone.error)
        invite = phone.phone.messages[0].decode()
        self.assertTrue(invite.startswith(f"INVITE sip:5145551212@127.0.0.1:{phone.port} SIP/2.0\r\n"), invite)
        self.assertIn(f'From: "Alice Example" <sip:4165550100@127.0.0.1:{gateway.ports["tls"]}>;tag=', invite)
        self.assertIn(f"\r\nVia: SIP/2.0/TLS 127.0.0.1:{gateway.ports['tls']};", invite)
        self.assertIn("TLS1.0", phone.description)
        self.assertIn("unknown property 'netborder.pstn.board.count'", gateway.text())
        self.assertIn("rule 'default_sip_out' takes the call to 5145551212", gateway.text())
        gateway.quit()

    def test_every_mistake_is_named_with_file_and_line(self):
        config, rules = self.write(PROPERTIES.replace("as-needed", "sometimes"),
                                   RULES.replace('expr="true"', 'expr="("').replace("{port}", "1").replace("%2", "%7"))
        run = subprocess.run([lab.SIPVET, "gateway", "--config", str(config), "--rules", str(rules)],
                             capture_output=True, text=True, timeout=lab.DEADLINE_S)
        self.assertEqual(run.returncode, 2)
        lines = run.stderr.splitlines()
        self.assertEqual(len(lines), 3, run.stderr)
        self.assertIn(f"{config}:11:27: error: netborder.media.srtp.mode: ", lines[0])
        self.assertTrue(lines[1].startswith(f"{rules}:4:6: error: expr '(' is no regular expression"), lines[1])
        self.assertTrue(lines[2].startswith(f"{rules}:16:8: error: sip.out.from.displayName: '%7' stands for nothing"), lines[2])

    def test_no_rule_for_a_call(self):
        config, rules = self.write(PROPERTIES, RULES.replace("{port}", "1").replace('dnis" expr="(.*)"', 'dnis" expr="(9.*)"'))
        gateway = lab.Gateway(self, config, ("--rules", str(rules)))
        gateway.order("dial 514")
        wanted = "no routing rule takes the call: rule 'transfers': transfer 'false' does not match 'true'; " \
                 "rule 'default_sip_out': pstn.in.dnis '514' does not match '(9.*)'"
        lab.wait_until(lambda: wanted in gateway.text(), wanted)
        gateway.quit()


if __name__ == "__main__":
    lab.require("openssl")
    lab.main()

#!/usr/bin/env python3
"""A real rsyslogd, with a configuration, a folder and a port of its own, receives the gateway's log lines by UDP."""

import socket

import lab

CONFIG = """
global(workDirectory="{folder}")
module(load="imudp")
input(type="imudp" address="127.0.0.1" port="{port}")
template(name="plain" type="string" string="%syslogfacility-text%.%syslogseverity-text%: %syslogtag%%msg%\\n")
*.* action(type="omfile" file="{folder}/received.log" template="plain")
"""


class Rsyslog(lab.Case):
    def receiver(self):
        (port,) = lab.free_ports(1, socket.SOCK_DGRAM)
        config = self.folder / "rsyslog.conf"
        config.write_text(CONFIG.format(folder=self.folder, port=port))
        program = lab.Program(self, "rsyslogd", ["rsyslogd", "-n", "-f", str(config), "-i", str(self.folder / "rsyslogd.pid")])
        probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(probe.close)

        def answers():
            self.assertIsNone(program.process.poll(), program.text())
            probe.sendto(b"<190>syslog: is it there", ("127.0.0.1", port))
            return "is it there" in self.received()

        lab.wait_until(answers, "rsyslogd to receive")
        return port

    def received(self):
        log = self.folder / "received.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def test_the_lines_of_a_unit_arrive_with_facility_and_severity(self):
        port = self.receiver()
        # Nobody listens where the unit registers, so that it says so.
        (nobody,) = lab.free_ports(1)
        properties = self.tls_properties(**{
            "Gateways": "OpenSIPS 127.0.0.1:0/tls", "RegistrarHost": f"127.0.0.1:{nobody}",
            "sipvet.registration.accounts": "100:secret", "sipvet.syslog.server": f"127.0.0.1:{port}"})
        del properties["netborder.sip.userAgent.IPAddress"]
        gateway = lab.Gateway(self, properties)
        wanted = ["local7.info: syslog: SipEngine [0001] [OpenSIPS] SIP transport disabled (UDP).",
                  "local7.info: syslog: SipEngine [0004] [OpenSIPS] Establishing TLS persistent connections.",
                  f"local7.debug: syslog: SipEngine [0005] [OpenSIPS] Establishing persistent connection 16000 with 127.0.0.1:{nobody}.",
                  "local7.warning: syslog: SipEngine [0006] [OpenSIPS] Persistent connection with"]
        for line in wanted:
            lab.wait_until(lambda: line in self.received(), f"{line}\nin\n{self.received()}")
        gateway.quit()

    def test_another_facility_is_used_where_it_is_configured(self):
        port = self.receiver()
        gateway = lab.Gateway(self, {
            "netborder.sip.userAgent.IPAddress": "127.0.0.1:0/udp",
            "sipvet.syslog.server": f"127.0.0.1:{port}", "sipvet.syslog.facility": "local0"})
        lab.wait_until(lambda: "local0.info: syslog: listens for SIP on" in self.received(), "the gateway's first line")
        gateway.quit()


if __name__ == "__main__":
    lab.require("rsyslogd", "openssl")
    lab.main()

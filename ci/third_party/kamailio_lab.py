"""kamailio with tls.so in the role of OpenSIPS: registrar with digest, location, and proxy with Record-Route."""

import lab

MODULES = ["tls", "tm", "sl", "rr", "pv", "maxfwd", "textops", "siputils", "usrloc", "registrar", "auth", "htable", "kex", "xlog"]

# Passwords stand in a hash table; the checks are those of kamailio's own example, in its own words where it has any.
CONFIG = """#!KAMAILIO
debug=1
log_stderror=yes
children=2
tcp_children=2
enable_tls=yes
auto_aliases=no
tcp_connection_lifetime={lifetime_s}
tcp_accept_aliases=yes
listen=tls:127.0.0.1:{tls}
{more_listen}
{load}
modparam("tls", "config", "{tls_config}")
modparam("tls", "connection_timeout", {lifetime_s})
modparam("rr", "enable_double_rr", 1)
modparam("auth", "algorithm", "{algorithm}")
modparam("usrloc", "db_mode", 0)
modparam("htable", "htable", "users=>size=4;")
modparam("tm", "fr_timer", 5000)

event_route[htable:mod-init] {{
{users}
}}

request_route {{
    if (!mf_process_maxfwd_header("10")) {{ sl_send_reply("483", "Too Many Hops"); exit; }}
    if (is_method("CANCEL")) {{ if (t_check_trans()) t_relay(); exit; }}
    if (has_totag()) {{
        if (loose_route()) {{ route(RELAY); }}
        if (is_method("ACK") && t_check_trans()) {{ route(RELAY); }}
        if (is_method("ACK")) exit;
        sl_send_reply("404", "Not Here");
        exit;
    }}
    t_check_trans();
    if (is_method("REGISTER")) {{
        if (!pv_www_authenticate("$td", "$sht(users=>$tU)", "0")) {{ www_challenge("$td", "1"); exit; }}
        save("location");
        exit;
    }}
    if (is_method("INVITE")) record_route();
    if (is_method("OPTIONS") && $rU == $null) {{ sl_send_reply("200", "OK"); exit; }}
    if (!lookup("location")) {{ sl_send_reply("404", "Not Found"); exit; }}
    route(RELAY);
}}

route[RELAY] {{
    if (!t_relay()) sl_reply_error();
    exit;
}}
"""

TLS_CONFIG = """[server:default]
method = TLSv1.2+
certificate = {folder}/cert.pem
private_key = {folder}/key.pem
verify_certificate = no
require_certificate = no
[client:default]
method = TLSv1.2+
certificate = {folder}/cert.pem
private_key = {folder}/key.pem
verify_certificate = no
"""


class Kamailio(lab.Program):
    def __init__(self, test, users, lifetime_s=120, also=(), algorithm="MD5"):
        """`also`: "tcp", "udp". The certificates of the test are those of lab.make_certificates()."""
        kinds = {"tcp": lab.socket.SOCK_STREAM, "udp": lab.socket.SOCK_DGRAM}
        (self.tls_port,) = lab.free_ports(1)
        self.ports = {kind: lab.free_ports(1, kinds[kind])[0] for kind in also}
        config, tls_config = test.folder / "kamailio.cfg", test.folder / "kamailio-tls.cfg"
        tls_config.write_text(TLS_CONFIG.format(folder=test.folder))
        config.write_text(CONFIG.format(
            tls=self.tls_port, tls_config=tls_config, lifetime_s=lifetime_s, algorithm=algorithm,
            more_listen="\n".join(f"listen={kind}:127.0.0.1:{port}" for kind, port in self.ports.items()),
            load="\n".join(f'loadmodule "{m}.so"' for m in MODULES),
            users="\n".join(f'    $sht(users=>{user}) = "{password}";' for user, password in users.items())))
        super().__init__(test, "kamailio", ["kamailio", "-DD", "-E", "-m", "64", "-M", "8", "-f", str(config), "-Y", str(test.folder)])
        try:
            lab.wait_until(lambda: self.process.poll() is None and lab.accepts(self.tls_port), "kamailio to listen")
        except AssertionError as error:
            raise AssertionError(f"{error}:\n{self.text()}") from None

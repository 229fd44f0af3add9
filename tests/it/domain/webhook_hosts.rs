//! Hosts that webhooks may call.

use crm_steps::domain::url::{AllowedHost, AllowedHostError, WebhookHosts};

use super::{allowed, checked};

#[test]
fn private_networks_are_rejected_in_any_notation() {
    for host in [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "ｌｏｃａｌｈｏｓｔ",
        "loc\u{ad}alhost",
        "%6cocalhost",
        "ⓛocalhost",
        "localhost:8080",
        "a.LocalDomain",
        "localhost4.localdomain4",
        "localhost6.localdomain6",
        "a.localdomain4",
        "a.localdomain6.",
        "a.localhost4",
        "a.LocalHost6",
        "printer.local",
        "printer.local.",
        "printer。local",
        "api.cluster.local",
        "metadata.google.internal",
        "wiki.intranet",
        "db.private",
        "mail.corp",
        "nas.home",
        "nas.lan",
        "NAS.LAN.",
        "router.home.arpa",
        "home.arpa",
        "api.prod.svc",
        "vault.service.consul",
        "a.test",
        "a.invalid",
        "duckduckgo.onion",
        "kubernetes.default",
        "kubernetes.default.",
        "kubernetes.default.svc",
        "api.kubernetes.default",
        "metadata.goog",
        "metadata.goog.",
        "METADATA.Goog",
        "metadata.tencentyun.com",
        "metadata",
        "metadata.",
        "db",
        "my_db",
        "bücher",
    ]
    .into_iter()
    .chain(OWN_ADDRESSES.iter().copied())
    {
        assert_eq!(allowed(&format!("http://{host}/x")), Err("URL_NOT_ALLOWED"), "{host}");
    }
}

/// Addresses of private networks, in the notations that parsers accept.
const OWN_ADDRESSES: &[&str] = &[
    "127.0.0.1",
    "127.0.0.1.",
    "127.0.0.1:8080",
    "127.255.255.254",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0X7F.0.0.1",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "0x0",
    "0.1.2.3",
    "１２７.0.0.1",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "127.0.0.1\u{200b}",
    "10.1.2.3",
    "10.1",
    "012.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "3232235777",
    "169.254.169.254",
    "169.254.0.1",
    "2852039166",
    "0xa9fea9fe",
    "0xa9.0xfe.0xa9.0xfe",
    "0251.0376.0251.0376",
    "100.64.0.1",
    "100.127.255.255",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "198.18.0.1",
    "255.255.255.255",
    "224.0.0.1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a00:1]",
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::169.254.169.254]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[febf::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
];

#[test]
fn the_operator_may_allow_private_networks() {
    for host in ["10.0.0.1", "localhost", "db", "metadata.goog", "[::1]"] {
        assert_eq!(checked(&format!("http://{host}/"), &WebhookHosts::Any), Ok(()), "{host}");
    }
}

fn allowing(hosts: &[&str]) -> WebhookHosts {
    WebhookHosts::public_and(hosts.iter().map(|host| host.parse().expect("a host")))
}

#[test]
fn the_operator_may_allow_single_hosts_and_their_subdomains() {
    let hosts = allowing(&[
        "LAN",
        ".svc.cluster.local",
        "hooks.internal.",
        " db ",
        "Bücher.corp",
        "10.1.0.0/16",
        "192.168.1.5",
        "127.1",
        "[fd00::5]",
        "fd00:1::/32",
    ]);
    for host in [
        "nas.lan",
        "a.b.lan",
        "NAS.Lan.",
        "lan",
        "api.prod.svc.cluster.local",
        "svc.cluster.local",
        "hooks.internal",
        "eu.hooks.internal.",
        "db",
        "bücher.corp",
        "a.BÜCHER.corp",
        "xn--bcher-kva.corp",
        "10.1.2.3",
        "0xa.1.2.3",
        "[::ffff:10.1.2.3]",
        "192.168.1.5",
        "127.0.0.1",
        "[fd00::5]",
        "[fd00:1:2::3]",
        "example.com",
    ] {
        assert_eq!(checked(&format!("http://{host}/"), &hosts), Ok(()), "{host}");
    }
    for host in [
        "xlan",
        "nas.xlan.local",
        "nas.lan.local",
        "cluster.local",
        "xsvc.cluster.local",
        "internal",
        "xhooks.internal",
        "metadata.google.internal",
        "mydb",
        "bucher.corp",
        "10.2.0.1",
        "192.168.1.6",
        "[::1]",
        "[fd00::6]",
        "localhost",
    ] {
        let refused = checked(&format!("http://{host}/"), &hosts);
        assert_eq!(refused, Err("URL_NOT_ALLOWED"), "{host}");
    }
    assert_eq!(checked("http://nas..lan/", &hosts), Err("INVALID_URL"));
    assert_eq!(checked("http://nas.lan:0/", &hosts), Err("INVALID_URL"));
    assert_eq!(checked("http://a@nas.lan/", &hosts), Err("INVALID_URL"));
}

#[test]
fn only_hosts_and_networks_can_be_allowed() {
    for text in [
        "",
        " ",
        ".",
        "..",
        "..lan",
        "lan..",
        "a..lan",
        "*",
        "*.lan",
        "http://nas.lan",
        "nas.lan:80",
        "nas.lan/",
        "user@nas.lan",
        "a b",
        "{{x}}.lan",
        "n\u{200b}as.lan",
        "%6c.lan",
        "10.0.0.0/33",
        "10.0.0/8",
        "1.2.3.4.5",
        "::1/200",
        "[::1",
        "fe80::1%eth0",
    ] {
        assert_eq!(text.parse::<AllowedHost>(), Err(AllowedHostError), "{text:?}");
    }
}

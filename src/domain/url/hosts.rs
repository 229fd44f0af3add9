//! Hosts: which names DNS could be asked for, which lead to the public internet, and which others the
//! operator lets webhooks call.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
    sync::Arc,
};

use ipnet::IpNet;
use url::Host;

use crate::domain::text::is_invisible;

/// Which hosts webhooks may call. Clones share the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookHosts {
    /// Only hosts on the public internet.
    Public,
    /// Those, and these of the operator's own network.
    PublicAnd(Arc<[AllowedHost]>),
    /// Any host. For an operator whose webhooks are meant to reach the own network.
    Any,
}

impl WebhookHosts {
    /// Hosts on the public internet, and these.
    #[must_use]
    pub fn public_and(hosts: impl IntoIterator<Item = AllowedHost>) -> Self {
        Self::PublicAnd(hosts.into_iter().collect())
    }

    pub(super) fn allow(&self, host: &Host<&str>) -> bool {
        match self {
            Self::Any => true,
            Self::Public => is_public(host),
            Self::PublicAnd(hosts) => {
                is_public(host) || hosts.iter().any(|allowed| allowed.includes(host))
            }
        }
    }
}

/// Hosts that the operator lets webhooks call although they are not on the public internet.
///
/// It is read from a name, which may begin with a dot and end with one, an IP address, or a network
/// in CIDR notation. Names are compared as DNS does it: without regard to case, and in the ASCII form
/// of internationalized names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedHost {
    /// The host of this name, and all hosts below it.
    Name(String),
    /// The addresses of this network.
    Network(IpNet),
}

/// Why a text is no [`AllowedHost`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "it must be a host name like hooks.internal, an IP address, or a network like 10.0.0.0/8, without \
     scheme, port and path"
)]
pub struct AllowedHostError;

impl FromStr for AllowedHost {
    type Err = AllowedHostError;

    fn from_str(text: &str) -> Result<Self, AllowedHostError> {
        let text = text.trim();
        if let Ok(network) = text.parse::<IpNet>() {
            return Ok(Self::Network(network.trunc()));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Network(address.into()));
        }
        let host = Host::parse(text.strip_prefix('.').unwrap_or(text));
        match host.map_err(|_| AllowedHostError)? {
            Host::Ipv4(address) => Ok(Self::Network(IpAddr::from(address).into())),
            Host::Ipv6(address) => Ok(Self::Network(IpAddr::from(address).into())),
            Host::Domain(name) if is_dns_name(&name) && is_plain_host(text) => {
                Ok(Self::Name(without_root(&name).to_owned()))
            }
            Host::Domain(_) => Err(AllowedHostError),
        }
    }
}

impl AllowedHost {
    fn includes(&self, host: &Host<&str>) -> bool {
        match (self, host) {
            (Self::Name(name), Host::Domain(host)) => is_within(without_root(host), name),
            (Self::Network(network), Host::Ipv4(address)) => {
                network.contains(&IpAddr::from(*address))
            }
            (Self::Network(network), Host::Ipv6(address)) => {
                let embedded = embedded_v4(*address).map(IpAddr::from);
                network.contains(&IpAddr::from(*address))
                    || embedded.is_some_and(|address| network.contains(&address))
            }
            _ => false,
        }
    }
}

/// Whether a resolver could be asked for a name that is in its ASCII form: labels of 1 to 63 letters,
/// digits, hyphens and underscores, 253 characters in all (RFC 1035, with the underscore of RFC 8552).
/// A dot at the end, which stands for the root, does not count.
pub(super) fn is_dns_name(name: &str) -> bool {
    const NAME_MAX: usize = 253;
    const LABEL_MAX: usize = 63;
    let name = without_root(name);
    let is_label = |label: &str| {
        (1..=LABEL_MAX).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    name.len() <= NAME_MAX && name.split('.').all(is_label)
}

/// Whether a host is written so that all parsers read the same: without invisible characters, which
/// IDNA drops, and without percent signs, which some parsers decode.
pub(super) fn is_plain_host(text: &str) -> bool {
    !text.chars().any(|c| is_invisible(c) || c == '%')
}

fn without_root(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// Whether a name is `zone` or below it.
fn is_within(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether a host is on the public internet, as far as its name says. What a public name resolves
/// to is known only when it is called, and is that caller's to check.
///
/// The URL parser has already brought every spelling of an address (`0x7f.1`, `2130706433`,
/// full-width digits) to the address itself.
fn is_public(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => is_public_v4(*address),
        Host::Ipv6(address) => is_public_v6(*address),
        Host::Domain(name) => is_public_name(name),
    }
}

fn is_public_name(name: &str) -> bool {
    /// Zones that never lead to the public internet: RFC 6761 (localhost, test, invalid), RFC 6762
    /// (local, and in its appendix G what own networks use besides: intranet, internal, private,
    /// corp, home, lan), RFC 8375 (home.arpa), RFC 7686 (onion), what the
    /// /etc/hosts of common distributions calls the machine itself (localhost4, localhost6,
    /// localdomain, localdomain4, localdomain6), Kubernetes (svc, cluster.local within local) and
    /// Consul.
    const OWN_NETWORK: [&str; 20] = [
        "localhost",
        "localhost4",
        "localhost6",
        "localdomain",
        "localdomain4",
        "localdomain6",
        "local",
        "internal",
        "intranet",
        "private",
        "corp",
        "home",
        "lan",
        "home.arpa",
        "svc",
        "cluster.local",
        "consul",
        "test",
        "invalid",
        "onion",
    ];
    /// Hosts of clouds and clusters whose names look public: the API of Kubernetes, and the metadata
    /// services of Google and Tencent.
    const LOOK_PUBLIC: [&str; 3] =
        ["kubernetes.default", "metadata.goog", "metadata.tencentyun.com"];
    let name = without_root(name);
    // A name of one label is looked up in the own network's search domains; `metadata` and the
    // names of containers are such.
    name.contains('.')
        && !OWN_NETWORK.into_iter().chain(LOOK_PUBLIC).any(|zone| is_within(name, zone))
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    /// Azure's platform and metadata service, at a public-looking address.
    const AZURE_WIRE_SERVER: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
    let [a, b, c, _] = address.octets();
    // Those of IANA's registry of special-purpose addresses that lead into an own network, or to no
    // single host.
    let special = a == 0                               // this network
        || address.is_private()
        || (a == 100 && (64..128).contains(&b))        // shared by carriers, a metadata service in it
        || address.is_loopback()
        || address.is_link_local()                     // the usual metadata service in it
        || (a, b, c) == (192, 0, 0)                    // protocol assignments
        || (a == 198 && (b == 18 || b == 19))          // benchmarks of own networks
        || a >= 224; // multicast, reserved, broadcast
    !special && address != AZURE_WIRE_SERVER
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = embedded_v4(address) {
        return is_public_v4(inner);
    }
    // Only 2000::/3 is assigned for global unicast; loopback, unique local, link-local, multicast
    // and the unspecified address are all outside of it. In it, 2001::/23 is for protocols, such as
    // Teredo, which wraps IPv4 addresses.
    let [first, second, ..] = address.segments();
    first & 0xe000 == 0x2000 && !(first == 0x2001 && second < 0x200)
}

/// The IPv4 address that an IPv6 address stands for: mapped, translated (NAT64) or tunnelled (6to4).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let from_words =
        |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some(from_words(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{allowed, checked},
        *,
    };

    #[test]
    fn the_own_network_is_refused_however_it_is_spelled() {
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

    /// Addresses of own networks, in the spellings that parsers take.
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
    fn the_operator_may_allow_the_own_network() {
        for host in ["10.0.0.1", "localhost", "db", "metadata.goog", "[::1]"] {
            assert_eq!(checked(&format!("http://{host}/"), &WebhookHosts::Any), Ok(()), "{host}");
        }
    }

    fn allowing(hosts: &[&str]) -> WebhookHosts {
        WebhookHosts::public_and(hosts.iter().map(|host| host.parse().expect("a host")))
    }

    #[test]
    fn the_operator_may_allow_single_hosts_and_what_is_below_them() {
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
    fn what_names_no_host_cannot_be_allowed() {
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
}

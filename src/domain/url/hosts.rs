//! Hosts: which names DNS could resolve, which are on the public internet, and which others the
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
    /// Hosts on the public internet, and these of the operator's own network.
    PublicAnd(Arc<[AllowedHost]>),
    /// Any host, for operators whose webhooks call their own network.
    Any,
}

impl WebhookHosts {
    /// Hosts on the public internet, and these ones.
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
/// The text form is a name, which may start and end with a dot, an IP address, or a network in CIDR
/// notation. Names are compared as in DNS: without regard to case, and in the ASCII form of
/// internationalized names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedHost {
    /// The host of this name, and all hosts below it.
    Name(String),
    /// The addresses of this network.
    Network(IpNet),
}

/// A text that is not an [`AllowedHost`].
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
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        if let Ok(network) = network {
            return Ok(Self::Network(network.trunc()));
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

/// Whether DNS could resolve a name, which is in its ASCII form: labels of 1 to 63 letters, digits,
/// hyphens and underscores, 253 characters in all (RFC 1035, with the underscore of RFC 8552), and
/// perhaps a dot for the root at the end.
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

/// Whether all parsers read a host alike: it has no invisible characters, which IDNA drops, and no
/// percent signs, which some parsers decode.
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

/// Whether a host is on the public internet, as far as its name shows. Only the program that calls
/// the webhook learns the addresses of a public name, and has to check them.
///
/// The URL parser has already turned each spelling of an address (`0x7f.1`, `2130706433`,
/// full-width digits) into the address.
fn is_public(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => is_public_v4(*address),
        Host::Ipv6(address) => is_public_v6(*address),
        Host::Domain(name) => is_public_name(name),
    }
}

fn is_public_name(name: &str) -> bool {
    /// Zones that are never on the public internet: RFC 6761 (localhost, test, invalid), RFC 6762
    /// (local, and in its appendix G what private networks use: intranet, internal, private, corp,
    /// home, lan), RFC 8375 (home.arpa), RFC 7686 (onion), names of the machine itself in the
    /// /etc/hosts of common distributions (localhost4, localhost6, localdomain, localdomain4,
    /// localdomain6), Kubernetes (svc, cluster.local within local) and Consul.
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
    /// Hosts of clouds and clusters whose names look public: the API of Kubernetes, and the
    /// metadata services of Google and Tencent.
    const LOOK_PUBLIC: [&str; 3] =
        ["kubernetes.default", "metadata.goog", "metadata.tencentyun.com"];
    let name = without_root(name);
    // A name of one label is resolved in the search domains of the private network, such as
    // `metadata` and the names of containers.
    name.contains('.')
        && !OWN_NETWORK.into_iter().chain(LOOK_PUBLIC).any(|zone| is_within(name, zone))
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    /// Azure's platform and metadata service, at a public-looking address.
    const AZURE_WIRE_SERVER: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
    let [a, b, c, _] = address.octets();
    // The special-purpose addresses of IANA's registry that belong to private networks or to no
    // single host.
    let special = a == 0                               // this network
        || address.is_private()
        || (a == 100 && (64..128).contains(&b))        // shared by carriers, a metadata service in it
        || address.is_loopback()
        || address.is_link_local()                     // the usual metadata service in it
        || (a, b, c) == (192, 0, 0)                    // protocol assignments
        || (a == 198 && (b == 18 || b == 19))          // benchmarks of private networks
        || a >= 224; // multicast, reserved, broadcast
    !special && address != AZURE_WIRE_SERVER
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = embedded_v4(address) {
        return is_public_v4(inner);
    }
    // Only 2000::/3 is assigned for global unicast; loopback, unique local, link-local, multicast
    // and the unspecified address are outside of it. In it, 2001::/23 is for protocols such as
    // Teredo, which embeds IPv4 addresses.
    let [first, second, ..] = address.segments();
    first & 0xe000 == 0x2000 && !(first == 0x2001 && second < 0x200)
}

/// The IPv4 address that an IPv6 address embeds: mapped, translated (NAT64) or tunnelled (6to4).
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

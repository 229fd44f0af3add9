//! URLs that the service or a browser will call.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::{
    text::check_text,
    violation::{Rule, Violations},
};

/// Longest URL, in characters.
pub const URL_MAX: usize = 2_048;

/// Whether webhooks may call hosts inside the operator's own network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookHosts {
    /// Only hosts on the public internet.
    Public,
    /// Any host. For an operator whose webhooks are meant to reach the own network.
    Any,
}

/// Whether two URLs lead to the same server, or one of them leads nowhere.
#[must_use]
pub fn same_origin(one: Option<&str>, other: Option<&str>) -> bool {
    let origin = |url: Option<&str>| Url::parse(url?).ok().map(|url| url.origin());
    match (origin(one), origin(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// Checks a URL that somebody else will fetch: absolute, http or https, without credentials.
pub(super) fn check_url(
    violations: &mut Violations,
    field: &'static str,
    text: &str,
) -> Option<Url> {
    if !check_text(violations, field, text, URL_MAX) {
        return None;
    }
    let url = parse_http_url(text);
    if url.is_none() {
        violations.add(field, Rule::InvalidUrl);
    }
    url
}

/// Checks a URL that the service itself will call, from inside the operator's network.
pub(super) fn check_webhook_url(
    violations: &mut Violations,
    field: &'static str,
    text: &str,
    hosts: WebhookHosts,
) {
    if let Some(url) = check_url(violations, field, text)
        && hosts == WebhookHosts::Public
        && !url.host().is_some_and(|host| is_public(&host))
    {
        violations.add(field, Rule::UrlNotAllowed);
    }
}

/// Reads an absolute http(s) URL without credentials.
///
/// The URL is stored as it was sent, and whatever calls it later may read it with another parser.
/// The WHATWG one, used here, mends what others take differently (backslashes, white space, a
/// missing slash, an empty user name), so what needs mending is refused.
fn parse_http_url(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://")?;
    let is_http = ["http", "https"].iter().any(|http| scheme.eq_ignore_ascii_case(http));
    let mendable = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    let authority = rest.split(['/', '?', '#']).next()?;
    if !is_http || rest.chars().any(mendable) || authority.is_empty() || authority.contains('@') {
        return None;
    }
    Url::parse(text).ok()
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
    /// Names that never leave the own network: RFC 6761 (localhost), RFC 6762 (local),
    /// RFC 8375 (home.arpa), ICANN's reservation of 2024 (internal), and what Unix systems call
    /// themselves (localdomain).
    const OWN_NETWORK: [&str; 5] = ["localhost", "local", "home.arpa", "internal", "localdomain"];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let within = |zone: &str| {
        name.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    // A name of one label is looked up in the own network's search domains; `metadata` and the
    // names of containers are such.
    name.contains('.') && !OWN_NETWORK.into_iter().any(within)
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
    use super::*;

    fn allowed(text: &str) -> Result<(), &'static str> {
        let mut violations = Violations::default();
        check_webhook_url(&mut violations, "webhookUrl", text, WebhookHosts::Public);
        match violations.into_iter().next() {
            None => Ok(()),
            Some(violation) => Err(violation.code().into()),
        }
    }

    #[test]
    fn a_public_http_url_is_taken() {
        for url in [
            "https://example.com",
            "http://example.com:8080/a?b=c#d",
            "HTTPS://EXAMPLE.COM/",
            "https://bücher.example/hook",
            "http://93.184.216.34/",
            "http://[2606:4700::1111]/",
            "https://internal.example.com/",
            "https://localhost.example.com/",
        ] {
            assert_eq!(allowed(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn what_is_no_absolute_http_url_is_invalid() {
        for url in [
            "example.com/hook",
            "/hook",
            "//example.com/hook",
            "ftp://example.com",
            "javascript:alert(1)",
            "http:example.com",
            "http:\\\\example.com",
            "http://",
            "http:///example.com",
            "https://user@example.com",
            "https://user:secret@example.com",
            "https://@example.com",
            "http://exa mple.com",
            " https://example.com",
            "https://example.com/a\nb",
            "https://example.com\\@127.0.0.1/",
            "http://[::1",
            "http://example.com:99999/",
        ] {
            assert_eq!(allowed(url), Err("INVALID_URL"), "{url}");
        }
    }

    #[test]
    fn the_own_network_is_refused_however_it_is_spelled() {
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "printer.local",
            "metadata.google.internal",
            "metadata",
            "db",
            "router.home.arpa",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0",
            "１２７.0.0.1",
            "127。0。0。1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.100.200",
            "168.63.129.16",
            "255.255.255.255",
            "224.0.0.1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:a00:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[2001:0:7f00:1::]",
            "[::127.0.0.1]",
            "[fe80::1]",
            "[fd00:ec2::254]",
            "[ff02::1]",
        ] {
            assert_eq!(allowed(&format!("http://{host}/x")), Err("URL_NOT_ALLOWED"), "{host}");
        }
    }

    #[test]
    fn the_operator_may_allow_the_own_network() {
        let mut violations = Violations::default();
        check_webhook_url(&mut violations, "webhookUrl", "http://10.0.0.1/", WebhookHosts::Any);
        assert_eq!(violations, Violations::default());
    }
}

//! URLs that the service or a browser will call.

mod hosts;

use url::{Host, Url};

pub use self::hosts::{AllowedHost, AllowedHostError, WebhookHosts};
use self::hosts::{is_dns_name, is_plain_host};
use super::{
    checks::check_text,
    violation::{ViolationKind, Violations},
};

/// Longest URL, in characters.
pub const URL_MAX: usize = 2_048;

/// Whether two URLs lead to the same server, or one of them leads nowhere.
#[must_use]
pub fn same_origin(one: Option<&str>, other: Option<&str>) -> bool {
    let origin = |url: Option<&str>| Url::parse(url?).ok().map(|url| url.origin());
    match (origin(one), origin(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// Checks a URL that a browser will fetch: absolute, http or https, without credentials, of any host.
pub(super) fn check_url(violations: &mut Violations, field: &'static str, text: &str) {
    check_webhook_url(violations, field, text, &WebhookHosts::Any);
}

/// Checks a URL that the service itself will call, from inside the operator's network.
pub(super) fn check_webhook_url(
    violations: &mut Violations,
    field: &'static str,
    text: &str,
    hosts: &WebhookHosts,
) {
    if !check_text(violations, field, text, URL_MAX) {
        return;
    }
    let Some(url) = parse_http_url(text) else {
        return violations.add(field, ViolationKind::InvalidUrl);
    };
    // Where it leads is checked before how that is written, so that each spelling of an address of
    // the own network is refused as such.
    if !url.host().is_some_and(|host| hosts.allow(&host)) {
        violations.add(field, ViolationKind::UrlNotAllowed);
    } else if !authority(text).is_some_and(is_plain_host) {
        violations.add(field, ViolationKind::InvalidUrl);
    }
}

/// Reads an absolute http(s) URL without credentials, with a host that DNS could be asked for.
///
/// The URL is stored as it was sent, and whatever calls it later may read it with another parser.
/// The WHATWG one, used here, mends what others take differently (backslashes, white space, a
/// missing slash, an empty user name), so what needs mending is refused.
fn parse_http_url(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://")?;
    let is_http = ["http", "https"].iter().any(|http| scheme.eq_ignore_ascii_case(http));
    let mendable = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    let authority = authority(text)?;
    if !is_http || rest.chars().any(mendable) || authority.is_empty() || authority.contains('@') {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let is_host = match url.host()? {
        Host::Domain(name) => is_dns_name(name),
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    };
    (is_host && url.port() != Some(0)).then_some(url)
}

/// The host of an absolute URL as it is written, with its port.
fn authority(text: &str) -> Option<&str> {
    text.split_once("://")?.1.split(['/', '?', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn checked(text: &str, hosts: &WebhookHosts) -> Result<(), &'static str> {
        let mut violations = Violations::default();
        check_webhook_url(&mut violations, "webhookUrl", text, hosts);
        match violations.into_iter().next() {
            None => Ok(()),
            Some(violation) => Err(violation.code().into()),
        }
    }

    pub(super) fn allowed(text: &str) -> Result<(), &'static str> {
        checked(text, &WebhookHosts::Public)
    }

    #[test]
    fn a_public_http_url_is_taken() {
        let longest = vec!["a".repeat(63); 3].join(".") + "." + &"b".repeat(61);
        assert_eq!(longest.len(), 253);
        for url in [
            "https://example.com",
            "https://example.com.",
            "http://example.com:8080/a?b=c#d",
            "http://example.com:/",
            "HTTPS://EXAMPLE.COM/",
            "https://bücher.example/hook",
            "https://xn--bcher-kva.example/hook",
            // With a non-joiner in it, which cannot be overlooked in this form.
            "https://xn--mgba3gch31f060k.example/",
            "https://例え.jp/",
            "https://my_bucket.s3.example.com/",
            "https://-a-.example.com/",
            "http://93.184.216.34/",
            "http://203.0.113.7:65535/",
            "http://[2606:4700::1111]/",
            "http://[::ffff:8.8.8.8]/",
            "http://[64:ff9b::808:808]/",
            "http://[2002:808:808::]/",
            "https://internal.example.com/",
            "https://localhost.example.com/",
            "https://notlocal.example/",
            "https://mylan.example/",
            "https://metadata.goog.example.com/",
            "https://xmetadata.goog/",
            "https://tencentyun.com/",
            "https://kubernetes.default.example.com/",
            "https://svc.example.com/",
            "https://consul.io/",
            "https://example.com/{{lead.id}}?x=%00\u{200b}",
            &format!("http://{longest}/"),
            &format!("http://{longest}./"),
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
    fn a_host_that_dns_could_not_be_asked_for_is_invalid() {
        let label = "a".repeat(64);
        let labels = vec!["a".repeat(63); 3].join(".") + "." + &"b".repeat(62);
        assert_eq!(labels.len(), 254);
        let umlauts = "ü".repeat(60);
        for host in [
            "a..example.com",
            ".example.com",
            "example.com..",
            "example..com",
            "..",
            ".",
            "a..localhost",
            "metadata.goog..",
            "{{x}}.example.com",
            "{{host}}",
            "$host.example.com",
            "*.example.com",
            "a,b.example.com",
            "a;b.example.com",
            "(a).example.com",
            "a=b.example.com",
            "a!.example.com",
            "a'.example.com",
            "a~b.example.com",
            "a+b.example.com",
            "a&b.example.com",
            "ex\u{200b}ample.com",
            "ex\u{ad}ample.com",
            "ex\u{2060}ample.com",
            "ex\u{feff}ample.com",
            "ex\u{200d}ample.com",
            "ex\u{fe0f}ample.com",
            "example.com\u{200b}",
            "\u{202e}example.com",
            "ex\u{3164}ample.com",
            "نامه\u{200c}ای.example",
            "ex%E2%80%8Bample.com",
            "ex%61mple.com",
            "ex%00ample.com",
            "xn--a.example.com",
            "example.com:0",
            "example.com:00",
            "93.184.216.34:0",
            "[2606:4700::1111]:0",
            "1.2.3.4.5",
            "1.2.3.256",
            "example.1",
            "[fe80::1%25eth0]",
            "[fe80::1%eth0]",
            "[::1]x",
            "[1.2.3.4]",
            &format!("{label}.example.com"),
            &format!("{umlauts}.example.com"),
            &labels,
        ] {
            for hosts in [WebhookHosts::Public, WebhookHosts::Any] {
                let url = format!("http://{host}/x");
                assert_eq!(checked(&url, &hosts), Err("INVALID_URL"), "{host:?} {hosts:?}");
            }
        }
    }
}

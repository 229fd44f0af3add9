//! URLs that the service or a browser calls.

mod hosts;

use url::Url;

pub use self::hosts::{AllowedHost, AllowedHostError, WebhookHosts};
use self::hosts::{is_dns_name, is_plain_host};
use super::{
    checks::is_blank,
    rules::FieldRules,
    violation::{ViolationKind, Violations},
};

/// Whether two URLs have the same origin, or one of them is not a URL.
pub(super) fn same_origin(one: Option<&str>, other: Option<&str>) -> bool {
    let origin = |url: Option<&str>| Url::parse(url?).ok().map(|url| url.origin());
    match (origin(one), origin(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

impl Violations {
    /// Checks a URL: absolute, http or https, without credentials, with one of these hosts; or blank.
    pub(super) fn check_url(
        &mut self,
        rules: &'static FieldRules,
        text: &str,
        hosts: &WebhookHosts,
    ) {
        // A blank one is stored as it was sent, so it has to be fit to be stored.
        if !self.check_text(rules, rules, text) || is_blank(text) {
            return;
        }
        let Some(url) = parse_http_url(text) else {
            return self.add(rules, ViolationKind::InvalidUrl);
        };
        // The host is checked before its spelling, so that each spelling of a private address is
        // rejected as URL_NOT_ALLOWED.
        if !url.host().is_some_and(|host| hosts.allow(&host)) {
            self.add(rules, ViolationKind::UrlNotAllowed);
        } else if !authority(text).is_some_and(is_plain_host) {
            self.add(rules, ViolationKind::InvalidUrl);
        }
    }
}

/// Parses an absolute http(s) URL without credentials, with a host that DNS could resolve.
///
/// The URL is stored as it was sent, and its caller may use another parser. The WHATWG parser used
/// here corrects what others read differently (backslashes, white space, a missing slash, an empty
/// user name), so a URL that needs correction is rejected.
fn parse_http_url(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://")?;
    let is_http = ["http", "https"].iter().any(|http| scheme.eq_ignore_ascii_case(http));
    let mendable = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    let authority = authority(text)?;
    if !is_http || rest.chars().any(mendable) || authority.is_empty() || authority.contains('@') {
        return None;
    }
    let url = Url::parse(text).ok()?;
    // An address is a host as well.
    (url.domain().is_none_or(is_dns_name) && url.port() != Some(0)).then_some(url)
}

/// The authority of an absolute URL as it is written: its host and port.
fn authority(text: &str) -> Option<&str> {
    text.split_once("://")?.1.split(['/', '?', '#']).next()
}

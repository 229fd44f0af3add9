//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::{extract::ConnectInfo, http::Request};
use ipnet::IpNet;

/// The header in which each proxy on the way notes whom it got the request from.
const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The address that a request comes from: that of the connection; behind proxies of the list, the
/// last one in their header that is none of theirs. What anybody else writes into the header does
/// not count.
pub(crate) fn of<B>(request: &Request<B>, proxies: &[IpNet]) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let is_proxy = |address: IpAddr| proxies.iter().any(|network| network.contains(&address));
    let noted = request.headers().get_all(X_FORWARDED_FOR).iter().rev();
    let noted = noted.flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
    let mut client = peer.ip().to_canonical();
    for address in noted {
        if !is_proxy(client) {
            break;
        }
        // Behind what is no address, nobody knows who wrote the rest.
        let Some(address) = parse(address) else { break };
        client = address.to_canonical();
    }
    Some(client)
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn parse(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let alone = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    alone.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, noted: &[&str]) -> String {
        let mut request = Request::builder();
        for value in noted {
            request = request.header(X_FORWARDED_FOR, *value);
        }
        let peer = SocketAddr::new(peer.parse().expect("an address"), 80);
        let request = request.extension(ConnectInfo(peer)).body(()).expect("a request");
        let proxies = ["10.0.0.0/8".parse().expect("a network")];
        of(&request, &proxies).expect("it is known").to_string()
    }

    #[test]
    fn only_what_listed_proxies_note_counts() {
        assert_eq!(client("203.0.113.7", &[]), "203.0.113.7");
        assert_eq!(client("203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["192.0.2.1, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["192.0.2.1, 198.51.100.1, 10.2.2.2"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["192.0.2.1", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["8.8.8.8", "é, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &["198.51.100.1:4444"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &["[2001:db8::1]:4444"]), "2001:db8::1");
        assert_eq!(client("10.0.0.1", &["[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }
}

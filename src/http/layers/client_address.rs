//! The address of a client.

use std::net::{IpAddr, SocketAddr};

use axum::{extract::ConnectInfo, http::Request};
use ipnet::IpNet;

/// The header to which each proxy adds the address that it received the request from.
const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the client that sent a request: that of the connection, or, if that is one of the
/// trusted proxies, the last one in X-Forwarded-For that is none of a trusted proxy. Addresses before
/// it could be made up by the client.
pub(crate) fn of<B>(request: &Request<B>, proxies: &[IpNet]) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let is_proxy = |address: IpAddr| proxies.iter().any(|network| network.contains(&address));
    let forwarded = request.headers().get_all(X_FORWARDED_FOR).iter().rev();
    let forwarded = forwarded.flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
    let mut client = peer.ip().to_canonical();
    for address in forwarded {
        if !is_proxy(client) {
            break;
        }
        // Without a valid address, the proxy before this one is unknown.
        let Some(address) = parse(address) else { break };
        client = address.to_canonical();
    }
    Some(client)
}

/// Parses an address as proxies write it: alone, in brackets, or with a port.
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

//! The address of a client.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, Request},
};
use ipnet::IpNet;

/// The header to which each proxy adds the address that it received the request from.
const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of the client that sent a request: that of the connection, or, if that is one of the
/// trusted proxies, the last one in X-Forwarded-For that is none of a trusted proxy. Addresses before
/// it could be made up by the client.
pub fn client_address<B>(request: &Request<B>, proxies: &[IpNet]) -> Option<IpAddr> {
    client_address_of(request.extensions(), request.headers(), proxies)
}

/// The same of the parts of a request.
pub(crate) fn client_address_of(
    extensions: &Extensions,
    headers: &HeaderMap,
    proxies: &[IpNet],
) -> Option<IpAddr> {
    let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    let is_proxy = |address: IpAddr| proxies.iter().any(|network| network.contains(&address));
    let forwarded = headers.get_all(X_FORWARDED_FOR).iter().rev();
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

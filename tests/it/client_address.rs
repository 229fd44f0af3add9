//! The address of a client behind proxies.

use std::net::SocketAddr;

use axum::{extract::ConnectInfo, http::Request};
use crm_steps::http::client_address;

fn client(peer: &str, noted: &[&str]) -> String {
    let mut request = Request::builder();
    for value in noted {
        request = request.header("x-forwarded-for", *value);
    }
    let peer = SocketAddr::new(peer.parse().expect("an address"), 80);
    let request = request.extension(ConnectInfo(peer)).body(()).expect("a request");
    let proxies = ["10.0.0.0/8".parse().expect("a network")];
    client_address(&request, &proxies).expect("it is known").to_string()
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

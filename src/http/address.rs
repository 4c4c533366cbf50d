//! Who asks, and how often: the address that a request counts for, and a rate for each.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::str::FromStr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use ipnet::IpNet;

use super::frame::Fronted;
use super::problem::Problem;
use super::served::Served;

/// The header that proxies add the address to that they were called from.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// How many addresses of it are looked at, from the last.
const MAX_FORWARDED: usize = 32;

/// How many addresses are remembered before those are forgotten that have been quiet.
const MAX_REMEMBERED: usize = 10_000;

/// The leading bits of an IPv6 address that stand for one customer.
const CUSTOMER_BITS: u32 = 64;

/// Whoever watches the process may look as often as it likes.
const HEALTH: &str = "/healthz";

/// Addresses of proxies that are believed: one address, or a network such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(Self).map_err(|_| {
            format!("`{text}` is no address and no network; write 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32")
        })
    }
}

/// How often one address may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second, over time.
    pub per_second: NonZeroU32,
    /// Requests at once.
    pub burst: NonZeroU32,
}

/// What addresses asked lately.
pub(super) struct Limiter(DefaultKeyedRateLimiter<IpAddr>);

impl Limiter {
    pub(super) fn new(rate: Rate) -> Self {
        Self(RateLimiter::keyed(Quota::per_second(rate.per_second).allow_burst(rate.burst)))
    }

    fn admits(&self, address: IpAddr) -> bool {
        if self.0.len() > MAX_REMEMBERED {
            self.0.retain_recent();
        }
        self.0.check_key(&group(address)).is_ok()
    }
}

/// The addresses that count as one.
fn group(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let customer = u128::from(address) >> (128 - CUSTOMER_BITS) << (128 - CUSTOMER_BITS);
            IpAddr::V6(Ipv6Addr::from(customer))
        }
        address => address,
    }
}

/// The address that a request counts for: the last one on its way that is no proxy of ours. What stands
/// before it in the header anybody could have written.
fn find_address(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.0.contains(&address));
    let mut last = peer.to_canonical();
    let values: Vec<&str> =
        headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok()).collect();
    let hops = values.iter().rev().flat_map(|value| value.rsplit(',')).take(MAX_FORWARDED);
    for hop in hops {
        if !is_trusted(last) {
            break;
        }
        let Some(address) = read_hop(hop.trim()) else { break };
        last = address.to_canonical();
    }
    last
}

/// An address as proxies write it, some with a port.
fn read_hop(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// Whether a request may be answered: not of an address that asks too often. This machine itself may ask as
/// often as it likes.
pub(super) fn admits(served: &Served, request: &Request) -> bool {
    let Some(limiter) = &served.limiter else { return true };
    let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() else { return true };
    if request.uri().path() == HEALTH {
        return true;
    }
    let address = find_address(peer.ip(), request.headers(), &served.options.trusted_proxies);
    address.is_loopback() || limiter.admits(address)
}

/// Turns away what may not be answered, unless the front has looked already.
pub(super) async fn limit_rate(State(served): State<Served>, request: Request, next: Next) -> Response {
    if request.extensions().get::<Fronted>().is_none() && !admits(&served, &request) {
        return Problem::rate_limited().into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(peer: &str, forwarded: &[&str], trusted: &[&str], expected: &str) {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().expect("a header"));
        }
        let trusted: Vec<Network> = trusted.iter().map(|one| one.parse().expect("a network")).collect();
        let found = find_address(peer.parse().expect("an address"), &headers, &trusted);
        assert_eq!(found.to_string(), expected, "{peer} {forwarded:?}");
    }

    #[test]
    fn the_last_address_that_is_not_trusted_counts() {
        check("192.0.2.1", &[], &[], "192.0.2.1");
        check("192.0.2.1", &["203.0.113.9"], &[], "192.0.2.1");
        check("192.0.2.1", &["203.0.113.9"], &["192.0.2.1"], "203.0.113.9");
        // The first was written by the client.
        check("10.0.0.1", &["198.51.100.1, 203.0.113.9, 10.0.0.2"], &["10.0.0.0/8"], "203.0.113.9");
        check("10.0.0.1", &["198.51.100.1", "203.0.113.9", "10.0.0.2"], &["10.0.0.0/8"], "203.0.113.9");
        check("10.0.0.1", &["203.0.113.9:4711"], &["10.0.0.0/8"], "203.0.113.9");
        check("10.0.0.1", &["[2001:db8::1]"], &["10.0.0.0/8"], "2001:db8::1");
        check("10.0.0.1", &["nonsense, 10.0.0.3"], &["10.0.0.0/8"], "10.0.0.3");
        check("::ffff:10.0.0.1", &["203.0.113.9"], &["10.0.0.0/8"], "203.0.113.9");
    }

    #[test]
    fn each_address_has_its_own_burst() {
        let rate = Rate { per_second: NonZeroU32::MIN, burst: NonZeroU32::new(2).expect("not 0") };
        let limiter = Limiter::new(rate);
        let admits = |address: &str| limiter.admits(address.parse().expect("an address"));
        assert!(admits("203.0.113.1") && admits("203.0.113.1") && !admits("203.0.113.1"));
        assert!(admits("203.0.113.2"));
        // One customer has all addresses of a network.
        assert!(admits("2001:db8::1") && admits("2001:db8::2") && !admits("2001:db8::3"));
        assert!(admits("2001:db8:0:1::1"));
    }
}

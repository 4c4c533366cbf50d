//! Where the client asked: the beginning of absolute links.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::header::{HOST, HeaderName};
use axum::http::request::Parts;
use axum::http::uri::{Authority, Uri};

use super::served::Served;

/// What a proxy that ends TLS says of the scheme.
const FORWARDED_SCHEME: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The longest host that is taken, in bytes: that of a name in DNS, and a port.
const MAX_HOST: usize = 260;

/// The host of a request that names none, or one that is no host.
const NO_HOST: &str = "localhost";

/// Scheme and host by which clients reach this server: as configured, or else as the request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    scheme: &'static str,
    host: String,
}

impl Origin {
    /// An absolute link to a path of this server.
    pub(super) fn link(&self, path: &str) -> String {
        format!("{self}{path}")
    }

    /// Path and query of an absolute URL of this server, by `http` or `https`: a proxy may hide which.
    pub(super) fn find_path(&self, url: &str) -> Option<(String, String)> {
        let url: Uri = url.parse().ok()?;
        let scheme = url.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"))?;
        let theirs = strip_port(url.authority()?.as_str(), scheme);
        let ours = strip_port(&self.host, self.scheme);
        let same = theirs.eq_ignore_ascii_case(ours);
        same.then(|| (url.path().to_owned(), url.query().unwrap_or_default().to_owned()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}", self.scheme, self.host)
    }
}

impl Origin {
    /// What a request says of where it was sent to.
    fn of_request(parts: &Parts) -> Self {
        let text = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let scheme = match text(FORWARDED_SCHEME) {
            Some("https") => "https",
            _ => "http",
        };
        let host = parts.uri.authority().map(Authority::as_str).or_else(|| text(HOST));
        let host = host.filter(|host| is_host(host)).unwrap_or(NO_HOST);
        Self { scheme, host: host.to_owned() }
    }
}

impl FromRequestParts<Served> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Infallible> {
        Ok(served.options.public_url.clone().unwrap_or_else(|| Self::of_request(parts)))
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let split = text.split_once("://").map(|(scheme, rest)| (scheme, rest.trim_end_matches('/')));
        let scheme = match split {
            Some(("https", _)) => "https",
            Some(("http", _)) => "http",
            _ => "",
        };
        match split {
            Some((_, host)) if !scheme.is_empty() && is_host(host) => {
                Ok(Self { scheme, host: host.to_owned() })
            }
            _ => Err("write scheme and host, like https://clauses.example".to_owned()),
        }
    }
}

/// Whether this is a name or an address with or without a port, and nothing else: it goes into links.
fn is_host(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    if !(1..=MAX_HOST).contains(&text.len()) || !text.bytes().all(plain) {
        return false;
    }
    text.parse::<Authority>().is_ok_and(|authority| {
        let whole = authority.host().len() == text.len();
        !authority.host().is_empty() && (whole || authority.port_u16().is_some())
    })
}

/// A host without the port that its scheme has anyway.
fn strip_port<'a>(host: &'a str, scheme: &str) -> &'a str {
    host.strip_suffix(if scheme == "https" { ":443" } else { ":80" }).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn read(headers: &[(&str, &str)]) -> String {
        let mut request = Request::builder().uri("/x");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        Origin::of_request(&parts).link("/y")
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host_and_nothing_else() {
        for (headers, expected) in [
            (&[("host", "h.example")][..], "http://h.example/y"),
            (&[("host", "[::1]:7700")], "http://[::1]:7700/y"),
            (&[("host", "h.example"), ("x-forwarded-proto", "https")], "https://h.example/y"),
            (&[("host", "h.example"), ("x-forwarded-proto", "javascript")], "http://h.example/y"),
            (&[("host", "h.example"), ("x-forwarded-proto", "https, http")], "http://h.example/y"),
            (&[], "http://localhost/y"),
            (&[("host", "")], "http://localhost/y"),
            (&[("host", "h.example:")], "http://localhost/y"),
            (&[("host", ":80")], "http://localhost/y"),
            (&[("host", "user@h.example")], "http://localhost/y"),
            (&[("host", "h.example/path")], "http://localhost/y"),
            (&[("host", "h.example>; rel=x")], "http://localhost/y"),
            (&[("host", "h.example:99999999")], "http://localhost/y"),
            (&[("host", "\"><script>")], "http://localhost/y"),
        ] {
            assert_eq!(read(headers), expected, "{headers:?}");
        }
        assert_eq!(read(&[("host", &"h".repeat(300))]), "http://localhost/y");
    }

    #[test]
    fn urls_of_this_server_are_told_from_others() {
        let origin = Origin { scheme: "https", host: "h.example".to_owned() };
        let path = |url: &str| origin.find_path(url).map(|(path, query)| format!("{path}?{query}"));
        for (url, expected) in [
            ("https://h.example/clauses/a?b=c", Some("/clauses/a?b=c")),
            ("http://h.example/clauses/a", Some("/clauses/a?")),
            ("https://H.EXAMPLE:443/", Some("/?")),
            ("http://h.example:80/", Some("/?")),
            ("https://h.example", Some("/?")),
            ("https://h.example:8443/", None),
            ("https://other.example/", None),
            ("https://h.example.other.example/", None),
            ("https://user@h.example/", None),
            ("ftp://h.example/", None),
            ("//h.example/", None),
            ("/clauses/a", None),
            ("h.example", None),
            ("", None),
        ] {
            assert_eq!(path(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn a_configured_origin_has_a_scheme_and_a_host() {
        let parse = |text: &str| text.parse::<Origin>().map(|origin| origin.link("/y"));
        assert_eq!(parse("https://h.example"), Ok("https://h.example/y".to_owned()));
        assert_eq!(parse("http://[::1]:7700/"), Ok("http://[::1]:7700/y".to_owned()));
        for wrong in ["", "h.example", "ftp://h.example", "https://", "https://h.example/path", "https://a b"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}

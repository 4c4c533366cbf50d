//! How the bytes of an answer are packed: which encoding a client wants, and the packing.

use std::io;
use std::io::Write as _;

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, HeaderValue};
use flate2::Compression;
use flate2::write::GzEncoder;

/// The greatest quality, in thousandths.
const BEST: u16 = 1_000;

/// An encoding, from the least to the most preferred among those that a client likes equally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Encoding {
    Plain,
    Gzip,
    Zstd,
}

impl Encoding {
    const ALL: [Self; 3] = [Self::Plain, Self::Gzip, Self::Zstd];

    /// Its name in headers and at the end of entity tags.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "identity",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// What `Content-Encoding` says of it.
    pub(super) fn header(self) -> Option<HeaderValue> {
        (self != Self::Plain).then(|| HeaderValue::from_static(self.as_str()))
    }

    fn parse(name: &str) -> Option<Self> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if is("x-gzip") {
            return Some(Self::Gzip);
        }
        Self::ALL.into_iter().find(|encoding| is(encoding.as_str()))
    }

    /// The encoding that a client likes best (RFC 9110, 12.5.3), as the layer that packs all other
    /// answers chooses it; `None` if it takes none of ours.
    pub(super) fn choose(headers: &HeaderMap) -> Option<Self> {
        let mut listed: Vec<(Self, u16)> = Vec::new();
        let mut others = None;
        let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        for item in values.flat_map(|value| value.split(',')) {
            let (name, quality) = item.split_once(';').map_or((item, None), |(name, q)| (name, Some(q)));
            let Some(quality) = quality.map_or(Some(BEST), |quality| read_quality(quality.trim())) else {
                continue;
            };
            match name.trim() {
                "*" => others = others.or(Some(quality)),
                name => listed.extend(Self::parse(name).map(|encoding| (encoding, quality))),
            }
        }
        let best = |liked: &mut dyn Iterator<Item = (Self, u16)>| {
            let best = liked.filter(|(_, quality)| *quality > 0).max_by_key(|&(one, quality)| (quality, one));
            best.map(|(encoding, _)| encoding)
        };
        let Some(others) = others else {
            let refuses_plain = listed.contains(&(Self::Plain, 0));
            return best(&mut listed.iter().copied()).or((!refuses_plain).then_some(Self::Plain));
        };
        let quality_of =
            |encoding| listed.iter().find(|(one, _)| *one == encoding).map_or(others, |one| one.1);
        best(&mut Self::ALL.into_iter().map(|encoding| (encoding, quality_of(encoding))))
    }

    /// Packs bytes; on a thread that may compute.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub(super) fn pack(self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain => Ok(bytes.to_vec()),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(bytes)?;
                encoder.finish()
            }
            Self::Zstd => zstd::encode_all(bytes, zstd::DEFAULT_COMPRESSION_LEVEL),
        }
    }
}

/// A quality as `q=0.5`, in thousandths: at most three digits after the point, at most one in all.
fn read_quality(text: &str) -> Option<u16> {
    let number = text.strip_prefix("q=").or_else(|| text.strip_prefix("Q="))?;
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if !matches!(whole, "0" | "1") || part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let quality = format!("{whole}{part:0<3}").parse().ok()?;
    (quality <= BEST).then_some(quality)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::http::StatusCode;
    use axum::http::header::CONTENT_ENCODING;
    use axum::routing::get;
    use tower::ServiceExt as _;
    use tower_http::compression::CompressionLayer;

    use super::*;

    /// What the layer says that packs all other answers.
    async fn ask_layer(headers: &[&str]) -> Option<Encoding> {
        let router = Router::new().route("/", get(async || "long enough ".repeat(100)));
        let mut request = Request::get("/");
        for header in headers {
            request = request.header(ACCEPT_ENCODING, *header);
        }
        let request = request.body(Body::empty()).expect("a request");
        let answer = router.layer(CompressionLayer::new()).oneshot(request).await.expect("an answer");
        if answer.status() == StatusCode::NOT_ACCEPTABLE {
            return None;
        }
        let encoding = answer.headers().get(CONTENT_ENCODING).map(|value| value.to_str().expect("ASCII"));
        Some(encoding.map_or(Encoding::Plain, |name| Encoding::parse(name).expect("known")))
    }

    #[tokio::test]
    async fn clients_get_what_they_like_best() {
        for (headers, expected) in [
            (&[][..], Some(Encoding::Plain)),
            (&[""], Some(Encoding::Plain)),
            (&["gzip"], Some(Encoding::Gzip)),
            (&["X-GZIP"], Some(Encoding::Gzip)),
            (&["zstd"], Some(Encoding::Zstd)),
            (&["gzip, deflate, br, zstd"], Some(Encoding::Zstd)),
            (&["gzip, deflate, br"], Some(Encoding::Gzip)),
            (&["gzip", "zstd"], Some(Encoding::Zstd)),
            (&["gzip;q=1.0,deflate;q=0.6,identity;q=0.3"], Some(Encoding::Gzip)),
            (&["zstd;q=0.5, gzip;Q=0.501"], Some(Encoding::Gzip)),
            (&["identity, gzip;q=0.9"], Some(Encoding::Plain)),
            (&["gzip;q=0"], Some(Encoding::Plain)),
            (&["gzip;q=0.0001"], Some(Encoding::Plain)),
            (&["gzip;q=1.001"], Some(Encoding::Plain)),
            (&["gzip;q="], Some(Encoding::Plain)),
            (&["gzip;q=0."], Some(Encoding::Plain)),
            (&["gzip; q=0.5 , zstd ;q=0.2"], Some(Encoding::Gzip)),
            (&["gzip;level=1"], Some(Encoding::Plain)),
            (&["br"], Some(Encoding::Plain)),
            (&["*"], Some(Encoding::Zstd)),
            (&["*;q=0.5, gzip"], Some(Encoding::Gzip)),
            (&["zstd;q=0, *;q=0.1"], Some(Encoding::Gzip)),
            (&["*;q=2, *;q=0.3, gzip;q=0.2"], Some(Encoding::Zstd)),
            (&["gzip, *;q=0"], Some(Encoding::Gzip)),
            (&["*;q=0"], None),
            (&["identity;q=0"], None),
            (&["identity;q=0, gzip"], Some(Encoding::Gzip)),
            (&["identity;q=0, identity"], Some(Encoding::Plain)),
        ] {
            let mut map = HeaderMap::new();
            for value in headers {
                map.append(ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(Encoding::choose(&map), expected, "{headers:?}");
            assert_eq!(ask_layer(headers).await, expected, "the layer: {headers:?}");
        }
    }
}

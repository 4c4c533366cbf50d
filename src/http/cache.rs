//! Answers kept ready: the bytes and headers of one question on one generation, in one encoding.
//!
//! The cache has a bound in bytes and gives up what is asked for least. Equal questions that come at
//! once are computed once: the first has the place, the others wait for it. A key is a hash, so that
//! nothing that people type is held beside the answer.

use std::mem::size_of;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, Bytes};
use axum::http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LINK,
};
use axum::http::response::Parts;
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use quick_cache::sync::{Cache, DefaultLifecycle, PlaceholderGuard};
use quick_cache::{DefaultHashBuilder, Weighter};
use sha2::{Digest as _, Sha256};
use tokio::task::spawn_blocking;

use super::answer::{AnsweredFrom, NextCursor};
use super::encoding::Encoding;
use super::frame::{find_tag, link_next};
use super::pair::{Pair, write_pairs};

/// About how many bytes an answer has: how many there will be is estimated from it.
const USUAL_ANSWER: u64 = 8 << 10;

/// What an answer costs in the cache beside its own bytes: places in maps and counts of references.
const OVERHEAD: u64 = 160;

/// The name of an answer: what was asked, of which generation, and in which encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    generation: u64,
    encoding: Encoding,
    question: [u8; 32],
}

impl Key {
    /// Of a path with its parameters. Their order says nothing, but that of the values of one does.
    pub(super) fn of_question(generation: u64, encoding: Encoding, path: &str, pairs: &[Pair]) -> Self {
        let mut sorted: Vec<(&str, &str)> =
            pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        sorted.sort_by_key(|(name, _)| *name);
        let question = Sha256::new().chain_update(path).chain_update("?").chain_update(write_pairs(sorted));
        Self { generation, encoding, question: question.finalize().into() }
    }

    /// The same answer as it is before it is packed.
    pub(super) fn plain(self) -> Self {
        Self { encoding: Encoding::Plain, ..self }
    }
}

/// An answer, ready to be written.
#[derive(Debug)]
pub(super) struct Kept {
    /// The generation that it comes from, if it says so.
    generation: Option<u64>,
    encoding: Encoding,
    /// All but those that [`Kept::write`] adds.
    headers: Box<[(HeaderName, HeaderValue)]>,
    /// The entity tag of the bytes before they are packed.
    tag: Box<str>,
    next_cursor: Option<Box<str>>,
    body: Bytes,
}

impl Kept {
    /// An answer as a handler and the layers around it made it.
    pub(super) fn of_parts(mut parts: Parts, body: &Bytes) -> Self {
        let next_cursor = parts.extensions.remove::<NextCursor>().map(|cursor| cursor.0.into());
        let generation = parts.extensions.remove::<AnsweredFrom>().map(|from| from.0);
        let tag = parts.headers.remove(ETAG);
        let tag = tag.as_ref().and_then(|tag| tag.to_str().ok()).unwrap_or_default().into();
        parts.headers.remove(LINK);
        parts.headers.remove(CONTENT_LENGTH);
        let headers = parts.headers.iter().map(|(name, value)| (name.clone(), value.clone()));
        Self {
            generation,
            encoding: Encoding::Plain,
            headers: headers.collect(),
            tag,
            next_cursor,
            // What was written to a growing vector holds more memory than it has bytes.
            body: Bytes::copy_from_slice(body),
        }
    }

    /// The same answer packed. If that fails, as it is.
    pub(super) async fn pack(self: Arc<Self>, encoding: Encoding) -> Arc<Self> {
        if encoding == self.encoding {
            return self;
        }
        let body = self.body.clone();
        match spawn_blocking(move || encoding.pack(&body)).await {
            Ok(Ok(packed)) => Arc::new(Self {
                encoding,
                headers: self.headers.clone(),
                tag: self.tag.clone(),
                next_cursor: self.next_cursor.clone(),
                body: Bytes::copy_from_slice(&packed),
                ..*self
            }),
            _ => self,
        }
    }

    /// The response to one request: 304 if the client has the answer by one of the tags that it `knows`.
    pub(super) fn write(
        &self,
        method: &Method,
        uri: &Uri,
        pairs: &[Pair],
        knows: &[HeaderValue],
    ) -> Response {
        let held = if knows.is_empty() { None } else { find_tag(knows, &self.tag) };
        let mut response = Response::new(Body::empty());
        let is_held = held.is_some();
        let tag = held.unwrap_or_else(|| self.tag());
        let link = self.next_cursor.as_deref().map(|cursor| link_next(uri.path(), pairs, cursor));
        let headers = response.headers_mut();
        headers.reserve(self.headers.len() + 6);
        for (name, value) in &self.headers {
            headers.append(name.clone(), value.clone());
        }
        for (name, value) in [(ETAG, Some(tag)), (LINK, link)] {
            if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
                headers.insert(name, value);
            }
        }
        if is_held {
            headers.remove(CONTENT_TYPE);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.extend(self.encoding.header().map(|encoding| (CONTENT_ENCODING, encoding)));
        headers.insert(CONTENT_LENGTH, self.body.len().into());
        if method != Method::HEAD {
            *response.body_mut() = Body::from(self.body.clone());
        }
        response
    }

    /// The entity tag: each encoding has one of its own.
    fn tag(&self) -> String {
        match self.tag.strip_suffix('"') {
            Some(plain) if self.encoding != Encoding::Plain => {
                format!("{plain}-{}\"", self.encoding.as_str())
            }
            _ => self.tag.to_string(),
        }
    }
}

/// How many bytes an answer costs.
#[derive(Debug, Clone, Copy)]
struct Weigh;

impl Weighter<Key, Arc<Kept>> for Weigh {
    fn weight(&self, _: &Key, kept: &Arc<Kept>) -> u64 {
        let headers: usize = kept
            .headers
            .iter()
            .map(|(name, value)| size_of::<(HeaderName, HeaderValue)>() + name.as_str().len() + value.len())
            .sum();
        let cursor = kept.next_cursor.as_deref().map_or(0, str::len);
        let own = size_of::<Key>() + size_of::<Kept>();
        (own + headers + kept.tag.len() + cursor + kept.body.len()) as u64 + OVERHEAD
    }
}

/// The answers that are kept.
pub(super) struct AnswerCache {
    answers: Cache<Key, Arc<Kept>, Weigh>,
    /// The newest generation that was asked.
    generation: AtomicU64,
}

type Guard<'a> =
    PlaceholderGuard<'a, Key, Arc<Kept>, Weigh, DefaultHashBuilder, DefaultLifecycle<Key, Arc<Kept>>>;

/// The place of an answer that is being computed. Whoever waits for it gets the answer when it is put
/// there, or else, when this is dropped, the place.
pub(super) struct Place<'a>(Guard<'a>);

impl AnswerCache {
    /// A cache of so many bytes; none if there are none.
    pub(super) fn new(bytes: u64) -> Option<Self> {
        let answers = usize::try_from(bytes / USUAL_ANSWER).unwrap_or(usize::MAX);
        (bytes > 0).then(|| Self {
            answers: Cache::with_weighter(answers, bytes, Weigh),
            generation: AtomicU64::new(0),
        })
    }

    /// How many bytes the answers have that are kept.
    pub(super) fn bytes(&self) -> u64 {
        self.answers.weight()
    }

    /// An answer that is kept.
    pub(super) fn find(&self, key: &Key) -> Option<Arc<Kept>> {
        self.answers.get(key)
    }

    /// An answer that is kept or on its way, or the place for it.
    pub(super) async fn find_or_take_place(&self, key: &Key) -> Result<Arc<Kept>, Place<'_>> {
        self.forget_before(key.generation);
        self.answers.get_value_or_guard_async(key).await.map_err(Place)
    }

    /// Keeps an answer, if it comes from the generation that its name says.
    pub(super) fn keep(&self, key: Key, kept: &Arc<Kept>) {
        if kept.generation == Some(key.generation) {
            self.answers.insert(key, Arc::clone(kept));
        }
    }

    /// What older generations answered is asked for no more.
    fn forget_before(&self, generation: u64) {
        if self.generation.fetch_max(generation, Ordering::Relaxed) < generation {
            self.answers.retain(|key, _| key.generation >= generation);
        }
    }
}

impl Place<'_> {
    /// Puts an answer there, if it comes from the generation that its name says; else the next who waits
    /// gets the place.
    pub(super) fn fill(self, key: &Key, kept: &Arc<Kept>) {
        if kept.generation == Some(key.generation) {
            // It fails if the place is gone, and whoever waits has the answer nevertheless.
            let _ = self.0.insert(Arc::clone(kept));
        }
    }
}

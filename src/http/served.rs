//! What is served, and how: the state of every handler.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

use super::address::{Limiter, Network, Rate};
use super::cache::AnswerCache;
use super::key::WriteKey;
use super::metrics::Metrics;
use super::origin::Origin;
use super::problem::Problem;
use crate::answer::{Desk, Limits, Queue, Turn};

/// How many tables and exports are written at once; each has a thread for as long as its client reads.
const MAX_STREAMS: usize = 16;

/// How many writes may wait for the one under way.
const MAX_WAITING_WRITES: usize = 8;

/// How long a write waits for those before it.
const WRITE_WAITS: Duration = Duration::from_secs(30);

/// How a collection is served.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where clients reach the server, for absolute links; else each request says.
    pub public_url: Option<Origin>,
    /// Who may write; nobody if there is none.
    pub write_keys: Vec<WriteKey>,
    /// The largest body of records, in bytes.
    pub write_body_limit: usize,
    /// Proxies whose word is taken for whom they were called by.
    pub trusted_proxies: Vec<Network>,
    /// How often one address may ask, if that is limited.
    pub rate: Option<Rate>,
    /// How many connections are held at once.
    pub connections: usize,
    /// How long a shutdown waits for answers under way.
    pub shutdown_wait: Duration,
    /// How many bytes of answers are kept ready; none if 0.
    pub cache: u64,
}

impl Default for Options {
    /// No writes, no trusted proxies, no limit on rates; bodies of 64 MiB; 1,000 connections; 30 seconds;
    /// a cache of 64 MiB.
    fn default() -> Self {
        Self {
            public_url: None,
            write_keys: Vec::new(),
            write_body_limit: 64 << 20,
            trusted_proxies: Vec::new(),
            rate: None,
            connections: 1_000,
            shutdown_wait: Duration::from_secs(30),
            cache: 64 << 20,
        }
    }
}

/// The state of every handler. Cheap to clone.
#[derive(Clone)]
pub(super) struct Served {
    pub(super) desk: Desk,
    pub(super) options: Arc<Options>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) limiter: Option<Arc<Limiter>>,
    pub(super) cache: Option<Arc<AnswerCache>>,
    pub(super) streams: Arc<Queue>,
    pub(super) writes: Arc<Queue>,
}

impl Served {
    pub(super) fn new(desk: Desk, options: Options) -> Self {
        let limit = |concurrency, queue, time| Arc::new(Queue::new(Limits { concurrency, queue, time }));
        Self {
            desk,
            metrics: Arc::default(),
            limiter: options.rate.map(|rate| Arc::new(Limiter::new(rate))),
            cache: AnswerCache::new(options.cache).map(Arc::new),
            streams: limit(MAX_STREAMS, 0, Duration::ZERO),
            writes: limit(1, MAX_WAITING_WRITES, WRITE_WAITS),
            options: Arc::new(options),
        }
    }
}

impl FromRef<Served> for Desk {
    fn from_ref(served: &Served) -> Self {
        served.desk.clone()
    }
}

/// One of the streams that are written at once, for as long as it is held.
pub(super) struct StreamTurn(#[expect(dead_code, reason = "it is held, not read")] Turn);

impl FromRequestParts<Served> for StreamTurn {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, served: &Served) -> Result<Self, Problem> {
        Ok(Self(served.streams.wait().await?))
    }
}

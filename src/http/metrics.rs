//! Measures for Prometheus, in the OpenMetrics text format.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, LabelSetEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use super::describe::MetricsProblems;
use super::extract::NoParams;
use super::problem::Problem;
use super::served::Served;

/// Upper bounds of the buckets of latency: 0.5 ms, doubled up to 16 s.
const BUCKETS: (f64, f64, u16) = (0.000_5, 2.0, 16);

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Answered {
    /// The pattern of the path, never the path: it may hold anything.
    route: Cow<'static, str>,
    method: &'static str,
    status: u16,
}

impl EncodeLabelSet for Answered {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> Result<(), fmt::Error> {
        let status = self.status.to_string();
        [("route", &*self.route), ("method", self.method), ("status", &status)].encode(encoder)
    }
}

/// A route, for what is not told apart further.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Route(Cow<'static, str>);

impl EncodeLabelSet for Route {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> Result<(), fmt::Error> {
        [("route", &*self.0)].encode(encoder)
    }
}

/// What is measured.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    latency: Family<Route, Histogram, fn() -> Histogram>,
    generation: Gauge<u64, AtomicU64>,
    clauses: Gauge<u64, AtomicU64>,
    platforms: Gauge<u64, AtomicU64>,
    running: Gauge<u64, AtomicU64>,
    waiting: Gauge<u64, AtomicU64>,
    streaming: Gauge<u64, AtomicU64>,
    cache_hits: Counter,
    cache_misses: Counter,
    cache_bytes: Gauge<u64, AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("crossclause"),
            requests: Family::default(),
            latency: Family::new_with_constructor(|| {
                let (start, factor, length) = BUCKETS;
                Histogram::new(exponential_buckets(start, factor, length))
            }),
            generation: Gauge::default(),
            clauses: Gauge::default(),
            platforms: Gauge::default(),
            running: Gauge::default(),
            waiting: Gauge::default(),
            streaming: Gauge::default(),
            cache_hits: Counter::default(),
            cache_misses: Counter::default(),
            cache_bytes: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("http_requests", "Requests answered", metrics.requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time to the head of the answer",
            Unit::Seconds,
            metrics.latency.clone(),
        );
        for (name, help, gauge) in [
            ("generation", "The newest generation, 0 before there is one", &metrics.generation),
            ("clauses", "Live clauses in it", &metrics.clauses),
            ("platforms", "Platforms with a live clause in it", &metrics.platforms),
            ("questions_running", "Questions that are being answered", &metrics.running),
            ("questions_waiting", "Questions that wait for their turn", &metrics.waiting),
            ("streams_running", "Tables and exports that are being written", &metrics.streaming),
            ("cache_bytes", "Bytes of the answers that are kept", &metrics.cache_bytes),
        ] {
            registry.register(name, help, gauge.clone());
        }
        let (hits, misses) = (metrics.cache_hits.clone(), metrics.cache_misses.clone());
        registry.register("cache_hits", "Answers that were ready, or computed for another", hits);
        registry.register("cache_misses", "Answers that had to be computed", misses);
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        let info = prometheus_client::metrics::info::Info::new(version);
        registry.register("build", "The program", info);
        metrics
    }
}

impl Metrics {
    /// Counts a request.
    pub(super) fn count(
        &self,
        route: Cow<'static, str>,
        method: &Method,
        status: StatusCode,
        took: Duration,
    ) {
        let method = name_method(method);
        let answered = Answered { route, method, status: status.as_u16() };
        self.requests.get_or_create(&answered).inc();
        self.latency.get_or_create(&Route(answered.route)).observe(took.as_secs_f64());
    }

    /// Counts an answer that was ready or had to be computed.
    pub(super) fn count_cached(&self, was_ready: bool) {
        if was_ready { &self.cache_hits } else { &self.cache_misses }.inc();
    }

    fn write(&self, served: &Served) -> Result<String, fmt::Error> {
        let newest = served.desk.newest().ok();
        let generation = newest.as_ref().map(|newest| &newest.generation);
        self.generation.set(generation.map_or(0, |generation| generation.number));
        self.clauses.set(generation.map_or(0, |generation| generation.live));
        self.platforms.set(newest.as_ref().map_or(0, |newest| newest.platforms.len() as u64));
        self.running.set(served.desk.queue().running() as u64);
        self.waiting.set(served.desk.queue().waiting() as u64);
        self.streaming.set(served.streams.running() as u64);
        self.cache_bytes.set(served.cache.as_ref().map_or(0, |cache| cache.bytes()));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// One of a few words: a client may invent methods.
pub(super) fn name_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Measures for Prometheus
///
/// Requests by route and status, latencies, the newest generation, clauses, and the queue, in the
/// OpenMetrics text format.
#[utoipa::path(
    get, path = "/metrics", tag = "operations",
    responses(
        (
            status = 200, description = "The measures.", body = String,
            content_type = "application/openmetrics-text"
        ),
        MetricsProblems
    )
)]
pub(super) async fn read_metrics(State(served): State<Served>, _: NoParams) -> Result<Response, Problem> {
    let text = served.metrics.write(&served).map_err(|error| Problem::internal(&error))?;
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((headers, text).into_response())
}

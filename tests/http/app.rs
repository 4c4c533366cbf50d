//! The server over a collection of its own.

use std::path::Path;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use crossclause::answer::{Desk, Limits};
use crossclause::clause::ClauseId;
use crossclause::collection::{Collection, CollectionError, EngineChoice, Knowledge};
use crossclause::http::{Front, Options, build_front};
use crossclause::ingest::{Outcome, RecordChecker};
use serde_json::{Value, json};
use tempfile::TempDir;

/// How many platforms have an arbitration clause.
pub(crate) const PLATFORMS: usize = 12;

/// What is served, and the directory that it reads.
pub(crate) struct TestApp {
    front: Front,
    desk: Desk,
    collection: Arc<Collection>,
    directory: TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// What a server answers.
    pub(crate) async fn of(front: &Front, request: Request<Body>) -> Self {
        let (parts, body) = front.answer(request).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Self { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }
}

impl TestApp {
    /// Over invented clauses.
    pub(crate) fn new() -> Self {
        Self::filled(Options::default(), Limits::default())
    }

    /// Over the demo collection.
    pub(crate) fn demo() -> Self {
        let app = Self::unready();
        crossclause::demo::load(&app.collection).expect("loaded");
        app
    }

    /// Over a collection of which nothing is published.
    pub(crate) fn unready() -> Self {
        Self::serving(Options::default(), Limits::default())
    }

    /// The same, served in another way.
    pub(crate) fn serving(options: Options, limits: Limits) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let collection = Arc::new(open_collection(directory.path()));
        let desk = Desk::new(Arc::clone(&collection)).with_limits(limits);
        let front = build_front(desk.clone(), options);
        Self { front, desk, collection, directory }
    }

    /// Over invented clauses, served in another way.
    pub(crate) fn filled(options: Options, limits: Limits) -> Self {
        let app = Self::serving(options, limits);
        app.write(&invent_clauses());
        app
    }

    /// What is served.
    pub(crate) fn front(&self) -> &Front {
        &self.front
    }

    /// The same collection, served in another way.
    pub(crate) fn serve_again(&self, options: Options) -> Front {
        build_front(self.desk.clone(), options)
    }

    /// A desk over its collection.
    pub(crate) fn desk(&self) -> Desk {
        self.desk.clone()
    }

    /// Where its collection is.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Writes records and publishes them.
    pub(crate) fn write(&self, records: &[Value]) {
        let checker = RecordChecker::new(self.collection.taxonomy()).expect("a checker");
        let records: Vec<_> =
            records.iter().map(|record| checker.check(record.clone()).expect("a record")).collect();
        let written = self.collection.write(|unit| {
            for record in records {
                let outcome: Outcome = unit.put(record).map_err(CollectionError::from)?.expect("accepted");
                assert_ne!(outcome, Outcome::Unchanged);
            }
            Ok::<(), CollectionError>(())
        });
        written.expect("written");
    }

    /// Removes a clause and publishes that.
    pub(crate) fn remove(&self, id: &str) {
        let id = ClauseId::new(id).expect("an id");
        let removed = self.collection.write(|unit| unit.remove(&id).map_err(CollectionError::from));
        removed.expect("removed");
    }

    pub(crate) async fn call(&self, request: Request<Body>) -> Answer {
        Answer::of(&self.front, request).await
    }

    /// Calls with headers.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.call(request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], "").await
    }

    /// Gets what must be there.
    pub(crate) async fn get_json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/json", "{path}");
        answer.json()
    }

    pub(crate) async fn post(&self, path: &str, media_type: &str, body: &str) -> Answer {
        self.ask(Method::POST, path, &[("content-type", media_type)], body).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.post(path, "application/json", &body.to_string()).await
    }

    /// All pages of an answer: the entries under a key, and the last page.
    pub(crate) async fn page_through(&self, path: &str, key: &str) -> (Vec<Value>, Value) {
        let mut entries = Vec::new();
        let mut next = path.to_owned();
        loop {
            let answer = self.get(&next).await;
            assert_eq!(answer.status, StatusCode::OK, "{next}: {}", answer.text());
            let page = answer.json();
            entries.extend(page[key].as_array().expect("a list").clone());
            let Some(cursor) = page["next_cursor"].as_str() else {
                assert_eq!(answer.header("link"), "");
                return (entries, page);
            };
            next = link_of(&answer);
            assert!(next.ends_with(&format!("cursor={cursor}")), "{next}");
            assert!(entries.len() < 1_000, "paging does not end");
        }
    }
}

/// Opens the collection in a directory, or makes it.
pub(crate) fn open_collection(directory: &Path) -> Collection {
    let knowledge = Knowledge::bundled().expect("the definitions");
    Collection::open(directory, EngineChoice::Tantivy, knowledge, true).expect("a collection")
}

/// The target of the header `Link: <…>; rel="next"`.
pub(crate) fn link_of(answer: &Answer) -> String {
    let link = answer.header("link");
    let target = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\""));
    target.unwrap_or_else(|| panic!("no link: {link}")).to_owned()
}

/// A record of the invented collection.
pub(crate) fn invent_clause(platform: &str, name: &str, text: &str, extra: &Value) -> Value {
    let mut record = json!({
        "id": format!("{platform}.{name}"),
        "platform": {"id": platform, "name": format!("Platform {}", platform.to_uppercase())},
        "document": {"id": format!("{platform}.terms"), "title": "Terms of Service", "type": "terms-of-service",
            "url": format!("https://{platform}.example/terms")},
        "text": text,
        "language": "en",
    });
    for (key, value) in extra.as_object().expect("an object") {
        record[key] = value.clone();
    }
    record
}

fn invent_clauses() -> Vec<Value> {
    let extras = [
        "You may opt out within thirty days by letter.",
        "The seat of the arbitration is the county of your home.",
        "Small claims courts stay open to either side.",
        "The arbitrator decides on fees.",
        "Hearings are held by telephone.",
        "Awards are final.",
    ];
    let mut records = Vec::new();
    for number in 0..PLATFORMS {
        let platform = format!("p{number:02}");
        let dispute = format!(
            "Any dispute between you and us is settled by binding arbitration, and you waive the right to a jury trial and to class actions. {}",
            extras[number % extras.len()]
        );
        let severity = if number % 3 == 0 { "medium" } else { "high" };
        let mut extra = json!({
            "clause_type": "binding-arbitration", "severity": severity, "title": "Disputes",
            "evidence": {"source_url": "https://archive.example/copy", "captured_at": "2026-05-08T14:09:00Z"},
            "collection": {"id": "invented", "license": "CC0-1.0", "attribution": "The tests"},
        });
        if number < 2 {
            extra["platform"] =
                json!({"id": platform, "name": format!("Sister {number}"), "parent": "Mother"});
        }
        records.push(invent_clause(&platform, "disputes", &dispute, &extra));
        let refunds = format!(
            "We refund purchases within {} days if the goods arrive broken; shipping is not refunded.",
            number + 14
        );
        let platform_only = if number < 2 { json!({"platform": extra["platform"]}) } else { json!({}) };
        records.push(invent_clause(&platform, "refunds", &refunds, &platform_only));
    }
    records.push(invent_clause(
        "p11",
        "second",
        "Any dispute is settled by binding arbitration. You waive the right to a jury trial, to class actions and to appeal.",
        &json!({"clause_type": "binding-arbitration", "severity": "high"}),
    ));
    records.push(invent_clause(
        "zz",
        "markup",
        "Zebra <script>alert(\"1\")</script> & quaggas graze on <b>prairies</b> beside the lighthouse keeper's orchard.",
        &json!({"title": "<img src=x onerror=alert(1)>"}),
    ));
    records
}

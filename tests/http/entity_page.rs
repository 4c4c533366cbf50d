//! Pages of clause types, platforms and documents, and the overview.

use std::collections::{BTreeSet, VecDeque};

use axum::http::StatusCode;
use serde_json::json;

use crate::app::{Answer, TestApp, invent_clause};

/// How many pages are followed.
const FOLLOWED: usize = 150;

/// How many of each kind.
const PER_KIND: usize = 2;

/// The most bytes of a page.
const MOST_BYTES: usize = 100_000;

async fn open(app: &TestApp, path: &str, expected: &[&str]) -> String {
    let page = app.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
    let text = page.text();
    for part in expected {
        assert!(text.contains(part), "{path} lacks {part}:\n{text}");
    }
    text
}

#[tokio::test]
async fn a_clause_type_has_a_page() {
    let app = TestApp::new();
    app.write(&[
        invent_clause("q1", "only", "The pelican is fed at noon by the keeper.", &json!({})),
        invent_clause(
            "q2",
            "only",
            "The pelican is fed.",
            &json!({"document": {"id": "q2.brand", "title": "Brand", "type": "brand-guidelines"}}),
        ),
    ]);
    let path = "/clause-types/binding-arbitration";
    let text = open(
        &app,
        path,
        &[
            "<h1>Binding arbitration</h1>",
            "Disputes are decided by an arbitrator",
            "The person gives up the courts",
            "href=\"/?category=dispute-resolution\"",
            "Often relevant",
            "FAA (Federal Arbitration Act). That one of them applies is not said.",
            "12 of 14 platforms</strong> (85.7%)",
            "All 13 clauses of this type",
            "Where 15 platforms stand",
            "Found <span class=\"count\">12</span>",
            "None found <span class=\"count\">2</span>",
            "Unclear <span class=\"count\">0</span>",
            "No such document <span class=\"count\">1</span>",
            "href=\"/?clause_type=binding-arbitration&amp;platform=p02\"",
            "href=\"/documents/q1.terms\"",
            "Most typical",
            "Most unusual",
            "captured <time datetime=\"2026-05-08\">2026-05-08</time>",
            "The tests (CC0-1.0)",
            "href=\"/v1/clause-types/binding-arbitration\"",
            "role=\"img\" aria-label=\"Platforms with a clause of this type, by its severity\"",
            "8 of 12",
        ],
    )
    .await;
    assert!(!text.to_lowercase().contains("applies to"), "{text}");
    // What the table says is what the API says.
    let answer = app.get_json(&format!("/v1{path}")).await;
    for value in answer["severity"].as_array().expect("values") {
        let cells = format!("<td>{}</td><td>{}</td>", value["platforms"], value["clauses"]);
        assert!(text.contains(&cells), "{cells}: {text}");
    }
    let standing = open(
        &app,
        &format!("{path}?standing=found&limit=5"),
        &["Found: 12 platforms", "standing=found&amp;limit=5&amp;cursor=", "rel=\"next\""],
    )
    .await;
    let next = href_of(&standing, "rel=\"next\"");
    open(&app, &next, &["Found: 12 platforms", "platform=p05"]).await;
    open(&app, "/clause-types/cookies", &["None in the documents we hold."]).await;
}

/// The target of the link that has an attribute after it.
fn href_of(text: &str, attribute: &str) -> String {
    let before = text.split(attribute).next().expect("a link");
    let href = before.rsplit("href=\"").next().and_then(|rest| rest.split('"').next()).expect("a target");
    href.replace("&amp;", "&")
}

#[tokio::test]
async fn all_clause_types_have_a_page() {
    let app = TestApp::new();
    let list = app.get_json("/v1/clause-types?limit=100").await;
    let text = open(&app, "/clause-types", &["13 platforms", "id=\"dispute-resolution\""]).await;
    for row in list["clause_types"].as_array().expect("rows") {
        let link = format!("href=\"/clause-types/{}\"", row["id"].as_str().expect("an id"));
        assert!(text.contains(&link), "{link}");
    }
    assert!(text.contains("<td>12</td><td>13</td>"), "{text}");
    assert!(text.len() < MOST_BYTES);
}

#[tokio::test]
async fn a_platform_has_a_page() {
    let app = TestApp::new();
    let text = open(
        &app,
        "/platforms/p11",
        &[
            "<h1>Platform P11</h1>",
            "3 clauses</a> in 1 document",
            "Clauses of Platform P11 by severity",
            "href=\"/?platform=p11&amp;category=dispute-resolution\"",
            "href=\"/?clause_type=binding-arbitration&amp;platform=p11\"",
            "href=\"/documents/p11.terms\"",
            "href=\"/feeds/changes.atom?platform=p11\"",
            "href=\"/v1/platforms/p11\"",
            "What only Platform P11 says",
            "100.0%",
        ],
    )
    .await;
    let answer = app.get_json("/v1/platforms/p11").await;
    for cell in answer["categories"].as_array().expect("categories") {
        let share =
            |key: &str| format!("<td>{:.1}%</td>", cell["share"][key].as_f64().expect("a share") * 100.0);
        let cells = format!("{}{}<td>{}</td>", share("here"), share("elsewhere"), cell["clauses"]);
        assert!(text.contains(&cells), "{cells}: {text}");
    }
    open(&app, "/platforms/p00", &["Belongs to Mother", "<a href=\"/platforms/p01\">Sister 1</a>"]).await;
    let missing = "<a class=\"chip\" href=\"/clause-types/binding-arbitration\">";
    open(&app, "/platforms/zz", &["Not found here", missing, "That it has none is not said."]).await;
    // What is computed is told as soon as it is known.
    for _ in 0..1_000 {
        if app.get("/platforms/zz").await.text().contains("1 typed clause without")
            || !app.get("/platforms/zz").await.text().contains("Look again")
        {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it is looked for without end");
}

#[tokio::test]
async fn changes_lead_to_what_changed() {
    let app = TestApp::new();
    app.write(&[invent_clause(
        "p03",
        "refunds",
        "We refund nothing that was bought from the keeper.",
        &json!({}),
    )]);
    app.write(&[invent_clause(
        "p03",
        "pelican",
        "The pelican is fed at noon by the keeper.",
        &json!({"title": "Pelicans"}),
    )]);
    app.remove("p03.pelican");
    let text = open(
        &app,
        "/platforms/p03",
        &[
            "Changed",
            "href=\"/compare?a=p03.refunds%401&amp;b=p03.refunds%402\"",
            "href=\"/clauses/p03.refunds\"",
            "Removed",
        ],
    )
    .await;
    assert!(!text.contains("href=\"/clauses/p03.pelican\""), "a clause that is gone has no page: {text}");
}

#[tokio::test]
async fn a_document_has_a_page() {
    let app = TestApp::new();
    open(
        &app,
        "/documents/p11.terms",
        &[
            "<h1>Terms of Service</h1>",
            "href=\"/platforms/p11\"",
            "href=\"https://p11.example/terms\"",
            "href=\"/clauses/p11.second\" lang=\"en\" dir=\"auto\"",
            "href=\"/clause-types/binding-arbitration\"",
            "3 clauses: 3 high.",
            "and to appeal.",
        ],
    )
    .await;
    let first = open(&app, "/documents/p11.terms?limit=2", &["2 of 3"]).await;
    assert!(!first.contains("/clauses/p11.second"), "{first}");
    open(&app, &href_of(&first, "rel=\"next\""), &["/clauses/p11.second"]).await;
    let text = open(&app, "/documents/zz.terms", &["Zebra &lt;script&gt;", "&lt;img src=x"]).await;
    assert!(!text.contains("<script>") && !text.contains("<img"), "{text}");
}

#[tokio::test]
async fn the_overview_maps_platforms_by_category() {
    let app = TestApp::new();
    let text = open(
        &app,
        "/overview",
        &[
            "13 platforms",
            "<th scope=\"row\"><a href=\"/platforms/p02\">Platform P02</a></th>",
            "role=\"region\" aria-label=\"Map of platforms by category\" tabindex=\"0\"",
        ],
    )
    .await;
    let stats = app.get_json("/v1/stats?by=platform,category").await;
    for row in stats["rows"].as_array().expect("rows") {
        let word = |key: &str| row[key].as_str().expect("a word");
        let link = format!(
            "href=\"/?platform={}&amp;category={}\">{} <i>",
            word("platform"),
            word("category"),
            row["clauses"]
        );
        assert!(text.contains(&link), "{link}: {text}");
    }
    let first = open(&app, "/overview?limit=10", &["/platforms/p09"]).await;
    assert!(!first.contains("/platforms/p10"), "{first}");
    open(&app, &href_of(&first, "rel=\"next\""), &["/platforms/p10", "/platforms/zz"]).await;
}

#[tokio::test]
async fn these_pages_tell_what_is_wrong() {
    let app = TestApp::new();
    for (path, status, expected) in [
        ("/clause-types/binding-arbitratoin", StatusCode::NOT_FOUND, "binding-arbitration"),
        ("/clause-types/untyped", StatusCode::NOT_FOUND, "no such clause type"),
        ("/clause-types/cookies?standing=gone", StatusCode::BAD_REQUEST, "none_found"),
        ("/clause-types/cookies?limit=0", StatusCode::BAD_REQUEST, "1 to 100"),
        ("/clause-types/cookies?cursor=x", StatusCode::BAD_REQUEST, "cursor"),
        ("/clause-types/cookies?x=1", StatusCode::BAD_REQUEST, "no parameter `x`"),
        ("/clause-types?x=1", StatusCode::BAD_REQUEST, "no parameter `x`"),
        ("/platforms/p99", StatusCode::NOT_FOUND, "no such platform"),
        ("/platforms/%ff", StatusCode::NOT_FOUND, "nothing at this path"),
        ("/platforms/p11?limit=1", StatusCode::BAD_REQUEST, "no parameter `limit`"),
        ("/documents/p11.nothing", StatusCode::NOT_FOUND, "no such document"),
        ("/documents/p11.terms?x=1", StatusCode::BAD_REQUEST, "no parameter `x`"),
        ("/overview?limit=26", StatusCode::BAD_REQUEST, "1 to 25"),
        ("/overview?x=1", StatusCode::BAD_REQUEST, "no parameter `x`"),
        ("/overview?limit=%zz", StatusCode::BAD_REQUEST, "percent sign"),
    ] {
        let page = app.get(path).await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        let text = page.text().to_lowercase();
        assert!(text.contains(&expected.to_lowercase()), "{path}: {text}");
    }
}

/// The places of this server that a page links to, without fragments.
fn list_links(page: &Answer) -> Vec<String> {
    let text = page.text();
    let targets = text.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let own = targets.filter(|target| target.starts_with('/'));
    own.map(|target| target.split('#').next().unwrap().replace("&amp;", "&")).collect()
}

/// The kind of a place: what it is, without which one.
fn kind_of(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut kind: String = path.split('/').take(2).collect::<Vec<_>>().join("/");
    for pair in query.split('&') {
        kind.push(' ');
        kind.push_str(pair.split('=').next().unwrap());
    }
    kind
}

#[tokio::test]
async fn every_link_leads_somewhere() {
    let app = TestApp::demo();
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut kinds: Vec<String> = Vec::new();
    let mut ahead: VecDeque<String> =
        ["/", "/overview", "/clause-types", "/clause-types/ai-training", "/platforms/voxa"]
            .map(str::to_owned)
            .into();
    let mut followed = 0;
    while let Some(path) = ahead.pop_front() {
        if followed == FOLLOWED {
            break;
        }
        followed += 1;
        let page = app.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
        if !page.header("content-type").starts_with("text/html") {
            continue;
        }
        let text = page.text();
        // The snippets of the builder are for other people's pages.
        assert!(path.starts_with("/embed/") || !text.contains(" style="), "{path}");
        assert!(!text.contains("href=\"javascript:"), "{path}");
        if !path.starts_with("/docs") {
            assert!(text.len() < MOST_BYTES, "{path}: {} bytes", text.len());
        }
        for link in list_links(&page) {
            if !found.insert(link.clone()) {
                continue;
            }
            // Of each kind some, so that the search does not lose itself in filters.
            let kind = kind_of(&link);
            if kinds.iter().filter(|known| **known == kind).count() < PER_KIND {
                kinds.push(kind);
                ahead.push_back(link);
            }
        }
    }
    for kind in [
        "/clauses ",
        "/clause-types ",
        "/platforms ",
        "/documents ",
        "/overview ",
        "/ platform category",
        "/v1 ",
    ] {
        assert!(kinds.iter().any(|known| known == kind), "{kind}: {kinds:?}");
    }
}

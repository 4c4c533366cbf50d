//! Clauses on other people's pages: frames, oEmbed, the web component, badges, and the builder.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use crossclause::http::openapi_json;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, invent_clause};
use crate::conformance::resolve;

const HOST: (&str, &str) = ("host", "h.example");
const PAGE: &str = "http://h.example/clauses/p02.disputes";

async fn ask(app: &TestApp, path: &str) -> Answer {
    app.ask(Method::GET, path, &[HOST], "").await
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn oembed(app: &TestApp, url: &str, rest: &str) -> Answer {
    ask(app, &format!("/oembed?url={}{rest}", encode(url))).await
}

/// The values of an attribute in markup, in order, with their escapes undone.
fn attributes(markup: &str, name: &str) -> Vec<String> {
    let begin = format!(" {name}=\"");
    let values = markup.split(&begin).skip(1);
    values.filter_map(|rest| rest.split('"').next()).map(unescape).collect()
}

fn unescape(text: &str) -> String {
    ["&lt;<", "&gt;>", "&apos;'", "&quot;\"", "&amp;&"].iter().fold(text.to_owned(), |text, pair| {
        let (escape, letter) = pair.split_at(pair.len() - 1);
        text.replace(escape, letter)
    })
}

/// The texts of XML elements by name; fails on what is no XML.
fn read_xml(text: &str) -> BTreeMap<String, String> {
    let mut reader = Reader::from_str(text);
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut open = Vec::new();
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(start) => open.push(start.name().as_ref().to_owned()),
            Event::End(_) => drop(open.pop()),
            Event::Text(part) => {
                let name = open.last().expect("an element").clone();
                texts.entry(name).or_default().push_str(&part);
            }
            Event::GeneralRef(reference) => {
                let name = open.last().expect("an element").clone();
                let escape = format!("&{};", &*reference);
                texts.entry(name).or_default().push_str(&unescape(&escape));
            }
            Event::Eof => return texts,
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_clause_page_names_its_other_forms() {
    let app = TestApp::new();
    let page = ask(&app, "/clauses/p02.disputes?severity=medium&limit=20").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let text = page.text();
    let in_head: Vec<(String, String)> = text
        .split("<link ")
        .skip(1)
        .filter(|link| link.starts_with("rel=\"alternate\""))
        .map(|link| {
            let tag = format!(" {}", link.split('>').next().unwrap());
            (attributes(&tag, "type").remove(0), attributes(&tag, "href").remove(0))
        })
        .collect();
    let in_header: Vec<(String, String)> = page
        .header("link")
        .split(", ")
        .map(|link| {
            let (target, rest) =
                link.strip_prefix('<').unwrap().split_once(">; rel=\"alternate\"; ").unwrap();
            let media_type = rest.strip_prefix("type=\"").unwrap().strip_suffix('"').unwrap();
            (media_type.to_owned(), target.to_owned())
        })
        .collect();
    assert_eq!(in_head, in_header);
    let types: Vec<&str> = in_head.iter().map(|(media_type, _)| media_type.as_str()).collect();
    assert_eq!(types, ["application/json+oembed", "text/xml+oembed", "application/json"]);
    assert_eq!(in_head[2].1, "http://h.example/v1/clauses/p02.disputes");
    for (_, target) in &in_head {
        let path = target.strip_prefix("http://h.example").expect("absolute");
        let answer = ask(&app, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    }
    // The filters of the page are those of the frame.
    let answer = ask(&app, in_head[0].1.strip_prefix("http://h.example").unwrap()).await.json();
    let html = answer["html"].as_str().expect("markup");
    let source = attributes(html, "src").remove(0);
    assert_eq!(source, "http://h.example/embed/clauses/p02.disputes?severity=medium&limit=10");

    let headers = [HOST, ("x-forwarded-proto", "https")];
    let page = app.ask(Method::GET, "/clauses/p02.disputes", &headers, "").await.text();
    assert!(page.contains("https://h.example/oembed?url=https%3A%2F%2Fh.example%2Fclauses"), "{page}");
}

#[tokio::test]
async fn a_frame_shows_what_the_api_says() {
    let app = TestApp::new();
    for (path, expected, missing) in [
        (
            "/embed/clauses/p02.disputes",
            &[
                "<html lang=\"en\" class=\"auto\">",
                "<base target=\"_blank\">",
                "Platform P02",
                "<a href=\"https://p02.example/terms\"",
                "<h1><a href=\"/clauses/p02.disputes\">Disputes</a></h1>",
                "<span aria-hidden=\"true\">▲</span> High severity",
                "Any dispute between you and us is settled by binding arbitration",
                "Comparable clauses on 11 platforms, 12 clauses, of 13 platforms tracked",
                "<mark>",
                "identical wording",
                "captured 2026-05-08",
                "Source: The tests, licence CC0-1.0",
                "All 11 on Crossclause",
                "generation 1",
                "no legal advice",
            ][..],
            &["Asked for"][..],
        ),
        (
            "/embed/clauses/p02.disputes?theme=dark&limit=1&severity=medium&platform=p03",
            &[
                "class=\"dark\"",
                "Comparable clauses on 1 platform, 1 clause,",
                "Asked for: severity medium, platform p03",
                "<span aria-hidden=\"true\">◆</span> Medium severity",
                "/clauses/p02.disputes?severity=medium&amp;platform=p03\">This on",
            ],
            &["All 1 "],
        ),
        ("/embed/clauses/p00.disputes?include_affiliates=true&limit=10", &["same company"], &[]),
        (
            "/embed/clauses/p02.disputes?severity=low",
            &["none passes the filters", "on 0 platforms"],
            &["<li>"],
        ),
        ("/embed/clauses/p02.refunds", &["High severity (inferred)"], &["Source: "]),
        (
            "/embed/clauses/zz.markup",
            &["No clause of another platform is close enough", "<span aria-hidden=\"true\">○</span> Unrated"],
            &["<li>", "inferred"],
        ),
    ] {
        let frame = app.get(path).await;
        assert_eq!(frame.status, StatusCode::OK, "{path}: {}", frame.text());
        let text = frame.text();
        for part in expected {
            assert!(text.contains(part), "{path} lacks {part}:\n{text}");
        }
        for part in missing {
            assert!(!text.contains(part), "{path} holds {part}:\n{text}");
        }
    }
    let cards = async |limit: &str| {
        let path = format!("/embed/clauses/p02.disputes{limit}");
        app.get(&path).await.text().matches("<li>").count()
    };
    assert_eq!((cards("").await, cards("?limit=1").await, cards("?limit=10").await), (3, 1, 10));
}

#[tokio::test]
async fn a_frame_may_do_nothing() {
    let app = TestApp::new();
    for path in ["/embed/clauses/p02.disputes", "/embed/clauses/zz.markup", "/embed/clauses/nobody?x=%3Cb%3E"]
    {
        let frame = app.get(path).await;
        let policy = frame.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
        assert!(policy.ends_with("frame-ancestors *") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(frame.header("x-frame-options"), "");
        assert_eq!(frame.header("x-content-type-options"), "nosniff");
        assert_eq!(frame.header("referrer-policy"), "same-origin");
        let text = frame.text();
        for bad in ["<script", "<img", "<b>", "style=", "onclick", "javascript:"] {
            assert!(!text.contains(bad), "{path} holds {bad}:\n{text}");
        }
    }
    let style = app.get("/assets/embed.css").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    for bad in ["url(", "@import", "http"] {
        assert!(!style.text().contains(bad), "{bad}");
    }
}

#[tokio::test]
async fn a_frame_tells_what_is_wrong() {
    let app = TestApp::new();
    app.remove("p05.refunds");
    for (path, status, expected) in [
        ("nobody", StatusCode::NOT_FOUND, "there is no clause `nobody`"),
        ("%ff", StatusCode::NOT_FOUND, "There is no such clause"),
        ("p05.refunds", StatusCode::GONE, "The clause is gone"),
        ("p02.disputes?sevrity=high", StatusCode::BAD_REQUEST, "did you mean `severity`?"),
        ("p02.disputes?severity=hihg", StatusCode::BAD_REQUEST, "did you mean `high`?"),
        ("p02.disputes?severity=", StatusCode::BAD_REQUEST, "`severity` cannot be"),
        ("p02.disputes?theme=drak", StatusCode::BAD_REQUEST, "did you mean `dark`?"),
        ("p02.disputes?limit=11", StatusCode::BAD_REQUEST, "from 1 to 10"),
        ("p02.disputes?limit=1&limit=2", StatusCode::BAD_REQUEST, "may be given once"),
        ("p02.disputes?cursor=x", StatusCode::BAD_REQUEST, "no parameter `cursor`"),
        ("p02.disputes?group_by=none", StatusCode::BAD_REQUEST, "no parameter `group_by`"),
        ("p02.disputes?q=%zz", StatusCode::BAD_REQUEST, "percent sign"),
    ] {
        let frame = app.get(&format!("/embed/clauses/{path}")).await;
        assert_eq!(frame.status, status, "{path}: {}", frame.text());
        assert!(frame.header("content-type").starts_with("text/html"), "{path}");
        assert_eq!(frame.header("cache-control"), "no-store", "{path}");
        assert!(frame.text().contains(expected), "{path}: {}", frame.text());
    }
    let frame = TestApp::unready().get("/embed/clauses/x").await;
    assert_eq!(frame.status, StatusCode::SERVICE_UNAVAILABLE);
}

/// What a frame takes and what is documented must be the same.
#[tokio::test]
async fn a_frame_takes_what_is_documented() {
    let app = TestApp::new();
    let description: Value = serde_json::from_str(&openapi_json()).expect("JSON");
    let parameters =
        description["paths"]["/embed/clauses/{id}"]["get"]["parameters"].as_array().expect("some");
    let documented: BTreeSet<&str> = parameters
        .iter()
        .map(|parameter| resolve(&description, parameter))
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| parameter["name"].as_str().expect("a name"))
        .collect();
    let page = app.get("/embed/clauses/p02.disputes?nonsense=1").await.text();
    let listed = page.split("allowed are ").nth(1).and_then(|rest| rest.split('<').next()).expect("a list");
    assert_eq!(documented, listed.split(", ").collect::<BTreeSet<_>>());
}

#[tokio::test]
async fn oembed_gives_a_sandboxed_frame() {
    let app = TestApp::new();
    let answer = oembed(&app, PAGE, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    let json = answer.json();
    for (key, value) in [
        ("type", json!("rich")),
        ("version", json!("1.0")),
        ("title", json!("Platform P02, Disputes")),
        ("author_name", json!("Platform P02")),
        ("author_url", json!("http://h.example/?platform=p02")),
        ("provider_name", json!("Crossclause")),
        ("provider_url", json!("http://h.example/")),
        ("cache_age", json!(3600)),
        ("width", json!(640)),
        ("collection", json!({"id": "invented", "license": "CC0-1.0", "attribution": "The tests"})),
    ] {
        assert_eq!(json[key], value, "{key}");
    }
    let html = json["html"].as_str().expect("markup");
    let attribute = |name: &str| attributes(html, name).remove(0);
    assert_eq!(attribute("src"), "http://h.example/embed/clauses/p02.disputes");
    assert_eq!(attribute("title"), "Platform P02, Disputes: how other platforms handle this");
    assert_eq!(attribute("sandbox"), "allow-popups allow-popups-to-escape-sandbox");
    assert_eq!(attribute("height"), json["height"].to_string());
    // More cards are higher, and a narrower frame is, too.
    let height =
        async |url: &str, rest: &str| oembed(&app, url, rest).await.json()["height"].as_u64().unwrap();
    let usual = height(PAGE, "").await;
    assert!(height(&format!("{PAGE}?limit=9"), "").await > usual);
    assert!(height(PAGE, "&maxwidth=320").await > usual);

    let xml = oembed(&app, PAGE, "&format=xml").await;
    assert_eq!(xml.header("content-type"), "text/xml; charset=utf-8");
    let texts = read_xml(&xml.text());
    for (key, value) in json.as_object().expect("an object").iter().filter(|(key, _)| *key != "collection") {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        assert_eq!(texts.get(key), Some(&value), "{key}");
    }
    assert_eq!(texts["attribution"], "The tests");
}

#[tokio::test]
async fn oembed_honours_its_request() {
    let app = TestApp::new();
    for (rest, width, height) in [
        ("&maxwidth=300&maxheight=200", 300, Some(200)),
        ("&maxwidth=5000", 640, None),
        ("&maxwidth=1&maxheight=1", 1, Some(1)),
        // WordPress sends this.
        ("&maxwidth=500&maxheight=750&dnt=1", 500, Some(750)),
    ] {
        let answer = oembed(&app, PAGE, rest).await;
        assert_eq!(answer.status, StatusCode::OK, "{rest}: {}", answer.text());
        let json = answer.json();
        assert_eq!(json["width"], width, "{rest}");
        assert!(height.is_none_or(|height| json["height"].as_u64() <= Some(height)), "{rest}: {json}");
    }
    let source = async |url: &str, rest: &str| {
        let json = oembed(&app, url, rest).await.json();
        attributes(json["html"].as_str().unwrap_or_else(|| panic!("{url}: {json}")), "src").remove(0)
    };
    let frame = "http://h.example/embed/clauses/p02.disputes";
    for (url, rest, expected) in [
        (PAGE.to_owned(), "&theme=dark", "?theme=dark"),
        (
            format!("{PAGE}?severity=high&severity=medium&min_score=0.4"),
            "",
            "?severity=high&severity=medium&min_score=0.4",
        ),
        (format!("{PAGE}?explain=true&group_by=none&utm_source=x&severity=&limit=50"), "", "?limit=10"),
        (format!("{PAGE}#comparables"), "", ""),
        ("https://H.Example:443/clauses/p02.disputes".to_owned(), "", ""),
        ("http://h.example/clauses/p02%2Edisputes".to_owned(), "", ""),
    ] {
        assert_eq!(source(&url, rest).await, format!("{frame}{expected}"), "{url}");
    }
}

#[tokio::test]
async fn oembed_tells_what_it_has_not() {
    let app = TestApp::new();
    app.remove("p05.refunds");
    for (url, rest, status, code) in [
        ("http://other.example/clauses/p02.disputes", "", 404, "url_not_found"),
        ("http://h.example:8080/clauses/p02.disputes", "", 404, "url_not_found"),
        ("/clauses/p02.disputes", "", 404, "url_not_found"),
        ("http://h.example/", "", 404, "url_not_found"),
        ("http://h.example/clauses/", "", 404, "url_not_found"),
        ("http://h.example/clauses/p02.disputes/", "", 404, "url_not_found"),
        ("http://h.example/clauses/%ff", "", 404, "url_not_found"),
        ("http://h.example/embed/clauses/p02.disputes", "", 404, "url_not_found"),
        ("http://h.example/clauses/p02.disputes?severity=hihg", "", 404, "url_not_found"),
        ("http://h.example/clauses/p02.disputes?q=%zz", "", 404, "url_not_found"),
        ("javascript:alert(1)", "", 404, "url_not_found"),
        ("\u{e9}", "", 404, "url_not_found"),
        ("http://h.example/clauses/nobody", "", 404, "clause_not_found"),
        ("http://h.example/clauses/p05.refunds", "", 410, "clause_gone"),
        (PAGE, "&format=yaml", 501, "format_not_provided"),
        (PAGE, "&format=", 501, "format_not_provided"),
        (PAGE, "&maxwidth=0", 400, "invalid_value"),
        (PAGE, "&maxheight=-1", 400, "invalid_value"),
        (PAGE, "&theme=blue", 400, "invalid_value"),
        (PAGE, "&url=x", 400, "bad_parameter"),
    ] {
        let answer = oembed(&app, url, rest).await;
        assert_eq!(answer.status.as_u16(), status, "{url}{rest}: {}", answer.text());
        assert_eq!(answer.json()["code"], code, "{url}{rest}");
    }
    let answer = ask(&app, "/oembed").await;
    assert_eq!((answer.status, answer.json()["parameter"].clone()), (StatusCode::BAD_REQUEST, json!("url")));
}

#[tokio::test]
async fn what_records_hold_stays_text() {
    let app = TestApp::unready();
    let hostile = "\"><script>alert(1)</script>&\u{b}'";
    let url = "https://otters.example/\"><script>alert(2)</script>";
    let text = "Otters <b>hold</b> hands while they sleep on the river of the keeper's orchard & lighthouse.";
    let extra = |platform: &str| {
        json!({
            "title": hostile,
            "platform": {"id": platform, "name": hostile},
            "document": {"id": format!("{platform}.terms"), "title": hostile, "url": url},
            "collection": {"id": "c", "license": hostile, "attribution": hostile, "url": url},
        })
    };
    app.write(&[
        invent_clause("one", "otters", text, &extra("one")),
        invent_clause("two", "otters", text, &extra("two")),
    ]);
    for path in ["/embed/clauses/one.otters", "/clauses/one.otters", "/embed/builder?clause=one.otters"] {
        let page = ask(&app, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
        let page = page.text();
        for bad in ["<script>", "<b>"] {
            assert!(!page.contains(bad), "{path} holds {bad}:\n{page}");
        }
    }
    let page = "http://h.example/clauses/one.otters";
    let html = oembed(&app, page, "").await.json()["html"].as_str().expect("markup").to_owned();
    assert!(html.matches('<').count() == 2 && html.matches('>').count() == 2, "{html}");
    let texts = read_xml(&oembed(&app, page, "&format=xml").await.text());
    assert_eq!(texts["author_name"], hostile.replace('\u{b}', ""));
    assert_eq!(texts["html"], html.replace('\u{b}', ""));
}

#[tokio::test]
async fn the_script_is_kept_and_writes_no_markup() {
    let app = TestApp::new();
    let script = app.ask(Method::GET, "/embed.js?v=2", &[("origin", "https://elsewhere.example")], "").await;
    assert_eq!(script.status, StatusCode::OK);
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(script.header("cache-control"), "public, max-age=86400, stale-while-revalidate=604800");
    assert_eq!(script.header("access-control-allow-origin"), "*");
    assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
    let known = app.ask(Method::GET, "/embed.js", &[("if-none-match", script.header("etag"))], "").await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    for text in [script.text(), app.get("/assets/builder.js").await.text()] {
        for bad in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"]
        {
            assert!(!text.contains(bad), "{bad}");
        }
    }
    // It carries the frames' style sheet, as a string.
    let style = app.get("/assets/embed.css").await.text();
    assert!(script.text().contains(&serde_json::to_string(&style).expect("JSON")));
    assert!(!script.text().contains("\"STYLE\""));
}

#[tokio::test]
async fn a_badge_says_type_platforms_and_severity() {
    let app = TestApp::new();
    for (path, expected) in [
        (
            "p02.disputes.svg",
            &["Binding arbitration", "11 platforms · high", "prefers-color-scheme:dark"][..],
        ),
        (
            "p03.disputes.svg?theme=light",
            &["11 platforms · medium", "comparable clauses on 11 platforms, severity medium\""],
        ),
        ("p02.refunds.svg", &["11 platforms · high (inferred)"]),
        ("zz.markup.svg?theme=dark", &["clause</text>", "no other platform · unrated"]),
    ] {
        let badge = app.get(&format!("/badge/clauses/{path}")).await;
        assert_eq!(badge.status, StatusCode::OK, "{path}: {}", badge.text());
        assert_eq!(badge.header("content-type"), "image/svg+xml");
        assert!(
            badge.header("content-security-policy").starts_with("default-src 'none'; style-src 'sha256-")
        );
        let text = badge.text();
        for part in expected {
            assert!(text.contains(part), "{path} lacks {part}: {text}");
        }
        let label = attributes(&text, "aria-label").remove(0);
        assert_eq!(read_xml(&text)["title"], label);
        assert!(
            text.contains("role=\"img\"") && !text.contains("<script") && !text.contains("href"),
            "{text}"
        );
        assert_eq!(text.contains("@media"), !path.contains("theme="), "{path}");
    }
    for (path, status, code) in [
        ("nobody.svg", 404, "clause_not_found"),
        ("p02.disputes", 404, "not_found"),
        ("p02.disputes.png", 404, "not_found"),
        (".svg", 404, "clause_not_found"),
        ("p02.disputes.svg?theme=blue", 400, "invalid_value"),
        ("p02.disputes.svg?severity=high", 400, "unknown_parameter"),
    ] {
        let answer = app.get(&format!("/badge/clauses/{path}")).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (status, &json!(code)), "{path}");
    }
}

/// The snippet that a page of the builder offers.
fn snippet(page: &str) -> String {
    let rest = page.split("<textarea id=\"snippet\"").nth(1).expect("a snippet");
    let text = rest.split_once('>').and_then(|(_, rest)| rest.split("</textarea>").next());
    unescape(text.expect("a text"))
}

#[tokio::test]
async fn the_builder_makes_snippets() {
    let app = TestApp::new();
    let asked =
        "clause=p02.disputes&limit=2&theme=dark&severity=high&severity=medium&category=dispute-resolution";
    let filters = "severity=high&severity=medium&category=dispute-resolution";
    let page = format!("{PAGE}?{filters}");
    for (kind, expected) in [
        ("", format!("<iframe src=\"http://h.example/embed/clauses/p02.disputes?limit=2&amp;{}&amp;theme=dark\" title=\"", filters.replace('&', "&amp;"))),
        ("&kind=component", "<script src=\"http://h.example/embed.js\" async></script>\n<crossclause-comparables clause-id=\"p02.disputes\" limit=\"2\" severity=\"high,medium\" category=\"dispute-resolution\" theme=\"dark\"><a href=".to_owned()),
        ("&kind=badge", format!("<a href=\"{PAGE}\"><img src=\"http://h.example/badge/clauses/p02.disputes.svg?theme=dark\" alt=\"Binding arbitration: ")),
        ("&kind=oembed", format!("http://h.example/oembed?url={}", page.replace(':', "%3A").replace('/', "%2F").replace('?', "%3F").replace('=', "%3D").replace('&', "%26"))),
    ] {
        let page = ask(&app, &format!("/embed/builder?{asked}{kind}")).await;
        assert_eq!(page.status, StatusCode::OK, "{kind}: {}", page.text());
        assert!(!page.header("content-security-policy").contains("unsafe"));
        let text = page.text();
        let made = snippet(&text);
        assert!(made.starts_with(&expected), "{kind}: {made}\nis not\n{expected}");
        assert!(!text.contains("style=\"") && !text.contains("<script>"), "{kind}: {text}");
        // What is chosen stays chosen, and a preview is there.
        for part in ["value=\"p02.disputes\"", "value=\"dark\" checked", "value=\"medium\" checked", "value=\"dispute-resolution\" checked"] {
            assert!(text.contains(part), "{kind} lacks {part}");
        }
        let preview = text.split("<div class=\"preview\">").nth(1).expect("a preview");
        let address = attributes(preview, "src");
        if kind == "&kind=component" {
            assert!(preview.starts_with("<crossclause-comparables ") && text.contains("<script src=\"/embed.js\""));
        } else {
            assert_eq!(ask(&app, &address[0]).await.status, StatusCode::OK, "{kind}: {}", address[0]);
        }
    }
    // The frame of a snippet is there, and so is the answer to the oEmbed address.
    let text = ask(&app, &format!("/embed/builder?{asked}&kind=oembed")).await.text();
    let address = snippet(&text);
    let answer = ask(&app, address.strip_prefix("http://h.example").expect("absolute")).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}");
    let source = attributes(answer.json()["html"].as_str().expect("markup"), "src").remove(0);
    let frame = ask(&app, source.strip_prefix("http://h.example").expect("absolute")).await;
    assert_eq!((frame.status, frame.text().matches("<li>").count()), (StatusCode::OK, 2), "{source}");
}

#[tokio::test]
async fn the_builder_tells_what_is_wrong() {
    let app = TestApp::new();
    for (query, status, expected) in [
        ("", 200, "Its id, the last part of its page’s address."),
        ("?clause=&kind=badge", 200, "value=\"badge\" checked"),
        ("?clause=nobody", 404, "there is no clause `nobody`"),
        ("?clause=p02.disputes&severity=hihg", 400, "did you mean `high`?"),
        ("?clause=p02.disputes&kind=flash", 400, "`kind` cannot be `flash`"),
        ("?clause=p02.disputes&colour=red", 400, "there is no parameter `colour`"),
        ("?clause=%22%3E%3Cscript%3E", 404, "value=\"&quot;&gt;&lt;script&gt;\""),
    ] {
        let page = app.get(&format!("/embed/builder{query}")).await;
        assert_eq!(page.status.as_u16(), status, "{query}: {}", page.text());
        assert!(page.text().contains(expected), "{query}: {}", page.text());
        assert!(!page.text().contains("id=\"snippet\""), "{query}");
    }
}

/// The relative luminance of a colour `#rrggbb`, WCAG 2.1.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("a channel")) / 255.0;
        if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, two: &str) -> f64 {
    let (one, two) = (luminance(one), luminance(two));
    (one.max(two) + 0.05) / (one.min(two) + 0.05)
}

#[tokio::test]
async fn colours_can_be_told_apart_in_both_themes() {
    let app = TestApp::new();
    let style = app.get("/assets/embed.css").await.text();
    let palettes: Vec<BTreeMap<&str, &str>> = style
        .split("color-scheme: ")
        .skip(1)
        .filter(|block| block.starts_with("light;") || block.starts_with("dark;"))
        .map(|block| {
            let lines = block.split('}').next().unwrap().lines();
            lines
                .filter_map(|line| line.trim().strip_suffix(';')?.strip_prefix("--")?.split_once(": "))
                .collect()
        })
        .collect();
    let [light, dark, chosen] = palettes.as_slice() else { panic!("{palettes:?}") };
    assert_eq!(dark, chosen, "dark, and dark by the reader's setting");
    for palette in [light, dark] {
        for ink in ["ink", "soft", "link", "high", "medium", "low"] {
            let ratio = contrast(palette[ink], palette["card"]);
            assert!(ratio >= 4.5, "{ink}: {ratio:.2}");
        }
        assert!(contrast(palette["ink"], palette["mark"]) >= 4.5);
    }
    for theme in ["light", "dark"] {
        let badge = app.get(&format!("/badge/clauses/p02.disputes.svg?theme={theme}")).await.text();
        let fill = |class: &str| {
            let rule = badge.split(&format!(".{class}{{fill:")).nth(1).expect("a rule");
            rule.split('}').next().unwrap()
        };
        assert!(contrast(fill("left"), fill("left-text")) >= 4.5, "{theme}");
        for severity in ["high", "medium", "low", "unrated"] {
            let ratio = contrast(fill(severity), fill("right-text"));
            assert!(ratio >= 4.5, "{theme} {severity}: {ratio:.2}");
        }
    }
}

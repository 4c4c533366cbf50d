//! The page.

use axum::http::{Method, StatusCode};

use crate::app::TestApp;

#[tokio::test]
async fn pages_render() {
    let app = TestApp::new();
    for (path, expected) in [
        ("/", &["Search 26 clauses of 13 platforms", "None of this is legal advice", "/?category="][..]),
        (
            "/?q=binding+arbitration",
            &[
                "<strong>13 clauses</strong> on <strong>12 platforms</strong>, of 13 tracked",
                "<mark>",
                "Next page",
                "/v1/search?q=",
                "/v1/search.csv?q=",
                "/feeds/changes.atom",
                "<h3>Document type</h3>",
                "<h3>Language</h3>",
            ],
        ),
        (
            "/?q=binding+arbitration&severity=medium&category=",
            &[
                "<strong>4 clauses</strong> on <strong>4 platforms</strong>",
                "class=\"pressed\" aria-current=\"true\"",
                "<span class=\"hidden\">Remove: </span>Severity: Medium severity",
            ],
        ),
        (
            "/?q=binding&group_by=platform",
            &["1 more on this platform", "<a class=\"pressed\" aria-current=\"true\""],
        ),
        ("/?q=xylophone", &["No clause holds enough of these words."]),
        (
            "/?q=arbitration+xylophone+glockenspiel&severity=low",
            &["What would match", ">Only “arbitration”, without any filter</a>"],
        ),
        (
            "/?q=arbitration&severity=low",
            &[">Without “Severity: Low severity”</a> <span class=\"count\">13 clauses on 12 platforms"],
        ),
        ("/?category=dispute-resolution", &["<strong>13 clauses</strong>"]),
        (
            "/clauses/p02.disputes",
            &[
                "How other platforms handle this",
                "<strong>12 comparable clauses</strong> on <strong>11 platforms</strong>, of 13 tracked",
                "Equal wordings are folded into 6 cards",
                "High severity",
                "Identical wording",
                "Same wording on",
                "Shared: ",
                "On 11 other platforms",
                "/compare?a=p02.disputes&amp;b=",
                "id=\"cite-bibtex\"",
                "Often relevant to clauses of this type",
                "What only one of two says</a>",
                "CC0-1.0",
                "no legal advice",
                "/v1/clauses/p02.disputes/comparables.csv?fold=wording",
                "/embed/builder?clause=p02.disputes",
            ],
        ),
        ("/clauses/p02.disputes?fold=none", &["11 platforms", "1 more on this platform"]),
        (
            "/clauses/p02.disputes?platform=p11&group_by=none",
            &[
                "<strong>2 comparable clauses</strong> on <strong>1 platform</strong>, of 13 tracked",
                "On 11 other platforms",
            ],
        ),
        ("/clauses/p02.disputes?explain=true", &["Only here: </strong>opt-out <q>opt out</q>"]),
        ("/clauses/p00.disputes?explain=true", &["Only in yours: </strong>opt-out <q>opt out</q>"]),
        (
            "/clauses/p02.disputes?severity=low",
            &["none passes the filters", "Without “Severity: Low severity”"],
        ),
        (
            "/clauses/zz.markup",
            &["No clause of another platform is close enough", "Unique: nothing comparable"],
        ),
    ] {
        let page = app.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let text = page.text();
        for part in expected {
            assert!(text.contains(part), "{path} lacks {part}:\n{text}");
        }
        assert!(page.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(!text.contains("style="), "{path}");
        assert_eq!(text.matches("<script").count(), 1, "{path}");
        assert!(!text.contains("href=\"javascript:"), "{path}");
    }
    let nothing = app.get("/clauses/zz.markup").await.text();
    assert!(!nothing.contains("What would match"), "nothing would");
    let style = app.get("/assets/style.css").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(style.text().contains("prefers-color-scheme"));
}

#[tokio::test]
async fn pages_tell_what_is_wrong() {
    let app = TestApp::new();
    for (path, status, expected) in [
        ("/clauses/%ff", StatusCode::NOT_FOUND, "There is no such clause"),
        ("/clauses/p02.disputes?severity=hihg", StatusCode::BAD_REQUEST, "did you mean `high`?"),
        ("/clauses/p02.disputes?q=%zz", StatusCode::BAD_REQUEST, "percent sign"),
        ("/?clause=p02.disputes", StatusCode::BAD_REQUEST, "there is no parameter `clause`"),
        ("/clauses/nobody", StatusCode::NOT_FOUND, "there is no clause `nobody`"),
        ("/?severity=hihg", StatusCode::BAD_REQUEST, "did you mean `high`?"),
        ("/?nonsense=%3Cscript%3E", StatusCode::BAD_REQUEST, "there is no parameter `nonsense`"),
        ("/?q=%zz", StatusCode::BAD_REQUEST, "percent sign"),
    ] {
        let page = app.get(path).await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        assert!(page.text().contains(expected), "{path}: {}", page.text());
        assert_ne!(page.header("x-request-id"), "");
    }
}

#[tokio::test]
async fn a_browser_is_told_on_a_page_that_nothing_is_there() {
    let app = TestApp::new();
    let get = async |path: &str, accept: &str| {
        let page = app.ask(Method::GET, path, &[("accept", accept)], "").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        page.header("content-type").to_owned()
    };
    let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    assert_eq!(get("/nowhere", browser).await, "text/html; charset=utf-8");
    assert_eq!(get("/nowhere", "*/*").await, "application/problem+json");
    assert_eq!(get("/v1/nowhere", browser).await, "application/problem+json");
}

#[tokio::test]
async fn nothing_gets_out_of_its_place() {
    let app = TestApp::new();
    let text = "zebra &lt;script&gt;";
    for path in ["/clauses/zz.markup", "/?q=zebra", "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E+zebra"] {
        let page = app.get(path).await.text();
        for bad in ["<script>", "<img", "<b>"] {
            assert!(!page.contains(bad), "{path} holds {bad}:\n{page}");
        }
        assert!(page.contains("&lt;script&gt;"), "{path} {text}");
    }
    let page = app.get("/?q=%22%3E%3Cscript%3E").await.text();
    assert!(page.contains("value=\"&quot;&gt;&lt;script&gt;\""), "{page}");
}

#[tokio::test]
async fn a_pasted_text_enters_no_url() {
    let app = TestApp::new();
    let form = "application/x-www-form-urlencoded";
    let body =
        "text=Disputes+go+to+binding+arbitration.%0D%0AYou+waive+a+jury+trial+%26+class+actions%3Cb%3E.";
    let page = app.post("/", form, body).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_eq!(page.header("cache-control"), "private, no-cache");
    let text = page.text();
    assert!(
        text.contains("<strong>12 platforms</strong>, ") && text.contains("class actions&lt;b&gt;."),
        "{text}"
    );
    for link in text.split("href=\"").skip(1) {
        let target = link.split('"').next().unwrap();
        assert!(!target.contains("jury"), "{target}");
    }
    // The button for the next page carries its cursor, in a form with the text.
    let whole = app.post("/", form, &format!("{body}&with=fold%3Dnone")).await.text();
    let next = whole.split("<nav class=\"next\"").nth(1).expect("a next page");
    let with = next.split("value=\"").nth(1).expect("a value").split('"').next().unwrap();
    assert!(with.starts_with("fold=none&amp;cursor="), "{with}");
    let body = format!("{body}&with={}", with.replace("&amp;", "%26").replace('=', "%3D"));
    let second = app.post("/", form, &body).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.text());
    assert!(second.text().contains("start=\"11\""), "{}", second.text());

    for (media_type, body, status) in [
        (form, "text=&as=clause", StatusCode::BAD_REQUEST),
        (form, "text=+&as=document", StatusCode::BAD_REQUEST),
        (form, "text=arbitration&as=poem", StatusCode::BAD_REQUEST),
        (form, "text=arbitration&as=document&clause=9", StatusCode::BAD_REQUEST),
        (form, "text=%", StatusCode::BAD_REQUEST),
        (form, "text=arbitration&nonsense=1", StatusCode::BAD_REQUEST),
        ("text/plain", "text=arbitration", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let page = app.post("/", media_type, body).await;
        assert_eq!(page.status, status, "{media_type} {body}");
        assert!(page.header("content-type").starts_with("text/html"));
    }
}

/// A form as browsers send it.
fn encode(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String {
        let bytes = text.bytes();
        bytes
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn the_box_tells_words_from_a_clause() {
    let app = TestApp::new();
    let clause = "Any dispute is settled by binding arbitration, and you waive class actions.";
    for (fields, expected) in [
        (&[("q", "binding arbitration"), ("text", "")][..], Some("/?q=binding%20arbitration")),
        (
            &[("q", "binding"), ("with", "severity=high&group_by=platform")],
            Some("/?q=binding&severity=high&group_by=platform"),
        ),
        (&[("q", ""), ("text", "")], Some("/")),
        // Both hold something: the button says which is meant.
        (&[("q", "binding"), ("text", clause), ("from", "q")], Some("/?q=binding")),
        (&[("q", "binding"), ("text", clause)], None),
        (&[("q", ""), ("text", clause), ("from", "q")], None),
        (&[("q", clause)], None),
        (&[("text", "binding arbitration")], None),
        (&[("q", "binding arbitration of disputes"), ("as", "clause")], None),
        (&[("q", clause), ("with", "sort=recent&q=old")], None),
    ] {
        let page = app.post("/", FORM, &encode(fields)).await;
        match expected {
            Some(target) => {
                assert_eq!(
                    (page.status, page.header("location")),
                    (StatusCode::SEE_OTHER, target),
                    "{fields:?}"
                );
            }
            None => {
                assert_eq!(page.status, StatusCode::OK, "{fields:?}: {}", page.text());
                assert!(page.text().contains("<h1>Your text</h1>"), "{fields:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_document_is_divided_and_its_clauses_compared() {
    let app = TestApp::new();
    let document = "Terms of Use\r\n\r\n1. Disputes\r\n\r\nAny dispute between you and us is settled by binding arbitration, and you waive the right to a jury trial and to class actions.\r\n\r\n2. Refunds\r\n\r\nWe refund purchases within 20 days if the goods arrive broken; shipping is not refunded.\r\n\r\n3. The moon\r\n\r\nCheese that falls from the moon belongs to the gardener.\r\n\r\n4. Hedgehogs\r\n\r\nHedgehogs sleep under the porch of the winter house <b>.\r\n";
    let page = app.post("/", FORM, &encode(&[("q", ""), ("text", document)])).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_eq!(page.header("cache-control"), "private, no-cache");
    let text = page.text();
    for part in [
        "<strong>4 clauses</strong>",
        "name=\"clause\" value=\"1\">13 comparable clauses on 12 of 13 platforms",
        "name=\"clause\" value=\"2\">12 comparable clauses on 12 of 13 platforms",
        "Nothing comparable among 13 platforms",
        "winter house &lt;b&gt;.",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("href=\"/?q="), "{text}");
    // What a clause's button says is what its page counts.
    let picked =
        app.post("/", FORM, &encode(&[("as", "document"), ("text", document), ("clause", "2")])).await;
    let text = picked.text();
    for part in [
        "<strong>12 comparable clauses</strong> on <strong>12 platforms</strong>, of 13 tracked",
        "We refund purchases within 20 days",
        "Back to your document",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let late = app.post("/", FORM, &encode(&[("as", "document"), ("text", document), ("skip", "2")])).await;
    assert!(
        late.text().contains("these are 3 to 4") && late.text().contains("Clauses before"),
        "{}",
        late.text()
    );
    let nothing = app.post("/", FORM, &encode(&[("as", "document"), ("text", "12")])).await;
    assert!(nothing.text().contains("There is no clause in it"), "{}", nothing.text());
    let long = "Word after word. ".repeat(30_000);
    let refused = app.post("/", FORM, &encode(&[("text", &long)])).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().contains("at most 400000"), "{}", refused.text());
    let longer = "Word after word. ".repeat(100_000);
    assert_eq!(
        app.post("/", FORM, &encode(&[("text", &longer)])).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn two_clauses_stand_side_by_side() {
    let app = TestApp::new();
    for (path, expected) in [
        ("/compare", &["Clause A", "Clause B"][..]),
        ("/compare?a=p02.disputes", &["value=\"p02.disputes\""]),
        (
            "/compare?a=p02.disputes&b=p00.disputes",
            &[
                "<h1>Platform P02 and Sister 0</h1>",
                "<h3>Only B: Sister 0</h3>",
                "<q>opt out</q>",
                "<del><span class=\"hidden\">[only in A: </span>",
                "<ins><span class=\"hidden\">[only in B: </span>",
                "/v1/diff?from=p02.disputes&amp;to=p00.disputes",
                "Cite A",
            ],
        ),
        ("/compare?a=p02.disputes@1&b=p02.disputes", &["Platform P02, wording 1"]),
    ] {
        let page = app.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
        for part in expected {
            assert!(page.text().contains(part), "{path} lacks {part}:\n{}", page.text());
        }
    }
    for (path, status) in [
        ("/compare?a=p02.disputes&b=nobody", StatusCode::NOT_FOUND),
        ("/compare?a=p02.disputes&b=p02.disputes@7", StatusCode::NOT_FOUND),
        ("/compare?from=p02.disputes", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(app.get(path).await.status, status, "{path}");
    }
}

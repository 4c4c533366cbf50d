//! The page.

use axum::http::StatusCode;

use crate::app::TestApp;

#[tokio::test]
async fn pages_render() {
    let app = TestApp::new();
    for (path, expected) in [
        ("/", &["Search 26 clauses of 13 platforms", "no legal advice", "/?category="][..]),
        (
            "/?q=binding+arbitration",
            &["13 clauses, 12 platforms, of 13 tracked", "<mark>", "Next page", "/v1/search?q="],
        ),
        ("/?q=binding+arbitration&severity=medium&category=", &["4 clauses, 4 platforms", "chip pressed"]),
        ("/?q=xylophone", &["No clause holds enough of these words."]),
        ("/?category=dispute-resolution", &["13 clauses"]),
        (
            "/clauses/p02.disputes",
            &[
                "How other platforms handle this",
                "11 platforms, 12 clauses, of 13 platforms tracked",
                "High severity",
                "identical wording",
                "1 more on this platform",
                "Same wording on",
                "Shared: ",
                "Cite as",
                "<a class=\"chip\" href=\"/clauses/p02.disputes?explain=true\">What only one of two says</a>",
                "CC0-1.0",
                "/v1/clauses/p02.disputes/comparables",
            ],
        ),
        (
            "/clauses/p02.disputes?platform=p11&group_by=none",
            &["1 platform, 2 clauses, of 13 platforms tracked"],
        ),
        ("/clauses/p02.disputes?explain=true", &["Only here: <span title=\"opt out\">opt-out</span>"]),
        ("/clauses/p00.disputes?explain=true", &["Only in yours: <span title=\"opt out\">opt-out</span>"]),
        ("/clauses/p02.disputes?severity=low", &["none passes the filters"]),
        ("/clauses/zz.markup", &["No clause of another platform is close enough"]),
    ] {
        let page = app.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let text = page.text();
        for part in expected {
            assert!(text.contains(part), "{path} lacks {part}:\n{text}");
        }
        assert!(page.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(!text.contains("style=") && !text.contains("<script"), "{path}");
        assert!(!text.contains("href=\"javascript:"), "{path}");
    }
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
async fn nothing_gets_out_of_its_place() {
    let app = TestApp::new();
    let text = "zebra &lt;script&gt;";
    for path in ["/clauses/zz.markup", "/?q=zebra", "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E+zebra"] {
        let page = app.get(path).await.text();
        for bad in ["<img", "<b>"] {
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
    assert_eq!(page.header("cache-control"), "no-store");
    let text = page.text();
    assert!(text.contains("12 platforms, ") && text.contains("class actions&lt;b&gt;."), "{text}");
    for link in text.split("href=\"").skip(1) {
        let target = link.split('"').next().unwrap();
        assert!(!target.contains("jury"), "{target}");
    }
    // The button for the next page carries its cursor, in a form with the text.
    let next = text.split("<button class=\"next\"").nth(1).expect("a next page");
    let with = next.split("value=\"").nth(1).expect("a value").split('"').next().unwrap();
    assert!(with.starts_with("cursor="), "{with}");
    let body = format!("{body}&with={}", with.replace('=', "%3D").replace('&', "%26"));
    let second = app.post("/", form, &body).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.text());
    assert!(second.text().contains("start=\"11\""), "{}", second.text());

    for (media_type, body, status) in [
        (form, "text=", StatusCode::BAD_REQUEST),
        (form, "", StatusCode::BAD_REQUEST),
        (form, "text=%", StatusCode::BAD_REQUEST),
        (form, "text=arbitration&nonsense=1", StatusCode::BAD_REQUEST),
        ("text/plain", "text=arbitration", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let page = app.post("/", media_type, body).await;
        assert_eq!(page.status, status, "{media_type} {body}");
        assert!(page.header("content-type").starts_with("text/html"));
    }
}

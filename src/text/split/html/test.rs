//! Tests on invented pages and on any text.

use super::super::{MAX_CHARS, split_html, split_markdown};
use super::strip_html;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Compares the clauses of a page, given as (headings, text), and their ranges with the page.
fn check(page: &str, expected: &[(&[&str], &str)]) {
    let clauses = split_html(page);
    let found: Vec<(Vec<&str>, &str)> = clauses
        .iter()
        .map(|clause| (clause.heading_path.iter().map(String::as_str).collect(), clause.text.as_str()))
        .collect();
    let expected: Vec<(Vec<&str>, &str)> =
        expected.iter().map(|(path, text)| (path.to_vec(), *text)).collect();
    assert_eq!(found, expected, "in {page:?}");
    for clause in &clauses {
        let source = page.get(clause.byte_range.clone()).unwrap_or("");
        let first = clause.text.split_whitespace().next().unwrap_or("").trim_end_matches(['.', ':']);
        assert!(strip_html(source).contains(first), "{first:?} is not in {source:?}");
    }
}

const FLY: &str = "You may fly a kite here on every day of the week.";
const PAY: &str = "You pay the fees in advance and we refund nothing.";

#[test]
fn reads_blocks_of_all_kinds() {
    check(
        "<!DOCTYPE html><html><head><title>Kites</title><style>p{}</style></head><body><h1>Kite Terms</h1>\
         <h2>1. Flying</h2><p>You may fly a kite here<br>on every day of the week.<h3>1.1 <a href=#f>Fees</a></h3>\
         <div>You pay the fees&nbsp;in <b>advance</b> and\r\nwe refund nothing.</div></body></html>",
        &[(&["Flying"], FLY), (&["Flying", "Fees"], PAY)],
    );
    check(
        "<p>You must not:<ul><li>fly at night<li>cut lines, such as:<ul><li>red ones</li></ul><li>shout.</ul>",
        &[(&[], "You must not: fly at night; cut lines, such as: red ones; shout.")],
    );
    check(
        "<dl><dt>Flying</dt><dd>You may fly a kite here on every day of the week.</dd><dt>Fees<dd><p>You pay the fees in advance and we refund nothing.</dl>",
        &[(&["Flying"], FLY), (&["Fees"], PAY)],
    );
    check(
        "<details><summary>Flying</summary>You may fly a kite here on every day of the week.</details><blockquote>You pay the fees in advance and we refund nothing.</blockquote>",
        &[(&["Flying"], &format!("{FLY} {PAY}"))],
    );
    check(
        "<p><strong>Flying.</strong> You may fly a kite here on every day of the week.</p><p><span style='font-weight: 700'>Fees</span></p><p>You pay the fees in advance and we refund nothing.</p>",
        &[(&["Flying"], FLY), (&["Fees"], PAY)],
    );
    check(
        "<table><tr><th>What<th>Rule<tr><td>Kites<td>You may fly a kite here on every day of the week.</table>",
        &[(&[], "Kites: You may fly a kite here on every day of the week.")],
    );
    check(
        "<table><tr><td><h2>Flying</h2><p>You may fly a kite here on every day of the week.</p></td></tr></table>",
        &[(&["Flying"], FLY)],
    );
    check(
        "<div role=heading aria-level=3>Flying</div>You may fly a kite here on every day of the week.",
        &[(&["Flying"], FLY)],
    );
    check(
        "<h2>Flying<a href='#flying'>¶</a></h2><p>You may fly a kite here on every day of the week.",
        &[(&["Flying"], FLY)],
    );
}

#[test]
fn reads_what_is_badly_nested() {
    check("<b><p>You may fly a kite</b> here on every day of the week.</p></div></p></table>", &[(&[], FLY)]);
    check(
        "<ul><li><p>You may fly a kite here on every day of the week.</ul></li><p>You pay the fees in advance and we refund nothing.",
        &[(&[], FLY), (&[], PAY)],
    );
    check("You may fly a kite here on every day of the week", &[(&[], FLY.trim_end_matches('.'))]);
    check("<p>A & B &notanentity; may fly a kite <here on every day of the week.", &[]);
    check(
        "<p>A &lt;b&gt; &amp;amp; kite may fly &#x201C;here&#8221; every day&hellip; &copy",
        &[(&[], "A &amp; kite may fly “here” every day… ©")],
    );
    check("", &[]);
}

#[test]
fn leaves_out_what_stands_around_the_text() {
    let page = |around: &str| format!("<body>{around}<p>{FLY}</p></body>");
    for around in [
        "<nav><p>We are a club that you may join at any time you like.</nav>",
        "<header>We are a club that you may join at any time.</header>",
        "<aside><p>We are a club that you may join at any time.</aside>",
        "<footer><p>We are a club that you may join at any time.</footer>",
        "<form>We are a club that you may join at any time. <input><select><option>You may not choose us.</select></form>",
        "<button>You may join at any time you like.</button>",
        "<script>if (a < b) { document.write('<p>You may join at any time.</p>'); }</script>",
        "<noscript><p>You may join at any time you like.</p></noscript>",
        "<svg><title>You may join at any time you like.</title><text>You may join here.</text></svg>",
        "<template><p>You may join at any time you like.</template>",
        "<!-- <p>You may join at any time you like.</p> -->",
        "<p hidden>You may join at any time you like.</p>",
        "<div style='color:red; Display : none'><p>You may join at any time.</div>",
        "<p aria-hidden=true>You may join at any time you like.</p>",
        "<div role=dialog><p>You may join at any time you like.</div>",
        "<div role=navigation>You may join at any time you like.</div>",
        "<div class='cookie-banner'><p>We use cookies, and you may refuse them.</div>",
        "<div id=onetrust-consent-sdk><p>We use cookies, and you may refuse them.</div>",
        "<div class=share-buttons>Share this with all of your friends.</div>",
        "<div class=relatedPosts><a href=/a>You may like this as well.</a></div>",
        "<span class=sr-only>You may join at any time you like.</span>",
        "<ul class=breadcrumbs><li>You are here in the club.</ul>",
        "<div><a href=/a>Our kites</a> <a href=/b>Our boats</a> <a href=/c>Our other things</a></div>",
    ] {
        let fill = format!("<p>{FLY}</p><p>{PAY}</p>").repeat(2);
        check(&page(&format!("{around}{fill}")), &[(&[], &[FLY, PAY, FLY, PAY, FLY].join(" "))]);
    }
}

#[test]
fn finds_the_main_text() {
    let text = format!("{FLY} {PAY}").repeat(3);
    let text = text.as_str();
    let around = "<p>We are a club that you may join at any time you like.</p>";
    for page in [
        format!("{around}<main><p>{text}</p></main>{around}"),
        format!("{around}<div role=main><p>{text}</p></div>{around}"),
        format!("{around}<article><p>{text}</p></article>{around}"),
        format!("{around}<main></main><article><p>{text}</p></article>{around}"),
        format!("<form>{around}<main><header><h1>Fees</h1></header><p>{text}</p></main></form>"),
    ] {
        let texts: Vec<String> = split_html(&page).into_iter().map(|clause| clause.text).collect();
        assert_eq!(texts, [text], "in {page}");
    }
    // Names that would be furniture elsewhere do not take the text away.
    for page in [
        format!("<body class='menu-open'><div class='has-sidebar'><p>{text}</p></div>"),
        format!("<div class='cookie-notice'><p>{text}</p></div>"),
        format!("<div class='md:shadow-menu bg-footer'><p>{text}</p></div><p>{text}</p>"),
        format!("<div class=menu-item><p>{text}</p></div><p>{text}</p>"),
        format!("<section id=feedback><p>{text}</p></section><p>{text}</p>"),
        format!("<form><div><p>{text}</p></div></form>"),
        format!("<button aria-controls=p>Fees</button><div id=p hidden><p>{text}</p></div>"),
        format!("<body style='visibility:hidden'><p>{text}</p>"),
    ] {
        let clauses = split_html(&page);
        assert!(clauses.iter().any(|clause| clause.text == text), "{clauses:?} in {page}");
    }
}

#[test]
fn the_same_text_gives_the_same_clauses_as_in_markdown() {
    let markdown = "# Kite Terms\n\n## 1. Flying\n\nYou must not:\n\n* fly at night\n* cut lines\n\n**Fees.** You pay them.\n\n| a | b |\n|---|---|\n| Kites | You may fly a kite here on every day of the week. |\n";
    let html = "<h1>Kite Terms</h1><h2>1. Flying</h2><p>You must not:</p><ul><li>fly at night</li><li>cut lines</li></ul><p><b>Fees.</b> You pay them.</p><table><tr><th>a</th><th>b</th></tr><tr><td>Kites</td><td>You may fly a kite here on every day of the week.</td></tr></table>";
    let texts = |clauses: Vec<super::super::SplitClause>| -> Vec<(Vec<String>, String)> {
        clauses.into_iter().map(|clause| (clause.heading_path, clause.text)).collect()
    };
    assert_eq!(texts(split_html(html)), texts(split_markdown(markdown)));
}

#[test]
fn numbered_lists_number_their_clauses() {
    let page = format!(
        "<ol start=3><li><p>{FLY} {PAY}</p></li><li value=9><p>{PAY} {FLY}</p></li><li>{FLY} {FLY} {PAY}</li></ol><ol type=a><li>{PAY} {PAY} {FLY}</ol>"
    );
    let numbers: Vec<Option<String>> = split_html(&page).into_iter().map(|clause| clause.number).collect();
    assert_eq!(numbers, [Some("3"), Some("9"), Some("10"), None].map(|number| number.map(str::to_owned)));
}

#[test]
fn strips_fragments() {
    for (fragment, text) in [
        ("You <b>may</b> fly&nbsp;it.", "You may fly it."),
        ("<p>One</p><p>Two<br>three</p>", "One Two three"),
        ("a &lt; b <!-- no --><script>x</script>", "a < b"),
        ("un<i>happy</i>", "unhappy"),
        ("", ""),
    ] {
        assert_eq!(strip_html(fragment), text);
    }
}

const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<ul>",
    "<li>",
    "</ul>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<b>",
    "</b>",
    "<a href=#a>",
    "</a>",
    "<h2>",
    "</h2>",
    "<main>",
    "</main>",
    "<nav>",
    "</nav>",
    "<br>",
    "<dl>",
    "<dt>",
    "<dd>",
    "<pre>",
    "</pre>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "&amp;",
    "&nbsp;",
    "&",
    "&#0;",
    "<",
    ">",
    "\r\n",
    "\n",
    "é",
    "中文。",
    "\u{0}",
    "You may fly a kite here. ",
    "You must not: ",
    "<svg>",
    "<title>",
    "<details>",
    "<summary>",
    "<button aria-expanded=true>",
    "</button>",
    "<p hidden>",
    "</x>",
];

fn check_invariants(page: &str) -> Result<(), TestCaseError> {
    let mut start = 0;
    for clause in split_html(page) {
        let range = clause.byte_range.clone();
        prop_assert!(range.start < range.end && range.start >= start);
        prop_assert!(page.get(range.clone()).is_some());
        start = range.start;
        prop_assert!((1..=MAX_CHARS).contains(&clause.text.chars().count()));
        prop_assert_eq!(clause.text.trim(), clause.text.as_str());
        prop_assert!(!clause.text.contains("  "));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn holds_for_any_text(page in "(\\PC|[ \n\r\t<>/&;=\"'!-]|<p>){0,300}") {
        check_invariants(&page)?;
        prop_assert!(!strip_html(&page).contains("  "));
    }

    #[test]
    fn holds_for_pages(picks in prop::collection::vec(0..PIECES.len(), 0..150), repeat in 1_usize..6) {
        let page: String = picks.iter().filter_map(|&pick| PIECES.get(pick).copied()).collect();
        check_invariants(&page.repeat(repeat))?;
    }
}

#[test]
fn takes_hostile_pages_in_seconds() {
    let cases = [
        "<div>",
        "<p>a",
        "<ul><li>",
        "<li>",
        "<b>",
        "<b>a</i>",
        "</div>",
        "<table>",
        "<table><tr><td>",
        "<td>",
        "<a href=#>a",
        "<svg>",
        "<svg><title>",
        "<h1>",
        "<dl><dt>",
        "<main>",
        "<main>a</main>",
        "&",
        "&amp;",
        "&amp",
        "<",
        "<!--",
        "<a b=c ",
        "<pre>\n",
        "<form>a",
        "<aside>",
        "<div class=share>",
        "<br>",
        "<details>",
        "<b><p></b>",
        "<span hidden>",
        "\r",
        "<button>",
        "<script>",
        "a<br>",
        "<td><li>",
        "<p>(a) b",
    ];
    for case in cases {
        let page = case.repeat(50_000 / case.len());
        let start = Instant::now();
        split_html(&page);
        let _ = strip_html(&page);
        // What is quadratic takes minutes; a busy machine does not.
        assert!(start.elapsed() < Duration::from_secs(30), "{case:?} took {:?}", start.elapsed());
    }
}

#[test]
fn text_that_lost_its_cell_stays_in_its_place() {
    let clauses = split_html("x><ul><table><tr>Ce<th><tr><td>e<th>U<tr><td>id<td>si<tr>dl><");
    let ranges: Vec<_> = clauses.iter().map(|clause| clause.byte_range.clone()).collect();
    assert!(!ranges.is_empty());
    assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start), "{ranges:?}");
}

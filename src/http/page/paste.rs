//! What was put into the one box: words, a clause, or a whole document. Nothing of a clause or a document
//! enters a URL, a log or the store.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::clause::render_comparables;
use super::entry::render_excerpt;
use super::label::{count_of, label_category, label_clause_type, render_severity, write_number};
use super::layout::{Page, write_problem};
use super::nothing::find_offers;
use super::place::{Place, Subject, WITH, borrow_pairs, link_path};
use crate::answer::{CheckedClause, ComparablesAnswer, Desk, DocumentCheck, Params, Source, pick_clause};
use crate::http::answer::ask;
use crate::http::extract::read_form;
use crate::http::pair::{Pair, read_pairs};
use crate::http::problem::{Code, Problem};
use crate::text::pasted::tell_kind;
pub(super) use crate::text::pasted::{Kind, MAX_DOCUMENT_CHARACTERS};

/// The field of words.
pub(super) const QUERY: &str = "q";

/// The field that says which of the two fields is meant, where both hold something.
pub(super) const FROM: &str = "from";

/// The field of the pasted text.
pub(super) const TEXT: &str = "text";

/// The field of the document that a clause was taken from.
pub(super) const DOCUMENT: &str = "document";

/// The field that says what the text is.
pub(super) const AS: &str = "as";

/// How many clauses of a document are shown at once.
const CLAUSES: usize = 25;

/// The form that the buttons of a document's clauses belong to.
const FORM: &str = "divided";

/// What came in the form.
#[derive(Default)]
struct Sent {
    query: String,
    text: String,
    document: Option<String>,
    kind: Option<Kind>,
    /// The number of a clause of the document.
    clause: Option<usize>,
    /// How many clauses of the document come before the page.
    skip: usize,
    /// Whether the button beside the words was pressed, and not one of those under the pasted text.
    from_query: bool,
    pairs: Vec<Pair>,
}

impl Sent {
    fn read(body: &str) -> Result<Self, Problem> {
        let mut sent = Self::default();
        // Browsers send line ends as CR LF, whatever was pasted.
        let lines = |value: String| value.replace("\r\n", "\n");
        let number = |name: &str, value: &str| {
            value.parse::<usize>().map_err(|_| Problem::bad_parameter(name, "must be a whole number"))
        };
        for (name, value) in read_pairs(body)? {
            match name.as_str() {
                QUERY => sent.query = value,
                TEXT => sent.text = lines(value),
                DOCUMENT => sent.document = Some(lines(value)),
                AS => {
                    let kind = Kind::ALL.into_iter().find(|(word, _)| *word == value);
                    let problem = "is query, clause or document";
                    sent.kind = Some(kind.ok_or_else(|| Problem::bad_parameter(AS, problem))?.1);
                }
                FROM => sent.from_query = value == QUERY,
                "clause" => sent.clause = Some(number("clause", &value)?),
                "skip" => sent.skip = number("skip", &value)?,
                WITH => sent.pairs.extend(read_pairs(&value)?),
                _ => sent.pairs.push((name, value)),
            }
        }
        Ok(sent)
    }
}

/// What was put into the box.
pub(in crate::http) async fn show_pasted(State(desk): State<Desk>, request: Request) -> Response {
    answer_pasted(desk, request).await.unwrap_or_else(|problem| write_problem(&problem))
}

async fn answer_pasted(desk: Desk, request: Request) -> Result<Response, Problem> {
    let body = read_form(request).await?;
    let body = std::str::from_utf8(&body)
        .map_err(|_| Problem::new(Code::BadParameter, "The form must be UTF-8."))?;
    let sent = Sent::read(body)?;
    let only_query = sent.from_query && !sent.query.trim().is_empty();
    let is_pasted = !only_query && !sent.text.trim().is_empty();
    let text = if is_pasted { sent.text } else { sent.query };
    if text.trim().is_empty() && sent.kind.is_some_and(|kind| kind != Kind::Query) {
        return Err(Problem::bad_parameter(TEXT, "is empty; paste a clause or a document there"));
    }
    let (given, number) = (sent.kind, sent.clause);
    let (kind, picked, text) = ask(desk.clone(), async move |_: &Desk| {
        let kind = match given.unwrap_or_else(|| tell_kind(&text)) {
            // What was pasted into its own field enters no URL, however short it is.
            Kind::Query if is_pasted => Kind::Clause,
            kind => kind,
        };
        let number = number.filter(|_| kind == Kind::Document);
        let picked = number.map(|number| pick_clause(&text, number)).transpose()?;
        Ok((kind, picked, text))
    })
    .await?;
    // The box of a search sends along how that was laid out, which means nothing here.
    let kept =
        |pairs: Vec<Pair>| pairs.into_iter().filter(|(name, _)| ![QUERY, "sort"].contains(&name.as_str()));
    match (kind, picked) {
        (Kind::Query, _) => Ok(redirect_to_search(text.trim(), &sent.pairs)),
        (Kind::Clause, _) => show_clause(desk, text, sent.document, kept(sent.pairs).collect()).await,
        (Kind::Document, None) => show_document(desk, text, sent.skip).await,
        (Kind::Document, Some(picked)) => show_clause(desk, picked, Some(text), Vec::new()).await,
    }
}

/// Words have a URL of their own.
fn redirect_to_search(query: &str, pairs: &[Pair]) -> Response {
    let asked = (!query.is_empty()).then_some((QUERY, query));
    let target = link_path("/", asked.into_iter().chain(borrow_pairs(pairs)));
    match HeaderValue::try_from(target) {
        Ok(target) => (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response(),
        Err(error) => Problem::internal(&error).into_response(),
    }
}

async fn show_clause(
    desk: Desk,
    text: String,
    document: Option<String>,
    pairs: Vec<Pair>,
) -> Result<Response, Problem> {
    let place =
        Place::new(Subject::Pasted { text: text.clone(), document }, pairs).with_default("fold", "wording");
    let params = Params::new(place.question());
    let asked = text.clone();
    let (place, answer, offers) = ask(desk.clone(), async move |desk: &Desk| {
        let source = Source::Text { text: &asked, platform: None, language: None };
        let answer: ComparablesAnswer = desk.find_comparables(source, params).await?;
        let offers = if answer.no_match.is_some() { find_offers(desk, &place).await? } else { Vec::new() };
        Ok((place, answer, offers))
    })
    .await?;
    let source = &answer.source;
    let main = html! {
        (place.render_form())
        section.clause {
            (render_way_back(&place))
            h1 { "Your text" }
            blockquote.legal lang=(source.language) dir="auto" { (text) }
            p.note {
                "Read as " (label_clause_type(&desk, &source.clause_type)) ", "
                (render_severity(&source.severity, true)) ", by rules. The text is not kept."
            }
        }
        (render_comparables(&desk, &place, &answer, &offers))
    };
    Ok(Page::new("Your text").with_text(&text).write(main))
}

fn render_way_back(place: &Place) -> Markup {
    html! {
        @if let Subject::Pasted { document: Some(document), .. } = place.subject() {
            form method="post" action="/" {
                input type="hidden" name=(AS) value=(Kind::Document.as_str());
                input type="hidden" name=(TEXT) value=(document);
                button.link type="submit" { "Back to your document" }
            }
        }
    }
}

async fn show_document(desk: Desk, text: String, skip: usize) -> Result<Response, Problem> {
    let asked = text.clone();
    let check: DocumentCheck =
        ask(desk.clone(), async move |desk: &Desk| desk.check_document(&asked, skip, CLAUSES).await).await?;
    let main = html! {
        h1 { "Your document" }
        (render_summary(&check, skip))
        form id=(FORM) method="post" action="/" {
            input type="hidden" name=(AS) value=(Kind::Document.as_str());
            input type="hidden" name=(TEXT) value=(text);
        }
        ol.entries start=(skip + 1) role="list" {
            @for clause in &check.clauses { li { (render_checked(&desk, clause)) } }
        }
        @if skip > 0 || skip + CLAUSES < check.total {
            nav.next aria-label="Pages" {
                @if skip > 0 {
                    button form=(FORM) name="skip" value=(skip.saturating_sub(CLAUSES)) { "Clauses before" }
                }
                @if skip + CLAUSES < check.total {
                    button form=(FORM) name="skip" value=(skip + CLAUSES) { "Next clauses" }
                }
            }
        }
    };
    // The document is in the form already: once is enough.
    Ok(Page::new("Your document").with_text("").write(main))
}

fn render_summary(check: &DocumentCheck, skip: usize) -> Markup {
    html! {
        p.counts role="status" {
            strong { (count_of(check.total as u64, "clause", "clauses")) }
            @if check.clauses.len() < check.total {
                ", of which these are " (skip + 1) " to " (skip + check.clauses.len())
            }
            ". Each is held against all other platforms; nothing of it is kept."
        }
        @if let Some(refusal) = &check.refusal {
            p.nothing { "This may be no agreement: " (refusal) ". It was divided all the same." }
        }
        @if !check.left_out.is_empty() {
            p.note { "Left out, as no part of it: " (check.left_out.join(", ")) "." }
        }
        @if check.total == 0 { p.nothing { "There is no clause in it: paste sentences, not headings or links." } }
    }
}

fn render_checked(desk: &Desk, clause: &CheckedClause) -> Markup {
    let name = clause.title.clone().unwrap_or_else(|| format!("Clause {}", clause.number));
    let source = &clause.source;
    let kind = &source.clause_type;
    html! {
        article.entry {
            header {
                span.rank { span.hidden { "Clause " } (clause.number) }
                @if kind == crate::taxonomy::UNTYPED {
                    span.tag { (source.categories.iter().map(|id| label_category(desk, id)).collect::<Vec<_>>().join(", ")) }
                } @else {
                    a href={ "/clause-types/" (kind) } { (label_clause_type(desk, kind)) }
                }
                (render_severity(&source.severity, true))
            }
            h2.title { (name) }
            (render_excerpt(&clause.excerpt, &source.language))
            p.ways {
                @if clause.counts.clauses == 0 {
                    span.tag { "Nothing comparable among " (count_of(clause.counts.platforms_tracked, "platform", "platforms")) }
                } @else {
                    button.link type="submit" form=(FORM) name="clause" value=(clause.number) {
                        (count_of(clause.counts.clauses, "comparable clause", "comparable clauses")) " on "
                        (write_number(clause.counts.platforms)) " of "
                        (count_of(clause.counts.platforms_tracked, "platform", "platforms"))
                        span.hidden { ": " (name) }
                    }
                }
            }
        }
    }
}

//! A badge: the clause's type, on how many platforms there is the like, and how severe it is.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use super::{CROSS_ORIGIN, Theme};
use crate::answer::{ClauseRecord, Desk};
use crate::http::answer::ask;
use crate::http::describe::BadgeProblems;
use crate::http::extract::{Asked, Name};
use crate::http::page::label::{count_of, label_clause_type};
use crate::http::parameter::{BadgeParams, ClausePath};
use crate::http::problem::Problem;
use crate::http::served::Served;
use crate::taxonomy::UNTYPED;

/// The router cannot divide `{id}.svg`, so path and description are two here.
#[derive(OpenApi)]
#[openapi(paths(draw_badge))]
struct BadgeApi;

/// The badge's route, with its description.
pub(super) fn collect_routes() -> OpenApiRouter<Served> {
    OpenApiRouter::with_openapi(BadgeApi::openapi()).route("/badge/clauses/{file}", get(draw_badge))
}

/// A badge for a clause
///
/// An SVG image that says the clause's type, on how many platforms there are comparable clauses, and how
/// severe it is; without scripts and fonts.
#[utoipa::path(
    get, path = "/badge/clauses/{id}.svg", tag = "embeds",
    params(ClausePath, BadgeParams),
    responses(
        (status = 200, description = "The image.", body = String, content_type = "image/svg+xml"),
        BadgeProblems
    )
)]
pub(super) async fn draw_badge(
    State(desk): State<Desk>,
    Name(file): Name,
    Asked(mut params): Asked,
) -> Result<Response, Problem> {
    let id = file.strip_suffix(".svg").ok_or_else(|| Problem::of_status(StatusCode::NOT_FOUND))?.to_owned();
    params.restrict(&["theme"])?;
    let theme = Theme::take(&mut params)?;
    let record = ask(desk.clone(), async move |desk: &Desk| desk.read_clause(&id).await).await?;
    let style = write_style(theme);
    let image = draw(&Words::of_clause(&desk, &record), &style).into_string();
    let hash = STANDARD.encode(Sha256::digest(&style));
    let policy = format!("default-src 'none'; style-src 'sha256-{hash}'");
    let mut response =
        ([(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")), CROSS_ORIGIN], image).into_response();
    let policy: Option<(HeaderName, HeaderValue)> =
        HeaderValue::try_from(policy).ok().map(|policy| (CONTENT_SECURITY_POLICY, policy));
    response.headers_mut().extend(policy.map(|(name, value)| (Some(name), value)));
    Ok(response)
}

/// What a badge says.
pub(super) struct Words {
    left: String,
    right: String,
    severity: &'static str,
    /// The same for those who do not see it.
    pub(super) whole: String,
}

impl Words {
    pub(super) fn of_clause(desk: &Desk, record: &ClauseRecord) -> Self {
        let clause_type = record.find_text(&["clause_type"]).filter(|id| *id != UNTYPED);
        let left = clause_type.map_or("clause", |id| label_clause_type(desk, id)).to_owned();
        let severity = match record.find_text(&["severity"]) {
            Some("high") => "high",
            Some("medium") => "medium",
            Some("low") => "low",
            _ => "unrated",
        };
        let platforms = match record.counts.platforms {
            0 => "no other platform".to_owned(),
            count => count_of(count, "platform", "platforms"),
        };
        // What rules inferred must not pass for anybody's word.
        let note = if record.is_inferred("severity") { " (inferred)" } else { "" };
        let whole = format!("{left}: comparable clauses on {platforms}, severity {severity}{note}");
        Self { right: format!("{platforms} · {severity}{note}"), left, severity, whole }
    }
}

/// Colours of the left part, and of the right one by severity; each behind its text.
struct Palette {
    left: [&'static str; 2],
    text: &'static str,
    severities: [(&'static str, &'static str); 4],
}

const LIGHT: Palette = Palette {
    left: ["#3b3f48", "#ffffff"],
    text: "#ffffff",
    severities: [("high", "#a3201d"), ("medium", "#7a4f00"), ("low", "#22663a"), ("unrated", "#4f5665")],
};

const DARK: Palette = Palette {
    left: ["#d9dce3", "#15171b"],
    text: "#15171b",
    severities: [("high", "#ff9b94"), ("medium", "#f1c168"), ("low", "#86d6a1"), ("unrated", "#a3a9b6")],
};

fn write_style(theme: Theme) -> String {
    let dark = write_palette(&DARK);
    match theme {
        Theme::Light => write_palette(&LIGHT),
        Theme::Dark => dark,
        Theme::Auto => format!("{}@media (prefers-color-scheme:dark){{{dark}}}", write_palette(&LIGHT)),
    }
}

fn write_palette(palette: &Palette) -> String {
    let [left, left_text] = palette.left;
    let severities = palette.severities.map(|(severity, colour)| format!(".{severity}{{fill:{colour}}}"));
    format!(
        ".left{{fill:{left}}}.left-text{{fill:{left_text}}}.right-text{{fill:{}}}{}",
        palette.text,
        severities.concat()
    )
}

/// Pixels beside each text, and the height.
const PADDING: u32 = 7;
const HEIGHT: u32 = 20;

fn draw(words: &Words, style: &str) -> Markup {
    let (left, right) = (measure_text(&words.left), measure_text(&words.right));
    let edge = left + 2 * PADDING;
    let width = edge + right + 2 * PADDING;
    html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(width) height=(HEIGHT) viewBox={ "0 0 " (width) " " (HEIGHT) }
            role="img" aria-label=(words.whole) {
            title { (words.whole) }
            style { (PreEscaped(style)) }
            rect class="left" width=(edge) height=(HEIGHT) {}
            rect class=(words.severity) x=(edge) width=(width - edge) height=(HEIGHT) {}
            g font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11" {
                text class="left-text" x=(PADDING) y="14" textLength=(left) { (words.left) }
                text class="right-text" x=(edge + PADDING) y="14" textLength=(right) { (words.right) }
            }
        }
    }
}

/// About how many pixels a text is wide in Verdana of 11 pixels; the image asks for just that.
fn measure_text(text: &str) -> u32 {
    let tenths: u32 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 35,
            'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '/' | '·' => 44,
            'm' | 'w' | 'M' | 'W' | '@' | '%' | '&' => 100,
            'A'..='Z' => 78,
            ' '..='~' => 66,
            // Ideographs and the like are as wide as they are high.
            '\u{1100}'.. => 115,
            _ => 70,
        })
        .sum();
    tenths.div_ceil(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_is_as_wide_as_its_words() {
        let check = |text: &str, expected: u32| assert_eq!(measure_text(text), expected, "{text}");
        check("", 0);
        check("ill", 11);
        check("41 platforms · high", 105);
        check("条款", 23);
    }

    #[test]
    fn what_is_written_stays_text() {
        let words = Words {
            left: "<script>&\"".to_owned(),
            right: "1 platform · high".to_owned(),
            severity: "high",
            whole: "\"><script>".to_owned(),
        };
        let image = draw(&words, &write_style(Theme::Auto)).into_string();
        assert!(!image.contains("<script>"), "{image}");
        let mut reader = quick_xml::Reader::from_str(&image);
        loop {
            match reader.read_event().expect("XML") {
                quick_xml::events::Event::Eof => break,
                _ => continue,
            }
        }
    }
}

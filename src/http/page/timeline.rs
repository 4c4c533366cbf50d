//! The times in which the wordings of a clause stood, drawn and told.

use maud::{Markup, html};

use super::label::{count_of, render_day};
use super::place::link_path;
use crate::answer::{HistoryAnswer, SpanView, Stability, WordingView};
use crate::clause::{Cause, Day};

/// The drawing's size, in its own units.
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 26.0;

/// How many times are told in the table, at most, the latest.
const ROWS: usize = 50;

/// A time in which a wording stood, in days.
struct Bar {
    wording: u64,
    from: i32,
    to: i32,
}

/// How a clause has stood, in a sentence, drawn, and as a table. `history` is only read for a clause with
/// several wordings.
pub(super) fn render_timeline(id: &str, stability: &Stability, history: Option<&HistoryAnswer>) -> Markup {
    html! {
        p { (tell(stability)) }
        @let bars = history.map_or_else(|| draw_single(stability), draw_history);
        (draw(stability, &bars))
        @if let Some(history) = history { (render_table(id, history)) }
    }
}

fn tell(stability: &Stability) -> Markup {
    html! {
        @match stability.changes {
            0 => strong { "No change by the platform was seen" },
            1 => strong { "Changed once by the platform" },
            count => strong { "Changed " (count) " times by the platform" },
        }
        @if let Some(day) = &stability.changed_on { ", last on " (render_day(day)) }
        @if let Some(months) = stability.months_observed {
            ", in " (count_of(months, "whole month", "whole months")) " of observation"
        }
        "."
        @if stability.flaps { " The page serves several texts in turn." }
        @match (&stability.first_seen, &stability.last_seen) {
            (Some(first), Some(last)) => { " First seen " (render_day(first)) ", last seen " (render_day(last)) "." },
            (Some(first), None) => { " First seen " (render_day(first)) "." },
            (None, Some(last)) => { " Last seen " (render_day(last)) "; since when it stands is not known." },
            (None, None) => { " Since when it stands is not known." },
        }
        " Recorded here " (render_day(&stability.recorded_at)) "."
    }
}

fn draw_single(stability: &Stability) -> Vec<Bar> {
    let day = |text: &Option<String>| text.as_deref().and_then(Day::parse);
    match (day(&stability.first_seen), day(&stability.last_seen)) {
        (Some(first), Some(last)) if first < last => vec![Bar { wording: 1, from: first.0, to: last.0 }],
        _ => Vec::new(),
    }
}

fn draw_history(history: &HistoryAnswer) -> Vec<Bar> {
    let last = history.stability.last_seen.as_deref().and_then(Day::parse);
    let spans =
        history.wordings.iter().flat_map(|wording| wording.spans.iter().map(move |span| (wording, span)));
    let mut bars: Vec<Bar> = spans
        .filter_map(|(wording, span)| {
            let from = span.began_at.as_deref().and_then(Day::parse)?;
            let to = span.ended_at.as_deref().and_then(Day::parse).or(last).unwrap_or(from);
            Some(Bar { wording: wording.number, from: from.0, to: to.0.max(from.0) })
        })
        .collect();
    bars.sort_by_key(|bar| bar.from);
    bars
}

/// One bar a wording, side by side on a line of time; a stroke where one follows the other.
fn draw(stability: &Stability, bars: &[Bar]) -> Markup {
    let (Some(first), Some(last)) =
        (bars.iter().map(|bar| bar.from).min(), bars.iter().map(|bar| bar.to).max())
    else {
        return html! {};
    };
    let length = f64::from((last - first).max(1));
    let place = |day: i32| f64::from(day - first) / length * (WIDTH - 2.0) + 1.0;
    let label = format!(
        "{} from {} to {}",
        count_of(stability.wordings, "wording", "wordings"),
        Day(first),
        Day(last)
    );
    html! {
        svg.timeline role="img" aria-label=(label) viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) {
            title { (label) }
            @for (order, bar) in bars.iter().enumerate() {
                @let (from, to) = (place(bar.from), place(bar.to));
                rect class={ "span" (order % 2) } x=(write(from)) y="8" width=(write((to - from).max(1.5))) height="10" {
                    title { "Wording " (bar.wording) ": " (Day(bar.from)) " to " (Day(bar.to)) }
                }
                @if order > 0 { line x1=(write(from)) x2=(write(from)) y1="3" y2="23" {} }
            }
        }
        p.ends aria-hidden="true" { span { (Day(first)) } span { (Day(last)) } }
    }
}

fn write(number: f64) -> String {
    format!("{number:.1}")
}

fn render_table(id: &str, history: &HistoryAnswer) -> Markup {
    let mut rows: Vec<(&WordingView, &SpanView)> = history
        .wordings
        .iter()
        .flat_map(|wording| wording.spans.iter().map(move |span| (wording, span)))
        .collect();
    rows.sort_by(|one, two| one.1.began_at.cmp(&two.1.began_at));
    let before: Vec<Option<u64>> =
        std::iter::once(None).chain(rows.iter().map(|(wording, _)| Some(wording.number))).collect();
    let all = rows.len();
    html! {
        details {
            summary { (count_of(history.total, "wording", "wordings")) ", one by one" }
            @if all > ROWS { p.note { "The latest " (ROWS) " of " (all) " times." } }
            table.wordings {
                thead { tr { th scope="col" { "Wording" } th scope="col" { "From" } th scope="col" { "To" } th scope="col" { "Changed" } } }
                tbody {
                    @for ((wording, span), before) in rows.iter().zip(before).rev().take(ROWS) {
                        tr {
                            th scope="row" { (wording.number) @if wording.live { " (stands)" } }
                            td { @match &span.began_at { Some(day) => (render_day(day)), None => "not known" } }
                            td { @match &span.ended_at { Some(day) => (render_day(day)), None => "—" } }
                            td {
                                @match before.filter(|before| *before != wording.number) {
                                    Some(before) => {
                                        @let (a, b) = (format!("{id}@{before}"), format!("{id}@{}", wording.number));
                                        a href=(link_path("/compare", [("a", a.as_str()), ("b", b.as_str())])) {
                                            "See" span.hidden { " how wording " (wording.number) " differs from " (before) }
                                        }
                                        " " (tell_cause(span.began_by))
                                    },
                                    None => "—",
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn tell_cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Platform => "by the platform",
        Cause::Archive => "by the archive",
        Cause::First | Cause::Record => "",
    }
}

//! Charts as SVG, drawn here. Geometry stands in attributes and colours in classes of the style sheet,
//! because the policy of the pages allows no style of their own. Widths are shares of whatever room
//! there is, so that words keep their size on a narrow screen.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::label::shape_severity;

/// The severities in the order in which they are told.
pub(super) const SEVERITIES: [&str; 4] = ["high", "medium", "low", "unrated"];

/// The height of a row of bars, in pixels.
const ROW: usize = 44;

/// A part narrower than this many thousandths of the whole has no sign in it.
const ROOM_FOR_SIGN: u64 = 60;

/// A row of a chart of bars.
pub(super) struct Bar<'a> {
    /// What it is about.
    pub(super) label: &'a str,
    /// How much it is, in words.
    pub(super) amount: String,
    /// The severity that it is of.
    pub(super) severity: &'a str,
    /// How much it is.
    pub(super) value: u64,
}

/// Bars, each as long as its value is beside the whole.
pub(super) fn draw_bars(name: &str, bars: &[Bar<'_>], whole: u64) -> Markup {
    html! {
        svg.bar-chart role="img" aria-label=(name) width="100%" height=(bars.len() * ROW) {
            title { (name) }
            @for (place, bar) in bars.iter().enumerate() {
                @let top = place * ROW;
                text.chart-label x="0" y=(top + 16) { (shape_severity(bar.severity)) " " (bar.label) }
                text.chart-amount x="100%" y=(top + 16) text-anchor="end" { (bar.amount) }
                rect.chart-track x="0" y=(top + 23) width="100%" height="10" rx="2" {}
                rect.chart-fill.(bar.severity) x="0" y=(top + 23) width=(width_of(bar.value, whole)) height="10" rx="2" {}
            }
        }
    }
}

/// Clauses by severity as one bar in parts.
pub(super) fn draw_severities(name: &str, counts: &BTreeMap<String, u64>) -> Markup {
    let whole: u64 = counts.values().sum();
    let mut before = 0;
    let parts: Vec<(&str, u64, u64)> = SEVERITIES
        .into_iter()
        .filter_map(|severity| {
            let count = counts.get(severity).copied().filter(|count| *count > 0)?;
            let start = before;
            before += count;
            Some((severity, start, count))
        })
        .collect();
    html! {
        svg.severity-bar role="img" aria-label=(name) width="100%" height="24" {
            title { (name) }
            @for (severity, start, count) in &parts {
                rect.chart-fill.(severity) x=(width_of(*start, whole)) y="0" width=(width_of(*count, whole)) height="24" {}
                @if count * 1_000 >= whole * ROOM_FOR_SIGN {
                    text.chart-sign x=(width_of(start * 2 + count, whole * 2)) y="17" text-anchor="middle" {
                        (shape_severity(severity))
                    }
                }
            }
        }
    }
}

/// Two shares, one over the other: the upper of what is told of, the lower of what it is held against.
/// Their numbers stand beside, so nothing is said here.
pub(super) fn draw_shares(here: f64, elsewhere: Option<f64>, greatest: f64) -> Markup {
    let scale = |share: f64| {
        let part = if greatest > 0.0 { share / greatest * 100.0 } else { 0.0 };
        format!("{:.1}%", part.clamp(0.0, 100.0))
    };
    html! {
        svg.share-bars aria-hidden="true" width="100%" height="20" {
            rect.share-here x="0" y="2" width=(scale(here)) height="8" rx="1" {}
            @if let Some(elsewhere) = elsewhere {
                rect.share-elsewhere x="0" y="12" width=(scale(elsewhere)) height="5" rx="1" {}
            }
        }
    }
}

/// A sample of a bar for a legend.
pub(super) fn draw_sample(class: &str) -> Markup {
    html! {
        svg.share-sample aria-hidden="true" width="22" height="10" {
            rect.(class) x="0" y="1" width="22" height="8" rx="1" {}
        }
    }
}

/// A width in percent, to a tenth.
fn width_of(value: u64, whole: u64) -> String {
    let thousandths = (value * 1_000 + whole / 2).checked_div(whole).unwrap_or(0).min(1_000);
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_shares_of_the_whole() {
        for (value, whole, expected) in
            [(0, 0, "0.0%"), (1, 3, "33.3%"), (2, 3, "66.7%"), (3, 3, "100.0%"), (9, 3, "100.0%")]
        {
            assert_eq!(width_of(value, whole), expected, "{value} of {whole}");
        }
    }

    #[test]
    fn parts_of_a_bar_fill_it() {
        let counts = BTreeMap::from([("high".to_owned(), 1), ("low".to_owned(), 3)]);
        let drawn = draw_severities("Clauses", &counts).into_string();
        assert!(drawn.contains("chart-fill high\" x=\"0.0%\" y=\"0\" width=\"25.0%\""), "{drawn}");
        assert!(drawn.contains("chart-fill low\" x=\"25.0%\" y=\"0\" width=\"75.0%\""), "{drawn}");
        assert!(drawn.contains("x=\"62.5%\"") && drawn.contains("●"), "{drawn}");
        assert!(!drawn.contains("medium") && !drawn.contains("style="), "{drawn}");
        assert!(draw_severities("Nothing", &BTreeMap::new()).into_string().contains("Nothing"));
    }
}

//! A clause to be cited and shared.

use maud::{Markup, html};

use super::place::link_clause;
use crate::answer::ClauseRecord;
use crate::http::origin::Origin;
use crate::http::pair::write_pairs;

/// Citations in three forms, each copied by one click, and links to share.
pub(super) fn render_citation(id: &str, record: &ClauseRecord, origin: &Origin) -> Markup {
    let address = origin.link(&link_clause(id, []));
    let csl = serde_json::to_string_pretty(&[&record.citation_csl]).unwrap_or_default();
    let forms = [
        ("plain", "citation", &record.citation.text),
        ("bibtex", "BibTeX", &record.citation_bibtex),
        ("json", "JSON", &csl),
    ];
    html! {
        section id="cite" {
            h2 { "Cite and share" }
            div.copies {
                @for (name, label, _) in forms {
                    button.copy type="button" data-copy={ "cite-" (name) } hidden { "Copy " (label) }
                    span.copied role="status" {}
                }
            }
            @for (name, label, text) in forms {
                @let target = format!("cite-{name}");
                details.cite open[name == "plain"] {
                    summary { @if name == "plain" { "Plain" } @else { (label) } }
                    @if name == "plain" { p id=(target) { (text) } } @else { pre id=(target) tabindex="0" { (text) } }
                }
            }
            p.note { "JSON is CSL-JSON, which programs for references read." }
            p.share-line {
                label for="share" { "Address of this page" }
                input id="share" readonly value=(address);
            }
            p.ways {
                button.copy type="button" data-copy="share" hidden { "Copy the address" } span.copied role="status" {}
                button.share type="button" data-share=(address) hidden { "Share" }
                button.print type="button" hidden { "Print or save as PDF" }
                a href={ "/embed/builder?" (write_pairs([("clause", id)])) } { "Show this on your own page" }
                a href={ "/v1/clauses/" (id) } { "The clause as JSON" }
            }
            p.note { "This is no legal advice." }
        }
    }
}

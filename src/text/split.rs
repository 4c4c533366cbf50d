//! Cutting documents into clauses.

mod absorb;
mod address;
mod assemble;
mod builder;
mod card;
mod clean;
mod contents;
mod context;
mod counted;
mod cut;
mod depend;
mod divide;
mod document;
mod flat;
mod gather;
mod heading;
mod history;
mod html;
mod inline;
mod joint;
mod layout;
mod lead;
mod line;
mod list;
mod markdown;
mod mend;
mod noise;
mod outline;
mod pair;
mod plain;
mod rank;
mod reference;
mod reflow;
mod row;
mod scope;
mod table;

pub use self::document::{Form, SplitDocument, split_document};
pub use self::html::strip_html;

use self::assemble::{Draft, MAX_CHARS, assemble_section};
use self::clean::clean_text;
use self::context::{read_item_number, read_number};
use self::counted::cut_counted;
use self::flat::gather_records;
use self::html::parse_html;
use self::markdown::{Block, parse_blocks};
use self::outline::{Outline, outline_blocks};
use self::pair::join_pairs;
use self::plain::parse_plain;
use self::reference::find_references;
use self::reflow::reflow_blocks;
use self::scope::{complete_lead, drop_bare_leads};
use std::ops::Range;

/// The version of the rules by which documents are divided: raised whenever they give other clauses
/// of a document, so that importers divide what they hold once more.
pub const SPLIT_VERSION: u32 = 6;

/// Longest title, in characters.
const MAX_TITLE: usize = 200;
/// Most heading levels in a title.
const TITLE_LEVELS: usize = 3;

/// One provision cut out of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitClause {
    /// Plain text of 1 to 3,000 characters without Markdown; the paragraphs and list items
    /// of the clause are joined by single spaces.
    pub text: String,
    /// Titles of the headings above, outermost first, without numbering.
    pub heading_path: Vec<String>,
    /// Half-open range of UTF-8 bytes in the document from which the text was taken, a lead-in
    /// repeated from before apart. Ranges of clauses are in order and do not overlap.
    pub byte_range: Range<usize>,
    /// The provision's own number as written ("4.2", "(b)", "Article 5"): from its text, or from
    /// the heading right above if the clause is the first one beneath it.
    pub number: Option<String>,
    /// The sentence or row of column heads that governs the list, table or run of sections of which
    /// the clause is a part. The text begins with it where the clause cannot be read without it.
    pub lead_in: Option<String>,
    /// Cross-references in the text as written ("Section 13", "Articles 5 and 6"), each once, at
    /// most 20.
    pub references: Vec<String>,
    /// The box that sums the clause up ("In short: …"), without its opening words.
    pub summary: Option<String>,
}

impl SplitClause {
    /// Joins the last three headings of the path, as in "Payment › Fees".
    ///
    /// At most 200 characters: fewer headings if they are longer, and one that is so is cut at a
    /// word; `None` when no heading stands above.
    pub fn title(&self) -> Option<String> {
        let levels = self.heading_path.len();
        let join =
            |count: usize| self.heading_path.get(levels.saturating_sub(count)..).unwrap_or(&[]).join(" › ");
        let fits = |title: &String| title.chars().count() <= MAX_TITLE;
        let title = (1..=TITLE_LEVELS).rev().map(join).find(fits).unwrap_or_else(|| join(1));
        (!title.is_empty()).then(|| cut_at_word(&title, MAX_TITLE))
    }
}

/// Cuts a Markdown document into its provisions, in the order of the document.
///
/// Headings, tables of contents, navigation, dates and other furniture of pages are left
/// out. Never fails: what is not Markdown is read as plain paragraphs.
pub fn split_markdown(document: &str) -> Vec<SplitClause> {
    split_blocks(parse_blocks(document), document)
}

/// Cuts a saved web page into its provisions, as [`split_markdown`] does: its main text is found,
/// and menus, banners, forms and what is hidden are left out.
///
/// Never fails: any text is read as browsers read it. Byte ranges are those of the page itself.
pub fn split_html(document: &str) -> Vec<SplitClause> {
    split_blocks(parse_html(document), document)
}

/// Cuts a plain text into its provisions, as [`split_markdown`] does: hard-wrapped lines are
/// joined; numbers, capitals and underlines make headings.
pub fn split_plain(document: &str) -> Vec<SplitClause> {
    split_blocks(parse_plain(document), document)
}

fn split_blocks(blocks: Vec<Block>, document: &str) -> Vec<SplitClause> {
    let Outline { sections, scopes } =
        outline_blocks(gather_records(join_pairs(cut_counted(reflow_blocks(blocks)))));
    let drafts: Vec<Draft> = sections.into_iter().flat_map(assemble_section).collect();
    let mut clauses: Vec<SplitClause> = drop_bare_leads(drafts, &scopes)
        .into_iter()
        .map(|mut draft| {
            draft.lead_in = complete_lead(&scopes, draft.text.range.start, draft.lead_in.take());
            draft
        })
        .filter_map(|draft| finish_clause(draft, document))
        .collect();
    clauses.sort_by_key(|clause| clause.byte_range.start);
    clauses
}

fn finish_clause(draft: Draft, document: &str) -> Option<SplitClause> {
    let text = cut_at_word(trim_ends(&clean_text(&draft.text.text)), MAX_CHARS);
    let byte_range = fit_range(document, draft.text.range)?;
    let own = draft.text.text.get(draft.own_from..).unwrap_or("");
    let counted =
        |ordinal: u64| read_item_number(document, byte_range.start).unwrap_or_else(|| ordinal.to_string());
    let ordinal = draft.ordinal.map(counted);
    let number = read_number(own).or(ordinal).or(draft.number);
    let references = find_references(&text);
    text.chars().any(char::is_alphanumeric).then_some(SplitClause {
        text,
        heading_path: draft.path,
        byte_range,
        number,
        lead_in: draft.lead_in,
        references,
        summary: draft.summary,
    })
}

/// Takes off link texts that pages put after a paragraph, and marks that lost their word.
fn trim_ends(text: &str) -> &str {
    let text = text.trim_start_matches([':', ';', ',', '–', '-', '.', ')', ' ']);
    ["Learn more", "Learn more.", "Read more", "More information", "More Information"]
        .iter()
        .find_map(|pointer| text.strip_suffix(pointer)?.strip_suffix(". "))
        .map_or(text, |head| text.get(..head.len() + 1).unwrap_or(head))
}

/// Moves a range onto character boundaries and off the white space at its ends.
fn fit_range(document: &str, range: Range<usize>) -> Option<Range<usize>> {
    let mut start = range.start.min(document.len());
    while !document.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = range.end.min(document.len());
    while !document.is_char_boundary(end) {
        end += 1;
    }
    let raw = document.get(start..end)?;
    let start = start + (raw.len() - raw.trim_start().len());
    let end = start + raw.trim().len();
    (start < end).then_some(start..end)
}

/// Shortens a text to at most `limit` characters, between words where there are any.
fn cut_at_word(text: &str, limit: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(limit) else {
        return text.to_owned();
    };
    let head = text.get(..cut).unwrap_or("");
    let ends_word = text.get(cut..).is_some_and(|tail| tail.starts_with(char::is_whitespace));
    let end = if ends_word { head.len() } else { head.rfind(' ').unwrap_or(head.len()) };
    head.get(..end).unwrap_or("").trim_end().to_owned()
}

#[cfg(test)]
mod property;
#[cfg(test)]
mod test;
#[cfg(test)]
mod test_lead;
#[cfg(test)]
mod test_outline;

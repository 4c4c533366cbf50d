//! How high a frame must be, from the texts that it shows: nothing in it can tell its host.

use super::Embed;
use crate::http::page::clause::title_of;

/// Pixels beside a line: the frame's padding, and a quotation's rule and indent.
const PADDING: usize = 28;
const QUOTATION: usize = 13;

/// The mean width of a character in a wide font, and the height of a line, in pixels.
const CHARACTER: usize = 8;
const LINE: usize = 23;

/// How many characters a line loses where it is broken between words.
const LOST: usize = 1;

/// Pixels between what is shown: in all of it, and at a clause or card.
const AROUND_ALL: usize = 90;
const AROUND_CLAUSE: usize = 34;

/// The least height that shows anything, in pixels.
const LEAST: usize = 160;

/// What stands in a line beside texts: severity and tier, a date, the name of a licence's line.
const LABELS: usize = 30;

/// About how many pixels an embed is high at a width.
pub(super) fn estimate_height(embed: &Embed, width: usize) -> usize {
    let lines = |characters: usize, beside: usize| {
        let a_line = (width.saturating_sub(PADDING + beside) / CHARACTER).saturating_sub(LOST).max(8);
        characters.div_ceil(a_line).max(1) * LINE
    };
    let line = |parts: &[&str]| lines(parts.iter().map(|part| part.chars().count()).sum(), 0);
    let quotation =
        |text: &str| text.lines().map(|line| lines(line.chars().count(), QUOTATION)).sum::<usize>();
    let record = &embed.record;
    let text = |path: &[&str]| record.find_text(path).unwrap_or_default();
    let labels = " ".repeat(LABELS);
    let mut all = AROUND_ALL + AROUND_CLAUSE;
    all += line(&[text(&["platform", "name"]), text(&["document", "title"]), &labels]);
    all += line(&[&title_of(record)]) + quotation(&record.excerpt().text);
    all +=
        line(&[text(&["collection", "attribution"]), text(&["collection", "license"]), "Source: , licence "]);
    // The head and counts of the comparables, and the foot.
    all += 3 * line(&[&labels, &labels]);
    if let Some(no_match) = &embed.answer.no_match {
        all += line(&[&no_match.message]);
    }
    for card in embed.answer.cards.as_deref().unwrap_or_default() {
        let clause = &card.clause;
        all += AROUND_CLAUSE;
        all += line(&[&card.platform.name, &labels]);
        all += line(&[clause.title.as_deref().unwrap_or(&clause.document.title)]);
        all += quotation(&card.excerpt.text);
        all += line(&[&clause.document.title, ", captured 2000-01-01"]);
        if let Some(collection) = &clause.collection {
            let [license, attribution] = [&collection.license, &collection.attribution]
                .map(|text| text.as_deref().unwrap_or_default());
            all += line(&["Source: , licence ", license, attribution]);
        }
    }
    all
}

/// A height that a host allows; what does not fit is scrolled to.
pub(super) fn hold(height: usize, most: usize) -> usize {
    height.max(LEAST).min(most)
}

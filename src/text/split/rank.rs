//! Evening out the ranks of headings that belong to one series.

use super::heading::{
    BOLD_RANK, CAPITALS_RANK, HeadingStack, MAX_REAL_RANK, PLAIN_RANK, is_remark, make_title, number_length,
};
use super::inline::Inline;
use super::line::is_plain_title;
use super::noise::{count_sentence_words, ends_sentence};
use super::outline::{Part, Piece};
use std::collections::HashMap;

/// Fewest headings in bold among which one in capitals is no higher than they.
const MIN_SIBLINGS: usize = 5;
/// What a Roman numeral counts from.
const ROMAN: u64 = 1_000_000;
/// Longest Roman numeral that is read, in letters.
const MAX_ROMAN: usize = 7;
/// Fewest headings of one page with the same title if that is a label.
const MIN_LABELS: usize = 3;

/// Names of parts that are put behind an agreement, in lower case.
const SCHEDULES: &[&str] =
    &["schedule", "annex", "appendix", "exhibit", "attachment", "anlage", "anhang", "annexe"];

/// Longest title above a label, in characters.
const MAX_LABELLED: usize = 120;

/// Counts how often each title heads something on one page.
pub(crate) fn count_titles(pieces: &[Piece]) -> HashMap<String, usize> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut page: HashMap<String, usize> = HashMap::new();
    for piece in pieces {
        match piece {
            Piece::Heading(_, inline) => *page.entry(make_title(&inline.text)).or_default() += 1,
            Piece::PageBreak => merge_counts(&mut counts, page.drain()),
            _ => {}
        }
    }
    merge_counts(&mut counts, page.drain());
    counts
}

/// Makes headings of the plain titles right above a label in bold that recurs on the page, as
/// "Repairs" above "What we do:". One line between them may say whom it concerns.
pub(crate) fn promote_labelled(pieces: &mut [Piece]) {
    let counts = count_titles(pieces);
    let mut lines: HashMap<String, usize> = HashMap::new();
    // The places of the titles above each label.
    let mut titles: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Part(Part::Text(line)) if is_labelled_title(line) => {
                *lines.entry(make_title(&line.text)).or_default() += 1;
            }
            Piece::Heading(rank, label) if (BOLD_RANK..PLAIN_RANK).contains(rank) => {
                if let Some(title) = find_title_above(pieces, at) {
                    titles.entry(make_title(&label.text)).or_default().push(title);
                }
            }
            _ => {}
        }
    }
    for (label, places) in titles {
        let count = counts.get(&label).copied().unwrap_or(0);
        // What is too long for a plain title is one where the others are.
        let is_plain = |at: &&usize| matches!(pieces.get(**at), Some(Piece::Part(Part::Text(line))) if is_plain_title(line));
        let plain = places.iter().filter(is_plain).count();
        if plain < MIN_LABELS || plain * 3 < count {
            continue;
        }
        for at in places {
            let Some(Piece::Part(Part::Text(line))) = pieces.get_mut(at) else {
                continue;
            };
            if lines.get(&make_title(&line.text)).is_none_or(|times| times * 2 > count) {
                continue;
            }
            let mut title = std::mem::take(line);
            // The line between a title and its label is a part of the title.
            if let Some(piece) = pieces.get_mut(at + 1)
                && let Piece::Part(Part::Text(line)) = piece
            {
                let bare = line.text.trim_start_matches(is_sign);
                let start = line.text.len() - bare.len();
                let length = bare.find(is_circled).unwrap_or(bare.len());
                title.append(&line.slice(start..start + length), Some(':'));
                *piece = Piece::Rule;
            }
            if let Some(piece) = pieces.get_mut(at) {
                *piece = Piece::Heading(BOLD_RANK - 1, title);
            }
        }
    }
}

/// Tells whether a sign stands for no letter or digit, or is one in a circle.
fn is_sign(c: char) -> bool {
    !c.is_alphanumeric() || is_circled(c)
}

fn is_circled(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24ff}')
}

/// Tells whether a line may be the title above a label: it is longer than other plain titles at most.
fn is_labelled_title(line: &Inline) -> bool {
    is_plain_title(line)
        || line.char_len() <= MAX_LABELLED
            && line.text.starts_with(char::is_uppercase)
            && !line.text.ends_with([':', ';', ','])
            && !ends_sentence(&line.text)
            && !line.text.contains('\n')
            && line.links.is_empty()
}

/// Finds the plain title right above a heading, or above a mark that stands between the two.
fn find_title_above(pieces: &[Piece], at: usize) -> Option<usize> {
    let text = |at: usize| match pieces.get(at) {
        Some(Piece::Part(Part::Text(line))) => Some(line),
        _ => None,
    };
    let last = at.checked_sub(1)?;
    let line = text(last)?;
    let is_mark = line.text.starts_with(is_sign) && !ends_sentence(&line.text);
    if !is_mark && is_labelled_title(line) {
        return Some(last);
    }
    last.checked_sub(1).filter(|&title| is_mark && text(title).is_some_and(is_labelled_title))
}

fn merge_counts(counts: &mut HashMap<String, usize>, page: impl Iterator<Item = (String, usize)>) {
    for (title, count) in page {
        let most = counts.entry(title).or_default();
        *most = count.max(*most);
    }
}

/// Tells whether the nearest heading is a label such as "Examples" or "Not allowed", which recurs
/// under many headings and so does not head the next title after its text.
pub(crate) fn is_closed_label(
    stack: &HeadingStack,
    counts: &HashMap<String, usize>,
    rank: u8,
    title: &str,
) -> bool {
    let Some((above, label)) = stack.innermost() else {
        return false;
    };
    let count = |title: &str| counts.get(title).copied().unwrap_or(0);
    let is_question = title.ends_with(['?', '？']);
    let is_known_by_type = above > MAX_REAL_RANK || is_question && !label.ends_with(['?', '？']);
    let least = if is_question { 2 } else { MIN_LABELS };
    rank > MAX_REAL_RANK.max(above)
        && is_known_by_type
        && count(label) >= least
        && count(title) < count(label)
}

/// Gives the headings of one series one rank.
pub(crate) fn level_ranks(pieces: &mut [Piece]) {
    level_numbers(pieces);
    pieces.split_mut(|piece| matches!(piece, Piece::PageBreak)).for_each(raise_parts);
    pieces.split_mut(|piece| matches!(piece, Piece::PageBreak)).for_each(level_questions);
}

/// What opens a page in bold type above its real headings is its title, and "Schedule 1" on a line of
/// its own begins a new part.
fn raise_parts(page: &mut [Piece]) {
    let real = page.iter().filter(|piece| matches!(piece, Piece::Heading(2..=MAX_REAL_RANK, _))).count();
    let has_title = page.iter().any(|piece| matches!(piece, Piece::Heading(1, _)));
    if real >= 2
        && !has_title
        && let Some(Piece::Heading(rank, line)) = page.first_mut()
        && matches!(*rank, CAPITALS_RANK | BOLD_RANK)
        && !line.text.ends_with([':', '.'])
        && !line.text.to_lowercase().contains("introduction")
        && count_sentence_words(&line.text) == 0
        && !is_remark(&make_title(&line.text))
    {
        *rank = 1;
    }
    let mut top: Option<u8> = None;
    for piece in page {
        if let Piece::Heading(rank, line) = piece {
            if *rank <= MAX_REAL_RANK {
                // A title stands above all parts.
                top = Some(top.unwrap_or(MAX_REAL_RANK).min((*rank).max(2)));
            } else if let Some(top) = top.filter(|_| is_schedule(&line.text)) {
                *rank = top;
            }
        }
    }
}

/// Tells whether a heading is the name of an appendix and nothing else: "Annex II", "SCHEDULE 1".
fn is_schedule(title: &str) -> bool {
    let mut words = title.split_whitespace();
    let name = words.next().unwrap_or("").to_lowercase();
    let mark = words.next().unwrap_or("").trim_end_matches(['.', ':']);
    let is_marked =
        mark.len() == 1 && mark.starts_with(|c: char| c.is_ascii_uppercase()) || read_count(mark).is_some();
    SCHEDULES.contains(&name.as_str()) && is_marked && words.next().is_none()
}

/// On a page with questions in plain type, real headings lower than those right above a question
/// stand within the answers.
fn level_questions(page: &mut [Piece]) {
    let first = page.iter().position(is_question);
    let questions = page.iter().filter(|piece| is_question(piece)).count();
    let above = page.windows(2).filter_map(|pair| match pair {
        [Piece::Heading(rank, _), next] if *rank <= MAX_REAL_RANK && is_question(next) => Some(*rank),
        _ => None,
    });
    let (Some(first), Some(group)) = (first, above.min()) else {
        return;
    };
    let is_below = |piece: &Piece| {
        matches!(piece, Piece::Heading(rank, title) if *rank <= MAX_REAL_RANK
            && (*rank > group || *rank == group && title.text.ends_with(':')))
    };
    let below = page.iter().skip(first).filter(|piece| is_below(piece)).count();
    if questions < MIN_LABELS || below < 2 || group + 2 > MAX_REAL_RANK {
        return;
    }
    for at in first..page.len() {
        let leads = page.get(at + 1).is_some_and(is_question);
        let Some(piece) = page.get_mut(at) else {
            continue;
        };
        if is_question(piece) {
            if let Piece::Heading(_, title) | Piece::Part(Part::Text(title)) = piece {
                *piece = Piece::Heading(group + 1, std::mem::take(title));
            }
        } else if is_below(piece)
            && !leads
            && let Piece::Heading(rank, _) = piece
        {
            *rank = (*rank + 2).max(group + 2).min(MAX_REAL_RANK);
        }
    }
}

/// Tells whether a piece is a question in plain type on a line of its own.
fn is_question(piece: &Piece) -> bool {
    match piece {
        Piece::Heading(PLAIN_RANK.., title) => title.text.ends_with(['?', '？']),
        Piece::Part(Part::Text(line)) => line.text.ends_with(['?', '？']) && is_plain_title(line),
        _ => false,
    }
}

/// One heading in capitals among others in bold is a sibling of theirs.
pub(crate) fn level_capitals(pieces: &mut [Piece]) {
    let count = |wanted: u8| {
        pieces.iter().filter(|piece| matches!(piece, Piece::Heading(rank, _) if *rank == wanted)).count()
    };
    if count(CAPITALS_RANK) != 1 || count(BOLD_RANK) < MIN_SIBLINGS {
        return;
    }
    let mut is_first = true;
    for piece in pieces {
        if let Piece::Heading(rank, _) = piece {
            if *rank == CAPITALS_RANK && !is_first {
                *rank = BOLD_RANK;
            }
            is_first &= *rank != BOLD_RANK;
        }
    }
}

/// "3. Fees" after "2. Rules" stands beside it, however the two are set.
fn level_numbers(pieces: &mut [Piece]) {
    let mut run: Vec<usize> = Vec::new();
    let mut last: Option<((u64, u8), u8)> = None;
    for at in 0..pieces.len() {
        let (number, rank) = match pieces.get(at) {
            Some(Piece::Heading(rank, inline)) => (count_heading(&inline.text), *rank),
            Some(Piece::PageBreak) => {
                last = None;
                continue;
            }
            _ => continue,
        };
        let Some(number) = number else {
            continue;
        };
        let before = last.filter(|&(before, _)| counts_on(before, number));
        let rank = match before {
            Some((_, above)) if above < rank && rank > MAX_REAL_RANK => {
                set_rank(pieces, at, above);
                above
            }
            Some((_, below)) if rank > MAX_REAL_RANK && rank < below && run.len() >= 2 => {
                run.iter().for_each(|&earlier| set_rank(pieces, earlier, rank));
                rank
            }
            Some((_, same)) if same == rank => rank,
            _ => {
                run.clear();
                rank
            }
        };
        run.push(at);
        last = Some((number, rank));
    }
}

fn set_rank(pieces: &mut [Piece], at: usize, wanted: u8) {
    if let Some(Piece::Heading(rank, _)) = pieces.get_mut(at) {
        *rank = wanted;
    }
}

/// Reads a whole number, in digits or in Roman numerals; these count from [`ROMAN`] on, so that none
/// follows one in digits.
pub(crate) fn read_count(number: &str) -> Option<u64> {
    if number.starts_with(|c: char| c.is_ascii_digit()) {
        return number.parse().ok();
    }
    let value = |digit: char| match digit {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        _ => None,
    };
    let digits: Option<Vec<u64>> = number.chars().take(MAX_ROMAN).map(value).collect();
    let digits = digits.filter(|digits| !digits.is_empty() && number.len() <= MAX_ROMAN)?;
    let next = digits.iter().skip(1).map(Some).chain([None]);
    let added = digits.iter().zip(next).fold((0_u64, 0_u64), |(plus, minus), (digit, next)| {
        if next.is_some_and(|next| next > digit) { (plus, minus + digit) } else { (plus + digit, minus) }
    });
    Some(ROMAN + added.0.saturating_sub(added.1))
}

/// The whole number at the front of a part, if it has one.
pub(crate) fn count_part(part: &Part) -> Option<u64> {
    match part {
        Part::Text(inline) => {
            let number = inline.text.get(..number_length(&inline.text))?.trim_end();
            let own = || read_count(number.strip_suffix('.').unwrap_or(number));
            if number.is_empty() { inline.ordinal } else { own() }
        }
        Part::List(items) => items
            .first()?
            .full
            .ordinal
            .filter(|_| items.iter().all(|item| number_length(&item.full.text) == 0)),
        Part::Rows(_) | Part::Summary(_) => None,
    }
}

/// The number of a heading such as "3. Fees", and the place of its letter in the alphabet: 2 for the
/// one of "3B. Fees", 0 without one.
fn count_heading(text: &str) -> Option<(u64, u8)> {
    let number = text.get(..number_length(text))?.trim_end_matches([' ', '.', ':', ')']);
    match number.char_indices().next_back() {
        Some((at, letter))
            if number.starts_with(|c: char| c.is_ascii_digit()) && letter.is_ascii_uppercase() =>
        {
            let place = u8::try_from(u32::from(letter) + 1 - u32::from('A')).ok()?;
            Some((read_count(number.get(..at)?)?, place))
        }
        _ => read_count(number).map(|count| (count, 0)),
    }
}

/// Tells whether a number is the next one: 4 after 3 and 3B, 3A after 3, 3C after 3B.
fn counts_on((before, letter): (u64, u8), (number, next): (u64, u8)) -> bool {
    match next {
        0 => before.checked_add(1) == Some(number),
        _ => before == number && letter + 1 == next || next == 1 && before.checked_add(1) == Some(number),
    }
}

//! What is shown of a clause: the run of whole sentences that holds the most of the source.
//!
//! A sentence of up to 600 characters is never cut. A longer one is cut between words, and never
//! so that a negation or an exception that governs what is shown is lost: its words are shown too,
//! with an ellipsis for what lies between.

use std::collections::HashSet;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::fold::fold_word;
use super::sentence::split_sentences;
use super::term::Token;

/// The longest run of sentences, in Unicode code points.
const RUN: usize = 400;

/// The longest sentence that is shown whole, in Unicode code points.
const WHOLE_SENTENCE: usize = 600;

/// How many words stand around a negation that is shown away from the rest.
const WORDS_BEFORE: usize = 4;
const WORDS_AFTER: usize = 7;

const ELLIPSIS: &str = " … ";

/// How many shared terms a card names, at most.
const SHARED_TERMS: usize = 10;

/// Words that turn or limit what a sentence grants, folded, in the languages of the collections.
const NEGATIONS: &[&str] = &[
    "aside",
    "aucun",
    "aucune",
    "ausser",
    "barring",
    "behalve",
    "cannot",
    "except",
    "excepting",
    "exception",
    "exceptions",
    "excepto",
    "excluding",
    "exclusion",
    "geen",
    "hormis",
    "however",
    "jamais",
    "kein",
    "keine",
    "keinem",
    "keinen",
    "keiner",
    "keines",
    "lacking",
    "ne",
    "neither",
    "never",
    "ni",
    "nicht",
    "niemals",
    "niet",
    "ninguna",
    "ninguno",
    "no",
    "nobody",
    "none",
    "nooit",
    "nor",
    "not",
    "nothing",
    "notwithstanding",
    "nunca",
    "ohne",
    "only",
    "otherwise",
    "pas",
    "prohibited",
    "provided",
    "rather",
    "salvo",
    "sans",
    "sauf",
    "save",
    "sin",
    "sofern",
    "solely",
    "tenzij",
    "unless",
    "until",
    "weder",
    "without",
    "zonder",
];

/// An excerpt of a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// What is shown.
    pub text: String,
    /// Half-open ranges of shared words, in Unicode code points of `text`.
    pub highlights: Vec<[usize; 2]>,
    /// Whether the clause says more than is shown.
    pub truncated: bool,
}

/// Cuts the excerpt of a clause. `tokens` are those of `text`; `weigh` tells the weight of a term
/// in the source, 0 for one that it lacks; shared words are marked if they are telling.
pub fn cut_excerpt(
    text: &str,
    tokens: &[Token],
    weigh: impl Fn(&str) -> u32,
    is_telling: impl Fn(&str) -> bool,
) -> Excerpt {
    let marks = mark_words(tokens, &weigh, is_telling);
    let words: Vec<Word<'_>> = tokens
        .iter()
        .zip(marks)
        .map(|(token, marked)| Word {
            range: token.range.clone(),
            term: token.term.as_deref(),
            weight: token.term.as_deref().map_or(0, &weigh),
            marked,
        })
        .collect();
    let sentences: Vec<Range<usize>> =
        split_sentences(text).into_iter().filter_map(|range| trim_range(text, range)).collect();
    let best = best_run(text, &sentences, &words);
    let pieces = best.unwrap_or_else(|| trim_range(text, 0..text.len()).into_iter().collect());
    show_pieces(text, &pieces, &words)
}

/// Cuts the beginning of a clause: its first sentences, without marks.
pub fn cut_beginning(text: &str, tokens: &[Token]) -> Excerpt {
    let words: Vec<Word<'_>> = tokens
        .iter()
        .map(|token| Word { range: token.range.clone(), term: None, weight: 0, marked: false })
        .collect();
    let mut sentences = split_sentences(text).into_iter().filter_map(|range| trim_range(text, range));
    let pieces = match sentences.next() {
        None => trim_range(text, 0..text.len()).into_iter().collect(),
        Some(first) if count_characters(text, &first) > WHOLE_SENTENCE => cut_sentence(text, &first, &words),
        Some(first) => {
            let fits = |end: usize| count_characters(text, &(first.start..end)) <= RUN;
            let last = sentences.map(|next| next.end).take_while(|&end| fits(end)).last();
            let run = first.start..last.unwrap_or(first.end);
            vec![run]
        }
    };
    show_pieces(text, &pieces, &words)
}

/// The words of a clause that it shares with the source, in its own spelling, adjacent ones
/// joined; by weight falling, then by place. Only telling ones are named.
pub fn name_shared_terms(
    text: &str,
    tokens: &[Token],
    weigh: impl Fn(&str) -> u32,
    is_telling: impl Fn(&str) -> bool,
) -> Vec<String> {
    let marks = mark_words(tokens, &weigh, is_telling);
    let weights: Vec<u32> = tokens.iter().map(|token| token.term.as_deref().map_or(0, &weigh)).collect();
    let mut runs: Vec<(u32, Range<usize>)> = Vec::new();
    let mut open = false;
    for ((token, &weight), marked) in tokens.iter().zip(&weights).zip(marks) {
        if !marked {
            open = false;
            continue;
        }
        match runs.last_mut() {
            Some((sum, range))
                if open
                    && text.get(range.end..token.range.start).is_some_and(|gap| gap.trim().is_empty()) =>
            {
                range.end = token.range.end;
                *sum += weight;
            }
            _ => runs.push((weight, token.range.clone())),
        }
        open = true;
    }
    runs.sort_by_key(|(weight, range)| (std::cmp::Reverse(*weight), range.start));
    let mut seen = HashSet::new();
    runs.into_iter()
        .filter_map(|(_, range)| text.get(range))
        .map(|run| run.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|run| seen.insert(run.to_lowercase()))
        .take(SHARED_TERMS)
        .collect()
}

/// Which words are marked: shared ones that are telling or, if none is, those of at least half the
/// greatest shared weight.
fn mark_words(tokens: &[Token], weigh: impl Fn(&str) -> u32, is_telling: impl Fn(&str) -> bool) -> Vec<bool> {
    let weight_of = |token: &Token| token.term.as_deref().map_or(0, &weigh);
    let telling = |token: &Token| weight_of(token) > 0 && token.term.as_deref().is_some_and(&is_telling);
    let marks: Vec<bool> = tokens.iter().map(telling).collect();
    if marks.contains(&true) {
        return marks;
    }
    let half = tokens.iter().map(weight_of).max().unwrap_or(0).div_ceil(2).max(1);
    tokens.iter().map(|token| weight_of(token) >= half).collect()
}

struct Word<'a> {
    range: Range<usize>,
    term: Option<&'a str>,
    weight: u32,
    marked: bool,
}

fn trim_range(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = text.get(range.clone())?;
    let start = range.start + (part.len() - part.trim_start().len());
    let end = range.end - (part.len() - part.trim_end().len());
    (start < end).then_some(start..end)
}

fn count_characters(text: &str, range: &Range<usize>) -> usize {
    text.get(range.clone()).map_or(0, |part| part.chars().count())
}

/// The weight of the distinct shared terms in some pieces of the text.
fn weigh_pieces(pieces: &[Range<usize>], words: &[Word<'_>]) -> u64 {
    let mut seen = HashSet::new();
    pieces
        .iter()
        .flat_map(|piece| words_inside(piece, words))
        .filter(|word| word.weight > 0 && word.term.is_some_and(|term| seen.insert(term)))
        .map(|word| u64::from(word.weight))
        .sum()
}

/// The words that stand whole in a piece of the text. They are in order, and none overlaps another.
fn words_inside<'w, 't>(piece: &Range<usize>, words: &'w [Word<'t>]) -> &'w [Word<'t>] {
    let first = words.partition_point(|word| word.range.start < piece.start);
    let end = words.partition_point(|word| word.range.end <= piece.end);
    words.get(first..end).unwrap_or(&[])
}

fn best_run(text: &str, sentences: &[Range<usize>], words: &[Word<'_>]) -> Option<Vec<Range<usize>>> {
    let mut best: Option<(u64, usize, Vec<Range<usize>>)> = None;
    let mut offer = |pieces: Vec<Range<usize>>| {
        let weight = weigh_pieces(&pieces, words);
        let length = pieces.iter().map(|piece| count_characters(text, piece)).sum();
        let better = best.as_ref().is_none_or(|(most, longest, _)| (weight, length) > (*most, *longest));
        if better {
            best = Some((weight, length, pieces));
        }
    };
    // The head of the list that a sentence may be an item of: the nearest earlier one.
    let mut nearest: Option<Head> = None;
    for (place, first) in sentences.iter().enumerate() {
        let head = nearest.clone();
        nearest = find_head(text, first).or(nearest);
        let own = count_characters(text, first);
        if own > WHOLE_SENTENCE {
            offer(cut_sentence(text, first, words));
            continue;
        }
        let mut run = first.clone();
        let mut length = own;
        for next in sentences.iter().skip(place + 1) {
            length += count_characters(text, &(run.end..next.end));
            if length > RUN {
                break;
            }
            run.end = next.end;
        }
        // A head like "You may not:" governs the items that follow it as sentences of their own.
        match head.filter(|head| head.turns).map(|head| head.range) {
            Some(head) if head.end + 1 >= run.start => {
                run.start = head.start;
                offer(vec![run]);
            }
            Some(head) => offer(vec![head, run]),
            None => offer(vec![run]),
        }
    }
    best.map(|(_, _, pieces)| pieces)
}

/// What stands before a list.
#[derive(Clone)]
struct Head {
    range: Range<usize>,
    /// Whether it turns what follows, and is short enough to be shown.
    turns: bool,
}

/// The head that a sentence has for those after it: all of it up to its colon.
fn find_head(text: &str, sentence: &Range<usize>) -> Option<Head> {
    let body = text.get(sentence.clone())?;
    let colon = body
        .find(": ")
        .or_else(|| body.find(":\n"))
        .or_else(|| body.ends_with(':').then(|| body.len() - 1))?;
    let range = sentence.start..sentence.start + colon + 1;
    let words = text.get(range.clone())?;
    let turns = count_characters(text, &range) <= RUN && words.unicode_words().any(is_negation);
    Some(Head { range, turns })
}

/// Cuts a long sentence to its best window and the negations that govern it.
fn cut_sentence(text: &str, sentence: &Range<usize>, words: &[Word<'_>]) -> Vec<Range<usize>> {
    let inside = words_inside(sentence, words);
    let window = best_window(text, inside);
    let (Some(first), Some(last)) = (inside.get(window.start), inside.get(window.end.saturating_sub(1)))
    else {
        return vec![sentence.clone()];
    };
    let shown = first.range.start..last.range.end;
    let items = Items::read(text, sentence);
    let mut kept: Vec<Range<usize>> = vec![window];
    for (place, word) in inside.iter().enumerate() {
        if is_negation(text.get(word.range.clone()).unwrap_or("")) && items.governs(word.range.start, &shown)
        {
            kept.push(place.saturating_sub(WORDS_BEFORE)..(place + 1 + WORDS_AFTER).min(inside.len()));
        }
    }
    kept.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in kept {
        match merged.last_mut() {
            // A gap of a word or two is shorter than the mark that would stand for it.
            Some(last) if range.start <= last.end + 2 => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    let pieces: Vec<Range<usize>> = merged
        .into_iter()
        .filter_map(|range| {
            let start = if range.start == 0 { sentence.start } else { inside.get(range.start)?.range.start };
            let end = if range.end == inside.len() {
                sentence.end
            } else {
                inside.get(range.end.checked_sub(1)?)?.range.end
            };
            (start < end).then_some(start..end)
        })
        .collect();
    if pieces.is_empty() { vec![sentence.clone()] } else { pieces }
}

/// The run of words of at most [`RUN`] characters that holds the most weight, as places in `words`;
/// of equal ones the first.
fn best_window(text: &str, words: &[Word<'_>]) -> Range<usize> {
    let mut best = (0, 0..words.len().min(1));
    for (start, first) in words.iter().enumerate() {
        // Only a shared word can begin a better window, or the sentence's first.
        if start > 0 && first.weight == 0 {
            continue;
        }
        let mut seen = HashSet::new();
        let mut weight = 0_u64;
        let mut length = 0;
        let mut from = first.range.start;
        let mut end = start;
        for word in words.iter().skip(start) {
            length += count_characters(text, &(from..word.range.end));
            from = word.range.end;
            if length > RUN {
                break;
            }
            if word.weight > 0 && word.term.is_some_and(|term| seen.insert(term)) {
                weight += u64::from(word.weight);
            }
            end += 1;
        }
        if weight > best.0 || best.1.is_empty() {
            best = (weight, start..end.max(start + 1));
        }
    }
    if best.0 == 0 {
        // Nothing is shared: the beginning.
        let mut length = 0;
        let mut from = words.first().map_or(0, |word| word.range.start);
        let end = words
            .iter()
            .take_while(|word| {
                length += count_characters(text, &(from..word.range.end));
                from = word.range.end;
                length <= RUN
            })
            .count();
        return 0..end.max(1).min(words.len());
    }
    best.1
}

fn is_negation(word: &str) -> bool {
    let folded = fold_word(word);
    NEGATIONS.binary_search(&folded.as_str()).is_ok() || folded.ends_with("n't")
}

/// The items that a sentence lists between semicolons, by where each but the first begins.
struct Items(Vec<usize>);

impl Items {
    fn read(text: &str, sentence: &Range<usize>) -> Self {
        let body = text.get(sentence.clone()).unwrap_or("");
        let mut bounds: Vec<usize> = Vec::new();
        if let Some(first_item) = body.find(';') {
            if let Some(colon) = body.find(": ").filter(|&colon| colon < first_item) {
                bounds.push(sentence.start + colon + 1);
            }
            bounds.extend(body.match_indices(';').map(|(at, _)| sentence.start + at + 1));
        }
        Self(bounds)
    }

    fn item_of(&self, place: usize) -> usize {
        self.0.partition_point(|&bound| bound <= place)
    }

    /// Whether a negation at `place` governs what is shown: it stands in the same item, in the head
    /// before the items, or after the last of them.
    fn governs(&self, place: usize, shown: &Range<usize>) -> bool {
        let item = self.item_of(place);
        item == 0
            || item == self.0.len()
            || (self.item_of(shown.start)..=self.item_of(shown.end.saturating_sub(1))).contains(&item)
    }
}

fn show_pieces(text: &str, pieces: &[Range<usize>], words: &[Word<'_>]) -> Excerpt {
    let mut shown = String::new();
    let mut characters = 0;
    let mut highlights: Vec<[usize; 2]> = Vec::new();
    for (place, piece) in pieces.iter().enumerate() {
        if place > 0 {
            shown.push_str(ELLIPSIS);
            characters += ELLIPSIS.chars().count();
        }
        let part = text.get(piece.clone()).unwrap_or("");
        let mut last_marked: Option<usize> = None;
        let mut read = piece.start;
        let mut at = characters;
        for word in words_inside(piece, words) {
            at += count_characters(text, &(read..word.range.start));
            let length = count_characters(text, &word.range);
            if word.marked {
                let gap = last_marked.and_then(|end| text.get(end..word.range.start));
                match highlights.last_mut() {
                    Some(last) if gap.is_some_and(|gap| gap.trim().is_empty()) => last[1] = at + length,
                    _ => highlights.push([at, at + length]),
                }
                last_marked = Some(word.range.end);
            }
            at += length;
            read = word.range.end;
        }
        shown.push_str(part);
        characters += part.chars().count();
    }
    let truncated = shown != text.trim();
    Excerpt { text: shown, highlights, truncated }
}

#[cfg(test)]
mod test;

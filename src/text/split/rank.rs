//! Evening out the ranks of headings that belong to one series.

use super::heading::{BOLD_RANK, CAPITALS_RANK, MAX_REAL_RANK, number_length};
use super::outline::Piece;

/// Fewest headings in bold among which one in capitals is no higher than they.
const MIN_SIBLINGS: usize = 5;

/// Gives the headings of one series one rank.
pub(crate) fn level_ranks(pieces: &mut [Piece]) {
    level_numbers(pieces);
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
    let mut last: Option<(u64, u8)> = None;
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
        let before = last.filter(|(before, _)| before.checked_add(1) == Some(number));
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

/// The whole number of a heading such as "3. Fees".
fn count_heading(text: &str) -> Option<u64> {
    let number = text.get(..number_length(text))?.trim_end_matches([' ', '.', ':', ')']);
    number.parse().ok()
}

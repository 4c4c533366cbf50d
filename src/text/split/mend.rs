//! Mending a document before it is read, byte for byte, so that places in it stay true.

use std::borrow::Cow;
use std::ops::Range;

/// Most container marks (`>`, `-`, `1.`) at the front of one line that are honoured.
const MAX_LINE_MARKS: usize = 24;
/// Most blank lines between the mark of an item and its text.
const MAX_BLANK: usize = 3;

/// Mends what a page's archive breaks off: bold type and items whose marks stand on a line of their
/// own. Takes off marks that nest too deep.
pub(crate) fn mend_document(document: &str) -> Cow<'_, str> {
    let mut moves = find_bold_marks(document);
    moves.extend(find_item_marks(document));
    moves.sort_by_key(|(range, _)| range.start);
    match replace(document, moves) {
        Cow::Borrowed(document) => limit_nesting(document),
        Cow::Owned(mended) => Cow::Owned(limit_nesting(&mended).into_owned()),
    }
}

/// Puts texts in place of ranges of the same length, in order; one that overlaps the last is passed over.
fn replace(document: &str, texts: Vec<(Range<usize>, String)>) -> Cow<'_, str> {
    let mut replaced = String::with_capacity(if texts.is_empty() { 0 } else { document.len() });
    let mut next = 0;
    for (range, text) in texts {
        if range.start >= next && range.len() == text.len() {
            replaced.push_str(document.get(next..range.start).unwrap_or(""));
            replaced.push_str(&text);
            next = range.end;
        }
    }
    if next == 0 {
        return Cow::Borrowed(document);
    }
    replaced.push_str(document.get(next..).unwrap_or(""));
    Cow::Owned(replaced)
}

/// The lines of a text, each with the byte at which it begins.
fn lines(document: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut offset = 0;
    document.split_inclusive('\n').map(move |line| {
        let start = offset;
        offset += line.len();
        (start, line)
    })
}

/// Finds the marks of bold type that stand on a line of their own, each with the white space over
/// which it moves: an opening one to the line below, a closing one to the end of the line above.
fn find_bold_marks(document: &str) -> Vec<(Range<usize>, String)> {
    let mut moves = Vec::new();
    // Where the line above ends, and whether bold type is open there.
    let mut above: Option<(usize, bool)> = None;
    let mut lines = lines(document).peekable();
    while let Some((start, line)) = lines.next() {
        let bare = line.trim();
        let end = start + line.trim_end().len();
        if bare != "**" {
            let is_open = above.is_some_and(|(_, open)| open) != is_odd(bare);
            above = (!bare.is_empty()).then_some((end, is_open));
            continue;
        }
        let mark = end - 2;
        match (above, lines.peek()) {
            (Some((before, true)), _) => {
                moves.push((before..end, format!("**{}", document.get(before..mark).unwrap_or(""))));
                above = Some((end, false));
            }
            (_, Some((next, below))) if is_odd(below) && !below.trim().is_empty() => {
                let text = next + (below.len() - below.trim_start().len());
                moves.push((mark..text, format!("{}**", document.get(end..text).unwrap_or(""))));
                above = Some((end, true));
            }
            _ => above = Some((end, false)),
        }
    }
    moves
}

/// Tells whether a line leaves bold type open that it opens, or closes what it has not.
fn is_odd(line: &str) -> bool {
    line.matches("**").count() % 2 == 1
}

/// Finds the marks of items whose text stands below a blank line, with what comes up to that text.
fn find_item_marks(document: &str) -> Vec<(Range<usize>, String)> {
    let mut moves = Vec::new();
    // The last mark, where it begins, how far it is indented, and how many lines below it are blank.
    let mut open: Option<(&str, usize, usize, usize)> = None;
    for (start, line) in lines(document) {
        let bare = line.trim();
        let indent = line.len() - line.trim_start_matches(' ').len();
        if is_item_mark(bare) {
            open = Some((bare, start + indent, indent, 0));
            continue;
        }
        let Some((mark, from, column, blank)) = open else {
            continue;
        };
        if bare.is_empty() {
            open = (blank < MAX_BLANK).then_some((mark, from, column, blank + 1));
            continue;
        }
        open = None;
        let text = start + indent;
        let room = (column + mark.len() + 1..=column + mark.len() + 4).contains(&indent);
        if blank > 0
            && room
            && let (Some(gap), Some(front)) =
                (document.get(from + mark.len()..start + column), document.get(start + column..text))
        {
            let kept = front.get(mark.len()..).unwrap_or("");
            moves.push((from..text, format!("{}{gap}{mark}{kept}", " ".repeat(mark.len()))));
        }
    }
    moves
}

fn is_item_mark(bare: &str) -> bool {
    let digits = bare.strip_suffix('.').unwrap_or("");
    ["*", "-", "+"].contains(&bare)
        || (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Blanks the container marks a line has beyond the limit, byte for byte, because the
/// work of the parser grows with lines times depth.
fn limit_nesting(document: &str) -> Cow<'_, str> {
    let mut blanked: Vec<(Range<usize>, String)> = Vec::new();
    for (offset, line) in lines(document) {
        let mut marks = 0;
        let mut front = 0;
        for byte in line.bytes() {
            match byte {
                b'>' | b'-' | b'*' | b'+' | b'.' | b')' => marks += 1,
                b' ' | b'\t' | b'0'..=b'9' => {}
                _ => break,
            }
            front += 1;
            if marks == MAX_LINE_MARKS {
                let rest = line.get(front..).unwrap_or("");
                let tail =
                    rest.len() - rest.trim_start_matches(|c: char| ">-*+.) \t0123456789".contains(c)).len();
                let is_rule = rest.trim().bytes().all(|b| matches!(b, b'-' | b'*' | b' '));
                if tail > 0 && (!is_rule || line.contains('>')) {
                    blanked.push((offset + front..offset + front + tail, " ".repeat(tail)));
                }
                break;
            }
        }
    }
    replace(document, blanked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(document: &str, expected: &str) {
        assert_eq!(mend_document(document), expected);
        assert_eq!(document.len(), expected.len());
    }

    #[test]
    fn joins_bold_marks_to_their_line() {
        check("**  \nMay I fly?**\n\nNo.", "  \n**May I fly?**\n\nNo.");
        check("**Kites  \n**\n\nFly.", "**Kites**  \n\n\nFly.");
        check("Kites.\n\n    **\n    Rain.** Fly.", "Kites.\n\n    \n    **Rain.** Fly.");
        check("**\n\nKites **fly** here.", "**\n\nKites **fly** here.");
        check("**a\nb\n**\n", "**a\nb**\n\n");
    }

    #[test]
    fn joins_item_marks_to_their_text() {
        check("*    \n    \n    Be kind\n    -------", "     \n    \n*   Be kind\n    -------");
        check("12.  \n\n    Fly.", "     \n\n12. Fly.");
        check("  *\n\n    Fly.", "   \n\n  * Fly.");
        check("*\n\nFly.", "*\n\nFly.");
        check("*\n    Fly.", "*\n    Fly.");
        check("*\n\n            Fly.", "*\n\n            Fly.");
    }
}

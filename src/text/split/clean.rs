//! Removing left-over syntax from plain texts.

/// Removes Markdown that the parser left in a plain text; never lengthens it.
pub(crate) fn clean_text(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.trim_start_matches(['#', '>', '|', ' ']);
    while let Some(c) = rest.chars().next() {
        let tail = rest.get(c.len_utf8()..).unwrap_or("");
        let at_word_start = kept.is_empty() || kept.ends_with([' ', '(', '“', '"', '[']);
        let at_word_end = !tail.starts_with(|next: char| next.is_alphanumeric() || next == '_');
        let skipped = match c {
            '*' => {
                let run = rest.len() - rest.trim_start_matches('*').len();
                let after = rest.get(run..).unwrap_or("");
                let is_wildcard = run == 1 && after.starts_with('.') && at_word_start;
                (!is_wildcard).then_some(run)
            }
            '_' if tail.starts_with("__") => Some(rest.len() - rest.trim_start_matches('_').len()),
            '_' if at_word_start && at_word_end => Some(1),
            '_' if at_word_start && closes_emphasis(tail) => Some(1),
            '_' if at_word_end && !at_word_start && opens_before(text, rest) => Some(1),
            // One at the end escapes the space that was there.
            '\\' if tail.is_empty() => Some(1),
            '\\' if tail.starts_with(|next: char| next.is_ascii_punctuation() || next == ' ') => Some(1),
            '`' => Some(1),
            '|' => Some(1),
            '#' if at_word_start && tail.starts_with(['#', ' ']) => Some(1),
            '!' if tail.starts_with('[') => Some(1),
            '[' if tail.starts_with(']') => Some(2),
            ']' if tail.starts_with('(') => {
                find_near(tail, ')', 1_000).filter(|_| looks_like_target(tail)).map(|end| end + 2)
            }
            '<' => tag_length(rest),
            ' ' if kept.ends_with(' ') || kept.is_empty() => Some(1),
            _ => None,
        };
        match skipped {
            Some(length) => rest = rest.get(length..).unwrap_or(""),
            None => {
                if !(c == ' ' && kept.ends_with(' ')) {
                    kept.push(if c.is_control() { ' ' } else { c });
                }
                rest = tail;
            }
        }
    }
    // Whatever removal left behind must not open gaps or a new mark at the front.
    let joined = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.trim_start_matches(['#', ' ']).trim().to_owned()
}

fn closes_emphasis(tail: &str) -> bool {
    let near: String = tail.chars().take(300).collect();
    near.match_indices('_').any(|(at, _)| {
        let before = near.get(..at).and_then(|text| text.chars().next_back());
        let after = near.get(at + 1..).and_then(|text| text.chars().next());
        before.is_some_and(|c| !c.is_whitespace()) && after.is_none_or(|c| !c.is_alphanumeric())
    })
}

fn opens_before(text: &str, rest: &str) -> bool {
    let head = text.get(..text.len() - rest.len()).unwrap_or("");
    let near = head.char_indices().rev().take(300).last().map_or(0, |(at, _)| at);
    let near = head.get(near..).unwrap_or("");
    near.starts_with('_') || near.contains(" _")
}

fn looks_like_target(tail: &str) -> bool {
    ["(http", "(/", "(#", "(mailto", "(tel:", "(javascript", "(www."]
        .iter()
        .any(|start| tail.starts_with(start))
}

/// Length in bytes of the HTML tag or comment at the front of `text`.
fn tag_length(text: &str) -> Option<usize> {
    let name = text.get(1..)?.trim_start_matches('/');
    let known = ["br", "p>", "b>", "i>", "u>", "a ", "a>", "li", "ul", "div", "span", "strong", "em>", "!--"];
    known.iter().find(|tag| name.starts_with(**tag))?;
    find_near(text, '>', 200).map(|end| end + 1)
}

/// Finds `mark` within the first `limit` bytes, so that hostile texts cost no more.
fn find_near(text: &str, mark: char, limit: usize) -> Option<usize> {
    text.char_indices().take_while(|&(at, _)| at < limit).find(|&(_, c)| c == mark).map(|(at, _)| at)
}

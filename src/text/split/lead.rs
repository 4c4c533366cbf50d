//! What leads into a list, and what the items of a list are to it.

use super::assemble::{MAX_LEAD, MAX_LIST, MAX_PARAGRAPH, PART};
use super::clean::clean_text;
use super::depend::depends;
use super::heading::{Role, classify_paragraph, number_length};
use super::inline::Inline;
use super::list::{Item, is_marked};
use super::noise::{ends_sentence, is_sentence};
use super::outline::Part;
use crate::text::sentence::split_sentences;

/// Least mean length, in characters, of items that are clauses of their own after an announcement.
const MIN_OWN: usize = 150;

/// Last words of a lead-in whose sentence goes on in the items.
const GOVERNING: &[&str] = &[
    "to",
    "that",
    "not",
    "may",
    "will",
    "must",
    "shall",
    "can",
    "cannot",
    "should",
    "by",
    "for",
    "of",
    "with",
    "if",
    "when",
    "where",
    "include",
    "includes",
    "including",
    "or",
    "and",
    "are",
    "is",
    "be",
    "agree",
    "you",
    "we",
    "from",
    "in",
    "on",
    "as",
    "than",
    "whether",
    "which",
    "who",
    "means",
    "have",
    "has",
    "either",
    "only",
    "dass",
    "wenn",
    "nicht",
    "zu",
    "que",
    "de",
    "à",
    "di",
    "che",
    "si",
    "because",
    "after",
    "before",
    "until",
    "unless",
    "it",
];

/// First words of sentences that have a subject of their own.
const SUBJECTS: &[&str] = &[
    "we",
    "you",
    "your",
    "our",
    "the",
    "a",
    "an",
    "if",
    "any",
    "all",
    "each",
    "no",
    "this",
    "these",
    "it",
    "they",
    "in",
    "when",
    "where",
    "some",
    "there",
    "such",
    "as",
    "for",
    "wir",
    "sie",
    "die",
    "der",
    "das",
    "nous",
    "vous",
    "le",
    "la",
    "les",
    "il",
    "si",
    "to",
    "please",
    "under",
    "unless",
    "while",
    "because",
    "on",
    "at",
    "by",
    "depending",
];

/// Verbs that a subject of one word may have.
const MODALS: &[&str] = &["may", "must", "will", "shall", "can", "is", "are", "does", "do", "has"];

/// Second words of phrases without a verb.
const PHRASE_WORDS: &[&str] = &[
    "that",
    "which",
    "who",
    "of",
    "or",
    "and",
    "including",
    "about",
    "for",
    "to",
    "in",
    "made",
    "by",
    "from",
    "with",
    "used",
    "containing",
    "such",
    "against",
    "on",
    "related",
    "where",
    "when",
];

/// Words with which a clause within a phrase begins.
const RELATIVES: &[&str] = &["that", "which", "who", "whose", "where", "when", "if", "unless"];

/// First words of sentences and of what is no item of another.
const OPENERS: &[&str] = &[
    "note",
    "please",
    "see",
    "read",
    "learn",
    "for",
    "if",
    "when",
    "to",
    "by",
    "example",
    "examples",
    "exceptions",
    "except",
    "however",
    "in",
    "subject",
];

/// First words of sentences that have a verb, or that command.
const SPEAKERS: &[&str] = &[
    "we", "you", "i", "they", "it", "there", "this", "these", "do", "don't", "don’t", "is", "are", "does",
    "can", "may", "must",
];

/// Words, after the first, that show a sentence of its own: verbs and pronouns.
const FINITE: &[&str] = &[
    "is",
    "are",
    "was",
    "were",
    "may",
    "must",
    "will",
    "shall",
    "can",
    "cannot",
    "should",
    "has",
    "have",
    "had",
    "do",
    "does",
    "did",
    "don't",
    "don’t",
    "we",
    "you",
    "i",
    "they",
    "it",
    "there",
    "include",
    "includes",
    "means",
    "mean",
    "applies",
    "apply",
    "requires",
    "require",
    "prohibits",
    "prohibit",
    "allows",
    "allow",
    "provides",
    "contains",
    "gives",
    "explains",
    "describes",
    "uses",
    "collects",
    "consists",
];

/// Tells whether `next` is a list that `lead` introduces.
pub(crate) fn leads_into(lead: &Inline, next: &Part) -> bool {
    let items = match next {
        Part::List(items) => items,
        Part::Rows(_) => return lead.text.ends_with([':', '：']),
        Part::Text(_) | Part::Summary(_) => return false,
    };
    if lead.text.ends_with([':', '：', '—', '–', ',', '-']) || !ends_sentence(&lead.text) {
        return true;
    }
    let mut last =
        split_sentences(&lead.text).pop().and_then(|range| lead.text.get(range)).unwrap_or("").to_lowercase();
    last.truncate(last.trim_end().len());
    let announces = ["following", "below", "folgende", "suivant", "these include", "such as", "as follows"]
        .iter()
        .any(|word| last.contains(word))
        || counts_kinds(&last);
    let fragments = items.iter().filter(|item| !is_provision(item)).count();
    announces && items.len() > 1 || fragments * 2 > items.len()
}

/// Tells whether a sentence says how many things of a kind come, as in "… falls into three categories".
fn counts_kinds(sentence: &str) -> bool {
    const COUNTS: &[&str] = &["two", "three", "four", "five", "six", "seven", "several", "these"];
    const KINDS: &[&str] = &[
        "categories",
        "types",
        "kinds",
        "groups",
        "ways",
        "reasons",
        "purposes",
        "steps",
        "conditions",
        "criteria",
    ];
    let words: Vec<&str> =
        sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words
        .windows(2)
        .any(|pair| matches!(pair, [count, kind] if COUNTS.contains(count) && KINDS.contains(kind)))
}

/// Tells whether a lead-in only announces items that are provisions of their own.
pub(crate) fn only_announces(lead: &Inline, items: &[Item]) -> bool {
    if items.len() < 2 {
        return false;
    }
    let definitions = items.iter().filter(|item| is_definition(&item.full.text)).count();
    if definitions * 3 >= items.len() * 2 {
        return items.iter().map(|item| item.full.char_len()).sum::<usize>() / items.len() >= MIN_OWN / 2;
    }
    let titled = items.iter().filter(|item| is_titled(item)).count();
    let length: usize = items.iter().map(|item| item.full.char_len()).sum();
    let mean = length / items.len();
    if titled * 3 >= items.len() * 2 {
        return mean >= MIN_OWN;
    }
    let numbered = items.iter().filter(|item| is_numbered(item)).count();
    let own = items.iter().filter(|item| is_own(item)).count();
    let whole =
        items.iter().filter(|item| is_sentence(&item.full.text) && ends_sentence(&item.full.text)).count();
    let is_finished = ends_sentence(&lead.text) && whole == items.len();
    numbered == items.len() && mean >= MIN_OWN && !governs(&lead.text) && (own == items.len() || is_finished)
}

/// Tells whether most of the items have titles or define terms.
pub(crate) fn are_titled(items: &[Item]) -> bool {
    let titled = items.iter().filter(|item| is_titled(item)).count();
    let definitions = items.iter().filter(|item| is_definition(&item.full.text)).count();
    titled.max(definitions) * 3 >= items.len() * 2
}

fn is_numbered(item: &Item) -> bool {
    item.full.ordinal.is_some() || number_length(&item.full.text) > 0
}

/// Tells whether the sentence of a lead-in is finished only by the items.
fn governs(lead: &str) -> bool {
    let bare = lead.trim_end_matches(|c: char| !c.is_alphanumeric());
    let last = bare.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("").to_lowercase();
    !ends_sentence(lead) && GOVERNING.contains(&last.as_str())
        || !ends_sentence(lead) && !lead.ends_with([':', '：'])
}

/// Tells whether a text defines a term: "“Kite” means …".
pub(crate) fn is_definition(text: &str) -> bool {
    let body = text.get(number_length(text)..).unwrap_or("");
    let Some(quoted) = body.strip_prefix(['“', '"', '„', '«', '‘']) else {
        return false;
    };
    let near: String = quoted.chars().take(160).collect();
    let Some(end) = near.find(['”', '"', '“', '»', '’']) else {
        return false;
    };
    let after = near.get(end..).unwrap_or("");
    [
        "mean",
        "refer",
        "has the",
        "have the",
        "shall have",
        "is ",
        "are ",
        "bedeutet",
        "bezeichnet",
        "meint",
        "désigne",
        "signifi",
        "significa",
    ]
    .iter()
    .any(|verb| after.contains(verb))
}

/// An item with a run-in title, or one on a line of its own, and sentences after it.
fn is_titled(item: &Item) -> bool {
    if item.title_end > 0 {
        return true;
    }
    match classify_paragraph(&item.full) {
        Role::RunIn(_, _, from) => is_sentence(item.full.text.get(from..).unwrap_or("")),
        _ => false,
    }
}

/// An item that is a whole sentence with a subject of its own.
fn is_own(item: &Item) -> bool {
    let text = item.full.text.get(number_length(&item.full.text)..).unwrap_or("");
    let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or("");
    let is_known = SUBJECTS.contains(&first.to_lowercase().as_str());
    let second = text.split_whitespace().nth(1).unwrap_or("");
    let names = second.starts_with(char::is_uppercase) || MODALS.contains(&second);
    is_sentence(text) && ends_sentence(text) && first.starts_with(char::is_uppercase) && (is_known || names)
}

/// Tells whether an item is a provision by itself: a sentence and no noun phrase such as "Content
/// that …" or "Promoting …", which only what stands above makes one.
pub(crate) fn is_provision(item: &Item) -> bool {
    if is_titled(item) {
        return true;
    }
    let number = number_length(&item.full.text);
    let text = item.full.text.get(number..).unwrap_or("");
    let named = skip_name(text).filter(|_| number > 0);
    if named.is_some_and(|rest| is_sentence(rest) && ends_sentence(rest)) {
        return true;
    }
    let mut words =
        text.split(|c: char| !(c.is_alphanumeric() || c == '’' || c == '\'')).filter(|word| !word.is_empty());
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let has_subject = SUBJECTS.contains(&first.to_lowercase().as_str());
    let is_gerund = first.len() > 5 && first.ends_with("ing") && !MODALS.contains(&second);
    let is_phrase = !has_subject && PHRASE_WORDS.contains(&second);
    is_sentence(text) && (ends_sentence(text) || is_definition(text)) && !is_gerund && !is_phrase
}

/// Takes the name off the front of a provision such as "Governing Law. This Agreement …".
fn skip_name(text: &str) -> Option<&str> {
    match text.split_once(". ") {
        Some((name, rest))
            if name.split_whitespace().count() <= 6
                && !name.contains([',', ';', ':'])
                && name.split_whitespace().all(|word| {
                    word.chars().count() <= 3 || word.starts_with(|c: char| !c.is_lowercase())
                })
                && rest.starts_with(char::is_uppercase) =>
        {
            Some(rest)
        }
        _ => None,
    }
}

/// Tells whether a text, or its lead-in, is no sentence by itself, as "Content that offers kites, including:".
pub(crate) fn is_phrase(text: &str) -> bool {
    let body = text.get(number_length(text)..).unwrap_or("");
    let mut words = body
        .split(|c: char| !(c.is_alphanumeric() || c == '’' || c == '\''))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .take_while(|word| !RELATIVES.contains(&word.as_str()))
        .peekable();
    let opens = words.peek().is_some_and(|first| !OPENERS.contains(&first.as_str()));
    let is_verb = |word: &str| FINITE.contains(&word) || word.ends_with("n't") || word.ends_with("n’t");
    opens
        && !words.next().is_some_and(|first| SPEAKERS.contains(&first.as_str()))
        && !words.any(|word| is_verb(&word))
}

/// The lead-in as repeated before the later parts of a list: its last sentence if it is long.
pub(crate) fn repeat_lead(lead: &Inline) -> Option<Inline> {
    if lead.char_len() <= MAX_LEAD {
        return Some(lead.clone());
    }
    let last = split_sentences(&lead.text).pop()?;
    Some(lead.slice(last)).filter(|last| last.char_len() <= 2 * MAX_LEAD)
}

/// The words of a lead-in as they stand at the front of a clause.
pub(crate) fn name_lead(lead: &Inline) -> String {
    clean_text(&lead.text).trim_end_matches(['#', ' ']).to_owned()
}

/// Joins items that cannot be read without the one before them to that.
pub(crate) fn join_dependent(items: Vec<Item>) -> Vec<Item> {
    let mut joined: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        let size = item.full.char_len();
        match joined.last_mut() {
            Some(last)
                if size + last.full.char_len() <= MAX_PARAGRAPH
                    && is_sentence(&last.full.text)
                    && depends(&item.full.text) =>
            {
                let mark = (!is_marked(&last.full.text)).then_some('.');
                last.full.append(&item.full, mark);
            }
            _ => joined.push(item),
        }
    }
    joined
}

/// Groups items into parts of about the wanted length; `first` is what leads the first part.
pub(crate) fn group_items(items: Vec<Item>, first: usize) -> Vec<Vec<Item>> {
    let mut groups: Vec<Vec<Item>> = Vec::new();
    let mut size = first;
    for item in items {
        let length = item.full.char_len();
        match groups.last_mut() {
            // What points at the item before it stays with that.
            Some(group)
                if size + length <= PART + PART / 2
                    || size + length <= MAX_LIST && depends(&item.full.text) =>
            {
                group.push(item);
                size += length;
            }
            _ => {
                size = length + if groups.is_empty() { first } else { 0 };
                groups.push(vec![item]);
            }
        }
    }
    groups
}

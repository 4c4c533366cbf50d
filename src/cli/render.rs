//! Answers as a person reads them on a terminal.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;

use crate::answer::{
    Card, ClauseView, ComparablesAnswer, ContrastView, Counts, ExcerptView, ExplainView, FacetView, Hit,
    MatchView, More, NoMatch, OrderView, PlatformView, QueryView, SearchAnswer, Statement,
};

/// Width of a line, in characters.
const WIDTH: usize = 88;

/// How far the lines under a rank are moved in.
const INDENT: usize = 5;

/// Values of a facet that are shown.
const FACET_VALUES: usize = 8;

/// Whether marks for bold are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    bold: bool,
}

impl Style {
    /// Marks on a terminal only, and not where `NO_COLOR` forbids them.
    pub(super) fn of_stdout() -> Self {
        let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { bold: std::io::stdout().is_terminal() && !forbidden }
    }

    fn embolden(self, text: &str) -> String {
        if self.bold { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// A page under construction.
struct Sheet {
    text: String,
    style: Style,
}

/// Renders a search answer.
pub(super) fn render_search(answer: &SearchAnswer, style: Style) -> String {
    let mut sheet = Sheet { text: String::new(), style };
    for (typed, taken) in &answer.corrections {
        sheet.line(&format!("No clause has “{typed}”; “{taken}” was searched for.\n"));
    }
    if let Some(query) = &answer.query {
        sheet.query(query);
    }
    sheet.members(answer.cards.as_deref(), answer.hits.as_deref());
    sheet.tail(&answer.counts, &answer.facets, answer.no_match.as_ref(), answer.next_cursor.as_deref());
    sheet.text
}

/// Renders comparables.
pub(super) fn render_comparables(answer: &ComparablesAnswer, style: Style) -> String {
    let mut sheet = Sheet { text: String::new(), style };
    let source = &answer.source;
    let mut about: Vec<String> = Vec::new();
    about.extend(source.platform.as_ref().map(|platform| platform.name.clone()));
    about.extend(source.title.clone());
    about.extend([source.clause_type.clone(), source.severity.clone()]);
    sheet.line(&format!("How other platforms handle this: {}\n", about.join(" · ")));
    sheet.members(answer.cards.as_deref(), answer.hits.as_deref());
    sheet.tail(&answer.counts, &answer.facets, answer.no_match.as_ref(), answer.next_cursor.as_deref());
    sheet.text
}

impl Sheet {
    /// Writes a line; what could steer the terminal is taken out of it.
    fn line(&mut self, line: &str) {
        self.text.extend(line.chars().map(|letter| match letter {
            '\n' => letter,
            letter if letter.is_control() => ' ',
            letter => letter,
        }));
        self.text.push('\n');
    }

    fn indented(&mut self, line: &str) {
        self.line(&format!("{:INDENT$}{line}", ""));
    }

    /// How a query was read.
    fn query(&mut self, query: &QueryView) {
        for word in &query.words {
            let others = match word.stands_for.as_slice() {
                [] => String::new(),
                words => format!(", or {}", words.join(", ")),
            };
            self.line(&format!("word {}{others}: weight {}", word.word, word.weight));
        }
        for phrase in &query.phrases {
            self.line(&format!("phrase “{phrase}”"));
        }
        for excluded in &query.exclusions {
            self.line(&format!("without “{excluded}”"));
        }
        for filter in &query.filters {
            let how = if filter.excluded { "without " } else { "" };
            self.line(&format!("{how}{} {}", filter.field, filter.values.join(", ")));
        }
        for note in &query.notes {
            self.line(&format!("note: {note}"));
        }
        self.line("");
    }

    fn members(&mut self, cards: Option<&[Card]>, hits: Option<&[Hit]>) {
        for card in cards.unwrap_or_default() {
            let mark = if card.affiliate { " (affiliate)" } else { "" };
            self.member(card.rank, &card.platform, mark, &card.clause, &card.matching, &card.excerpt);
            self.contrast(card.contrast.as_ref());
            if card.same_wording.clauses > 1 {
                self.indented(&format!("same wording on {} platforms", card.same_wording.platforms));
            }
            for more in &card.also {
                self.also(more);
            }
            if card.more_on_platform > 0 {
                self.indented(&format!("{} more on this platform", card.more_on_platform));
            }
            self.line("");
        }
        for hit in hits.unwrap_or_default() {
            self.member(hit.rank, &hit.platform, "", &hit.clause, &hit.matching, &hit.excerpt);
            self.contrast(hit.contrast.as_ref());
            self.line("");
        }
    }

    fn member(
        &mut self,
        rank: u64,
        platform: &PlatformView,
        mark: &str,
        clause: &ClauseView,
        matching: &MatchView,
        excerpt: &ExcerptView,
    ) {
        let title = format!("{}{mark} · {}", platform.name, clause.document.title);
        let title: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let title = self.style.embolden(&title);
        self.text.push_str(&format!("{rank:>3}. {title}\n"));
        self.about(clause, matching);
        self.excerpt(excerpt);
        self.evidence(matching);
    }

    fn also(&mut self, more: &More) {
        self.indented("also:");
        self.about(&more.clause, &more.matching);
        self.excerpt(&more.excerpt);
        self.evidence(&more.matching);
        self.contrast(more.contrast.as_ref());
    }

    /// What only the clause says, and what only the source does.
    fn contrast(&mut self, contrast: Option<&ContrastView>) {
        let Some(contrast) = contrast else { return };
        for (head, statements) in
            [("only here", &contrast.clause_only), ("only in yours", &contrast.source_only)]
        {
            let statements = statements.as_deref().unwrap_or_default();
            if !statements.is_empty() {
                let named: Vec<String> = statements.iter().map(Statement::name).collect();
                self.wrapped(&format!("{head}: {}", named.join(", ")));
            }
        }
    }

    fn wrapped(&mut self, line: &str) {
        for line in wrap(line, &[]) {
            self.indented(&line.iter().map(|(letter, _)| *letter).collect::<String>());
        }
    }

    fn about(&mut self, clause: &ClauseView, matching: &MatchView) {
        let tier = matching.tier.as_deref().map(|tier| format!("{tier} ")).unwrap_or_default();
        let mark = |field: &str| {
            if clause.inferred.iter().any(|inferred| inferred == field) { " (inferred)" } else { "" }
        };
        self.indented(&format!(
            "{}{} · {tier}{:.3} · {}{} · {}",
            clause.severity,
            mark("severity"),
            matching.score,
            clause.clause_type,
            mark("clause_type"),
            clause.id
        ));
    }

    fn evidence(&mut self, matching: &MatchView) {
        if !matching.shared_terms.is_empty() {
            self.wrapped(&format!("shared: {}", matching.shared_terms.join(", ")));
        }
        if let Some(explain) = &matching.explain {
            self.explain(explain);
        }
    }

    fn explain(&mut self, explain: &ExplainView) {
        let held = explain.share.map(|share| format!(", share {share}"));
        let held = held.or(explain.weight_held.map(|held| format!(", weight held {held}")));
        self.indented(&format!("explain: sum {}{}", explain.sum, held.unwrap_or_default()));
        let Some(order) = &explain.order else { return };
        let features: Vec<String> = order
            .features
            .iter()
            .filter(|(_, feature)| feature.weight != 0)
            .map(|(name, feature)| format!("{name} {} x {}", feature.value, feature.weight))
            .collect();
        self.indented(&format!("order: {} = {}", order.value, features.join(" + ")));
        if order.place != order.place_by_score {
            let reasons = match order.moved_by.as_slice() {
                [] => String::new(),
                reasons => format!(", moved by {}", reasons.join(" and ")),
            };
            let OrderView { place, place_by_score, .. } = order;
            self.indented(&format!("place {place}, by score alone {place_by_score}{reasons}"));
        }
    }

    fn excerpt(&mut self, excerpt: &ExcerptView) {
        let mut lines = wrap(&excerpt.text, &excerpt.highlights);
        let ends_open = excerpt.truncated && !excerpt.text.ends_with('…');
        if let (true, Some(last)) = (ends_open, lines.last_mut()) {
            last.extend([(' ', false), ('…', false)]);
        }
        for line in lines {
            self.text.push_str(&" ".repeat(INDENT));
            self.text.push_str(&self.style.mark(&line));
            self.text.push('\n');
        }
    }

    fn tail(
        &mut self,
        counts: &Counts,
        facets: &FacetView,
        no_match: Option<&NoMatch>,
        next_cursor: Option<&str>,
    ) {
        if let Some(no_match) = no_match {
            self.line(&no_match.message);
        }
        let cards = if counts.cards == counts.platforms {
            String::new()
        } else {
            format!(" on {} cards", counts.cards)
        };
        self.line(&format!(
            "{} of {}{cards} ({} tracked)",
            number(counts.clauses, "clause"),
            number(counts.platforms, "platform"),
            counts.platforms_tracked
        ));
        self.facets(facets);
        if let Some(cursor) = next_cursor {
            self.line(&format!("next page: --cursor {cursor}"));
        }
    }

    fn facets(&mut self, facets: &FacetView) {
        for (name, values) in facets.iter().filter(|(_, values)| !values.is_empty()) {
            let mut shown: Vec<String> = values
                .iter()
                .take(FACET_VALUES)
                .map(|value| format!("{} {}", value.value, value.clauses))
                .collect();
            if values.len() > FACET_VALUES {
                shown.push(format!("and {} more", values.len() - FACET_VALUES));
            }
            self.line(&format!("{name}: {}", shown.join(", ")));
        }
    }
}

impl Style {
    /// A line with its highlights emboldened.
    fn mark(self, line: &[(char, bool)]) -> String {
        let mut text = String::new();
        for run in line.chunk_by(|one, two| one.1 == two.1) {
            let letters: String = run.iter().map(|(letter, _)| *letter).collect();
            match run.first() {
                Some((_, true)) => text.push_str(&self.embolden(&letters)),
                _ => text.push_str(&letters),
            }
        }
        text
    }
}

fn number(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Breaks a text between words; every character tells whether it is highlighted.
fn wrap(text: &str, highlights: &[[usize; 2]]) -> Vec<Vec<(char, bool)>> {
    let starts: BTreeMap<usize, usize> = highlights.iter().map(|[from, to]| (*from, *to)).collect();
    let is_marked = |place: usize| starts.range(..=place).next_back().is_some_and(|(_, to)| place < *to);
    let letters: Vec<(char, bool)> = text
        .chars()
        .enumerate()
        .map(|(place, letter)| (if letter.is_control() { ' ' } else { letter }, is_marked(place)))
        .collect();
    let mut lines: Vec<Vec<(char, bool)>> = Vec::new();
    for word in letters.split(|(letter, _)| letter.is_whitespace()).filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= WIDTH - INDENT => {
                let joined =
                    line.last().is_some_and(|last| last.1) && word.first().is_some_and(|next| next.1);
                line.push((' ', joined));
                line.extend_from_slice(word);
            }
            _ => lines.push(word.to_vec()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, highlights: &[[usize; 2]], expected: &[&str]) {
        let style = Style { bold: true };
        let lines: Vec<String> = wrap(text, highlights).iter().map(|line| style.mark(line)).collect();
        let lines: Vec<String> =
            lines.iter().map(|line| line.replace("\x1b[1m", "<").replace("\x1b[0m", ">")).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn lines_break_between_words() {
        check("", &[], &[]);
        check("We may\ntrain", &[[3, 6]], &["We <may> train"]);
        check("Our models learn", &[[4, 10], [11, 16]], &["Our <models learn>"]);
        let long = format!("{} {}", "a".repeat(80), "b".repeat(10));
        check(&long, &[], &[&"a".repeat(80), &"b".repeat(10)]);
    }

    #[test]
    fn nothing_steers_the_terminal() {
        check("a\x1b[31mb", &[], &["a [31mb"]);
        let mut sheet = Sheet { text: String::new(), style: Style { bold: true } };
        sheet.line("a\x1b[2Jb");
        assert_eq!(sheet.text, "a [2Jb\n");
    }
}

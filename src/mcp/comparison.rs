//! `compare_clauses`: two clauses, or two wordings of one.

use super::argument::Arguments;
use super::text::{Lines, count, list_marks, quote, tell_source};
use super::{Told, tell};
use crate::answer::{AnswerError, ClauseComparison, ComparedClause, Desk, DiffPart, Op, Statement};

/// Answers with a comparison.
pub(super) fn compare_clauses(desk: &Desk, arguments: Arguments) -> Result<Told, AnswerError> {
    let comparison = desk.compare_clauses(arguments.into_params(&[])?)?;
    let mut lines = Lines::default();
    write_side(&mut lines, "From", &comparison.from);
    write_side(&mut lines, "To", &comparison.to);
    lines.skip();
    write_contrast(&mut lines, &comparison);
    lines.skip();
    lines.add(format!(
        "{} in both, {} only in From, {} only in To (generation {}).",
        count(comparison.words_equal, "word"),
        comparison.words_deleted,
        comparison.words_inserted,
        comparison.generation
    ));
    write_words(&mut lines, &comparison);
    tell(lines, &comparison)
}

fn write_side(lines: &mut Lines, name: &str, side: &ComparedClause) {
    let title = side.clause.title.as_ref().map(|title| format!(": “{title}”")).unwrap_or_default();
    lines.add(format!("{name}: {}, {}{title}", side.platform.name, side.clause.document.title));
    lines.add(format!("   {}", list_marks(&side.clause)));
    lines.add(format!("   {}", tell_source(&side.clause, &side.evidence)));
}

fn write_contrast(lines: &mut Lines, comparison: &ClauseComparison) {
    let (Some(only_from), Some(only_to), Some(both)) =
        (&comparison.only_from, &comparison.only_to, &comparison.both)
    else {
        lines.add(
            "What only one of them says was not looked for: it is known how to tell that in English only."
                .to_owned(),
        );
        return;
    };
    for (label, statements) in [("Only From says", only_from), ("Only To says", only_to), ("Both say", both)]
    {
        if statements.is_empty() {
            continue;
        }
        lines.add(format!("{label}:"));
        for statement in statements {
            lines.add(write_statement(statement));
        }
    }
    if only_from.is_empty() && only_to.is_empty() && both.is_empty() {
        lines
            .add("No choice, purpose, kind of data, recipient or limit was recognised in either.".to_owned());
    } else {
        lines.add("Found by phrases, not understood: read both texts before you rely on it.".to_owned());
    }
}

fn write_statement(statement: &Statement) -> String {
    format!("- {} [{}]: “{}”", statement.name(), statement.group, statement.quote)
}

/// The differences in one text where most words are the same, and both texts where not: there a
/// difference word by word tells nothing to a reader.
fn write_words(lines: &mut Lines, comparison: &ClauseComparison) {
    let changed = comparison.words_deleted.max(comparison.words_inserted);
    if changed == 0 && comparison.words_equal > 0 {
        lines.add("Word for word the same:".to_owned());
        lines.add(quote("> ", &write_parts(&comparison.parts, &[Op::Equal, Op::Delete]), false));
    } else if comparison.words_equal >= changed {
        lines.add("Word by word, [-only in From-] and {+only in To+}:".to_owned());
        lines.add(quote("> ", &mark_parts(&comparison.parts), false));
    } else {
        for (label, ops) in [("From:", [Op::Equal, Op::Delete]), ("To:", [Op::Equal, Op::Insert])] {
            lines.add(label.to_owned());
            lines.add(quote("> ", &write_parts(&comparison.parts, &ops), false));
        }
    }
}

fn write_parts(parts: &[DiffPart], ops: &[Op]) -> String {
    parts.iter().filter(|part| ops.contains(&part.op)).map(|part| part.text.as_str()).collect()
}

fn mark_parts(parts: &[DiffPart]) -> String {
    parts
        .iter()
        .map(|part| match part.op {
            Op::Equal => part.text.clone(),
            Op::Delete => format!("[-{}-]", part.text),
            Op::Insert => format!("{{+{}+}}", part.text),
        })
        .collect()
}

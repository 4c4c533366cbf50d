//! Severity: a type's default, raised and lowered by the taxonomy's modifiers.

use std::collections::HashMap;

use crate::clause::Severity;
use crate::taxonomy::{Modifier, Taxonomy};

#[derive(Debug)]
struct Kind {
    severity: Severity,
    category: String,
    denial_is_promise: bool,
}

/// How severity is found.
#[derive(Debug)]
pub(super) struct Rating {
    kinds: HashMap<String, Kind>,
    modifiers: Vec<Modifier>,
}

impl Rating {
    pub(super) fn new(taxonomy: &Taxonomy) -> Self {
        let file = taxonomy.file();
        let kinds = file.clause_type.iter().filter_map(|entry| {
            let kind = Kind {
                severity: Severity::parse(&entry.severity)?,
                category: entry.category.clone(),
                denial_is_promise: entry.denial == "promise",
            };
            Some((entry.id.clone(), kind))
        });
        Self { kinds: kinds.collect(), modifiers: file.modifier.clone() }
    }

    /// The severity of a clause of a main type, with the reasons, one a line. `None` for a type
    /// without one.
    ///
    /// A denied type of which the denial is a promise is low. Otherwise the modifiers that matched move
    /// the default by one step, if all of them pull one way.
    pub(super) fn rate(
        &self,
        main: &str,
        denied: bool,
        matched: &[(usize, String)],
    ) -> Option<(Severity, Vec<String>)> {
        let kind = self.kinds.get(main)?;
        let mut reasons = vec![format!("severity: {main} is {} by default", kind.severity.as_str())];
        let applying = matched.iter().filter_map(|(place, phrase)| {
            let modifier = self.modifiers.get(*place)?;
            let of = &modifier.of;
            let applies = of.is_empty() || of.iter().any(|id| *id == kind.category || id == main);
            applies.then_some((modifier, phrase))
        });
        let mut pull = (false, false);
        let mut excepted = false;
        for (modifier, phrase) in applying {
            match modifier.effect.as_str() {
                "raise" => pull.0 = true,
                "except" if denied => excepted = true,
                "lower" => pull.1 = true,
                _ => continue,
            }
            reasons.push(format!("severity: {} by {}: {phrase}", modifier.verb(), modifier.id));
        }
        if denied && kind.denial_is_promise {
            let severity = if excepted { step_down(kind.severity) } else { Severity::Low };
            let exceptions = if excepted { ", with exceptions" } else { "" };
            reasons.push(format!(
                "severity: {}, as the clause denies what {main} is about{exceptions}",
                severity.as_str()
            ));
            return Some((severity, reasons));
        }
        let severity = match pull {
            (true, false) => step_up(kind.severity),
            (false, true) => step_down(kind.severity),
            _ => kind.severity,
        };
        Some((severity, reasons))
    }
}

fn step_up(severity: Severity) -> Severity {
    if severity == Severity::Low { Severity::Medium } else { Severity::High }
}

fn step_down(severity: Severity) -> Severity {
    if severity == Severity::High { Severity::Medium } else { Severity::Low }
}

use super::*;
use crate::clause::Severity;

fn infer(text: &str, title: Option<&str>) -> Inferred {
    let taxonomy = Taxonomy::bundled().expect("sound");
    let given = Given { title: title.map(str::to_owned), ..Given::default() };
    Classifier::new(&taxonomy).infer(text, &given, &Labels::default(), "en")
}

/// The main type, and `!` before one that the clause denies.
fn check(text: &str, title: Option<&str>, expected: Option<&str>) {
    let inferred = infer(text, title);
    let main = inferred
        .types
        .first()
        .map(|found| format!("{}{}", if found.denied { "!" } else { "" }, found.clause_type));
    assert_eq!(main.as_deref(), expected, "{text}: {:?}", inferred.matched);
    assert_eq!(inferred.labels.clause_type.is_some(), expected.is_some());
}

fn check_severity(text: &str, expected: Severity, reason: &str) {
    let inferred = infer(text, None);
    assert_eq!(inferred.labels.severity, Some(expected), "{text}: {:?}", inferred.matched);
    assert!(inferred.matched.iter().any(|line| line.contains(reason)), "{:?}", inferred.matched);
}

#[test]
fn cues_betray_types() {
    let text = "Any dispute will be settled by binding arbitration instead of in court by one arbitrator.";
    check(text, None, Some("binding-arbitration"));
    check("We may use your content to train our machine learning models.", None, Some("ai-training"));
    check("Add two spoons of vinegar to the rice.", None, None);
}

#[test]
fn denials_are_told_from_what_they_deny() {
    check("We never sell your personal information to anyone.", None, Some("!sale-of-data"));
    check("We may sell your personal information to data brokers.", None, Some("sale-of-data"));
}

#[test]
fn a_definition_provides_nothing() {
    check("“Arbitration” means settlement of a dispute by binding arbitration.", None, None);
}

#[test]
fn severity_follows_the_type_and_its_modifiers() {
    check_severity("We never sell your personal information.", Severity::Low, "denies");
    check_severity("We may sell your personal information to data brokers.", Severity::High, "default");
}

#[test]
fn what_is_given_is_not_inferred() {
    let taxonomy = Taxonomy::bundled().expect("sound");
    let classifier = Classifier::new(&taxonomy);
    let mut given = Given::default();
    given.labels.clause_type = Some("governing-law".to_owned());
    let text = "Any dispute will be settled by binding arbitration under the GDPR.";
    let inferred = classifier.infer(text, &given, &Labels::default(), "en");
    assert_eq!(inferred.labels.clause_type, None);
    assert!(inferred.types.is_empty());
    assert!(inferred.labels.severity.is_some());
    assert_eq!(inferred.labels.regulations.as_deref(), Some(&["gdpr".to_owned()][..]));
    assert!(inferred.matched.iter().any(|reason| reason.contains("governing-law")));
}

#[test]
fn every_main_type_is_sure_enough_and_explained() {
    let least = Taxonomy::bundled().expect("sound").file().inference.least_confidence;
    for text in ["We keep logs for as long as needed.", "You must be 13 years old.", "Fees are not refunded."]
    {
        let inferred = infer(text, None);
        if let Some(main) = inferred.types.first() {
            assert!(main.confidence.is_some_and(|sure| sure >= least), "{text}");
            assert!(inferred.matched.iter().any(|line| line.starts_with(&main.clause_type)), "{text}");
        }
    }
}

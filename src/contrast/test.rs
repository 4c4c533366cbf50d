use std::sync::LazyLock;

use super::*;
use crate::text::mask::Mask;
use crate::text::term::analyze;

static CONTRASTER: LazyLock<Contraster> =
    LazyLock::new(|| Contraster::new(&Aspects::bundled().expect("the bundled aspects are sound")));

fn read_with(text: &str, language: &str, names: &[&str]) -> Option<Vec<Statement>> {
    let mask = Mask::of_names(names.iter().copied());
    CONTRASTER.read(text, language, &analyze(text, language, &mask))
}

fn read(text: &str) -> Vec<Statement> {
    read_with(text, "en", &[]).expect("English is read")
}

/// Ids, `!` before what is denied.
fn list(statements: &[Statement]) -> Vec<String> {
    let mark = |denied| if denied { "!" } else { "" };
    statements.iter().map(|statement| format!("{}{}", mark(statement.denied), statement.id)).collect()
}

/// All that a text says of some groups.
fn check_groups(groups: &[&str], text: &str, expected: &[&str]) {
    let mut statements = read(text);
    statements.retain(|statement| groups.contains(&statement.group.as_str()));
    assert_eq!(list(&statements), expected, "{text}: {statements:#?}");
}

fn check_choices(text: &str, expected: &[&str]) {
    check_groups(&["choice"], text, expected);
}

fn check_quote(text: &str, id: &str, expected: &str) {
    let statements = read(text);
    let quote = statements.iter().find(|statement| statement.id == id).map(|statement| &*statement.quote);
    assert_eq!(quote, Some(expected), "{text}: {statements:#?}");
}

#[test]
fn every_aspect_is_found_in_its_examples() {
    let aspects = Aspects::bundled().expect("the bundled aspects are sound");
    assert!((40..=60).contains(&aspects.aspect.len()), "{} aspects", aspects.aspect.len());
    let mut faults = Vec::new();
    for aspect in &aspects.aspect {
        let sentences = [Some((&aspect.example, false)), aspect.denied.as_ref().map(|one| (one, true))];
        for (sentence, denied) in sentences.into_iter().flatten() {
            let said = read(sentence);
            if !said.iter().any(|one| one.id == aspect.id && one.denied == denied) {
                faults.push(format!("{} (denied: {denied}): {sentence}: {:?}", aspect.id, list(&said)));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// A cue that no text could match would stand in the file for nothing.
#[test]
fn every_cue_matches_what_it_spells() {
    let aspects = Aspects::bundled().expect("the bundled aspects are sound");
    let mut faults = Vec::new();
    for aspect in &aspects.aspect {
        for cue in aspect.cues.iter().chain(&aspect.denials) {
            let spelled: Vec<&str> = cue
                .split(' ')
                .filter(|word| *word != "*")
                .map(|word| word.split('|').next().unwrap_or(word))
                .collect();
            let sentence = format!("Well, {}.", spelled.join(" "));
            if !read(&sentence).iter().any(|one| one.id == aspect.id) {
                faults.push(format!("{}: {cue}", aspect.id));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn denials_are_told_from_what_they_deny() {
    let check = |text: &str, expected: &[&str]| check_groups(&["purpose", "data"], text, expected);
    check("We sell your personal information.", &["sale"]);
    check("We do not sell your personal information.", &["!sale"]);
    check("We no longer sell your personal information.", &["!sale"]);
    check("We don’t sell your data. We sell your data to brokers.", &["sale"]);
    check("We do not sell your data, but we use cookies.", &["!sale", "cookies"]);
    check("We do not sell your data; we use cookies.", &["!sale", "cookies"]);
    check("We do not sell your data and we use cookies.", &["!sale", "cookies"]);
    check("We collect data including, but not limited to, your precise location.", &["location"]);
    check("We not only sell your data.", &["sale"]);
    check("If you do not agree, we sell your data.", &["sale"]);
    check("Whether or not you agree to it, your data are sold.", &["sale"]);
    // A denial after its subject, and none that is about something else.
    check("Your location is never shared.", &["!location"]);
    check("Cookies are used, and nothing is not told.", &["cookies"]);
    // Nothing reaches across the end of a sentence.
    check("Not so. We sell your data.", &["sale"]);
    // What people are forbidden is nothing that the platform does.
    check("You may not sell the data of others.", &[]);
}

#[test]
fn purposes_are_found() {
    let check = |text: &str, expected: &[&str]| check_groups(&["purpose"], text, expected);
    check("We may use what you post to train our machine learning models.", &["train-models"]);
    check(
        "We use it to improve our services, to show relevant advertising, and to detect fraud.",
        &["improve-service", "advertising", "security"],
    );
    check("Records are disclosed where required by law.", &["legal"]);
    check("The weather is mild.", &[]);
    // `personalise` and `personal` have one stem in American spelling.
    check("Personal information of customers is kept.", &[]);
}

#[test]
fn kinds_of_data_are_found() {
    let check = |text: &str, expected: &[&str]| check_groups(&["data"], text, expected);
    check("We keep your voice, your precise location and your IP address.", &["voice", "location", "device"]);
    check("Health information and photographs of children.", &["images", "health", "children"]);
    check("The arbitration takes place at a location of our choice.", &[]);
    check(
        "We do not collect health information, voiceprints or your contacts.",
        &["!biometric", "!contacts", "!health"],
    );
}

#[test]
fn recipients_and_limits_are_found() {
    let check = |text: &str, expected: &[&str]| check_groups(&["recipient", "limit"], text, expected);
    check("We share records with advertisers and law enforcement.", &["advertisers", "authorities"]);
    check("Ads are useful to advertise a shop.", &[]);
    check("Only aggregated data are kept, for no longer than 30 days.", &["time-limit", "anonymised"]);
    check("We may, in our sole discretion and at any time, close it.", &["sole-discretion", "any-time"]);
    check("We do not keep records for more than 90 days.", &["time-limit"]);
    check("We do not keep records indefinitely.", &["!perpetual"]);
    check("To the extent permitted by law, residents of the EU are excepted.", &["law-allows", "region"]);
}

#[test]
fn choices_are_found() {
    check_choices("You may opt-out at any time.", &["opt-out"]);
    check_choices("You cannot opt out.", &["!opt-out"]);
    check_choices("This applies unless you opt out.", &["opt-out"]);
    check_choices("If you do not opt out, this applies.", &["opt-out"]);
    check_choices("We may do this without your consent.", &["!consent"]);
    check_choices("We will not do this without your express consent.", &["consent"]);
    check_choices(
        "We do not give any of what we know of you and your household to a company outside of ours without consent.",
        &["consent"],
    );
    check_choices("Terms may be changed without notice.", &["!notice"]);
    check_choices("We will notify you thirty days before.", &["notice"]);
}

#[test]
fn quotes_are_verbatim() {
    check_quote("We may SELL  your “Data”.", "sale", "SELL  your “Data");
    check_quote("We do not, ever, sell your data.", "sale", "not, ever, sell your data");
    check_quote("Your location is never shared.", "location", "Your location is never shared");
    check_quote("We may do so without any notice to you.", "notice", "without any notice");
    // What is said at all is quoted where it is said.
    check_quote("We never sell your data. We sell it to brokers.", "sale", "sell it to brokers");
    let long = format!("We sell {} data.", "x".repeat(600));
    assert_eq!(list(&read(&long)), [""; 0]);
}

#[test]
fn names_of_platforms_say_nothing() {
    let check = |names: &[&str], expected: &[&str]| {
        let said = read_with("Voice Cookie keeps records.", "en", names).expect("English is read");
        assert_eq!(list(&said), expected);
    };
    check(&[], &["voice", "cookies"]);
    check(&["Voice Cookie"], &[]);
    check(&["Cookie"], &["voice"]);
}

#[test]
fn other_languages_are_not_read() {
    let check = |language: &str, expected: bool| {
        assert_eq!(read_with("We use cookies.", language, &[]).is_some(), expected, "{language}");
    };
    check("en", true);
    check("en-GB", true);
    check("de", false);
    check("", false);
}

#[test]
fn two_texts_are_told_apart() {
    let check = |source: &str, clause: &str, expected: [&[&str]; 3]| {
        let contrast = compare_statements(&read(source), &read(clause));
        let lists = [contrast.source_only, contrast.clause_only, contrast.both].map(|side| list(&side));
        assert_eq!(lists, expected.map(|side| side.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()));
    };
    let sells = "We sell your personal data to data brokers unless you opt out.";
    let keeps = "We do not sell your personal data; we set cookies.";
    check(sells, keeps, [&["opt-out", "sale", "data-brokers"], &["!sale", "cookies"], &[]]);
    check(keeps, sells, [&["!sale", "cookies"], &["opt-out", "sale", "data-brokers"], &[]]);
    check(sells, sells, [&[], &[], &["opt-out", "sale", "data-brokers"]]);
    check("", keeps, [&[], &["!sale", "cookies"], &[]]);
    let contrast = compare_statements(&read("We use cookies."), &read("Cookies are set."));
    assert_eq!(contrast.both.first().map(|one| &*one.quote), Some("Cookies"));
}

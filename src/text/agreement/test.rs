//! Invented texts of all kinds.

use super::*;
use crate::text::split::{Form, split_document};

/// Tells what a text in Markdown is, apart from an agreement.
fn check(title: &str, text: &str, expected: Option<Kind>) {
    let split = split_document(Form::Markdown, title, text, false);
    let kind = split.refusal.as_ref().map(|refusal| refusal.kind);
    assert_eq!(kind, expected, "{:?} of {text:?}", split.refusal);
    assert_eq!(kind.is_some(), split.clauses.is_empty(), "{text:?}");
    assert!(!split_document(Form::Markdown, title, text, true).clauses.is_empty(), "{text:?}");
}

const TERMS: &str = "# Terms of Service\n\n## 1. Flying\n\nYou may fly a kite here on every day of the week. \
    You must not fly it at night.\n\n## 2. Fees\n\nYou pay the fees in advance. We may change these terms at any time, \
    and you agree to the change if you go on flying.";

#[test]
fn refuses_press_releases() {
    check(
        "Kite Club News",
        "**TARN, Oldshire, May 4, 2031 (GLOBE NEWSWIRE) --** Tarnley Kites, the leading maker of kites, today announced \
        that it has bought Oakmere Lines for an undisclosed sum.\n\n\"This is a great day for everyone who loves the wind,\" \
        said Ada Marsh, chief executive of Tarnley Kites.\n\n**About Tarnley Kites**\n\nTarnley Kites is a maker of kites \
        with offices in four towns.\n\n**Media contact**\n\nJon Reed, press@tarnley.example",
        Some(Kind::PressRelease),
    );
    check(
        "Privacy update",
        "FOR IMMEDIATE RELEASE\n\n# Oakmere unveils a new way to keep your photos safe\n\nOakmere Lines is proud to announce a \
        vault for photos. Customers will find it in the app from June on.\n\n“People asked us for it,” said Lil Brook, head \
        of photos. “We listened.”\n\n###",
        Some(Kind::PressRelease),
    );
}

#[test]
fn refuses_news() {
    check(
        "Kite maker's new terms let it keep every photo, and its members are angry",
        "By Ada Marsh\n\n4 min read\n\nTarnley Kites changed its terms of service on Friday. A spokesperson declined to comment.\n\n\
        “You agree to everything if you fly,” said Jon Reed, who has flown there for years. “I never saw that line,” \
        said Lil Brook, a member since 2019.\n\n“It is what everyone does,” added a lawyer, who asked not to be named.\n\n\
        Related stories\n\nOakmere buys a lake",
        Some(Kind::News),
    );
    check(
        "Kite club fined",
        "OLDSHIRE (AP) — A court fined a kite club on Monday for the loss of 400 kites.\n\nThe club said in a statement that it \
        would appeal. “The wind took them,” its chairman told reporters.",
        Some(Kind::News),
    );
}

#[test]
fn refuses_posts() {
    check(
        "Why I stopped flying kites",
        "Posted by Ada Marsh on May 4, 2031\n\nI used to fly my kite every week. Then I read the terms of the club, and I was \
        surprised. My kite was not mine any more, or so it seemed to me.\n\nI'm not a lawyer.\n\nFiled under: kites\n\n\
        Leave a comment",
        Some(Kind::Post),
    );
    check(
        "What we learned from a year of wind",
        "By Jon Reed\n\n7 min read\n\nLast year our team built a new mast. It took longer than anyone had planned, and it fell \
        twice.\n\nThe first mast was of wood. The second was of steel.\n\nAbout the author\n\nJon Reed builds masts at Tarnley.",
        Some(Kind::Post),
    );
}

#[test]
fn refuses_comments() {
    check(
        "Has anyone read the new terms?",
        "u/marsh_ada · 3h ago\n\nThey can keep your kite now, lol. I read it twice.\n\n12 upvotes\n\nReply\n\nu/reed · 2h ago\n\n\
        You can opt out, you just have to write to them.\n\n4 upvotes\n\nReply\n\nu/brook · 10 minutes ago\n\nI did, and \
        they never answered me.\n\n1 upvote\n\nReply",
        Some(Kind::Comments),
    );
    check(
        "Thread",
        "3 replies\n\n@marsh · 3d\n\nIs anyone else unable to fly today?\n\nLike\n\n@reed · 2d\n\nNo wind here either.\n\n2 likes\n\nLike\n\n@brook · 2d\n\nSame, sadly.",
        Some(Kind::Comments),
    );
}

#[test]
fn takes_agreements_whatever_stands_in_them() {
    check("Terms of Service", TERMS, None);
    check("Terms", &format!("By Ada Marsh\n\n5 min read\n\n{TERMS}"), None);
    check(
        "Press policy",
        &format!("{TERMS}\n\n## Media contact\n\nYou may write to press@tarnley.example at any time."),
        None,
    );
    check(
        "Community Guidelines",
        "Do not sell kites here. Never post a photo of somebody else's kite. Posts are removed once they have 3 reports, and a \
        member is told so within 24 hours.",
        None,
    );
    check(
        "Bedingungen",
        "Sie dürfen hier an jedem Tag der Woche einen Drachen steigen lassen, jedoch nicht in der Nacht.",
        None,
    );
}

#[test]
fn leaves_out_sections_that_belong_to_no_agreement() {
    for section in [
        "## Related stories\n\nThe club that bought a lake, and why it was sold again within a week.",
        "## Comments (12)\n\nThis is unfair to everyone who has a kite, and they know it.",
        "## 3 Comments\n\nu/marsh · 3h ago\n\nThis is unfair to everyone who has a kite.",
        "**About the author**\n\nAda Marsh writes about kites and lives near a lake with three of them.",
        "## Media contact\n\nThe press office of the club is open on every day of the week.",
        "## You may also like\n\n* The story of a kite that flew over the sea and was found again.",
    ] {
        let split = split_document(
            Form::Markdown,
            "Terms",
            &format!("{TERMS}\n\n{section}\n\n## Law\n\nThe law of Tarn applies to these terms."),
            false,
        );
        assert_eq!(split.left_out.len(), 1, "{section}");
        assert!(split.clauses.iter().all(|clause| !section.contains(&clause.text)), "{:?}", split.clauses);
        assert!(split.clauses.iter().any(|clause| clause.text.contains("law of Tarn")), "{section}");
    }
    for section in [
        "## 7. Comments\n\nYou may comment on kites. You must not comment on their owners, and we may remove your comments.",
        "## Related documents\n\nThe rules of the lake are part of these terms.",
        "## Comments\n\nYour comments are yours, but you grant us the right to show them.",
    ] {
        let split = split_document(Form::Markdown, "Terms", &format!("{TERMS}\n\n{section}"), false);
        assert!(split.left_out.is_empty(), "{section}: {:?}", split.left_out);
    }
}

#[test]
fn says_what_it_saw() {
    let refusal = Refusal { kind: Kind::News, signs: vec!["a byline", "a dateline"] };
    assert_eq!(refusal.to_string(), "it reads like a news story (a byline; a dateline)");
}

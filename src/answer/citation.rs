//! How to cite a wording: in a line, for BibTeX, and as CSL-JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::view::{ClauseView, EvidenceView, PlatformView};

/// How to cite a wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Citation {
    /// The wording's own name: `ID@N`.
    pub wording: String,
    /// A citation in one line.
    pub text: String,
    /// SHA-256 of the wording's text.
    #[schema(required)]
    pub text_sha256: Option<String>,
}

/// A name of CSL-JSON that has no parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CslName {
    /// The name.
    pub literal: String,
}

/// A date of CSL-JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CslDate {
    /// Year, month and day.
    #[serde(rename = "date-parts")]
    pub date_parts: Vec<Vec<u32>>,
}

/// An item of CSL-JSON, the form of the Citation Style Language: a passage of a web page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CslItem {
    /// The wording's name, `ID@N`.
    pub id: String,
    /// `webpage`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The clause's title, or else the document's.
    pub title: String,
    /// The document.
    #[serde(rename = "container-title")]
    pub container_title: String,
    /// The platform.
    pub author: Vec<CslName>,
    /// When the document was updated, as it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<CslDate>,
    /// When the copy was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessed: Option<CslDate>,
    /// An archived copy, or else where it was read, or else where the document stands.
    #[serde(rename = "URL", skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Record, hash and attribution.
    pub note: String,
}

/// What is cited.
pub(super) struct Cited<'a> {
    pub(super) platform: &'a PlatformView,
    pub(super) clause: &'a ClauseView,
    pub(super) evidence: &'a EvidenceView,
}

impl Citation {
    /// How to cite a wording that is shown.
    #[must_use]
    pub fn new(platform: &PlatformView, clause: &ClauseView, evidence: &EvidenceView) -> Self {
        let wording = format!("{}@{}", clause.id, clause.wording);
        let mut parts = Vec::new();
        if let Some(title) = &clause.title {
            parts.push(format!("“{title}”"));
        }
        parts.push(format!("{}, {}", platform.name, clause.document.title));
        parts.push(format!("Crossclause record {wording}"));
        if let Some(captured) = &evidence.captured_at {
            parts.push(format!("captured {captured}"));
        }
        if let Some(hash) = &evidence.text_sha256 {
            parts.push(format!("SHA-256 {hash}"));
        }
        let cited = Cited { platform, clause, evidence };
        parts.extend(cited.find_url().map(str::to_owned));
        parts.extend(clause.collection.as_ref().and_then(|collection| collection.attribution.clone()));
        let text = format!("{}.", parts.join(". "));
        Self { wording, text, text_sha256: evidence.text_sha256.clone() }
    }
}

impl Cited<'_> {
    /// Where the text can be read: the copy that changes least.
    fn find_url(&self) -> Option<&str> {
        let copies = [&self.evidence.archive_url, &self.evidence.source_url, &self.clause.document.url];
        copies.into_iter().flatten().next().map(String::as_str)
    }

    fn title(&self) -> &str {
        self.clause.title.as_deref().unwrap_or(&self.clause.document.title)
    }

    fn wording(&self) -> String {
        format!("{}@{}", self.clause.id, self.clause.wording)
    }

    fn note(&self) -> String {
        let mut parts = vec![format!("Crossclause record {}", self.wording())];
        parts.extend(self.evidence.captured_at.as_ref().map(|captured| format!("captured {captured}")));
        parts.extend(self.evidence.text_sha256.as_ref().map(|hash| format!("SHA-256 {hash}")));
        parts.extend(self.clause.collection.as_ref().and_then(|collection| collection.attribution.clone()));
        parts.join("; ")
    }

    /// An entry of BibTeX. `updated_on` is when the document was updated, as it says.
    pub(super) fn write_bibtex(&self, updated_on: Option<&str>) -> String {
        let captured = self.evidence.captured_at.as_deref().and_then(read_date);
        let year = updated_on.and_then(read_date).or_else(|| captured.clone());
        let fields = [
            ("author", Some(format!("{{{}}}", escape_tex(&self.platform.name)))),
            ("title", Some(format!("{{{}}}", escape_tex(self.title())))),
            ("howpublished", Some(escape_tex(&self.clause.document.title))),
            ("year", year.and_then(|date| date.first().map(ToString::to_string))),
            ("url", self.find_url().map(escape_url)),
            (
                "urldate",
                captured
                    .map(|date| date.iter().map(|part| format!("{part:02}")).collect::<Vec<_>>().join("-")),
            ),
            ("note", Some(escape_tex(&self.note()))),
        ];
        let lines = fields.into_iter().filter_map(|(name, value)| Some(format!("  {name} = {{{}}}", value?)));
        let key: String = self
            .wording()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || ".:-".contains(c) { c } else { '-' })
            .collect();
        format!("@misc{{{key},\n{}\n}}", lines.collect::<Vec<_>>().join(",\n"))
    }

    /// An item of CSL-JSON.
    pub(super) fn write_csl(&self, updated_on: Option<&str>) -> CslItem {
        let date =
            |text: Option<&str>| text.and_then(read_date).map(|date| CslDate { date_parts: vec![date] });
        CslItem {
            id: self.wording(),
            kind: "webpage".to_owned(),
            title: self.title().to_owned(),
            container_title: self.clause.document.title.clone(),
            author: vec![CslName { literal: self.platform.name.clone() }],
            issued: date(updated_on),
            accessed: date(self.evidence.captured_at.as_deref()),
            url: self.find_url().map(str::to_owned),
            note: self.note(),
        }
    }
}

/// Year, month and day of a date.
fn read_date(text: &str) -> Option<Vec<u32>> {
    let parts: Vec<u32> = text.get(..10)?.split('-').map(str::parse).collect::<Result<_, _>>().ok()?;
    (parts.len() == 3).then_some(parts)
}

/// A text as TeX prints it.
fn escape_tex(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '{' | '}' | '$' | '&' | '#' | '_' | '%' => escaped.extend(['\\', character]),
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

/// A URL that cannot end its field: `\url` takes the rest as it is.
fn escape_url(url: &str) -> String {
    url.replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tex_prints_what_was_written() {
        for (text, written) in [
            ("Terms & Conditions", "Terms \\& Conditions"),
            ("100 % {sure}_#1", "100 \\% \\{sure\\}\\_\\#1"),
            ("a\\b~c^d$", "a\\textbackslash{}b\\textasciitilde{}c\\textasciicircum{}d\\$"),
            ("one\nline", "one line"),
            ("“Données” › Ö", "“Données” › Ö"),
        ] {
            assert_eq!(escape_tex(text), written);
        }
        assert_eq!(escape_url("https://a.example/{b}\\?c_d#e%20"), "https://a.example/%7Bb%7D%5C?c_d#e%20");
    }

    #[test]
    fn dates_have_three_parts() {
        assert_eq!(read_date("2026-05-08T14:09:00Z"), Some(vec![2026, 5, 8]));
        assert_eq!(read_date("2026-05-08"), Some(vec![2026, 5, 8]));
        assert_eq!(read_date("2026"), None);
        assert_eq!(read_date("long ago, once"), None);
    }
}

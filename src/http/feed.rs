//! Changes as an Atom feed, RFC 4287.

use std::io;

use axum::http::Uri;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::origin::Origin;
use crate::answer::{ChangeView, ChangesAnswer};
use crate::clause::{Collection, NewsKind, hash_text};

/// The feed of a page of changes. `updated` is when the newest generation was recorded: the date of a
/// feed without entries.
pub(super) fn write_feed(
    changes: &ChangesAnswer,
    origin: &Origin,
    uri: &Uri,
    updated: &str,
) -> io::Result<Vec<u8>> {
    let base = origin.to_string();
    let own = uri.path_and_query().map_or("/feeds/changes.atom", |path| path.as_str());
    let updated = changes.changes.first().map_or(updated, |change| change.recorded_at.as_str());
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let feed = writer.create_element("feed").with_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
    feed.write_inner_content(|writer| {
        write_text(writer, "id", &name_uuid(own))?;
        write_text(writer, "title", "Crossclause: changes of clauses")?;
        write_text(writer, "updated", updated)?;
        write_link(writer, "self", &format!("{base}{own}"))?;
        write_link(writer, "alternate", &format!("{base}/"))?;
        writer
            .create_element("author")
            .write_inner_content(|writer| write_text(writer, "name", "Crossclause"))?;
        for change in &changes.changes {
            writer
                .create_element("entry")
                .write_inner_content(|writer| write_entry(writer, change, &base))?;
        }
        Ok(())
    })?;
    Ok(writer.into_inner())
}

fn write_entry(writer: &mut Writer<Vec<u8>>, change: &ChangeView, base: &str) -> io::Result<()> {
    let verb = match change.kind {
        NewsKind::Added => "added",
        NewsKind::Changed => "changed",
        NewsKind::Removed => "removed",
    };
    let subject = change.clause.title.as_deref().unwrap_or(&change.clause.document.title);
    let title = format!("{}, {}: {subject} ({verb})", change.platform.name, change.clause.document.title);
    let names = (change.wording_before.as_deref(), change.wording.as_deref());
    let id = format!("{} {} {:?} {}", change.number, change.clause.id, names, change.recorded_at);
    let link = match names {
        (Some(before), Some(after)) => format!("{base}/v1/diff?from={before}&to={after}"),
        _ => format!("{base}/v1/clauses/{}/history", change.clause.id),
    };
    write_text(writer, "id", &name_uuid(&id))?;
    write_text(writer, "title", &title)?;
    write_text(writer, "updated", &change.recorded_at)?;
    if let Some(observed) = change.observed_at.as_deref().filter(|observed| observed.len() > 10) {
        write_text(writer, "published", observed)?;
    }
    write_link(writer, "alternate", &link)?;
    let mut terms = change.clause.categories.clone();
    terms.push(change.clause.clause_type.clone());
    terms.push(change.clause.severity.clone());
    for term in terms {
        writer.create_element("category").with_attribute(("term", term.as_str())).write_empty()?;
    }
    if let Some(rights) = change.clause.collection.as_ref().and_then(tell_rights) {
        write_text(writer, "rights", &rights)?;
    }
    write_text(writer, "summary", &change.excerpt.text)
}

/// Licence and attribution in one line, with the address where the collection has one.
fn tell_rights(collection: &Collection) -> Option<String> {
    let parts: Vec<&str> = [&collection.attribution, &collection.license, &collection.url]
        .into_iter()
        .filter_map(Option::as_deref)
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Writes an element that holds a text.
pub(super) fn write_text(writer: &mut Writer<Vec<u8>>, name: &str, text: &str) -> io::Result<()> {
    // XML has no way to write most control characters.
    let is_written = |c: char| match c {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_control(),
    };
    let text: String = text.chars().filter(|&c| is_written(c)).collect();
    writer.create_element(name).write_text_content(BytesText::new(&text))?;
    Ok(())
}

fn write_link(writer: &mut Writer<Vec<u8>>, relation: &str, target: &str) -> io::Result<()> {
    let link = writer.create_element("link").with_attribute(("rel", relation));
    link.with_attribute(("href", target)).write_empty()?;
    Ok(())
}

/// A UUID (RFC 9562, version 8) made of a hash of a name: the same for the same name, anywhere.
fn name_uuid(name: &str) -> String {
    let hash = hash_text(name.as_bytes());
    let part = |range: std::ops::Range<usize>| hash.get(range).unwrap_or_default().to_owned();
    format!("urn:uuid:{}-{}-8{}-a{}-{}", part(0..8), part(8..12), part(12..15), part(15..18), part(18..30))
}

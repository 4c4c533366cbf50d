//! Ids made of names.

use std::collections::{HashMap, HashSet};

use crate::clause::{DocumentId, hash_text};
use crate::text::fold::fold_word;

/// Lower-case ASCII letters, digits and single hyphens, at most 60 bytes; a name without any gets
/// a hash.
pub(super) fn make_slug(name: &str) -> String {
    let mut slug = String::new();
    for character in fold_word(name).chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(60);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        let hash = hash_text(name.as_bytes());
        return format!("n{}", hash.get(..8).unwrap_or(&hash));
    }
    slug.to_owned()
}

/// An id from a document and a clause's first wording.
pub(super) fn mint_id(document: &DocumentId, text: &str, taken: &mut HashSet<String>) -> String {
    let hash = hash_text(text.as_bytes());
    let base = format!("{document}.{}", hash.get(..10).unwrap_or(&hash));
    let mut id = base.clone();
    let mut number = 1;
    while !taken.insert(id.clone()) {
        number += 1;
        id = format!("{base}-{number}");
    }
    id
}

/// Slugs given out, so that no two names get the same.
#[derive(Debug, Default)]
pub(super) struct Slugs {
    /// All names that there are, each with its scope.
    names: HashSet<(String, String)>,
    /// Slugs in each scope, each with the name that it stands for.
    owners: HashMap<(String, String), String>,
}

impl Slugs {
    /// Over all names that will be asked for, each with its scope.
    pub(super) fn new(names: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { names: names.into_iter().collect(), owners: HashMap::new() }
    }

    /// The slug of a name in a scope. Of two names with one slug, the one that holds it in the
    /// store (`holder`) keeps it, else the first; the other gets a hash beside it.
    pub(super) fn choose(&mut self, scope: &str, name: &str, holder: Option<String>) -> String {
        let key = (scope.to_owned(), make_slug(name));
        let owner = match self.owners.get(&key) {
            Some(owner) => owner.clone(),
            None => holder
                .filter(|holder| self.names.contains(&(scope.to_owned(), holder.clone())))
                .unwrap_or_else(|| name.to_owned()),
        };
        let slug = if owner == name {
            key.1.clone()
        } else {
            let hash = hash_text(name.as_bytes());
            format!("{}-{}", key.1, hash.get(..6).unwrap_or(&hash))
        };
        self.owners.insert(key, owner);
        slug
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_fit_an_id() {
        for (name, slug) in
            [("App Store", "app-store"), ("X", "x"), ("Été & Co.", "ete-co"), ("YouTube", "youtube")]
        {
            assert_eq!(make_slug(name), slug);
        }
        assert!(DocumentId::new(make_slug("微博")).is_ok());
    }

    #[test]
    fn two_names_never_share_a_slug() {
        let mut slugs = Slugs::new([]);
        assert_eq!(slugs.choose("", "A & B", None), "a-b");
        assert_eq!(slugs.choose("", "A & B", None), "a-b");
        let other = slugs.choose("", "A-B", None);
        assert!(other.starts_with("a-b-") && other.len() == 10, "{other}");
    }

    #[test]
    fn equal_texts_get_different_ids() {
        let document = DocumentId::new("p.d~c").expect("an id");
        let mut taken = HashSet::new();
        let one = mint_id(&document, "text", &mut taken);
        let two = mint_id(&document, "text", &mut taken);
        assert_eq!(two, format!("{one}-2"));
    }
}

//! The anchors of headings: made of their text, each once in a document. Knows no Markdown.

use std::collections::BTreeMap;

/// The anchors that a document has so far.
#[derive(Debug, Default)]
pub(crate) struct Anchors {
    /// Each with the last number that was tried behind it: without it, a document of equal headings
    /// would take time in the square of their number.
    taken: BTreeMap<String, usize>,
}

impl Anchors {
    /// An anchor for a heading: its letters and digits in lower case, `-` for spaces, and a number
    /// behind it where an earlier heading has that anchor already.
    pub(crate) fn claim(&mut self, text: &str) -> String {
        let base = slug(text);
        let Some(&last) = self.taken.get(&base) else {
            self.taken.insert(base.clone(), 0);
            return base;
        };
        let mut number = last + 1;
        while self.taken.contains_key(&format!("{base}-{number}")) {
            number += 1;
        }
        let anchor = format!("{base}-{number}");
        self.taken.insert(base, number);
        self.taken.insert(anchor.clone(), 0);
        anchor
    }
}

fn slug(text: &str) -> String {
    let slug: String = text
        .trim()
        .chars()
        .filter_map(|character| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            _ => character.is_alphanumeric().then_some(character),
        })
        .flat_map(char::to_lowercase)
        .collect();
    if slug.is_empty() {
        // An empty `id` cannot be linked to.
        return "section".to_owned();
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::Anchors;

    #[test]
    fn anchors_are_made_of_letters_and_each_is_there_once() {
        let mut anchors = Anchors::default();
        let found = [
            "What's new?",
            "Ünï_cödé 漢字",
            "a",
            "a-1",
            "a",
            "a",
            "",
            "?",
        ]
        .map(|text| anchors.claim(text));
        let expected = [
            "whats-new",
            "ünï_cödé-漢字",
            "a",
            "a-1",
            "a-2",
            "a-3",
            "section",
            "section-1",
        ];
        assert_eq!(found, expected);
    }
}

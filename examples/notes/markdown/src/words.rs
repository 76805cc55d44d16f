//! Counting words as a document's text comes in pieces. Knows no Markdown.

/// A count of words: runs of characters without white space that hold a letter or a digit.
#[derive(Debug, Default)]
pub(crate) struct Words {
    count: u32,
    /// Whether the last piece ended within a word that is counted.
    inside: bool,
}

impl Words {
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// More text, which goes on where the last piece ended.
    pub(crate) fn text(&mut self, text: &str) {
        for character in text.chars() {
            if character.is_whitespace() {
                self.inside = false;
            } else if !self.inside && character.is_alphanumeric() {
                self.inside = true;
                self.count = self.count.saturating_add(1);
            }
        }
    }

    /// A word does not go on here.
    pub(crate) fn gap(&mut self) {
        self.inside = false;
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn words_go_on_over_pieces_and_end_at_gaps() {
        let mut words = Words::default();
        for piece in ["one, (tw", "o) -- ", "it's", " & Ünï-cödé 4"] {
            words.text(piece);
        }
        assert_eq!(words.count(), 5);
        words.text("2");
        assert_eq!(words.count(), 5);
        words.gap();
        words.text("2");
        assert_eq!(words.count(), 6);
    }
}

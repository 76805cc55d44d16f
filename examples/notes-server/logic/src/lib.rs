//! What notes may be called, and how they are found.
//!
//! It is plain Rust. It knows no ABI, no store and no WebAssembly, so that the same code runs inside
//! of a guest, in the server's native twin, and in the load generator, which checks every answer.

/// The most bytes that a name may have.
pub const MAX_NAME: usize = 64;

/// Whether a note can have this name: letters, digits, `-` and `_`, at least one and not too many.
///
/// ```
/// assert!(notebook_logic::is_name("to-do_2"));
/// assert!(!notebook_logic::is_name("../secrets"));
/// ```
#[must_use]
pub fn is_name(name: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    (1..=MAX_NAME).contains(&name.len()) && name.chars().all(allowed)
}

/// What somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    words: Vec<String>,
}

impl Query {
    /// The words in a text, whatever their case.
    #[must_use]
    pub fn new(words: &str) -> Self {
        let words = words.split_whitespace().map(str::to_lowercase).collect();
        Self { words }
    }

    /// The line to show if a note has all of the words: the first with one of them, without the
    /// white space around it. Without a word every note is found, by an empty line.
    ///
    /// ```
    /// use notebook_logic::Query;
    ///
    /// let note = "# Garden\n\n- water the *Beans*\n- rest\n";
    /// assert_eq!(Query::new("beans garden").find(note), Some("# Garden"));
    /// assert_eq!(Query::new("beans pears").find(note), None);
    /// assert_eq!(Query::new("").find(note), Some(""));
    /// ```
    #[must_use]
    pub fn find<'a>(&self, note: &'a str) -> Option<&'a str> {
        let lower = note.to_lowercase();
        if !self.words.iter().all(|word| lower.contains(word)) {
            return None;
        }
        let has_one = |line: &&str| {
            let line = line.to_lowercase();
            self.words.iter().any(|word| line.contains(word))
        };
        Some(note.lines().find(has_one).unwrap_or_default().trim())
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_NAME, Query, is_name};

    #[test]
    fn names_are_short_and_plain() {
        for name in ["a", "A-b_9", &"x".repeat(MAX_NAME)] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", " ", "a b", "a/b", "ä", "a\0", &"x".repeat(MAX_NAME + 1)] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn words_are_found_in_any_case_and_order() {
        let note = "  one TWO\nthree Ünï\n";
        assert_eq!(Query::new("two").find(note), Some("one TWO"));
        assert_eq!(Query::new("ÜNÏ three").find(note), Some("three Ünï"));
        assert_eq!(Query::new("three one").find(note), Some("one TWO"));
        assert_eq!(Query::new("four one").find(note), None);
        assert_eq!(Query::new(" \n ").find(note), Some(""));
        assert_eq!(Query::new("").find(""), Some(""));
    }
}

//! A text that a constant puts together: there is no formatting in constants.

/// What is wrong with a type, as text; empty where nothing is.
#[derive(Debug)]
pub struct Report {
    bytes: [u8; Report::MOST],
    len: usize,
    full: bool,
}

impl Report {
    const MOST: usize = 4096;

    pub(super) const EMPTY: Self = Self {
        bytes: [0; Self::MOST],
        len: 0,
        full: false,
    };

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// With a text more, if it fits in there as a whole.
    pub(super) const fn add(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        if self.full || self.len + bytes.len() > Self::MOST {
            self.full = true;
            return self;
        }
        let mut index = 0;
        while index < bytes.len() {
            self.bytes[self.len] = bytes[index];
            self.len += 1;
            index += 1;
        }
        self
    }

    pub(super) const fn all(mut self, texts: &[&str]) -> Self {
        let mut index = 0;
        while index < texts.len() {
            self = self.add(texts[index]);
            index += 1;
        }
        self
    }

    /// The text, if there is any.
    #[must_use]
    pub const fn text(&self) -> Option<&str> {
        if self.len == 0 {
            return None;
        }
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => Some(text),
            // It is made of whole texts.
            Err(_) => Some("the type does not fit the WIT"),
        }
    }
}

/// Whether two texts are the same.
pub(super) const fn equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

//! Where `abi!` stands: it cannot find out its module, and its user says it. The compiler can find
//! out, and says what is wrong.

/// What is wrong with where `abi!` stands, if anything; `path` is `module_path!()`, which begins
/// with the crate's name.
#[doc(hidden)]
#[must_use]
pub const fn misplaced(path: &str, told: &str) -> Option<Text> {
    let module = module(path);
    if is_same(module, told) {
        return None;
    }
    let text = Text::new()
        .with("`abide::abi!` stands in the module `")
        .with(path)
        .with("` and was told `module: \"")
        .with(told)
        .with("\"`; ");
    if module.is_empty() {
        return Some(text.with("leave `module` out"));
    }
    Some(text.with("write `module: \"").with(module).with("\"`"))
}

/// The path of a module without its crate; nothing for the crate's root.
const fn module(path: &str) -> &str {
    // The crate's name has no colon.
    let mut start = 0;
    while start < path.len() && path.as_bytes()[start] != b':' {
        start += 1;
    }
    if start == path.len() {
        return "";
    }
    path.split_at(start + 2).1
}

const fn is_same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut index = 0;
    while index < left.len() {
        if left[index] != right[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// A text that is put together while something is compiled. What does not fit is left out.
#[doc(hidden)]
#[derive(Debug)]
pub struct Text {
    bytes: [u8; 1024],
    length: usize,
}

impl Text {
    const fn new() -> Self {
        Self {
            bytes: [0; 1024],
            length: 0,
        }
    }

    const fn with(mut self, part: &str) -> Self {
        if self.length + part.len() <= self.bytes.len() {
            let mut index = 0;
            while index < part.len() {
                self.bytes[self.length] = part.as_bytes()[index];
                self.length += 1;
                index += 1;
            }
        }
        self
    }

    /// The text.
    #[must_use]
    pub const fn get(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "`abide::abi!` stands in another module than it was told",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::misplaced;

    fn said(path: &str, told: &str) -> Option<String> {
        misplaced(path, told).map(|text| text.get().to_owned())
    }

    #[test]
    fn a_module_is_compared_without_the_crate() {
        assert_eq!(said("notes_abi", ""), None);
        assert_eq!(said("notes_abi::a::b", "a::b"), None);
        for (path, told) in [
            ("x::ab", "a"),
            ("x::a", "b"),
            ("x::a::b", "b"),
            ("x::a", "x::a"),
        ] {
            assert!(said(path, told).is_some(), "{path}, {told}");
        }
    }

    #[test]
    fn the_text_says_what_to_write() {
        assert_eq!(
            said("notes_abi::a::b", "").as_deref(),
            Some(
                "`abide::abi!` stands in the module `notes_abi::a::b` and was told `module: \"\"`; \
                 write `module: \"a::b\"`"
            )
        );
        assert_eq!(
            said("notes_abi", "a").as_deref(),
            Some(
                "`abide::abi!` stands in the module `notes_abi` and was told `module: \"a\"`; \
                 leave `module` out"
            )
        );
        // As much as there is room for.
        let long = said(&format!("x::{}", "y".repeat(2000)), "");
        assert!(long.is_some_and(|text| text.starts_with("`abide::abi!` stands")));
    }
}

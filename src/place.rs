//! Where `abi!` stands: it is told its module, and cannot find out. The compiler can, and says what is wrong.

/// Fails to compile where `abi!` does not stand where it was told; `path` is `module_path!()`, which begins with the
/// crate's name.
#[doc(hidden)]
pub const fn check_place(path: &str, told: &str) {
    let module = module(path);
    if !is_same(module, told) {
        let text = Text::new()
            .with("`abide::abi!` stands in the module `")
            .with(path)
            .with("` and was told `module: \"")
            .with(told)
            .with("\"`; ");
        let text = if module.is_empty() {
            text.with("leave `module` out")
        } else {
            text.with("write `module: \"").with(module).with("\"`")
        };
        panic!("{}", text.get());
    }
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
struct Text {
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

    const fn get(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "`abide::abi!` stands in another module than it was told",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check_place;

    #[track_caller]
    fn wrong(path: &str, told: &str) -> String {
        let panic = std::panic::catch_unwind(|| check_place(path, told)).unwrap_err();
        panic.downcast_ref::<String>().cloned().unwrap_or_default()
    }

    #[test]
    fn a_module_is_compared_without_the_crate() {
        check_place("notes_abi", "");
        check_place("notes_abi::a::b", "a::b");
        for (path, told) in [
            ("x::ab", "a"),
            ("x::a", "b"),
            ("x::a::b", "b"),
            ("x::a", "x::a"),
        ] {
            wrong(path, told);
        }
    }

    #[test]
    fn the_text_says_what_to_write() {
        assert_eq!(
            wrong("notes_abi::a::b", ""),
            "`abide::abi!` stands in the module `notes_abi::a::b` and was told `module: \"\"`; \
             write `module: \"a::b\"`"
        );
        assert_eq!(
            wrong("notes_abi", "a"),
            "`abide::abi!` stands in the module `notes_abi` and was told `module: \"a\"`; leave \
             `module` out"
        );
        // As much as there is room for.
        assert!(wrong(&format!("x::{}", "y".repeat(2000)), "").starts_with("`abide::abi!` stands"));
    }
}

//! From the async form of a host, in which it is written, to its sync form.
//!
//! Everything stays in its line and column, for the compiler and the tests name places of what is
//! written here. This works on text, comments and strings included, and knows no grammar.

/// What is said otherwise, each in the place of the other.
const WORDS: [(&str, &str); 8] = [
    ("#[awaited::test]", "#[test]"),
    ("#[cfg(not(sync))]", "#[cfg(false)]"),
    ("#[cfg(sync)]", "#[cfg(true)]"),
    (".await", ""),
    ("async move {", "{"),
    ("async", ""),
    ("host_async", "host"),
    ("load_async", "load"),
];

/// How the expansion of a contract begins and ends.
const ABI: (&str, &str) = ("abide::abi!(", ");\n");

/// The sync form. What `abi!` expands to is not made once more, but taken from where it is.
pub(crate) fn of(source: &str) -> Result<String, String> {
    let lost = || "expected `abide::abi!(…);` with the option `module`".to_owned();
    let (before, rest) = source.split_once(ABI.0).ok_or_else(lost)?;
    let (options, after) = rest.split_once(ABI.1).ok_or_else(lost)?;
    let module = options.split_once("module: \"").ok_or_else(lost)?.1;
    let (module, _) = module.split_once('"').ok_or_else(lost)?;
    let lines = "\n".repeat(1 + options.matches('\n').count());
    Ok(format!(
        "{}pub(crate) use crate::{module}::*;{lines}{}",
        said(before),
        said(after)
    ))
}

fn said(mut text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '#');
    while let Some(first) = text.chars().next() {
        let whole = !is_word(first) || !out.ends_with(is_word);
        let other = WORDS.iter().find(|(word, _)| {
            let rest = text.strip_prefix(word);
            whole && rest.is_some_and(|rest| !word.ends_with(is_word) || !rest.starts_with(is_word))
        });
        match other {
            Some((word, other)) => {
                out += &format!("{other:<0$}", word.len());
                text = &text[word.len()..];
            }
            None => {
                out.push(first);
                text = &text[first.len_utf8()..];
            }
        }
    }
    out
}

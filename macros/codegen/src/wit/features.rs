//! The features that WIT text puts its unstable items behind.
//!
//! They are read from the text, because a `Resolve` forgets the gates of what it left out, and
//! those of every `include`.

use std::collections::BTreeSet;

/// The names in `@unstable(feature = name)`, in alphabetical order.
pub(super) fn named<'t>(texts: impl Iterator<Item = &'t str>) -> BTreeSet<String> {
    texts.flat_map(gates).collect()
}

fn gates(text: &str) -> Vec<String> {
    let text = without_comments(text);
    let gates = text.split("@unstable").skip(1);
    gates.filter_map(feature).collect()
}

/// `x` of `(feature = x)`, which is all that may stand behind `@unstable`.
fn feature(gate: &str) -> Option<String> {
    let mut rest = gate;
    for expected in ["(", "feature", "="] {
        rest = rest.trim_start().strip_prefix(expected)?;
    }
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('%').unwrap_or(rest);
    let is_in_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let end = rest.find(|c| !is_in_name(c)).unwrap_or(rest.len());
    (end > 0).then(|| rest[..end].to_owned())
}

/// WIT has no strings, so that `//` and `/*` always begin a comment. Those of the second sort nest.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut depth = 0;
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let mut step = next.len_utf8();
        if rest.starts_with("/*") {
            depth += 1;
            step = 2;
        } else if depth > 0 {
            if rest.starts_with("*/") {
                depth -= 1;
                step = 2;
            }
        } else if rest.starts_with("//") {
            step = rest.find('\n').unwrap_or(rest.len());
        } else {
            kept.push(next);
        }
        rest = &rest[step..];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn every_gate_is_found_and_no_comment() {
        let text = "
            // @unstable(feature = in-a-comment)
            @unstable(feature = one) interface a {
                /* @unstable(feature = nested /* deeper */ comment) */
                @unstable ( feature
                    = two-2 ) f: func();
                @unstable(feature = %type, deprecated = 1.0.0) g: func();
            }
        ";
        let other = "world w { @unstable(feature = one) include b; }";
        let found: Vec<String> = named([text, other].into_iter()).into_iter().collect();
        assert_eq!(found, ["one", "two-2", "type"]);
    }

    #[test]
    fn text_that_is_no_wit_has_none() {
        assert!(
            named(
                [
                    "@unstable",
                    "@unstable(feature = )",
                    "/* @unstable(feature = x)"
                ]
                .into_iter()
            )
            .is_empty()
        );
    }
}

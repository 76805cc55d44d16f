//! Code in the docs of WIT, which are Markdown. It knows how code is written there, and nothing of
//! Rust.
//!
//! rustdoc takes code for Rust where nothing else is said: it colours it, hides lines that begin
//! with `#`, and warns of what it cannot read. So it is said here. Only the usual places are looked
//! at: what is missed is shown as Rust.

/// Whether there may be code in a text. Where this says no, there is none.
pub(super) fn is_possible(text: &str) -> bool {
    ["```", "~~~", "    ", "\t"]
        .iter()
        .any(|sign| text.contains(sign))
}

/// The text with its code marked as text: fences without a language, and what is indented.
pub(super) fn marked(text: &str) -> String {
    let mut out = Marker::default();
    for line in text.lines() {
        out.line(line);
    }
    out.end_indented();
    out.done.join("\n")
}

/// A line of three or more of a character, around code.
#[derive(Clone, Copy)]
struct Fence {
    sign: char,
    length: usize,
}

/// Goes through a text line by line.
#[derive(Default)]
struct Marker<'a> {
    done: Vec<String>,
    /// The fence of the code that this line stands in.
    fence: Option<Fence>,
    /// The lines of indented code so far, and the blank ones behind them.
    indented: Vec<&'a str>,
    /// What is indented in a list belongs to an item of it.
    in_list: bool,
    /// Whether the line before is one of a paragraph, which indented lines would continue.
    in_paragraph: bool,
}

impl<'a> Marker<'a> {
    fn line(&mut self, line: &'a str) {
        let blank = line.trim().is_empty();
        if let Some(fence) = self.fence {
            if closes(line, fence) {
                self.fence = None;
            }
            self.done.push(line.to_owned());
            return;
        }
        let starts = !self.in_paragraph && !self.in_list;
        if unindented(line).is_some() && starts && !blank || blank && !self.indented.is_empty() {
            self.indented.push(line);
            return;
        }
        self.end_indented();
        let item = content(line).1;
        if item {
            self.in_list = true;
        } else if !blank && !self.in_paragraph && !line.starts_with([' ', '\t']) {
            self.in_list = false;
        }
        self.in_paragraph = !blank;
        let mut line = line.to_owned();
        if let Some((fence, language)) = opens(&line) {
            self.fence = Some(fence);
            self.in_paragraph = false;
            if language.is_empty() {
                line = format!("{}text", line.trim_end());
            }
        }
        self.done.push(line);
    }

    /// Writes the indented code between fences. No line of it is one that ends it.
    fn end_indented(&mut self) {
        let code = self
            .indented
            .iter()
            .rposition(|line| !line.trim().is_empty());
        let Some(last) = code else {
            return;
        };
        let lines = std::mem::take(&mut self.indented);
        let (code, blank) = lines.split_at(last + 1);
        let longest = code.iter().map(|line| run(line.trim_start(), '`')).max();
        let fence = "`".repeat(longest.unwrap_or_default().max(2) + 1);
        self.done.push(format!("{fence}text"));
        let code = code.iter().map(|line| unindented(line).unwrap_or_default());
        self.done.extend(code.map(str::to_owned));
        self.done.push(fence);
        self.done
            .extend(blank.iter().map(|line| (*line).to_owned()));
    }
}

/// A line of indented code without what indents it.
fn unindented(line: &str) -> Option<&str> {
    ["    ", "   \t", "  \t", " \t", "\t"]
        .iter()
        .find_map(|indent| line.strip_prefix(indent))
}

/// What stands in a line of quotes and lists, and whether an item of a list begins with it.
fn content(line: &str) -> (&str, bool) {
    let (mut rest, mut item) = (line, false);
    loop {
        rest = rest.trim_start_matches([' ', '\t', '>']);
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let behind = match rest.len() - number.len() {
            0 => rest.strip_prefix(['-', '*', '+']),
            _ => number.strip_prefix(['.', ')']),
        };
        match behind {
            Some(behind) if behind.starts_with([' ', '\t']) => (rest, item) = (behind, true),
            _ => return (rest, item),
        }
    }
}

/// The fence that a line begins code with, and the language that it says.
fn opens(line: &str) -> Option<(Fence, &str)> {
    let (text, _) = content(line);
    let sign = text
        .chars()
        .next()
        .filter(|sign| ['`', '~'].contains(sign))?;
    let length = run(text, sign);
    let language = text[length..].trim();
    let is_fence = length >= 3 && (sign == '~' || !language.contains('`'));
    is_fence.then_some((Fence { sign, length }, language))
}

/// Whether a line ends the code that began with a fence.
fn closes(line: &str, fence: Fence) -> bool {
    let text = line.trim_start_matches([' ', '\t', '>']).trim_end();
    run(text, fence.sign) >= fence.length && text.chars().all(|c| c == fence.sign)
}

/// How often a text begins with a character.
fn run(text: &str, sign: char) -> usize {
    text.chars().take_while(|c| *c == sign).count()
}

#[cfg(test)]
mod tests {
    use super::{is_possible, marked};

    #[track_caller]
    fn check(from: &str, to: &str) {
        assert!(is_possible(from), "{from}");
        assert_eq!(marked(from), to);
    }

    #[test]
    fn fences_without_a_language_get_one() {
        check("A.\n\n```\nx\n```\nB.", "A.\n\n```text\nx\n```\nB.");
        check("~~~~  \n~~~\n# x\n~~~~~", "~~~~text\n~~~\n# x\n~~~~~");
        check(
            "````\n```\n````\n```\nx\n```",
            "````text\n```\n````\n```text\nx\n```",
        );
        for as_it_is in [
            "```toml\nx = 1\n```",
            "```rust,no_run\nx\n```",
            "~~~ `json`\nx\n~~~",
            "```not code``` and\n``` a`b\n",
            "```wit\nnever closed",
        ] {
            check(as_it_is, as_it_is.trim_end());
        }
    }

    #[test]
    fn so_do_those_in_lists_and_quotes() {
        check("- ```\n  x\n  ```", "- ```text\n  x\n  ```");
        check(
            "1. a\n\n   ```\n   x\n   ```",
            "1. a\n\n   ```text\n   x\n   ```",
        );
        check("> > ```\n> > x\n> > ```", "> > ```text\n> > x\n> > ```");
        check(
            "> 2) * ~~~\n>      x\n>      ~~~",
            "> 2) * ~~~text\n>      x\n>      ~~~",
        );
    }

    #[test]
    fn indented_code_gets_fences() {
        check(
            "A.\n\n    # x\n\n\ty\n      z\n\nB.",
            "A.\n\n```text\n# x\n\ny\n  z\n```\n\nB.",
        );
        check("A.\n\n    ```\n    x", "A.\n\n````text\n```\nx\n````");
        check("- a\n\nB.\n\n    x", "- a\n\nB.\n\n```text\nx\n```");
        for as_it_is in [
            "A line\n    that goes on.",
            "- an item\n\n    with a second paragraph\n\n    and a third",
            "1. a\n   b\n\n       code",
        ] {
            check(as_it_is, as_it_is);
        }
    }

    #[test]
    fn what_has_no_code_is_told() {
        for text in ["Text.", "Text\n   a little `indented`\n- and ~~wrong~~"] {
            assert!(!is_possible(text), "{text}");
        }
    }
}

//! Text that a guest or its file chose, before anybody keeps or shows it: cut to a length, and
//! without the characters that make a terminal do something or show another text than there is.
//!
//! What is cut is not written at all: a text that would take all the memory costs no more than what
//! is shown of it.

use std::fmt::{self, Write as _};

/// What stands for a character that is not shown.
const HIDDEN: char = char::REPLACEMENT_CHARACTER;

/// How many lines a text may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One, as names have.
    Line,
    /// Any number.
    Lines,
}

/// At most `most` bytes of a text, on one line.
pub(crate) fn line(text: impl fmt::Display, most: usize) -> Box<str> {
    kept(Form::Line, &text, most)
}

/// At most `most` bytes of a text, whose lines stay as they are.
pub(crate) fn lines(text: impl fmt::Display, most: usize) -> Box<str> {
    kept(Form::Lines, &text, most)
}

/// Writes at most `most` bytes of a text, whose lines stay as they are.
pub(crate) fn write_lines(
    out: &mut dyn fmt::Write,
    text: impl fmt::Display,
    most: usize,
) -> fmt::Result {
    write(Form::Lines, out, &text, most)
}

fn kept(form: Form, text: &dyn fmt::Display, most: usize) -> Box<str> {
    let mut kept = String::new();
    // Only a text that cannot be shown fails. What there was of it until then is shown.
    let _ = write(form, &mut kept, text, most);
    kept.into_boxed_str()
}

fn write(
    form: Form,
    out: &mut dyn fmt::Write,
    text: &dyn fmt::Display,
    most: usize,
) -> fmt::Result {
    let mut cleaned = Cleaned {
        out,
        form,
        room: most,
        is_cut: false,
    };
    match write!(cleaned, "{text}") {
        Err(_) if cleaned.is_cut => Ok(()),
        result => result,
    }
}

/// Passes on what fits, cleaned, and then fails, so that whoever writes stops.
struct Cleaned<'a> {
    out: &'a mut dyn fmt::Write,
    form: Form,
    /// How many bytes may still be passed on.
    room: usize,
    is_cut: bool,
}

impl fmt::Write for Cleaned<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.is_cut {
            return Err(fmt::Error);
        }
        let mut passed_on = 0;
        for (at, letter) in text.char_indices() {
            let shown = self.form.shown(letter);
            let Some(room) = self.room.checked_sub(shown.len_utf8()) else {
                self.is_cut = true;
                self.out.write_str(&text[passed_on..at])?;
                self.out.write_char('…')?;
                return Err(fmt::Error);
            };
            self.room = room;
            if shown != letter {
                self.out.write_str(&text[passed_on..at])?;
                self.out.write_char(shown)?;
                passed_on = at + letter.len_utf8();
            }
        }
        self.out.write_str(&text[passed_on..])
    }
}

impl Form {
    /// What is shown of a letter.
    fn shown(self, letter: char) -> char {
        match letter {
            '\n' | '\t' if self == Self::Line => ' ',
            '\n' | '\t' => letter,
            // Between letters they belong to the spelling of some languages; in a name they only
            // hide.
            '\u{200c}' | '\u{200d}' if self == Self::Lines => letter,
            // Nothing that is seen: spaces without width, ends of lines and marks that turn the
            // direction of writing, and letters that only machines read.
            '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}' => HIDDEN,
            _ if letter.is_control() => HIDDEN,
            _ => letter,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_harmless_stays_as_it_is() {
        for text in ["", "plain", "äöü → 🦀", "a-b_c `d` \"e\""] {
            assert_eq!(&*line(text, 100), text);
            assert_eq!(&*lines(text, 100), text);
        }
        let spelled = "می\u{200c}شود\n\tnext";
        assert_eq!(&*lines(spelled, 100), spelled);
    }

    #[test]
    fn what_a_terminal_acts_on_is_not_shown() {
        assert_eq!(
            &*line("a\x1b[2Jb\r\n\tc\u{9b}d", 100),
            "a\u{fffd}[2Jb\u{fffd}  c\u{fffd}d"
        );
        assert_eq!(
            &*lines("a\x1b[2Jb\n\tc\0", 100),
            "a\u{fffd}[2Jb\n\tc\u{fffd}"
        );
        for hidden in [
            '\u{202e}',
            '\u{2066}',
            '\u{200b}',
            '\u{feff}',
            '\u{e0041}',
            '\u{2028}',
        ] {
            assert_eq!(&*lines(format!("x{hidden}y"), 100), "x\u{fffd}y");
        }
        assert_eq!(&*line("pass\u{200d}word", 100), "pass\u{fffd}word");
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(&*line("abcd", 4), "abcd");
        assert_eq!(&*line("abcde", 4), "abcd…");
        assert_eq!(&*line("äää", 3), "ä…");
        assert_eq!(&*line("\x01\x01", 5), "\u{fffd}…");
        assert_eq!(&*line("a", 0), "…");
        // In however many pieces it comes.
        assert_eq!(&*line(format_args!("{}{}{}", "ab", "cd", "ef"), 3), "abc…");
    }

    #[test]
    fn whoever_writes_without_end_is_stopped() {
        let endless = fmt::from_fn(|f| {
            loop {
                f.write_str("and on ")?;
            }
        });
        assert_eq!(&*line(&endless, 9), "and on an…");
        let mut out = String::from("it goes ");
        assert_eq!(write_lines(&mut out, &endless, 3), Ok(()));
        assert_eq!(out, "it goes and…");
        let broken = fmt::from_fn(|_| Err(fmt::Error));
        assert_eq!(write_lines(&mut out, broken, 3), Err(fmt::Error));
    }
}

//! What the engine says of a failure, as much as an error tells of it.
//!
//! A guest's names are in these texts, and they may be long: nothing is written that is not shown.

use std::fmt::{self, Write as _};

use super::untrusted;

/// How many bytes are told.
const LONGEST: usize = 2_000;

/// What the text of a guest's stack begins with, which is among the causes of a failed call. It is
/// not written out: the engine would demangle the guest's names, however long what comes out.
/// `backtrace` reads the stack itself.
const STACK: &str = "error while executing at wasm backtrace:";

/// An engine's error with all its causes on one line, without the stack of the guest.
pub(crate) fn chain(error: &wasmtime::Error) -> Box<str> {
    let told = fmt::from_fn(|f| {
        let causes = error.chain().filter_map(cause);
        for (number, cause) in causes.enumerate() {
            f.write_str(if number == 0 { "" } else { ": " })?;
            f.write_str(&cause)?;
        }
        Ok(())
    });
    untrusted::line(told, LONGEST)
}

/// The first cause of an error.
pub(crate) fn root(error: &wasmtime::Error) -> Box<str> {
    untrusted::line(error.root_cause(), LONGEST)
}

/// The text of a cause, unless it is the stack.
fn cause(cause: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut begun = Begun(String::new());
    // It fails as soon as there is enough to tell.
    let _ = write!(begun, "{cause}");
    (!begun.is_stack()).then_some(begun.0)
}

/// The beginning of a text. Whoever writes more is stopped.
struct Begun(String);

impl Begun {
    fn is_stack(&self) -> bool {
        self.0.starts_with(STACK)
    }
}

impl fmt::Write for Begun {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // One byte more than is told, so that it shows that there is more.
        let room = (LONGEST + 1).saturating_sub(self.0.len());
        let fits = text.floor_char_boundary(room);
        self.0.push_str(&text[..fits]);
        match fits < text.len() || self.is_stack() {
            true => Err(fmt::Error),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_stand_on_one_line_and_the_stack_is_not_even_written() {
        let stack = fmt::from_fn(|f: &mut fmt::Formatter<'_>| {
            writeln!(f, "{STACK}")?;
            panic!("the stack was written out");
        });
        let error = wasmtime::Error::msg("the root\x1b[m");
        let error = error.context("around it");
        assert_eq!(&*chain(&error), "around it: the root\u{fffd}[m");
        assert_eq!(&*root(&error), "the root\u{fffd}[m");
        let mut begun = Begun(String::new());
        assert!(write!(begun, "{stack}").is_err() && begun.is_stack());
    }

    #[test]
    fn long_causes_are_cut() {
        let error = wasmtime::Error::msg("n".repeat(1_000_000)).context("m".repeat(LONGEST - 10));
        let text = chain(&error);
        assert_eq!(text.len(), LONGEST + "…".len());
        assert!(text.ends_with("m: nnnnnnnn…"), "{text}");
    }
}

//! The command line. Knows words.

use std::ffi::OsString;

use anyhow::Result;
use lexopt::prelude::*;

use crate::soak::Effort;

/// The text for `--help`.
pub const HELP: &str = "\
Sends a million requests through the proxy with filters of both kinds, one in a hundred of which traps,
while filters and configuration are replaced; and fewer through a filter that leaks. Tells whether any is
lost or wrong, and whether the process grows. Linux only.

Usage: cargo xtask proxy-soak [-- OPTIONS]

  --requests N   how many requests in the first part; the others have a tenth (default: 1,000,000)
  --quick        few requests, and nothing is written
  --help         print this text

Writes docs/soak-proxy.md and docs/soak-proxy.svg where there are a million or more. The exit status is 0 if
all answers are right and the memory is as it has to be, 1 if not, 2 if the command line is wrong.
";

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// How much is asked.
    pub effort: Effort,
    /// Whether the result goes to `docs`.
    pub publish: bool,
}

impl Options {
    /// Reads the arguments, without the program's name; none if they ask for help.
    ///
    /// # Errors
    ///
    /// A word is not known, or is not followed by a number.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Self>> {
        let mut effort = Effort::FULL;
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("requests") => effort.requests = parser.value()?.parse()?,
                Long("quick") => effort = Effort::QUICK,
                Long("help") | Short('h') => return Ok(None),
                other => return Err(other.unexpected().into()),
            }
        }
        anyhow::ensure!(
            effort.requests >= Effort::QUICK.requests,
            "fewer than {} requests tell nothing",
            Effort::QUICK.requests
        );
        Ok(Some(Self {
            publish: effort.requests >= Effort::FULL.requests,
            effort,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Effort, Options};

    fn parse(words: &[&str]) -> anyhow::Result<Option<Options>> {
        Options::parse(words.iter().map(Into::into))
    }

    #[test]
    fn only_what_is_thorough_is_published() {
        assert!(parse(&[]).unwrap().is_some_and(|options| options.publish));
        let quick = parse(&["--quick"]).unwrap().unwrap();
        assert_eq!((quick.effort, quick.publish), (Effort::QUICK, false));
        let some = parse(&["--requests", "10000"]).unwrap().unwrap();
        assert_eq!((some.effort.requests, some.publish), (10_000, false));
        assert_eq!(parse(&["--help"]).unwrap(), None);
        assert!(parse(&["--requests=1"]).is_err());
        assert!(parse(&["--fast"]).is_err());
    }
}

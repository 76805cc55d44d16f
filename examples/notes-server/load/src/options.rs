//! The command line. Knows words.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use lexopt::prelude::*;

/// How much is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many requests there are in a round of the comparison.
    pub requests: usize,
    /// Over how many connections.
    pub connections: usize,
    /// A hundredth of a soak.
    pub quick: bool,
    /// Where figures go as JSON.
    pub json: Option<PathBuf>,
}

/// What a command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// To measure the guest against the same logic compiled in.
    Compare(Options),
    /// To ask for long, with all that can go wrong.
    Soak(Options),
    /// To say what there is.
    Help,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            requests: 4_000,
            connections: 16,
            quick: false,
            json: None,
        }
    }
}

impl Options {
    /// The text for `--help`.
    pub const HELP: &str = "\
Sends requests to notes-server over loopback, checks every answer, and measures.

Usage: notes-load compare [--requests N] [--connections N] [--json FILE]
       notes-load soak [--quick] [--json FILE]

  compare           the server with its guest against the same one with the logic compiled in, in turns:
                    requests per second, p50, p99, memory
  soak              200,000 requests with reloads, timeouts, traps and clients that go away mixed in;
                    then fewer to a server that leaks on purpose, which has to be seen
  --requests N      requests in each of 7 rounds of the comparison (default: 4000)
  --connections N   connections that ask at the same time (default: 16)
  --quick           a hundredth of the soak
  --json FILE       write the figures there, too

The exit status is 0 if all answers are right and the memory is as it has to be, 1 if not.
";

    /// Reads the arguments, without the program's name.
    ///
    /// # Errors
    ///
    /// A word is not known, or lacks its value.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command> {
        let mut options = Self::default();
        let mut command = None;
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("requests") => options.requests = parser.value()?.parse()?,
                Long("connections") => options.connections = parser.value()?.parse()?,
                Long("quick") => options.quick = true,
                Long("json") => options.json = Some(parser.value()?.into()),
                Long("help") | Short('h') => return Ok(Command::Help),
                Value(word) if command.is_none() => command = Some(word),
                other => return Err(other.unexpected().into()),
            }
        }
        ensure!(
            options.connections > 0,
            "without a connection nothing is asked"
        );
        ensure!(
            options.requests >= options.connections,
            "each connection has to ask something: more `--requests`"
        );
        match command.as_ref().and_then(|word| word.to_str()) {
            Some("compare") => Ok(Command::Compare(options)),
            Some("soak") => Ok(Command::Soak(options)),
            Some(other) => anyhow::bail!("`{other}` is neither `compare` nor `soak`"),
            None => anyhow::bail!("`compare` or `soak`?"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Options};

    fn parse(words: &[&str]) -> anyhow::Result<Command> {
        Options::parse(words.iter().map(Into::into))
    }

    #[test]
    fn commands_are_read() {
        let quick = Options {
            quick: true,
            ..Options::default()
        };
        assert_eq!(parse(&["soak", "--quick"]).unwrap(), Command::Soak(quick));
        assert_eq!(parse(&["--help"]).unwrap(), Command::Help);
        for (words, expected) in [
            (&[][..], "`compare` or `soak`?"),
            (&["fly"], "`fly` is neither `compare` nor `soak`"),
            (&["soak", "soak"], "unexpected argument \"soak\""),
            (&["compare", "--requests=1"], "more `--requests`"),
        ] {
            let error = parse(words).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}

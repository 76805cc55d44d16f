//! The command line. Knows words, not files.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use lexopt::prelude::*;

/// What to render, with what, and to where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The documents; none means every Markdown file of this repository.
    pub files: Vec<PathBuf>,
    /// The folder for the HTML; `target/notes` in this repository unless told.
    pub out: Option<PathBuf>,
    /// The guest's component; the one of this repository unless told.
    pub guest: Option<PathBuf>,
    /// Print titles and render nothing.
    pub list: bool,
    /// Log what is of interest to developers only.
    pub verbose: bool,
}

/// What a command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// To run with these options.
    Run(Options),
    /// To say which options there are.
    Help,
}

impl Options {
    /// The text for `--help`.
    pub const HELP: &str = "\
Renders Markdown files to HTML, through a WebAssembly guest.

Usage: notes-host [FILES...] [--out DIR] [--guest FILE.wasm] [--list] [--verbose]

  FILES         the documents; without any, every Markdown file of this repository
  --out DIR     the folder for the HTML (default: target/notes)
  --guest FILE  the guest, a WebAssembly component (default: the one in examples/notes/guest,
                which is built if it is not there yet)
  --list        print the titles, render nothing
  --verbose     show the guest's debug messages too
";

    /// Reads the arguments, without the program's name.
    ///
    /// # Errors
    ///
    /// An option is not known, or lacks its value.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command> {
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("out") | Short('o') => options.out = Some(parser.value()?.into()),
                Long("guest") => options.guest = Some(parser.value()?.into()),
                Long("list") => options.list = true,
                Long("verbose") | Short('v') => options.verbose = true,
                Long("help") | Short('h') => return Ok(Command::Help),
                Value(file) => options.files.push(file.into()),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Command::Run(options))
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Options};

    fn parse(words: &[&str]) -> anyhow::Result<Command> {
        Options::parse(words.iter().map(Into::into))
    }

    #[test]
    fn options_and_files_stand_in_any_order() {
        let expected = Options {
            files: vec!["a.md".into(), "-b.md".into()],
            out: Some("o".into()),
            guest: Some("g.wasm".into()),
            list: false,
            verbose: true,
        };
        let words = ["a.md", "-v", "--out=o", "--guest", "g.wasm", "--", "-b.md"];
        assert_eq!(parse(&words).unwrap(), Command::Run(expected));
        assert_eq!(parse(&[]).unwrap(), Command::Run(Options::default()));
        assert_eq!(parse(&["x", "--help"]).unwrap(), Command::Help);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |words| parse(words).unwrap_err().to_string();
        assert_eq!(error(&["--fast"]), "invalid option '--fast'");
        assert_eq!(error(&["--out"]), "missing argument for option '--out'");
    }
}

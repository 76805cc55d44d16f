//! The command line. Knows words; what they mean is the configuration's.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use example_service::Asked;
use lexopt::prelude::*;

/// What the command line says, over what the configuration does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The configuration; without one, everything has its default.
    pub config: Option<PathBuf>,
    /// Where to listen.
    pub listen: Option<SocketAddr>,
    /// The guest's component.
    pub guest: Option<PathBuf>,
    /// The database.
    pub database: Option<PathBuf>,
    /// Answer with the logic that is compiled in, and load no guest.
    pub native: bool,
    /// Log lines of JSON.
    pub json: bool,
    /// Log every call of a guest.
    pub verbose: bool,
    /// How many bytes of each request are kept for ever, for tests that look for leaks.
    pub leak: usize,
}

/// What a command line asks for.
pub type Command = Asked<Options>;

impl Options {
    /// The text for `--help`.
    pub const HELP: &str = "\
Serves notes: renders, keeps and finds them through a WebAssembly guest.

Usage: notes-server [--config FILE.toml] [OPTIONS]

  --config FILE     the configuration (examples/notes-server/notes-server.toml is one)
  --listen ADDRESS  where to listen, such as 127.0.0.1:8080; port 0 takes any that is free
  --guest FILE      the guest, a WebAssembly component; replaced, it is loaded anew
  --database FILE   where the notes are; made if it is not there
  --native          answer with the same logic compiled in, to compare with; no guest is loaded
  --json            log lines of JSON
  --verbose         log every call of a guest
  --leak BYTES      keep so many bytes of each request for ever: whoever looks for leaks has to see it

The options go before the configuration. SIGTERM and Ctrl-C end the server when it has answered what it
was asked; a second one ends it at once.
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
                Long("config") => options.config = Some(parser.value()?.into()),
                Long("listen") => options.listen = Some(parser.value()?.parse()?),
                Long("guest") => options.guest = Some(parser.value()?.into()),
                Long("database") => options.database = Some(parser.value()?.into()),
                Long("native") => options.native = true,
                Long("json") => options.json = true,
                Long("verbose") | Short('v') => options.verbose = true,
                Long("leak") => options.leak = parser.value()?.parse()?,
                Long("help") | Short('h') => return Ok(Command::Help),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Command::Serve(options))
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Options};

    fn parse(words: &[&str]) -> anyhow::Result<Command> {
        Options::parse(words.iter().map(Into::into))
    }

    #[test]
    fn options_are_read() {
        let words = ["--listen=[::1]:0", "--native", "--leak", "3", "-v"];
        let expected = Options {
            listen: Some(([0, 0, 0, 0, 0, 0, 0, 1], 0).into()),
            native: true,
            leak: 3,
            verbose: true,
            ..Options::default()
        };
        assert_eq!(parse(&words).unwrap(), Command::Serve(expected));
        assert_eq!(parse(&["--native", "-h"]).unwrap(), Command::Help);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |words| parse(words).unwrap_err().to_string();
        assert_eq!(error(&["--fast"]), "invalid option '--fast'");
        assert_eq!(error(&["here"]), "unexpected argument \"here\"");
        assert!(error(&["--listen", "here"]).contains("\"here\""));
    }
}

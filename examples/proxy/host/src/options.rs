//! The command line. Knows words; what they mean is the configuration's.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use lexopt::prelude::*;

/// What the command line says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The configuration.
    pub config: PathBuf,
    /// Where to listen, over what the configuration says.
    pub listen: Option<SocketAddr>,
    /// Where to tell health and metrics, over what the configuration says.
    pub admin: Option<SocketAddr>,
    /// Where a server is to listen that answers with what it is asked.
    pub echo: Option<SocketAddr>,
    /// A file for all calls between the proxy and its modules.
    pub trace: Option<PathBuf>,
    /// Log lines of JSON.
    pub json: bool,
    /// Log more.
    pub verbose: bool,
}

/// What a command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// To be a proxy.
    Serve(Options),
    /// To say which options there are.
    Help,
}

impl Options {
    /// The text for `--help`.
    pub const HELP: &str = "\
Passes requests on, through filters of WebAssembly.

Usage: filter-proxy --config FILE.toml [OPTIONS]

  --config FILE     the configuration (examples/proxy/proxy.toml is one)
  --listen ADDRESS  where to listen, such as 127.0.0.1:8080; port 0 takes any that is free
  --admin ADDRESS   where to tell /healthz and /metrics
  --echo ADDRESS    be a server there, too, that answers with what it is asked
  --trace FILE      write all calls between the proxy and its modules of proxy-wasm, as Envoy does
  --json            log lines of JSON
  --verbose         log more, what filters say at the level of debugging among it

The options go before the configuration. When the configuration or the file of a filter changes,
and at SIGHUP, all is loaded anew. SIGTERM and Ctrl-C end the proxy when it has answered what it was
asked; a second one ends it at once.
";

    /// Reads the arguments, without the program's name.
    ///
    /// # Errors
    ///
    /// An option is not known, or lacks its value, or there is no configuration.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command> {
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("config") => options.config = parser.value()?.into(),
                Long("listen") => options.listen = Some(parser.value()?.parse()?),
                Long("admin") => options.admin = Some(parser.value()?.parse()?),
                Long("echo") => options.echo = Some(parser.value()?.parse()?),
                Long("trace") => options.trace = Some(parser.value()?.into()),
                Long("json") => options.json = true,
                Long("verbose") | Short('v') => options.verbose = true,
                Long("help") | Short('h') => return Ok(Command::Help),
                other => return Err(other.unexpected().into()),
            }
        }
        anyhow::ensure!(
            !options.config.as_os_str().is_empty(),
            "there is no --config"
        );
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
        let expected = Options {
            config: "a.toml".into(),
            listen: Some(([127, 0, 0, 1], 0).into()),
            trace: Some("b".into()),
            verbose: true,
            ..Options::default()
        };
        let words = ["--config", "a.toml", "--listen=127.0.0.1:0"];
        let words = [&words[..], &["--trace", "b", "-v"]].concat();
        assert_eq!(parse(&words).unwrap(), Command::Serve(expected));
        assert_eq!(parse(&["-h"]).unwrap(), Command::Help);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |words| parse(words).unwrap_err().to_string();
        assert_eq!(error(&["--fast"]), "invalid option '--fast'");
        assert_eq!(error(&[]), "there is no --config");
    }
}

//! The command line. Knows words; what they mean is the configuration's.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use example_service::Asked;
use lexopt::prelude::*;

use crate::config::{Over, Role};

/// What the command line says, over what the configuration does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The configuration; without one, everything has its default.
    pub config: Option<PathBuf>,
    /// The services of this process; none said is all of them.
    pub services: Vec<Role>,
    /// Where to listen.
    pub listen: Option<SocketAddr>,
    /// What is between the services, and keeps the history.
    pub over: Option<Over>,
    /// Where other services are called, by name and address.
    pub peers: Vec<(String, String)>,
    /// The folder of the guests.
    pub guests: Option<PathBuf>,
    /// The model.
    pub model: Option<PathBuf>,
    /// Never free the tensors of an inference, for tests that look for leaks.
    pub keep_tensors: bool,
    /// Log lines of JSON.
    pub json: bool,
    /// Log every call of a guest.
    pub verbose: bool,
}

impl Options {
    /// The text for `--help`.
    pub const HELP: &str = "\
Says what is on pictures: a page, a service that classifies and one that makes grey, each a guest.

Usage: recognise [--config FILE.toml] [OPTIONS]

  --config FILE     the configuration (examples/recognise/recognise.toml is one)
  --service NAME    web, classify or grey; may be said several times. Without it, all are in this process
  --listen ADDRESS  where to listen, such as 127.0.0.1:8080; port 0 takes any that is free
  --over WHAT       what is between the services, and where the history is:
                      memory                  this process (the default)
                      file=PATH               this process, with the history in a file
                      redis=HOST:PORT         the history in Redis, calls over HTTP to each --peer
                      nats=HOST:PORT          both over NATS
                      sidecar=http://HOST:PORT  both by a Dapr sidecar at its port for gRPC
  --peer NAME=HOST:PORT  where a service of another process listens
  --guests FOLDER   where the guests are: recognise_web.wasm, recognise_classify.wasm, recognise_grey.wasm
  --model FILE      the model: efficientnet_lite0.tflite
  --json            log lines of JSON
  --verbose         log every call of a guest
  --keep-tensors    never free the tensors of an inference: whoever looks for leaks has to see it

The options go before the configuration. SIGTERM and Ctrl-C end the process when it has answered what it
was asked; a second one ends it at once.
";

    /// Reads the arguments, without the program's name.
    ///
    /// # Errors
    ///
    /// An option is not known, or lacks its value.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked<Self>> {
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("config") => options.config = Some(parser.value()?.into()),
                Long("service") => options.services.push(parser.value()?.parse()?),
                Long("listen") => options.listen = Some(parser.value()?.parse()?),
                Long("over") => options.over = Some(parser.value()?.parse()?),
                Long("peer") => options.peers.push(peer(&parser.value()?.string()?)?),
                Long("guests") => options.guests = Some(parser.value()?.into()),
                Long("model") => options.model = Some(parser.value()?.into()),
                Long("keep-tensors") => options.keep_tensors = true,
                Long("json") => options.json = true,
                Long("verbose") | Short('v') => options.verbose = true,
                Long("help") | Short('h') => return Ok(Asked::Help),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Asked::Serve(options))
    }
}

fn peer(text: &str) -> Result<(String, String)> {
    let (name, address) = text
        .split_once('=')
        .with_context(|| format!("`{text}` has no `=` between a service and its address"))?;
    Ok((name.to_owned(), address.to_owned()))
}

#[cfg(test)]
mod tests {
    use example_service::Asked;

    use super::Options;
    use crate::config::{Over, Role};

    fn parse(words: &[&str]) -> anyhow::Result<Asked<Options>> {
        Options::parse(words.iter().map(Into::into))
    }

    #[test]
    fn options_are_read() {
        let words = [
            "--service=web",
            "--service",
            "grey",
            "--over=nats=127.0.0.1:4222",
            "--peer=classify=127.0.0.1:1",
            "--keep-tensors",
        ];
        let expected = Options {
            services: vec![Role::Web, Role::Grey],
            over: Some(Over::Nats("127.0.0.1:4222".to_owned())),
            peers: vec![("classify".to_owned(), "127.0.0.1:1".to_owned())],
            keep_tensors: true,
            ..Options::default()
        };
        assert_eq!(parse(&words).unwrap(), Asked::Serve(expected));
        assert_eq!(parse(&["-v", "-h"]).unwrap(), Asked::Help);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |words| parse(words).unwrap_err().to_string();
        assert_eq!(error(&["--fast"]), "invalid option '--fast'");
        assert!(error(&["--service", "blue"]).contains("blue"));
        assert!(error(&["--over", "kafka=here"]).contains("kafka"));
        assert!(error(&["--peer", "here"]).contains("`here`"));
    }
}

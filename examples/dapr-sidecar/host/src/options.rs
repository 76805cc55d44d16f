//! The command line, with the names that Dapr's own sidecar has for what is the same.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use example_service::Asked;
use lexopt::prelude::*;

use crate::token::Token;

/// What the command line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The id of the program that this is the sidecar of.
    pub app_id: String,
    /// Where that program listens, if it is to be called.
    pub app_port: Option<u16>,
    /// How that program is called.
    pub app_protocol: Protocol,
    /// The port of the API over HTTP; 0 takes any that is free.
    pub http_port: u16,
    /// The port of the API over gRPC.
    pub grpc_port: u16,
    /// The port of metrics, if they are to be had.
    pub metrics_port: Option<u16>,
    /// The address of all of these ports.
    pub listen: IpAddr,
    /// Folders with component files; without one, there are components in memory.
    pub resources: Vec<PathBuf>,
    /// A file with configuration, of which there are no component files.
    pub settings: Option<PathBuf>,
    /// Guests with their ids.
    pub guests: Vec<(String, PathBuf)>,
    /// Applications of other sidecars, each with the address of its sidecar's API over HTTP.
    pub peers: Vec<(String, String)>,
    /// How long one call of a guest may take.
    pub deadline: Duration,
    /// The bytes of a request.
    pub max_body: usize,
    /// For how long what was begun may go on at the end.
    pub graceful: Duration,
    /// What is logged.
    pub log_level: String,
    /// Log lines of JSON.
    pub log_json: bool,
    /// What clients have to show.
    pub api_token: Option<Token>,
    /// What the program beside this is shown.
    pub app_token: Option<Token>,
}

/// How a program beside the sidecar is called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP 1.1.
    #[default]
    Http,
    /// gRPC without TLS.
    Grpc,
}

/// What a command line asks for.
pub type Command = Asked<Options>;

impl Default for Options {
    fn default() -> Self {
        Self {
            app_id: "app".to_owned(),
            app_port: None,
            app_protocol: Protocol::Http,
            http_port: 3500,
            grpc_port: 50001,
            metrics_port: None,
            listen: Ipv4Addr::LOCALHOST.into(),
            resources: Vec::new(),
            settings: None,
            guests: Vec::new(),
            peers: Vec::new(),
            deadline: Duration::from_secs(10),
            max_body: 4 << 20,
            graceful: Duration::from_secs(5),
            log_level: "info".to_owned(),
            log_json: false,
            api_token: None,
            app_token: None,
        }
    }
}

impl Options {
    /// The text for `--help`.
    pub const HELP: &str = "\
A Dapr sidecar whose applications are WebAssembly guests. Programs with an SDK of Dapr use it, and
call the guests by their ids.

Usage: dapr-sidecar [OPTIONS]

  --guest ID=FILE          a guest, a WebAssembly component, with its id; may be said several times
  --peer ID=HOST:PORT      an application of another sidecar, and where that sidecar has its API over HTTP; may be
                           said several times
  --app-id ID              the id of the program beside this: app
  --app-port PORT          where that program listens, if it is to be called
  --app-protocol PROTOCOL  how: http or grpc
  --dapr-http-port PORT    the API over HTTP: 3500; 0 takes any that is free
  --dapr-grpc-port PORT    the API over gRPC: 50001
  --metrics-port PORT      metrics for Prometheus; without it there are none
  --dapr-listen-addresses ADDRESS
                           the address of these: 127.0.0.1
  --resources-path FOLDER  component files; may be said several times. Without it there are
                           `statestore`, `pubsub`, `lockstore` in memory, and `secretstore` from the
                           environment
  --settings FILE          what `configstore` has: an object of JSON with texts, which may change
  --guest-deadline SECONDS how long one call of a guest may take: 10
  --max-body-size SIZE     the bytes of a request, such as 16Mi: 4Mi
  --dapr-graceful-shutdown-seconds SECONDS
                           for how long what was begun may go on at the end: 5
  --log-level LEVEL        debug, info, warn, error or fatal: info
  --log-as-json            log lines of JSON

In DAPR_API_TOKEN of the environment is what clients have to show as `dapr-api-token`, and in
APP_API_TOKEN what the program beside this is shown.

Ports are the first lines printed. SIGTERM and Ctrl-C end it when it has answered what it was asked; a
second one ends it at once.
";

    /// With the tokens that are in the environment, where others who look at processes do not see
    /// them.
    #[must_use]
    pub fn with_tokens_of_the_environment(mut self) -> Self {
        self.api_token = Token::of_variable("DAPR_API_TOKEN");
        self.app_token = Token::of_variable("APP_API_TOKEN");
        self
    }

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
                Long("guest") => options.guests.push(guest(&parser.value()?.string()?)?),
                Long("peer") => {
                    let text = parser.value()?.string()?;
                    let (id, address) = pair(&text, "an id and an address")?;
                    options.peers.push((id.to_owned(), address.to_owned()));
                }
                Long("app-id") => options.app_id = parser.value()?.string()?,
                Long("app-port") => options.app_port = Some(parser.value()?.parse()?),
                Long("app-protocol") => {
                    options.app_protocol = match &*parser.value()?.string()? {
                        "http" => Protocol::Http,
                        "grpc" => Protocol::Grpc,
                        other => bail!("`{other}` is no protocol: http or grpc"),
                    }
                }
                Long("dapr-http-port") => options.http_port = parser.value()?.parse()?,
                Long("dapr-grpc-port") => options.grpc_port = parser.value()?.parse()?,
                Long("metrics-port") => options.metrics_port = Some(parser.value()?.parse()?),
                Long("dapr-listen-addresses") => options.listen = parser.value()?.parse()?,
                Long("resources-path" | "components-path") => {
                    options.resources.push(parser.value()?.into());
                }
                Long("settings") => options.settings = Some(parser.value()?.into()),
                Long("guest-deadline") => {
                    options.deadline = Duration::from_secs(parser.value()?.parse()?);
                }
                Long("max-body-size") => options.max_body = size(&parser.value()?.string()?)?,
                Long("dapr-graceful-shutdown-seconds") => {
                    options.graceful = Duration::from_secs(parser.value()?.parse()?);
                }
                Long("log-level") => options.log_level = parser.value()?.string()?,
                Long("log-as-json") => options.log_json = true,
                Long("help") | Short('h') => return Ok(Command::Help),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(Command::Serve(options))
    }
}

fn guest(text: &str) -> Result<(String, PathBuf)> {
    let (id, file) = pair(text, "an id and a file")?;
    Ok((id.to_owned(), file.into()))
}

fn pair<'a>(text: &'a str, what: &str) -> Result<(&'a str, &'a str)> {
    let pair = text.split_once('=');
    pair.with_context(|| format!("`{text}` has no `=` between {what}"))
}

/// Bytes, with `Ki` or `Mi` behind them or not.
fn size(text: &str) -> Result<usize> {
    let (number, times) = match (text.strip_suffix("Ki"), text.strip_suffix("Mi")) {
        (Some(number), _) => (number, 1 << 10),
        (_, Some(number)) => (number, 1 << 20),
        _ => (text, 1),
    };
    let number: Option<usize> = number.parse().ok();
    let bytes = number.and_then(|number| number.checked_mul(times));
    bytes.with_context(|| format!("`{text}` is no size, such as 4Mi"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Command, Options, Protocol};

    fn parse(words: &[&str]) -> anyhow::Result<Command> {
        Options::parse(words.iter().map(Into::into))
    }

    #[test]
    fn options_are_read() {
        let words = [
            "--app-id=shop",
            "--app-port=1",
            "--app-protocol=grpc",
            "--guest=a=b=c.wasm",
            "--peer=d=10.0.0.7:3500",
            "--max-body-size=16Mi",
            "--guest-deadline",
            "3",
        ];
        let expected = Options {
            app_id: "shop".to_owned(),
            app_port: Some(1),
            app_protocol: Protocol::Grpc,
            guests: vec![("a".to_owned(), "b=c.wasm".into())],
            peers: vec![("d".to_owned(), "10.0.0.7:3500".to_owned())],
            max_body: 16 << 20,
            deadline: Duration::from_secs(3),
            ..Options::default()
        };
        assert_eq!(parse(&words).unwrap(), Command::Serve(expected));
        assert_eq!(parse(&["-h"]).unwrap(), Command::Help);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |words| parse(words).unwrap_err().to_string();
        assert_eq!(error(&["--fast"]), "invalid option '--fast'");
        assert!(error(&["--guest", "here"]).contains("`here`"));
        assert!(error(&["--peer", "there"]).contains("`there`"));
        assert!(error(&["--max-body-size", "4Gi"]).contains("`4Gi`"));
        assert!(error(&["--app-protocol", "smtp"]).contains("`smtp`"));
    }
}

//! The command line. Knows words.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use lexopt::prelude::*;

use crate::demo::Over;
use crate::load::Effort;

/// The text for `--help`.
pub const HELP: &str = "\
Measures the demo of image recognition. Linux only.

Usage: cargo xtask recognise --load [-- OPTIONS]
       cargo xtask recognise --bench

  --pictures N   how many are sent to the page's own endpoint (default: 10,000); a tenth of it with the
                 planted fault
  --clients N    from how many clients at a time (default: 8)
  --over WHAT    what is between the three services: http (the default), redis=HOST:PORT, nats=HOST:PORT, or
                 process, for one process instead of three
  --help         print this text

The first writes docs/recognise-load.md and .svg where there are 10,000 pictures or more, the other
docs/recognise-bench.md. The exit status is 0 if all answers are right and the figures are as they have to be,
1 if not, 2 if the command line is wrong.
";

/// How many pictures a result is worth writing down after.
const THOROUGH: u64 = 10_000;

/// With fewer there would be too few samples for a slope.
const FEWEST: u64 = 200;

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Send pictures.
    Load(Options),
    /// Measure the loop, and the first answer.
    Bench,
    /// Answer once, as a guest, with kept code: the folder of that, the component, and the pixels.
    ColdGuest(PathBuf, PathBuf, PathBuf),
    /// Answer once, natively: the pixels.
    ColdNative(PathBuf),
    /// Say which options there are.
    Help,
}

/// How pictures are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How much is asked.
    pub effort: Effort,
    /// What is between the services.
    pub over: Over,
}

impl Options {
    /// The same with fewer pictures, for the services with the fault.
    #[must_use]
    pub fn fewer(&self) -> Self {
        let pictures = (self.effort.pictures / 10).max(FEWEST);
        Self {
            effort: Effort {
                pictures,
                samples: samples(pictures),
                ..self.effort
            },
            over: self.over.clone(),
        }
    }

    /// Whether the result goes to `docs`.
    #[must_use]
    pub fn publish(&self) -> bool {
        self.effort.pictures >= THOROUGH
    }
}

/// How often memory is looked at in so many pictures.
fn samples(pictures: u64) -> u64 {
    (pictures / 20).clamp(20, 200)
}

impl Command {
    /// Reads the arguments, without the program's name.
    ///
    /// # Errors
    ///
    /// A word is not known, or is not followed by what it wants.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self> {
        let (mut pictures, mut clients, mut over) = (THOROUGH, 8, Over::Http);
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("pictures") => pictures = parser.value()?.parse()?,
                Long("clients") => clients = parser.value()?.parse()?,
                Long("over") => over = between(&parser.value()?.string()?)?,
                Long("bench") => return Ok(Self::Bench),
                Long("cold-guest") => {
                    let mut path = || parser.value().map(PathBuf::from);
                    return Ok(Self::ColdGuest(path()?, path()?, path()?));
                }
                Long("cold-native") => return Ok(Self::ColdNative(parser.value()?.into())),
                Long("help") | Short('h') => return Ok(Self::Help),
                other => return Err(other.unexpected().into()),
            }
        }
        ensure!(
            pictures >= FEWEST,
            "fewer than {FEWEST} pictures tell nothing"
        );
        ensure!(clients > 0, "somebody has to send them");
        let samples = samples(pictures);
        let effort = Effort {
            pictures,
            clients,
            samples,
        };
        Ok(Self::Load(Options { effort, over }))
    }
}

fn between(text: &str) -> Result<Over> {
    Ok(match text.split_once('=').unwrap_or((text, "")) {
        ("process", "") => Over::Process,
        ("http", "") => Over::Http,
        ("redis", at) if !at.is_empty() => Over::Redis(at.to_owned()),
        ("nats", at) if !at.is_empty() => Over::Nats(at.to_owned()),
        _ => bail!("`{text}` is not known: process, http, redis=HOST:PORT or nats=HOST:PORT"),
    })
}

#[cfg(test)]
mod tests {
    use super::{Command, Over};

    fn parse(words: &[&str]) -> anyhow::Result<Command> {
        Command::parse(words.iter().map(Into::into))
    }

    #[test]
    fn only_what_is_thorough_is_published() {
        let load = |words| match parse(words).unwrap() {
            Command::Load(options) => options,
            other => panic!("{other:?}"),
        };
        let all = load(&[]);
        assert!(all.publish());
        assert_eq!((all.effort.samples, all.over), (200, Over::Http));
        let few = load(&["--pictures", "400", "--over=nats=a:1"]);
        assert!(!few.publish());
        assert_eq!(
            (few.effort.samples, &few.over),
            (20, &Over::Nats("a:1".to_owned()))
        );
        assert_eq!(few.fewer().effort.pictures, 200);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(parse(&["--pictures=1"]).is_err());
        assert!(parse(&["--clients=0"]).is_err());
        let error = parse(&["--over=kafka"]).unwrap_err().to_string();
        assert!(error.contains("`kafka`"), "{error}");
        assert_eq!(parse(&["--bench"]).unwrap(), Command::Bench);
        assert_eq!(parse(&["-h"]).unwrap(), Command::Help);
    }
}

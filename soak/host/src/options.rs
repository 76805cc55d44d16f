//! The command line: what it can say, and what is wrong with it.

use std::fmt;

use crate::effort::Effort;

/// What `--help` prints.
pub const HELP: &str = "\
Calls a guest a million times warm and a hundred thousand times fresh, with 100 KiB in and out and one call
in a hundred trapping, and tells whether the process has grown; and the same with a host that leaks on
purpose, which must be seen. Linux only.

Usage: cargo xtask soak [-- OPTIONS]

Options:
  --quick     a hundredth of the calls; writes to target/soak and not to docs
  --times N   N times as many calls: what is allowed stays the same
  --help      print this text

Writes docs/soak.md and docs/soak.svg. The exit status is 0 if the parts are flat and the one with the leak
grows, 1 if not or if something failed, 2 if the command line is wrong.
";

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// How much is done.
    pub effort: Effort,
    /// Whether the result goes to `docs`.
    pub publish: bool,
}

impl Options {
    /// Reads the arguments that follow the program's name; `None` if they ask for help.
    ///
    /// # Errors
    /// An argument is not known, or is not followed by a number.
    pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Self>, Usage> {
        let mut options = Self {
            effort: Effort::FULL,
            publish: true,
        };
        let mut times = 1;
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => {
                    options = Self {
                        effort: Effort::QUICK,
                        publish: false,
                    };
                }
                "--times" => {
                    let text = words.next().unwrap_or_default();
                    times = match text.parse() {
                        Ok(number @ 1..=1000) => number,
                        _ => {
                            return Err(Usage(format!(
                                "`--times` wants a number from 1 to 1000, and got `{text}`"
                            )));
                        }
                    };
                }
                "--help" | "-h" => return Ok(None),
                _ => return Err(Usage(format!("`{word}` is not an option\n\n{HELP}"))),
            }
        }
        options.effort = options.effort.times(times);
        Ok(Some(options))
    }
}

/// A command line that cannot be understood, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct Usage(String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.trim_end())
    }
}

impl std::error::Error for Usage {}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Options>, Usage> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn only_what_is_thorough_is_published() {
        assert!(matches!(parse(""), Ok(Some(options)) if options.publish));
        let quick = parse("--quick").unwrap().unwrap();
        assert_eq!((quick.effort, quick.publish), (Effort::QUICK, false));
        assert_eq!(parse("--quick --help"), Ok(None));
        let long = parse("--times 8").unwrap().unwrap();
        assert_eq!((long.effort.warm, long.publish), (8_000_000, true));
    }

    #[test]
    fn what_is_no_option_is_named() {
        let error = parse("--fast").unwrap_err().to_string();
        assert!(error.starts_with("`--fast` is not an option"), "{error}");
        let error = parse("--times").unwrap_err().to_string();
        assert!(error.contains("got ``"), "{error}");
        assert!(parse("--times 0").is_err());
    }
}

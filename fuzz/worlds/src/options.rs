//! The command line: what it can say, and what is wrong with it.

use std::fmt;

/// What `--help` prints.
pub const HELP: &str = "\
Makes random worlds, compiles each for host and guest, and sends random values of all its types both ways.

Usage: cargo xtask fuzz [OPTIONS]

Options:
  --worlds N   how many worlds (default: 500)
  --seed N     the number that decides all of them (default: another one in every run; it is printed)
  --only N     only the world of this number: the same as in a run of all
  --batch N    how many worlds are compiled into one host (default: 25)
  --rounds N   how many values of everything (default: 8)
  --jobs N     how many compilations at once (default: cargo's)
  --help       print this text

The exit status is 0 if every world passed, 1 if one did not, 2 if the command line is wrong.
";

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many worlds there are.
    pub worlds: u64,
    /// What they are made from.
    pub seed: u64,
    /// The one world that is wanted, if not all are.
    pub only: Option<u64>,
    /// How many worlds are compiled into one host.
    pub batch: usize,
    /// How often everything is called.
    pub rounds: u64,
    /// How many compilations run at once, where that is not left to cargo.
    pub jobs: Option<u64>,
}

impl Options {
    /// The defaults, with a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            worlds: 500,
            seed,
            only: None,
            batch: 25,
            rounds: 8,
            jobs: None,
        }
    }

    /// Reads the arguments that follow the program's name; `None` if they ask for help.
    ///
    /// # Errors
    ///
    /// An argument is not known, or is not followed by a number.
    pub fn parse(
        seed: u64,
        mut words: impl Iterator<Item = String>,
    ) -> Result<Option<Self>, Usage> {
        let mut options = Self::new(seed);
        while let Some(word) = words.next() {
            let mut number = |least: u64| {
                let text = words.next().unwrap_or_default();
                match text.parse() {
                    Ok(number) if number >= least => Ok(number),
                    _ => Err(Usage(format!(
                        "`{word}` wants a number, {least} or more, and got `{text}`"
                    ))),
                }
            };
            match word.as_str() {
                "--worlds" => options.worlds = number(1)?,
                "--seed" => options.seed = number(0)?,
                "--only" => options.only = Some(number(0)?),
                "--batch" => options.batch = usize::try_from(number(1)?).unwrap_or(usize::MAX),
                "--rounds" => options.rounds = number(1)?,
                "--jobs" => options.jobs = Some(number(1)?),
                "--help" | "-h" => return Ok(None),
                _ => return Err(Usage(format!("`{word}` is not an option\n\n{HELP}"))),
            }
        }
        Ok(Some(options))
    }

    /// The numbers of the worlds that are wanted.
    pub(crate) fn numbers(&self) -> Vec<u64> {
        match self.only {
            Some(number) => vec![number],
            None => (0..self.worlds).collect(),
        }
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
    use super::Options;

    fn parse(line: &str) -> Result<Option<Options>, String> {
        let words = line.split_whitespace().map(str::to_owned);
        Options::parse(7, words).map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_stand_behind_their_names() {
        let expected = Options {
            worlds: 3,
            jobs: Some(2),
            ..Options::new(9)
        };
        assert_eq!(parse("--jobs 2 --seed 9 --worlds 3"), Ok(Some(expected)));
        assert_eq!(parse(""), Ok(Some(Options::new(7))));
        assert_eq!(parse("--seed 9 --help"), Ok(None));
        assert_eq!(
            Options {
                only: Some(4),
                ..Options::new(0)
            }
            .numbers(),
            [4]
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = "`--worlds` wants a number, 1 or more, and got `0`";
        assert_eq!(parse("--worlds 0"), Err(wrong.to_owned()));
        assert!(
            parse("--fast")
                .unwrap_err()
                .starts_with("`--fast` is not an option")
        );
        assert!(parse("--seed").unwrap_err().contains("got ``"));
    }
}

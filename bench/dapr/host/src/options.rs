//! The command line: what it can say, and what is wrong with it.

use abide_figures::measure::Effort;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Measures state and events of a guest on Dapr beside the same backends called without a guest.

Usage: cargo xtask dapr-bench [-- OPTIONS] [FILTER...]

A FILTER is a part of the name of a backend (memory, redb, redis, nats); without one all are measured.

Options:
  --quick     fewer and shorter rounds, and a hundredth of the events: a look, not a result
  --write     write docs/dapr-speed.md anew, with its JSON and its plots
  --state     only state
  --events    only events, in turns
  --steady    only the many events over which memory has to stay as it is
  --help      print this text

The exit status says nothing about the figures: 0 if everything ran, 1 if something failed, 2 if the
command line is wrong.
";

/// What is asked for.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Run(Options),
}

/// What to measure, and how thoroughly.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) effort: Effort,
    filters: Vec<String>,
    pub(crate) write: bool,
    pub(crate) state: bool,
    pub(crate) events: bool,
    pub(crate) steady: bool,
}

impl Options {
    /// Whether what has this name is to be measured.
    pub(crate) fn is_chosen(&self, name: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| name.contains(filter))
    }

    /// So many, or fewer for a look.
    pub(crate) fn of(&self, count: u64) -> u64 {
        match self.effort == Effort::QUICK {
            true => count / 100,
            false => count,
        }
    }
}

/// A command line that cannot be understood.
#[derive(Debug)]
pub(crate) struct Usage(String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// Reads the arguments that follow the program's name.
pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Command, Usage> {
    let mut options = Options {
        effort: Effort::THOROUGH,
        filters: Vec::new(),
        write: false,
        state: false,
        events: false,
        steady: false,
    };
    for argument in arguments {
        match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--quick" => options.effort = Effort::QUICK,
            "--write" => options.write = true,
            "--state" => options.state = true,
            "--events" => options.events = true,
            "--steady" => options.steady = true,
            option if option.starts_with('-') => {
                return Err(Usage(format!("`{option}` is not an option\n\n{HELP}")));
            }
            _ => options.filters.push(argument),
        }
    }
    if !(options.state || options.events || options.steady) {
        (options.state, options.events, options.steady) = (true, true, true);
    }
    Ok(Command::Run(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &[&str]) -> Result<Command, Usage> {
        parse(arguments.iter().map(ToString::to_string))
    }

    #[test]
    fn without_a_word_all_is_measured() {
        let Ok(Command::Run(options)) = of(&["red", "--quick"]) else {
            panic!("it is a command line that runs");
        };
        assert!(options.state && options.events && options.steady);
        assert!(options.is_chosen("redis") && !options.is_chosen("nats"));
        assert_eq!(options.of(1_000), 10);
        let Ok(Command::Run(options)) = of(&["--events"]) else {
            panic!("it is a command line that runs");
        };
        assert!(options.events && !options.state && !options.steady);
        assert!(of(&["--fast"]).is_err_and(|error| error.0.starts_with("`--fast`")));
    }
}

//! The command line: what it can say, and what is wrong with it. Knows no case by name.

use crate::measure::Effort;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Measures calls through Abide against the same calls through wasmtime's bindgen!.

Usage: cargo xtask bench [-- OPTIONS] [FILTER...]

A FILTER is a part of the name of a case; without one all cases are measured.

Options:
  --quick     fewer and shorter rounds: a look, not a result
  --processes N
              measure each case in N processes, one after the other, with a share of the rounds in
              each; 10 unless it is said, 1 with --quick or --way
  --write     write docs/benchmarks.md anew, with its JSON and its plots
  --way TEXT  only the ways of making a call whose names contain TEXT, for instance to profile them
  --proxies   the cases of filters, and a proxy with them beside Envoy; with --write this writes
              docs/proxy-speed.md anew instead. Linux, with two cores and wrk
  --list      print the names of the cases
  --help      print this text

The exit status says nothing about the figures: 0 if everything ran, 1 if something failed, 2 if the
command line is wrong.
";

/// In how many processes a case is measured, unless it is said.
const PROCESSES: u32 = 10;
const MOST_PROCESSES: u32 = 100;

/// What is asked for.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    List,
    /// What only this program asks of itself.
    Hold(Vec<String>),
    /// That, too.
    Answer(Option<String>),
    Run(Options),
}

/// What to measure, and how thoroughly.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) effort: Effort,
    pub(crate) is_quick: bool,
    /// In how many processes each case is measured.
    pub(crate) processes: u32,
    /// Whether this is one of these processes, for whoever started it.
    pub(crate) is_part: bool,
    pub(crate) filters: Vec<String>,
    /// A part of the names of the ways to measure; empty for all.
    pub(crate) way: String,
    /// Whether the page about the figures is to be written.
    pub(crate) write: bool,
    /// Whether proxies are to be measured, and nothing but what is about them.
    pub(crate) proxies: bool,
}

impl Options {
    /// Whether what has this name is to be measured.
    pub(crate) fn is_chosen(&self, name: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| name.contains(filter))
    }
}

/// A command line that cannot be understood.
#[derive(Debug)]
pub(crate) struct Usage(String);

impl Usage {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

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
        is_quick: false,
        processes: 0,
        is_part: false,
        filters: Vec::new(),
        way: String::new(),
        write: false,
        proxies: false,
    };
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--list" => return Ok(Command::List),
            crate::held::OPTION => return Ok(Command::Hold(arguments.collect())),
            crate::proxies::OPTION => return Ok(Command::Answer(arguments.next())),
            "--write" => options.write = true,
            "--proxies" => options.proxies = true,
            "--way" => {
                options.way = arguments
                    .next()
                    .ok_or_else(|| Usage::new("`--way` wants a part of a name after it"))?;
            }
            "--quick" => options.is_quick = true,
            "--processes" => {
                let number = arguments.next().and_then(|number| number.parse().ok());
                options.processes = number
                    .filter(|number| (1..=MOST_PROCESSES).contains(number))
                    .ok_or_else(|| {
                        Usage::new(format!(
                            "`--processes` wants a number from 1 to {MOST_PROCESSES} after it"
                        ))
                    })?;
            }
            crate::processes::OPTION => options.is_part = true,
            option if option.starts_with('-') => {
                return Err(Usage::new(format!("`{option}` is not an option\n\n{HELP}")));
            }
            _ => options.filters.push(argument),
        }
    }
    if options.processes == 0 {
        options.processes = match options.is_quick || !options.way.is_empty() {
            true => 1,
            false => PROCESSES,
        };
    }
    let effort = match options.is_quick {
        true => Effort::QUICK,
        false => Effort::THOROUGH,
    };
    options.effort = effort.divided(options.processes);
    if options.proxies && options.filters.is_empty() {
        options.filters.push(crate::cases::FILTERS.to_owned());
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
    fn filters_and_options_mix() {
        let Ok(Command::Run(options)) = of(&["add", "--quick", "--way", "session", "echo"]) else {
            panic!("it is a command line that runs");
        };
        assert_eq!(options.filters, ["add", "echo"]);
        assert_eq!(options.way, "session");
        assert!(of(&["--way"]).is_err());
        assert_eq!(options.effort, Effort::QUICK);
        assert_eq!(options.processes, 1);
        assert!(matches!(of(&["add", "--help"]), Ok(Command::Help)));
        assert!(matches!(of(&["--list"]), Ok(Command::List)));
    }

    #[test]
    fn processes_share_the_rounds() {
        let Ok(Command::Run(options)) = of(&["--processes", "4"]) else {
            panic!("it is a command line that runs");
        };
        assert_eq!((options.processes, options.effort.rounds), (4, 10..=50));
        assert!(of(&["--processes", "0"]).is_err());
        assert!(of(&["--processes"]).is_err());
    }

    #[test]
    fn what_is_no_option_is_named() {
        let Err(error) = of(&["--fast"]) else {
            panic!("there is no such option");
        };
        assert!(error.to_string().starts_with("`--fast` is not an option"));
    }
}

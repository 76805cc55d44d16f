//! The arguments of the commands that build guests. Knows words, not files.

use std::fmt;
use std::path::PathBuf;

use abide_build::Target;
use anyhow::Result;

use crate::DEFAULT_TARGET;

/// A wrong command line, and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Usage(String);

impl Usage {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.trim_end())
    }
}

impl std::error::Error for Usage {}

/// How guests are to be built, and which.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) folder: Option<PathBuf>,
    pub(crate) target: Target,
    pub(crate) debug: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            folder: None,
            target: DEFAULT_TARGET,
            debug: false,
        }
    }
}

impl Options {
    /// Reads `[DIR] [--target TARGET] [--debug]`, in any order.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut words = arguments.iter().map(String::as_str);
        while let Some(word) = words.next() {
            match word {
                "--debug" => options.debug = true,
                "--target" => {
                    let name = words
                        .next()
                        .ok_or_else(|| Usage::new("--target wants the name of a target"))?;
                    options.target = target(name)?;
                }
                _ if word.starts_with("--target=") => {
                    options.target = target(&word["--target=".len()..])?;
                }
                _ if word.starts_with('-') => {
                    return Err(Usage::new(format!(
                        "`{word}` is not an option here; there are --target and --debug"
                    ))
                    .into());
                }
                _ if options.folder.is_some() => {
                    return Err(
                        Usage::new(format!("one folder is enough; `{word}` is another")).into(),
                    );
                }
                _ => options.folder = Some(word.into()),
            }
        }
        Ok(options)
    }

    /// Refuses a folder, for the command that finds the folders itself.
    pub(crate) fn no_folder(&self) -> Result<()> {
        match &self.folder {
            None => Ok(()),
            Some(folder) => Err(Usage::new(format!(
                "`guests` builds every guest and takes no folder; for one: cargo xtask guest {}",
                folder.display()
            ))
            .into()),
        }
    }
}

/// Refuses any argument.
pub(crate) fn none(arguments: &[String]) -> Result<()> {
    match arguments.first() {
        None => Ok(()),
        Some(word) => Err(Usage::new(format!("`{word}` is not expected here")).into()),
    }
}

fn target(name: &str) -> Result<Target> {
    name.parse()
        .map_err(|error: abide_build::UnknownTarget| Usage::new(error.to_string()).into())
}

#[cfg(test)]
mod tests {
    use super::{Options, Usage};
    use abide_build::Target;

    fn parse(words: &[&str]) -> anyhow::Result<Options> {
        Options::parse(&words.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn options_stand_in_any_order() {
        let expected = Options {
            folder: Some("a b".into()),
            target: Target::Unknown,
            debug: true,
        };
        let unknown = "wasm32-unknown-unknown";
        assert_eq!(
            parse(&["a b", "--target", unknown, "--debug"]).unwrap(),
            expected
        );
        assert_eq!(
            parse(&["--debug", "--target=wasm32-unknown-unknown", "a b"]).unwrap(),
            expected
        );
        assert_eq!(parse(&[]).unwrap(), Options::default());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (words, expected) in [
            (&["--target"][..], "--target wants the name of a target"),
            (
                &["--fast"][..],
                "`--fast` is not an option here; there are --target and --debug",
            ),
            (&["a", "b"][..], "one folder is enough; `b` is another"),
            (
                &["--target", "wasm64"][..],
                "`wasm64` is not a target that guests can be built for: \
                 expected `wasm32-wasip2` or `wasm32-unknown-unknown`",
            ),
        ] {
            let error = parse(words).unwrap_err();
            assert_eq!(error.to_string(), expected);
            assert!(error.is::<Usage>());
        }
    }
}

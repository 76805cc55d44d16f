//! Running cargo for the generated crates, and the host that comes of it. Knows programs and what
//! they print; what the crates hold is for `crates` to know.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use abide_build::{Target, Toolchain};
use anyhow::{Context as _, Result, bail};

use crate::crates::Folders;
use crate::model::World;

/// Runs cargo for one run's crates.
#[derive(Debug)]
pub(crate) struct Compiler {
    folders: Folders,
    toolchain: Toolchain,
    jobs: Option<u64>,
}

impl Compiler {
    /// # Errors
    ///
    /// Nothing here can compile guests.
    pub(crate) fn new(folders: &Folders, jobs: Option<u64>) -> Result<Self> {
        let toolchain = Toolchain::find(&folders.root, Target::Wasip2)?;
        Ok(Self {
            folders: folders.clone(),
            toolchain,
            jobs,
        })
    }

    /// Compiles the guests of these worlds. Says what cargo said if one cannot be; the others are.
    pub(crate) fn guests(&self, worlds: &[&World]) -> Result<(), String> {
        let mut command = self
            .toolchain
            .cargo_build(&self.folders.guests(), &self.folders.guests_target());
        command.args(["--release", "--keep-going"]);
        for world in worlds {
            command
                .arg("--package")
                .arg(self.folders.package(world.number));
        }
        self.cargo(command)
    }

    /// Compiles the host that is there.
    pub(crate) fn host(&self) -> Result<(), String> {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(self.folders.host());
        // All that it needs was needed for this program already.
        command.args(["build", "--offline", "--config"]);
        command.arg(self.folders.root.join(".cargo/config.toml"));
        command
            .arg("--target-dir")
            .arg(self.folders.root.join("target"));
        // What cargo says of this package would reach the other's build scripts.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if [
                "CARGO_PKG_",
                "CARGO_MANIFEST_",
                "CARGO_BIN_",
                "CARGO_CRATE_",
            ]
            .iter()
            .any(|prefix| text.starts_with(prefix))
            {
                command.env_remove(&name);
            }
        }
        self.cargo(command)
    }

    fn cargo(&self, mut command: Command) -> Result<(), String> {
        if let Some(jobs) = self.jobs {
            command.arg("--jobs").arg(jobs.to_string());
        }
        command.arg("--quiet").stdin(Stdio::null());
        match command.output() {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
            Err(error) => Err(format!("cannot run cargo: {error}")),
        }
    }

    /// Runs the host that is compiled. For each world its number, and what went wrong if something
    /// did; worlds that the host did not come to are missing.
    pub(crate) fn run(&self, rounds: u64) -> Result<Vec<(u64, Option<String>)>> {
        let name = format!("{}-host{}", self.folders.name, env::consts::EXE_SUFFIX);
        let program = self.folders.root.join("target/debug").join(name);
        let components: PathBuf = self
            .folders
            .guests_target()
            .join(Target::Wasip2.triple())
            .join("release");
        let output = Command::new(&program)
            .arg(&components)
            .arg(rounds.to_string())
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot run `{}`", program.display()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let outcomes: Option<Vec<_>> = text.lines().map(outcome).collect();
        let Some(outcomes) = outcomes else {
            bail!(
                "`{}` printed something else than outcomes:\n{text}",
                program.display()
            );
        };
        Ok(outcomes)
    }
}

/// Reads `passed 17` or `failed 17: why`.
fn outcome(line: &str) -> Option<(u64, Option<String>)> {
    let (word, rest) = line.split_once(' ')?;
    match word {
        "passed" => Some((rest.parse().ok()?, None)),
        "failed" => {
            let (number, why) = rest.split_once(": ")?;
            Some((number.parse().ok()?, Some(why.to_owned())))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::outcome;

    #[test]
    fn lines_of_the_host() {
        assert_eq!(outcome("passed 17"), Some((17, None)));
        assert_eq!(
            outcome("failed 3: a: b"),
            Some((3, Some("a: b".to_owned())))
        );
        assert_eq!(outcome("thread panicked"), None);
    }
}

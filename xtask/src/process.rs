//! Running other programs: cargo with a clean environment, and any program with a time limit.

use std::env;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Runs cargo in `root` with `own` arguments and then those of the command line.
pub(crate) fn cargo<const N: usize>(root: &Path, own: [&str; N], given: &[String]) -> Result<()> {
    run(cargo_command(root).args(own).args(given))
}

/// Cargo in `root`, still without arguments.
pub(crate) fn cargo_command(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    // This program is itself run by cargo, whose word on *this* package must not reach the other:
    // crates that look at it would be compiled again by the next plain `cargo build`.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        {
            command.env_remove(&*name);
        }
    }
    command
}

/// A program of this workspace that cargo has built in the profile of this one.
pub(crate) fn beside_this(name: &str) -> Result<Command> {
    let this = env::current_exe().context("cannot find the folder of built programs")?;
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    Ok(Command::new(this.with_file_name(file)))
}

/// A program of this workspace that cargo has built with optimisation, whatever this one is.
pub(crate) fn beside_release(name: &str) -> Result<Command> {
    let this = env::current_exe().context("cannot find the folder of built programs")?;
    let folder = this
        .ancestors()
        .nth(2)
        .context("this program is not in a folder of cargo's")?;
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    Ok(Command::new(folder.join("release").join(file)))
}

/// Runs a program to its end; an error if it cannot start or does not end well.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let text = text(command);
    eprintln!("$ {text}");
    let status = command
        .status()
        .with_context(|| format!("cannot run `{text}`"))?;
    check(status, &text)
}

/// Runs a program that needs no answers, and ends it when the time is up.
pub(crate) fn run_within(limit: Duration, command: &mut Command) -> Result<()> {
    let text = text(command);
    eprintln!("$ {text}");
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot run `{text}`"))?;
    let start = Instant::now();
    loop {
        if let Some(status) = child
            .try_wait()
            .with_context(|| format!("cannot wait for `{text}`"))?
        {
            return check(status, &text);
        }
        if start.elapsed() > limit {
            child
                .kill()
                .with_context(|| format!("cannot end `{text}`"))?;
            child
                .wait()
                .with_context(|| format!("cannot wait for `{text}`"))?;
            bail!("`{text}` took longer than {} seconds", limit.as_secs());
        }
        thread::sleep(Duration::from_millis(50));
    }
}

fn check(status: ExitStatus, text: &str) -> Result<()> {
    if !status.success() {
        bail!("`{text}` failed ({status})");
    }
    Ok(())
}

/// A command as one would type it, near enough to be recognised.
fn text(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(all(test, unix))]
mod tests {
    use super::{run, run_within};
    use std::process::Command;
    use std::time::Duration;

    #[test]
    fn failures_name_the_command() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(error.to_string(), "`sh -c exit 3` failed (exit status: 3)");
        let error = run(&mut Command::new("/no/such-program")).unwrap_err();
        assert_eq!(error.to_string(), "cannot run `such-program`");
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        run_within(Duration::from_secs(60), &mut Command::new("true")).unwrap();
        let error = run_within(Duration::ZERO, Command::new("sleep").arg("1000")).unwrap_err();
        assert_eq!(error.to_string(), "`sleep 1000` took longer than 0 seconds");
    }
}

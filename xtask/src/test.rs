//! `cargo xtask test`: gets what tests need, builds the guests and the tests, and runs them. Knows which tests take
//! long and leave a core idle, and nothing of the others.

use std::path::Path;
use std::process::{Command, ExitCode, Output};
use std::thread;

use anyhow::{Context as _, Result, bail};

use crate::options::Options;
use crate::progress::step;
use crate::{guests, process, recognition, sdks, servers, setup, wasm_bindgen};

/// Tests that wait more than they work, or do one thing at a time. They run beside the others.
const BESIDE: [&str; 3] = ["trust", "servers", "sidecar"];

/// The command by which cargo has each of the others run.
pub(crate) const RUN: &str = "run-test";

/// Does all of it; `arguments` go to `cargo test`.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    setup::run_all(root)?;
    setup::browser();
    servers::get(root);
    sdks::get(root);
    wasm_bindgen::get(root);
    recognition::get(root);
    step("compiling the guests of tests and examples", || {
        guests::all(root, &Options::default())
    })?;
    let dashes = arguments.iter().position(|word| word == "--");
    let of_cargo = &arguments[..dashes.unwrap_or(arguments.len())];
    step(
        "compiling the tests; from nothing, most of it is wasmtime and takes minutes",
        || process::cargo(root, ["test", "--workspace", "--no-run"], of_cargo),
    )?;
    step("running the tests, some of which compile guests", || {
        // Whoever names tests, or has something to say to them, is to see what comes of them.
        match arguments.iter().all(|word| word == "--no-fail-fast") {
            true => side_by_side(root, arguments),
            false => process::cargo(root, ["test", "--workspace"], arguments),
        }
    })
}

/// Runs all tests, those of [`BESIDE`] beside the others; what they print comes last.
fn side_by_side(root: &Path, given: &[String]) -> Result<()> {
    // By its name: cargo has put another in its place when it built the workspace.
    let this = process::beside_this(env!("CARGO_PKG_NAME"))?;
    let this = this.get_program().to_str();
    let this = this.context("the path of this program is no text")?;
    // Cargo can be told which tests to run, and not which to leave out.
    let runner = format!("target.'cfg(all())'.runner = [{this:?}, {RUN:?}]");
    let (beside, others) = thread::scope(|scope| {
        let beside = scope.spawn(|| {
            let names = BESIDE.iter().map(|name| format!("--test={name}"));
            let mut cargo = process::cargo_command(root);
            cargo.args(["test", "--workspace"]).args(names).args(given);
            cargo.output()
        });
        let others = ["--config", &runner, "test", "--workspace"];
        let others = process::cargo(root, others, given);
        (beside.join(), others)
    });
    let beside = match beside {
        Ok(ran) => shown(&ran.context("cannot run the tests beside the others")?),
        Err(_) => bail!("the thread that ran tests beside the others has ended"),
    };
    let failed = [others, beside].into_iter().filter_map(Result::err);
    let failed: Vec<String> = failed.map(|error| format!("{error:#}")).collect();
    match failed.is_empty() {
        true => Ok(()),
        false => bail!("{}", failed.join("; ")),
    }
}

/// Runs a test as cargo would, unless it is one of [`BESIDE`].
pub(crate) fn run_one(arguments: &[String]) -> Result<ExitCode> {
    let [program, given @ ..] = arguments else {
        bail!("`{RUN}` wants a program");
    };
    if let Some(name) = BESIDE.iter().find(|name| is_of(Path::new(program), name)) {
        println!("`{name}` runs beside the others");
        return Ok(ExitCode::SUCCESS);
    }
    let mut command = Command::new(program);
    // Rustdoc says this to the program of tests in docs, but to no runner, and without it they share one process:
    // https://github.com/rust-lang/rust/blob/1.95.0/src/librustdoc/doctest.rs
    command.args(given).env("RUSTDOC_DOCTEST_BIN_PATH", program);
    let status = command.status();
    let status = status.with_context(|| format!("cannot run `{program}`"))?;
    // One that was killed has no code.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    match code {
        Some(code) => Ok(ExitCode::from(code)),
        None => bail!("`{program}` ended with {status}"),
    }
}

/// Whether cargo has given a test's program this name: the test's, and what tells it from others.
fn is_of(program: &Path, test: &str) -> bool {
    let stem = program.file_stem().and_then(|stem| stem.to_str());
    let name = stem.and_then(|stem| stem.rsplit_once('-'));
    name.is_some_and(|(name, _)| name == test)
}

/// Prints what cargo printed.
fn shown(ran: &Output) -> Result<()> {
    eprint!("{}", String::from_utf8_lossy(&ran.stderr));
    print!("{}", String::from_utf8_lossy(&ran.stdout));
    match ran.status.success() {
        true => Ok(()),
        false => bail!("tests that ran beside the others failed ({})", ran.status),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_of, run_one};
    use std::path::Path;

    #[test]
    fn a_test_is_known_by_its_program() {
        let of = |program| is_of(Path::new(program), "trust");
        assert!(of("/a/target/debug/deps/trust-0123456789abcdef"));
        assert!(of("C:/target/debug/deps/trust-0123456789abcdef.exe"));
        assert!(!of("/a/trust-1/debug/deps/distrust-0123456789abcdef"));
        assert!(!of("/a/target/debug/trust"));
    }

    #[cfg(unix)]
    #[test]
    fn what_a_test_ends_with_is_passed_on() {
        let run =
            |words: &[&str]| run_one(&words.iter().map(|&word| word.into()).collect::<Vec<_>>());
        let code = |code: u8| format!("{:?}", std::process::ExitCode::from(code));
        let ends = run(&["sh", "-c", "exit 101"]).unwrap();
        assert_eq!(format!("{ends:?}"), code(101));
        let ends = run(&["/no/such/trust-0123456789abcdef"]).unwrap();
        assert_eq!(format!("{ends:?}"), code(0));
        assert!(run(&["sh", "-c", "kill -9 $$"]).is_err());
        assert!(run(&["/no/such/test-0123456789abcdef"]).is_err());
    }
}

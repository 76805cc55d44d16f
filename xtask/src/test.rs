//! `cargo xtask test`: gets what tests need, builds the guests and the tests, and runs them. Knows which tests take
//! long and leave a core idle; what the others are is asked of cargo.

use std::path::Path;
use std::process::Output;
use std::thread;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::options::Options;
use crate::progress::step;
use crate::{guests, process, recognition, sdks, servers, setup, wasm_bindgen};

/// Tests that wait more than they work, or do one thing at a time. They run beside the others.
const BESIDE: [&str; 3] = ["trust", "servers", "sidecar"];

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
    let all = names(root)?;
    let (beside, others): (Vec<_>, Vec<_>) = all
        .iter()
        .map(String::as_str)
        .partition(|name| BESIDE.contains(name));
    let tests = |names: &[&str]| -> Vec<String> {
        let names = names.iter().map(|name| format!("--test={name}"));
        names.chain(given.iter().cloned()).collect()
    };
    let (beside, others) = (tests(&beside), tests(&others));
    let (beside, others) = thread::scope(|scope| {
        let beside = scope.spawn(|| {
            let mut cargo = process::cargo_command(root);
            cargo.args(["test", "--workspace"]).args(&beside).output()
        });
        let others = process::cargo(root, ["test", "--workspace", "--lib", "--bins"], &others);
        (beside.join(), others)
    });
    let beside = match beside {
        Ok(ran) => shown(&ran.context("cannot run the tests beside the others")?),
        Err(_) => bail!("the thread that ran tests beside the others has ended"),
    };
    let docs = process::cargo(root, ["test", "--workspace", "--doc"], given);
    let failed = [others, beside, docs].into_iter().filter_map(Result::err);
    let failed: Vec<String> = failed.map(|error| format!("{error:#}")).collect();
    match failed.is_empty() {
        true => Ok(()),
        false => bail!("{}", failed.join("; ")),
    }
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

/// The tests of the workspace that are files of their own, by name.
fn names(root: &Path) -> Result<Vec<String>> {
    let mut metadata = process::cargo_command(root);
    let metadata = metadata.args(["metadata", "--no-deps", "--format-version=1"]);
    let output = metadata.output().context("cannot run `cargo metadata`")?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("`cargo metadata` ended with {}", output.status))?;
    let of = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let targets = of(&metadata, "packages").into_iter();
    let targets = targets.flat_map(|package| of(&package, "targets"));
    let tests = targets.filter(|target| of(target, "kind").iter().any(|kind| kind == "test"));
    let mut names: Vec<String> = tests
        .filter_map(|test| test["name"].as_str().map(str::to_owned))
        .collect();
    names.sort();
    names.dedup();
    match BESIDE
        .iter()
        .find(|name| !names.iter().any(|test| test == *name))
    {
        None => Ok(names),
        Some(name) => bail!("no test is called `{name}`; see `BESIDE` in xtask/src/test.rs"),
    }
}

#[cfg(test)]
mod tests {
    use super::{BESIDE, names};

    #[test]
    fn tests_are_found_by_name() {
        let names = names(&crate::root().unwrap()).unwrap();
        assert!(names.len() > 50, "{names:?}");
        assert!(
            BESIDE
                .iter()
                .all(|name| names.iter().any(|found| found == name))
        );
    }
}

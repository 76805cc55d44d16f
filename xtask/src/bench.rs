//! `cargo xtask bench`: builds what is measured, and measures. Knows what the benchmarks want to have;
//! what they do with it is theirs.

use std::path::Path;

use anyhow::{Context, Result};

use crate::envoy;
use crate::guests;
use crate::options::Options;
use crate::process;
use crate::progress::step;
use crate::setup;

/// The option of the benchmarks that measures proxies.
const PROXIES: &str = "--proxies";

pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    setup::run_all(root)?;
    guests::build(root, &root.join("bench/guest"), &Options::default())?;
    let mut given = Vec::new();
    if arguments.iter().any(|word| word == PROXIES) {
        given.extend(proxies(root)?);
    }
    given.push("--".to_owned());
    given.extend(arguments.iter().cloned());
    let package = "--package=abide-bench";
    let bench = ["run", "--release", package, "--features", "default-bindgen"];
    process::cargo(root, bench, &given)
}

/// Builds the proxy and gets an Envoy. Where both are, as cargo tells it the benchmarks.
fn proxies(root: &Path) -> Result<Vec<String>> {
    step(
        "compiling the proxy; from nothing, most of it is wasmtime and takes minutes",
        || {
            process::cargo(
                root,
                ["build", "--release", "--package", "filter-proxy"],
                &[],
            )
        },
    )?;
    let proxy = process::beside_release("filter-proxy")?;
    let mut told = told("ABIDE_BENCH_PROXY", Path::new(proxy.get_program()))?;
    match step("getting Envoy", || envoy::program(root)) {
        Ok(envoy) => told.extend(self::told("ABIDE_BENCH_ENVOY", &envoy)?),
        Err(error) => {
            eprintln!("\n!!! NOT MEASURED: Envoy. It is not to be had: {error:#}\n");
        }
    }
    Ok(told)
}

fn told(name: &str, path: &Path) -> Result<Vec<String>> {
    let path = path.to_str();
    let path = path.with_context(|| format!("the path for {name} is no text"))?;
    Ok(vec!["--config".to_owned(), format!("env.{name}={path:?}")])
}

//! `cargo xtask proxy-soak`: reads the command line, runs, and writes down what came of it.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use proxy_load::filters::root;
use proxy_load::{HELP, Options, Part, Soak, page, plot, soak};

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args_os().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error:#}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<bool> {
    if cfg!(debug_assertions) {
        eprintln!("compiled without optimisation: figures mean nothing without `--release`");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let folder = root().join("target/proxy-load");
    let effort = &options.effort;
    let told = |part: Part, done: u64| {
        let of = effort.of(part);
        if done.is_multiple_of((of / 10).max(1)) {
            eprintln!("{}: {done} of {of} requests", part.name());
        }
    };
    let all = runtime.block_on(soak(&folder, effort, &Part::ALL, told))?;
    for part in &all {
        println!("{part}");
    }
    if options.publish {
        write(&all)?;
    }
    let complaints: Vec<String> = all.iter().filter_map(Soak::complaint).collect();
    for complaint in &complaints {
        eprintln!("error: {complaint}");
    }
    Ok(complaints.is_empty())
}

fn write(all: &[Soak]) -> Result<()> {
    let folder = root().join("docs");
    for (name, text) in [("soak-proxy.svg", plot(all)), ("soak-proxy.md", page(all))] {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}

//! `cargo xtask soak`: reads the command line, runs with a progress bar, and writes down what came
//! of it.

use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use abide_soak::{HELP, Options, Soak, Usage, page, plot, soak};
use anyhow::{Context as _, Result};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn run() -> Result<bool> {
    let Some(options) = Options::parse(env::args().skip(1))? else {
        print!("{HELP}");
        return Ok(true);
    };
    if cfg!(debug_assertions) {
        eprintln!(
            "compiled without optimisation: this takes several times as long as with `--release`"
        );
    }
    let style = ProgressStyle::with_template("{msg:8} {wide_bar} {human_pos} of {human_len} {eta}")
        .context("the progress bar's template is wrong")?;
    let bar = ProgressBar::no_length().with_style(style);
    let done = soak(&options.effort, |subject, calls| {
        let of = subject.calls(&options.effort);
        bar.set_length(of);
        bar.set_message(subject.name());
        bar.set_position(calls);
        // Where standard error is no terminal, a line for every tenth has to do.
        if bar.is_hidden() && calls.is_multiple_of((of / 10).max(1)) {
            eprintln!(
                "{}: {} of {} calls",
                subject.name(),
                HumanCount(calls),
                HumanCount(of)
            );
        }
    });
    bar.finish_and_clear();
    let done = done?;
    print!("{done}");
    write(&done, options.publish)?;
    let complaints = done.complaints();
    for complaint in &complaints {
        eprintln!("error: {complaint}");
    }
    Ok(complaints.is_empty())
}

fn write(done: &Soak, publish: bool) -> Result<()> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package
        .ancestors()
        .nth(2)
        .context("this package has no repository around it")?;
    let folder = root.join(if publish { "docs" } else { "target/soak" });
    fs::create_dir_all(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    for (name, text) in [("soak.svg", plot(done)), ("soak.md", page(done))] {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
        println!("written: {}", path.display());
    }
    Ok(())
}

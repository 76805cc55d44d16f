//! `cargo xtask recognise --load` and `--bench`: reads the command line, runs, and writes down what
//! came of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use recognise_load::bench::{self, cold};
use recognise_load::{Command, Demo, HELP, Options, Run, guests, load, page, photos, plot};

fn main() -> ExitCode {
    let done = match Command::parse(std::env::args_os().skip(1)) {
        Ok(Command::Load(options)) => measure_load(&options),
        Ok(Command::Bench) => measure_bench(),
        Ok(Command::ColdGuest(kept, component, pixels)) => {
            cold::guest(&kept, &component, &pixels).map(|()| true)
        }
        Ok(Command::ColdNative(pixels)) => cold::native(&pixels).map(|()| true),
        Ok(Command::Help) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error:#}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure_load(options: &Options) -> Result<bool> {
    warn_without_optimisation();
    let guests = guests()?;
    let sound = run(&guests, options, None)?;
    println!("{sound}");
    let faulty = run(&guests, &options.fewer(), Some("classify"))?;
    println!("with the planted fault: {faulty}");
    if options.publish() {
        write("recognise-load.svg", plot(&sound, &faulty))?;
        write("recognise-load.md", page(&sound, &faulty, &options.over))?;
    }
    let complaints = [sound.complaints(), faulty.complaints()].concat();
    for complaint in &complaints {
        eprintln!("error: {complaint}");
    }
    Ok(complaints.is_empty())
}

/// Runs the demo and sends it pictures. The service of that name has the fault.
fn run(guests: &Path, options: &Options, faulty: Option<&str>) -> Result<Run> {
    let program = std::env::current_exe()?.with_file_name("recognise");
    let folder = root().join("target/recognise/load");
    let flags: Vec<_> = faulty
        .map(|service| (service, "--keep-tensors"))
        .into_iter()
        .collect();
    let config = "[incoming]\nrequests = 256\n";
    let demo = Demo::start(
        &program,
        &folder,
        guests,
        options.over.clone(),
        config,
        &flags,
    )?;
    let photos = photos()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let all = options.effort.pictures;
    let told = |done: u64| eprintln!("{done} of {all} pictures");
    let answered = runtime.block_on(load(demo.address(), &photos, &options.effort, told))?;
    demo.stop()?;
    Run::new(options.effort, answered, faulty)
}

fn measure_bench() -> Result<bool> {
    warn_without_optimisation();
    let measured = bench::run(&root().join("target/recognise/bench"))?;
    println!("{measured}");
    if !cfg!(debug_assertions) {
        write("recognise-bench.md", measured.page())?;
    }
    let complaints = measured.complaints();
    for complaint in &complaints {
        eprintln!("error: {complaint}");
    }
    Ok(complaints.is_empty())
}

fn warn_without_optimisation() {
    if cfg!(debug_assertions) {
        eprintln!("compiled without optimisation: figures mean nothing without `--release`");
    }
}

fn write(name: &str, text: String) -> Result<()> {
    let path = root().join("docs").join(name);
    fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

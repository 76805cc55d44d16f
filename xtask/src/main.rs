//! The developer's commands, run as `cargo xtask <command>`: reads the command line and hands over.
//! Knows the commands' names and their arguments; how each one works is in the file of its name.

mod bench;
mod envoy;
mod guests;
mod options;
mod process;
mod progress;
mod recognise;
mod recognition;
mod sdks;
mod servers;
mod setup;
mod test;
mod wasm_bindgen;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use abide_build::Target;
use anyhow::{Context, Result};

use options::{Options, Usage};
use progress::step;

/// The target that guests are built for unless the command line says another.
const DEFAULT_TARGET: Target = Target::Wasip2;

const HELP: &str = "\
The developer's commands of this repository.

Usage: cargo xtask <command> [arguments]

Commands:
  setup                 make this machine able to compile guests; print what it compiles them with; get the
                        servers of Redis and NATS that tests start, their model and photos, and modules made with
                        wasm-bindgen
  guest DIR [options]   build the guest crate in DIR; the component's path is the last line printed
      --target TARGET     wasm32-wasip2 (default) or wasm32-unknown-unknown
      --debug             use the dev profile: quick to compile, large and slow to run
  guests [options]      build every guest of this repository into target/guests
  demo [-- ARGS]        render Markdown files through the guest of examples/notes;
                        ARGS go to the program (default: all Markdown files of this repository)
  serve [-- ARGS]       build and start the notes server with its configuration in examples/notes-server;
                        ARGS go to the program: --listen ADDRESS, --native, ...
  load [-- ARGS]        measure the notes server (compare) or wear it down (soak); ARGS: what
                        `load -- --help` says
  proxy [-- ARGS]       build and start the proxy of examples/proxy with its two filters, before a server that
                        answers with what it is asked; prints what to try; ARGS go to the program
  dapr [-- ARGS]        build and start the sidecar of examples/dapr-sidecar with its guest; prints what to try; ARGS
                        go to the program
  recognise [--over WHAT] [-- ARGS]
                        build and start the recognition demo of examples/recognise with all that it needs, in one
                        process, or in three over http, redis or nats; prints the page's address
  recognise --load      send 10,000 pictures through its page's endpoint, and fewer with a fault planted, and write
                        docs/recognise-load.md; ARGS: --pictures N, --clients N
  recognise --bench     measure what its guests do themselves, and write docs/recognise-bench.md
  test [ARGS]           set up, build the guests and run all tests; ARGS go to cargo test
  expand                write docs/expansions anew: what `abi!` makes of the notes example
  corpus                compile every WIT of the corpus on both sides, and write docs/corpus.md anew
  faults                bring about every fault of the fault table, and write docs/faults.md anew
  envoy                 get an Envoy, and compare what it does with modules of proxy-wasm with what
                        is done here; where there is none to be had, say so
  fuzz [-- ARGS]        set up, make random worlds and send values through them; ARGS: --worlds N,
                        --seed N, --only N, and what `fuzz -- --help` says
  bench [-- ARGS]       set up, build the guest of bench and run the benchmarks with ARGS; --write writes
                        docs/benchmarks.md anew, --proxies measures the proxy beside Envoy, and what else
                        `bench -- --help` says
  dapr-bench [-- ARGS]  set up, get servers of Redis and NATS, and measure what state and events cost a guest on
                        Dapr; --write writes docs/dapr-speed.md anew, and what else `dapr-bench -- --help` says
  soak [-- ARGS]        set up, make 1,100,000 calls and as many with a host that leaks on purpose, and
                        write docs/soak.md; ARGS: --quick (a hundredth of the calls), --times N
  proxy-soak [-- ARGS]  send 1,000,000 requests through the proxy, with traps and reloads, and fewer through a
                        filter that leaks, and write docs/soak-proxy.md; ARGS: --quick, --requests N
  help                  print this text

The commands set up what they need themselves. They end with 0 if all went well, 1 if something
failed and 2 if the command line is wrong.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.split_first() {
        // What follows is of the test, also `--help`.
        Some((command, of_test)) if command == test::RUN => test::run_one(of_test),
        _ => run(arguments).map(|()| ExitCode::SUCCESS),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn run(mut arguments: Vec<String>) -> Result<()> {
    if arguments.is_empty() {
        return Err(Usage::new(format!("no command given\n\n{HELP}")).into());
    }
    let command = arguments.remove(0);
    // What follows `--` is for the program that the command runs.
    let asks_for_help = arguments
        .iter()
        .take_while(|word| *word != "--")
        .any(|word| word == "--help" || word == "-h");
    if matches!(command.as_str(), "help" | "--help" | "-h") || asks_for_help {
        print!("{HELP}");
        return Ok(());
    }

    let root = root()?;
    match command.as_str() {
        "setup" => {
            options::none(&arguments)?;
            setup::run_all(&root)?;
            servers::get(&root);
            wasm_bindgen::get(&root);
            recognition::get(&root);
            Ok(())
        }
        "guest" => guests::one(&root, Options::parse(&arguments)?),
        "guests" => {
            let options = Options::parse(&arguments)?;
            options.no_folder()?;
            setup::run_all(&root)?;
            guests::all(&root, &options)
        }
        "demo" => step("cargo xtask demo", || demo(&root, after_dashes(&arguments))),
        "serve" => serve(&root, after_dashes(&arguments)),
        "proxy" => proxy(&root, after_dashes(&arguments)),
        "proxy-soak" => proxy_soak(&root, after_dashes(&arguments)),
        "dapr" => dapr(&root, after_dashes(&arguments)),
        "recognise" => recognise::run(&root, &arguments),
        "load" => load(&root, after_dashes(&arguments)),
        "test" => step("cargo xtask test", || test::run(&root, &arguments)),
        "expand" => {
            options::none(&arguments)?;
            let test = ["test", "--package", "abide-codegen", "--features", "guest"];
            let write = ["--test", "notes", "--", "--ignored", "write_the_expansions"];
            process::cargo(&root, test, &write.map(str::to_owned))
        }
        "corpus" => {
            options::none(&arguments)?;
            setup::run_for(&root, &[Target::Unknown])?;
            process::cargo(&root, ["check", "--package", "abide-corpus"], &[])?;
            let test = ["test", "--workspace", "--test", "registry"];
            let write = ["--", "--ignored", "write_the_table"];
            process::cargo(&root, test, &write.map(str::to_owned))
        }
        "faults" => {
            options::none(&arguments)?;
            let test = ["test", "--workspace", "--test", "trust"];
            let write = ["--", "--ignored", "write_the_page"];
            process::cargo(&root, test, &write.map(str::to_owned))
        }
        "fuzz" => {
            setup::run_all(&root)?;
            process::cargo(
                &root,
                ["run", "--package", "abide-fuzz", "--"],
                after_dashes(&arguments),
            )
        }
        "envoy" => {
            options::none(&arguments)?;
            envoy::run(&root)
        }
        "dapr-bench" => {
            setup::run_for(&root, &[DEFAULT_TARGET])?;
            servers::get(&root);
            process::cargo(
                &root,
                ["run", "--release", "--package", "abide-dapr-bench", "--"],
                after_dashes(&arguments),
            )
        }
        "bench" => bench::run(&root, after_dashes(&arguments)),
        "soak" => {
            setup::run_for(&root, &[Target::Unknown])?;
            process::cargo(
                &root,
                ["run", "--release", "--package", "abide-soak", "--"],
                after_dashes(&arguments),
            )
        }
        other => Err(Usage::new(format!("`{other}` is not a command\n\n{HELP}")).into()),
    }
}

fn demo(root: &Path, arguments: &[String]) -> Result<()> {
    setup::run_all(root)?;
    let guest = root.join("examples/notes/guest");
    step("compiling the guest of the demo", || {
        guests::build(root, &guest, &Options::default())
    })?;
    step(
        "compiling the host of the demo; from nothing, most of it is wasmtime and takes minutes",
        || build_with_the_tests_wasmtime(root, "notes-host", &[]),
    )?;
    step("running the demo", || {
        process::run(
            process::beside_this("notes-host")?
                .current_dir(root)
                .args(arguments),
        )
    })
}

/// Builds a program of the package of its name, with what else cargo is given.
fn build_with_the_tests_wasmtime(root: &Path, program: &str, given: &[String]) -> Result<()> {
    let package = format!("--package={program}");
    let program = format!("--bin={program}");
    // The second package is there for what it depends on.
    let build = ["build", &package, "--package=abide-one-build", &program];
    process::cargo(root, build, given)
}

fn serve(root: &Path, arguments: &[String]) -> Result<()> {
    setup::run_for(root, &[DEFAULT_TARGET])?;
    let folder = root.join("examples/notes-server");
    step("compiling the guest of the server", || {
        guests::build(root, &folder.join("guest"), &Options::default())
    })?;
    step(
        "compiling the server; from nothing, most of it is wasmtime and takes minutes",
        || build_with_the_tests_wasmtime(root, "notes-server", &[]),
    )?;
    let config = folder.join("notes-server.toml");
    let mut server = process::beside_this("notes-server")?;
    process::run(server.arg("--config").arg(config).args(arguments))
}

/// Where the proxy finds the server that its configuration calls `echo`.
const ECHO: &str = "127.0.0.1:9000";

fn proxy(root: &Path, arguments: &[String]) -> Result<()> {
    setup::run_for(root, &[Target::Unknown])?;
    let folder = root.join("examples/proxy");
    let options = Options {
        target: Target::Unknown,
        ..Options::default()
    };
    step("compiling the filters: a component, and a module", || {
        // Where a guest comes to lie depends on the toolchain. The configuration names one place.
        let to = root.join("target/filter-proxy");
        fs::create_dir_all(&to).with_context(|| format!("cannot make `{}`", to.display()))?;
        for filter in ["guest", "module"] {
            let built = guests::build(root, &folder.join(filter), &options)?;
            let file = to.join(filter).with_extension("wasm");
            fs::copy(&built, &file)
                .with_context(|| format!("cannot copy `{}`", built.display()))?;
        }
        Ok(())
    })?;
    step(
        "compiling the proxy; from nothing, most of it is wasmtime and takes minutes",
        || build_with_the_tests_wasmtime(root, "filter-proxy", &[]),
    )?;
    say_what_to_try(&folder)?;
    let config = folder.join("proxy.toml");
    let mut proxy = process::beside_this("filter-proxy")?;
    proxy.arg("--config").arg(config).args(["--echo", ECHO]);
    process::run(proxy.args(arguments))
}

fn dapr(root: &Path, arguments: &[String]) -> Result<()> {
    setup::run_for(root, &[DEFAULT_TARGET])?;
    let folder = root.join("examples/dapr-sidecar");
    let guest = step("compiling the guest of the sidecar", || {
        guests::build(root, &folder.join("guest"), &Options::default())
    })?;
    step(
        "compiling the sidecar; from nothing, most of it is wasmtime and takes minutes",
        || build_with_the_tests_wasmtime(root, "dapr-sidecar", &[]),
    )?;
    say_what_to_try(&folder)?;
    let mut sidecar = process::beside_this("dapr-sidecar")?;
    sidecar
        .arg(format!("--guest=orders={}", guest.display()))
        .arg("--resources-path")
        .arg(folder.join("components"))
        .arg("--settings")
        .arg(folder.join("settings.json"));
    process::run(sidecar.args(arguments))
}

/// Prints the first requests of an example's README.
fn say_what_to_try(folder: &Path) -> Result<()> {
    let readme = folder.join("README.md");
    let readme = fs::read_to_string(&readme)
        .with_context(|| format!("cannot read `{}`", readme.display()))?;
    eprintln!("to try:");
    let requests = readme.lines().filter(|line| line.starts_with("curl "));
    for line in requests.take(3) {
        eprintln!("  {line}");
    }
    Ok(())
}

fn load(root: &Path, arguments: &[String]) -> Result<()> {
    setup::run_for(root, &[DEFAULT_TARGET])?;
    let packages = ["--package=notes-server", "--package=notes-load"];
    process::cargo(root, ["build", "--release", packages[0], packages[1]], &[])?;
    process::run(process::beside_release("notes-load")?.args(arguments))
}

fn proxy_soak(root: &Path, arguments: &[String]) -> Result<()> {
    setup::run_for(root, &[Target::Unknown])?;
    let packages = ["--package=filter-proxy", "--package=proxy-load"];
    process::cargo(root, ["build", "--release", packages[0], packages[1]], &[])?;
    process::run(process::beside_release("proxy-load")?.args(arguments))
}

/// The arguments without a leading `--`, which separates them from the command's own.
fn after_dashes(arguments: &[String]) -> &[String] {
    match arguments {
        [dashes, rest @ ..] if dashes == "--" => rest,
        all => all,
    }
}

/// The repository's root: this package lies one folder below it.
fn root() -> Result<PathBuf> {
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package
        .parent()
        .map(PathBuf::from)
        .with_context(|| format!("`{}` has no folder above it", package.display()))
}

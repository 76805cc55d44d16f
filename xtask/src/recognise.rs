//! `cargo xtask recognise`: gets the model and the photos, builds the guests and the program, and
//! starts the demo, in one process or in three; or sends it pictures, or measures it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use abide_build::Target;
use anyhow::{Context as _, Result, ensure};

use crate::options::{Options, Usage};
use crate::progress::step;
use crate::{
    DEFAULT_TARGET, build_with_the_tests_wasmtime, guests, process, recognition, servers, setup,
};

/// Where the page is.
const PAGE: &str = "127.0.0.1:8080";

/// Where the other services listen, if they are processes of their own.
const OTHERS: [(&str, &str); 2] = [("classify", "127.0.0.1:8081"), ("grey", "127.0.0.1:8082")];

/// Where a server between them listens.
const SERVER: u16 = 8083;

/// Without it a program that decodes much grows.
const ALLOCATOR: &str = "--features=recognise/jemalloc";

/// The most bytes of a picture, and what goes around it.
const PAYLOAD: usize = 9 << 20;

/// What is between the services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    Process,
    Http,
    Redis,
    Nats,
}

/// Runs the command with these words.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let (own, given) = match arguments.iter().position(|word| word == "--") {
        Some(at) => (&arguments[..at], &arguments[at + 1..]),
        None => (arguments, &[][..]),
    };
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    match &*own {
        [] => demo(root, Over::Process, given),
        ["--over", over] => demo(root, between(over)?, given),
        ["--load"] => measure(root, &[], given),
        ["--bench"] => measure(root, &["--bench"], given),
        _ => Err(Usage::new(format!(
            "`recognise` takes --over http, redis or nats, --load or --bench, and not `{}`",
            own.join(" ")
        ))
        .into()),
    }
}

fn between(word: &str) -> Result<Over> {
    match word {
        "memory" => Ok(Over::Process),
        "http" => Ok(Over::Http),
        "redis" => Ok(Over::Redis),
        "nats" => Ok(Over::Nats),
        other => Err(Usage::new(format!(
            "--over takes memory, http, redis or nats, not `{other}`"
        ))
        .into()),
    }
}

/// Sends pictures to the demo, or measures what its guests do themselves. It builds the guests by
/// itself.
fn measure(root: &Path, own: &[&str], given: &[String]) -> Result<()> {
    setup::run_for(root, &[DEFAULT_TARGET])?;
    recognition::fetch(root)?;
    let packages = ["--package=recognise", "--package=recognise-load"];
    let build = ["build", "--release", packages[0], packages[1], ALLOCATOR];
    process::cargo(root, build, &[])?;
    process::run(
        process::beside_release("recognise-load")?
            .args(own)
            .args(given),
    )
}

fn demo(root: &Path, over: Over, given: &[String]) -> Result<()> {
    setup::run_for(root, &[DEFAULT_TARGET])?;
    recognition::fetch(root)?;
    step("compiling the guests of the three services", || {
        build_guests(root)
    })?;
    step(
        "compiling the demo; from nothing, most of it is wasmtime and takes minutes",
        || build_with_the_tests_wasmtime(root, "recognise", &[ALLOCATOR.to_owned()]),
    )?;
    let program = || -> Result<Command> {
        let mut program = process::beside_this("recognise")?;
        program
            .arg("--config")
            .arg(root.join("examples/recognise/recognise.toml"));
        Ok(program)
    };
    eprintln!("the page: http://{PAGE}");
    let words = match over {
        Over::Process => {
            let mut program = program()?;
            return process::run(program.args(["--listen", PAGE]).args(given));
        }
        Over::Http => Vec::new(),
        Over::Redis => vec![format!("--over=redis=127.0.0.1:{SERVER}")],
        Over::Nats => vec![format!("--over=nats=127.0.0.1:{SERVER}")],
    };
    // All end when this does: Ctrl-C is for each of them, and what is left ends with its value.
    let _server = match over {
        Over::Redis => Some(server(root, Over::Redis)?),
        Over::Nats => Some(server(root, Over::Nats)?),
        Over::Process | Over::Http => None,
    };
    let mut running = Vec::new();
    for (service, address) in OTHERS {
        let mut other = program()?;
        other
            .args(["--service", service, "--listen", address])
            .args(&words);
        running.push(Running::start(&mut other)?);
    }
    let mut web = program()?;
    web.args(["--service", "web", "--listen", PAGE])
        .args(&words);
    if over != Over::Nats {
        let peers = OTHERS.map(|(service, address)| format!("--peer={service}={address}"));
        web.args(peers);
    }
    process::run(web.args(given))
}

fn build_guests(root: &Path) -> Result<()> {
    let to = root.join("target/recognise/guests");
    fs::create_dir_all(&to).with_context(|| format!("cannot make `{}`", to.display()))?;
    let options = Options {
        target: Target::Wasip2,
        ..Options::default()
    };
    for service in ["web", "classify", "grey"] {
        let folder = root.join("examples/recognise").join(service).join("guest");
        let built = guests::build(root, &folder, &options)?;
        let file = to.join(format!("recognise_{service}.wasm"));
        fs::copy(&built, &file).with_context(|| format!("cannot copy `{}`", built.display()))?;
    }
    Ok(())
}

/// Starts the server that is between the services, with its data in a folder of its own.
fn server(root: &Path, over: Over) -> Result<Running> {
    servers::get(root);
    let folder = root.join("target/recognise/server");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let port = SERVER.to_string();
    let mut command = match over {
        Over::Nats => {
            let config = nats(&folder)?;
            let mut nats = servers::find(root, "nats-server")?;
            nats.arg("-c").arg(config);
            nats
        }
        _ => {
            let mut redis = servers::find(root, "redis-server")?;
            redis.args([
                "--bind",
                "127.0.0.1",
                "--port",
                &port,
                "--save",
                "",
                "--dir",
            ]);
            redis.arg(&folder);
            redis
        }
    };
    Running::start(command.stdout(Stdio::null()))
}

/// Writes what NATS is told.
fn nats(folder: &Path) -> Result<PathBuf> {
    let config = folder.join("nats.conf");
    let store = folder.join("store");
    let text = format!(
        "host: 127.0.0.1\nport: {SERVER}\nmax_payload: {PAYLOAD}\njetstream {{ store_dir: {store:?} }}\n"
    );
    fs::write(&config, text).with_context(|| format!("cannot write `{}`", config.display()))?;
    Ok(config)
}

/// A program that runs beside this one, and ends with it.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Result<Self> {
        eprintln!("$ {command:?}");
        let child = command.stdin(Stdio::null()).spawn();
        let mut child = child.with_context(|| format!("cannot run {command:?}"))?;
        // What cannot start ends at once.
        std::thread::sleep(std::time::Duration::from_millis(300));
        let ended = child.try_wait().context("cannot wait for it")?;
        ensure!(ended.is_none(), "{command:?} has ended: {ended:?}");
        Ok(Self(child))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended by the same Ctrl-C, or shall now.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

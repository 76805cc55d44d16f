//! Finding something on this machine that can compile for a WebAssembly target. Knows where Rust
//! toolchains keep their parts; compiles nothing and installs nothing.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{Cargo, said};
use crate::{Error, Target};

/// What to do where nothing was found.
pub(crate) const ADVICE: &str = "\
Run one of these and try again:
  rustup target add wasm32-wasip2 wasm32-unknown-unknown
  apt-get update && apt-get install -y --no-install-recommends rustc-web rust-web-src wasi-libc
  (the second, as root, is for Debian 12 where rustup's server cannot be reached; it needs rustup's \
stable Rust beside it for the linkers)";

/// The Rust that a distribution installs, looked at when the one on the PATH will not do.
const SYSTEM_RUSTC: &str = "/usr/bin/rustc";

/// Where distributions put the libraries of wasi-libc.
const WASI_LIBC: &[&str] = &[
    "/usr/lib/wasm32-wasi",
    "/usr/share/wasi-sysroot/lib/wasm32-wasi",
    "/usr/wasm32-wasi/lib/wasm32-wasi",
];

/// A toolchain of this machine that can compile guests for one target.
///
/// [`Toolchain::find`] looks at the rustc that runs in the guest's folder and then at the one that
/// the distribution installed, and takes the first that has the target's standard library, or its
/// source together with the linkers (and, for `wasm32-wasip2`, a wasi-libc). [`Display`] tells in
/// one line what was found.
///
/// [`Display`]: fmt::Display
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    target: Target,
    std: Std,
    rustc: Rustc,
    /// Folders with linkers, to be put before the PATH.
    linkers: Vec<PathBuf>,
    wasi_libc: Option<PathBuf>,
}

/// Where the standard library of a guest comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Std {
    /// It is installed in this folder, ready to link, as `rustup target add` does it.
    Installed(PathBuf),
    /// It is compiled from the source in this folder, once per target folder.
    Source(PathBuf),
}

/// A rustc and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rustc {
    program: OsString,
    sysroot: PathBuf,
    host: String,
}

impl Toolchain {
    /// Finds a toolchain that compiles for `target` in the folder `dir`, which matters where rustup
    /// chooses by folder.
    ///
    /// # Errors
    ///
    /// [`Error::NoToolchain`] says for each toolchain what it lacks, and what to run.
    pub fn find(dir: &Path, target: Target) -> Result<Self, Error> {
        Self::find_with(&Cargo::new(dir), target)
    }

    pub(crate) fn find_with(cargo: &Cargo, target: Target) -> Result<Self, Error> {
        let mut tried = Vec::new();
        // A toolchain may lack the linkers for its own std and use those of the one before it.
        let mut known: Vec<Rustc> = Vec::new();
        for program in ["rustc", SYSTEM_RUSTC] {
            match Rustc::ask(cargo, program) {
                Ok(rustc) if known.iter().any(|other| other.sysroot == rustc.sysroot) => {}
                Ok(rustc) => {
                    known.push(rustc.clone());
                    match Self::with(rustc, &known, target) {
                        Ok(toolchain) => return Ok(toolchain),
                        Err(reason) => tried.push(reason),
                    }
                }
                Err(reason) => tried.push(reason),
            }
        }
        Err(Error::NoToolchain { target, tried })
    }

    /// The toolchain around `rustc`, or what it lacks.
    fn with(rustc: Rustc, known: &[Rustc], target: Target) -> Result<Self, String> {
        let name = rustc.name();
        let linkers = find_linkers(known, target);
        if let Some(std) = rustc.installed_std(target) {
            let linkers = linkers.unwrap_or_default();
            return Ok(Self {
                target,
                std: Std::Installed(std),
                rustc,
                linkers,
                wasi_libc: None,
            });
        }
        let Some(source) = rustc.std_source() else {
            return Err(format!(
                "{name} has neither the standard library of {target} nor its source"
            ));
        };
        let from_source = format!("{name} could compile the standard library from source");
        let linkers = linkers
            .ok_or_else(|| format!("{from_source}, but {} is missing", linker_names(target)))?;
        let wasi_libc = match target {
            Target::Unknown => None,
            Target::Wasip2 => Some(find_wasi_libc().ok_or_else(|| {
                format!(
                    "{from_source}, but {target} needs wasi-libc in {}",
                    WASI_LIBC.join(" or ")
                )
            })?),
        };
        Ok(Self {
            target,
            std: Std::Source(source),
            rustc,
            linkers,
            wasi_libc,
        })
    }

    /// The target that this toolchain was found for.
    #[must_use]
    pub fn target(&self) -> Target {
        self.target
    }

    /// Where the standard library comes from.
    #[must_use]
    pub fn std(&self) -> &Std {
        &self.std
    }

    /// The compiler: `rustc`, for the one on the PATH, or a path.
    #[must_use]
    pub fn rustc(&self) -> &Path {
        Path::new(&self.rustc.program)
    }

    /// Makes a `cargo build` use this toolchain.
    pub(crate) fn apply(&self, command: &mut Command) {
        if self.rustc.program != "rustc" {
            command.env("RUSTC", &self.rustc.program);
        }
        if matches!(self.std, Std::Source(_)) {
            command.arg("-Zbuild-std=std,panic_abort");
            // Building std is unstable in name; rustc and its source are of one version here.
            command.env("RUSTC_BOOTSTRAP", "1");
        }
        if let Some(path) = self.path() {
            command.env("PATH", path);
        }
        if let Some(wasi_libc) = &self.wasi_libc {
            // As configuration rather than RUSTFLAGS: it adds to what the guest configures itself.
            let flags = [
                "-Clink-self-contained=no".to_owned(),
                format!("-Lnative={}", wasi_libc.display()),
            ];
            let flags = serde_json::Value::from(flags.to_vec());
            // JSON's strings and arrays are TOML's, too.
            command
                .arg("--config")
                .arg(format!("target.{}.rustflags={flags}", self.target));
        }
    }

    /// The PATH with the linkers' folders first; `None` leaves it as it is.
    fn path(&self) -> Option<OsString> {
        if self.linkers.is_empty() {
            return None;
        }
        let path = env::var_os("PATH").unwrap_or_default();
        // A folder with the separator in its name cannot be on a PATH. Without it rustc may still
        // find a linker, and says so if not.
        env::join_paths(self.linkers.iter().cloned().chain(env::split_paths(&path))).ok()
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.std {
            Std::Installed(_) => {
                write!(
                    f,
                    "{} with the installed standard library",
                    self.rustc.name()
                )
            }
            Std::Source(source) => {
                write!(
                    f,
                    "{} with the standard library compiled from {}",
                    self.rustc.name(),
                    source.display()
                )?;
                if let Some(libc) = &self.wasi_libc {
                    write!(f, ", wasi-libc in {}", libc.display())?;
                }
                if let Some(linkers) = self.linkers.first() {
                    write!(f, ", linkers in {}", linkers.display())?;
                }
                Ok(())
            }
        }
    }
}

impl Rustc {
    /// Asks a compiler about itself. The error is the reason in words.
    fn ask(cargo: &Cargo, program: &str) -> Result<Self, String> {
        let mut command = cargo.companion(program);
        command.args(["--print", "sysroot", "--print", "host-tuple"]);
        let output = command
            .output()
            .map_err(|error| format!("{program} is not there ({error})"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut lines = text.lines();
        match (output.status.success(), lines.next(), lines.next()) {
            (true, Some(sysroot), Some(host)) => Ok(Self {
                program: program.into(),
                sysroot: sysroot.into(),
                host: host.to_owned(),
            }),
            _ => Err(format!(
                "{program} does not say where its parts are (Rust 1.87 or newer is needed): {}",
                said(&output.stderr)
            )),
        }
    }

    /// How the compiler is called in messages.
    fn name(&self) -> String {
        match self.program.to_str() {
            Some("rustc") | None => format!("rustc of {}", self.sysroot.display()),
            Some(path) => path.to_owned(),
        }
    }

    fn rustlib(&self) -> PathBuf {
        self.sysroot.join("lib").join("rustlib")
    }

    /// The folder of the target's compiled standard library, if it is really there: rustup leaves
    /// empty folders behind.
    fn installed_std(&self, target: Target) -> Option<PathBuf> {
        let folder = self.rustlib().join(target.triple()).join("lib");
        let has_std = fs::read_dir(&folder)
            .ok()?
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"));
        has_std.then_some(folder)
    }

    /// The folder of the standard library's source.
    fn std_source(&self) -> Option<PathBuf> {
        let folder = self.rustlib().join("src").join("rust").join("library");
        folder
            .join("std")
            .join("Cargo.toml")
            .is_file()
            .then_some(folder)
    }

    /// The folders that hold this compiler's linkers, whether or not they exist.
    fn linker_folders(&self) -> [PathBuf; 2] {
        let bin = self.rustlib().join(&self.host).join("bin");
        [bin.join("gcc-ld"), bin]
    }
}

/// The programs that linking for a target takes.
fn linkers_for(target: Target) -> &'static [&'static str] {
    match target {
        // rustc calls wasm-component-ld, and that one calls wasm-ld.
        Target::Wasip2 => &["wasm-component-ld", "wasm-ld"],
        Target::Unknown => &["rust-lld"],
    }
}

fn linker_names(target: Target) -> String {
    linkers_for(target).join(" or ")
}

/// Folders to put on the PATH so that the linkers are found; the newest toolchain's own come first.
/// Empty if the PATH has them already.
fn find_linkers(known: &[Rustc], target: Target) -> Option<Vec<PathBuf>> {
    let has_all = |folders: &[PathBuf]| {
        linkers_for(target).iter().all(|name| {
            folders.iter().any(|folder| {
                folder
                    .join(name)
                    .with_extension(env::consts::EXE_EXTENSION)
                    .is_file()
            })
        })
    };
    for rustc in known.iter().rev() {
        let folders = rustc.linker_folders();
        if has_all(&folders) {
            return Some(folders.to_vec());
        }
    }
    let path: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    has_all(&path).then(Vec::new)
}

fn find_wasi_libc() -> Option<PathBuf> {
    WASI_LIBC
        .iter()
        .map(PathBuf::from)
        .find(|folder| folder.join("libc.a").is_file())
}

//! Finding something on this machine that can compile for a WebAssembly target, and making cargo
//! use it. Nothing is compiled and nothing installed for that.

mod parts;
mod route;

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use self::parts::{Rustc, WASI_LIBC, find_linkers, find_wasi_libc, linker_names};
pub use self::route::Route;
use super::cargo::Cargo;
use crate::{Error, Target};

/// What to do where nothing was found.
pub(crate) const ADVICE: &str = "\
Run one of these and try again:
  rustup target add wasm32-wasip2 wasm32-unknown-unknown
  apt-get update && apt-get install -y --no-install-recommends rustc-web rust-web-src wasi-libc
  (the second, as root, is for Debian 12 where rustup's server cannot be reached; it needs rustup's \
stable Rust beside it for the linkers)";

/// A toolchain of this machine that can compile guests for one target.
///
/// [`Toolchain::find`] looks at the rustc that runs in the guest's folder and then at the one that
/// the distribution installed, and takes the first that has the target's standard library, or its
/// source together with the linkers (and, for `wasm32-wasip2`, a wasi-libc). The environment
/// variable `ABIDE_TOOLCHAIN` leaves it one of the two, `rustup` or `debian`; see [`Route`].
/// [`Display`] tells in one line what was found.
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
        let routes = Route::wanted()?;
        let mut tried = Vec::new();
        // A toolchain may lack the linkers for its own std and use those of the one before it.
        let mut known: Vec<Rustc> = Vec::new();
        for route in Route::ALL {
            let wanted = routes.contains(&route);
            match Rustc::ask(cargo, route.rustc()) {
                // The distribution's rustc may be the one on the PATH; then there is nothing more
                // to it.
                Ok(rustc)
                    if routes.len() > 1
                        && known.iter().any(|other| other.sysroot == rustc.sysroot) => {}
                Ok(rustc) => {
                    known.push(rustc.clone());
                    if wanted {
                        match Self::with(rustc, &known, target) {
                            Ok(toolchain) => return Ok(toolchain),
                            Err(reason) => tried.push(reason),
                        }
                    }
                }
                Err(reason) if wanted => tried.push(reason),
                Err(_) => {}
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
            Target::Wasip1 | Target::Wasip2 => Some(find_wasi_libc().ok_or_else(|| {
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

    /// A `cargo build` with this toolchain in the folder `dir`, for who has several guests in one
    /// workspace to build at once. The caller adds which packages and which profile; the stack is
    /// the linker's.
    ///
    /// Everything that is compiled goes to `target_dir`. What an outer cargo put into the
    /// environment for itself is left out. [`guest`](crate::guest) is the simpler way for one
    /// guest.
    #[must_use]
    pub fn cargo_build(&self, dir: &Path, target_dir: &Path) -> Command {
        let mut command = Cargo::new(dir).command();
        command.args(["build", "--target", self.target.triple()]);
        command.arg("--target-dir").arg(target_dir);
        command.env("CARGO_BUILD_BUILD_DIR", target_dir);
        self.apply(&mut command);
        command
    }

    /// Where in `target_dir` it compiles to. Cargo does not keep the files of two compilers apart:
    /// it would call a guest fresh that the other one has made.
    pub(crate) fn folder_in(&self, target_dir: PathBuf) -> PathBuf {
        match &self.std {
            Std::Installed(_) => target_dir,
            Std::Source(_) => target_dir.join("from-source"),
        }
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

#[cfg(test)]
mod tests {
    use super::parts::Rustc;
    use super::{Std, Toolchain};
    use crate::{Error, Target};
    use std::fs;
    use std::path::{Path, PathBuf};

    /// A folder that looks like a sysroot with just these files.
    fn sysroot(name: &str, files: &[&str]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("abide-{name}-{}", std::process::id()));
        for file in files {
            let file = root.join("lib/rustlib").join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        root
    }

    fn rustc(program: &str, sysroot: &Path) -> Rustc {
        Rustc {
            program: program.into(),
            sysroot: sysroot.to_owned(),
            host: "host".to_owned(),
        }
    }

    const SOURCE: &str = "src/rust/library/std/Cargo.toml";

    #[test]
    fn an_installed_target_is_taken_as_it_is() {
        let root = sysroot("installed", &["wasm32-wasip2/lib/libstd-0.rlib", SOURCE]);
        let rustc = rustc("rustc", &root);
        let found = Toolchain::with(rustc.clone(), &[rustc], Target::Wasip2).unwrap();
        assert_eq!(
            found.std(),
            &Std::Installed(root.join("lib/rustlib/wasm32-wasip2/lib"))
        );
        let text = format!(
            "rustc of {} with the installed standard library",
            root.display()
        );
        assert_eq!(found.to_string(), text);

        let mut command = std::process::Command::new("cargo");
        found.apply(&mut command);
        assert_eq!(command.get_args().count(), 0);
        assert!(
            command
                .get_envs()
                .all(|(name, _)| name != "RUSTC_BOOTSTRAP")
        );
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn source_is_compiled_with_the_linkers_of_another_toolchain() {
        let linkers = sysroot("linkers", &["host/bin/rust-lld"]);
        let source = sysroot("source", &[SOURCE]);
        let (first, second) = (rustc("rustc", &linkers), rustc("/other/rustc", &source));

        let known = [first.clone(), second.clone()];
        let reason = Toolchain::with(first, &known[..1], Target::Unknown).unwrap_err();
        assert_eq!(
            reason,
            format!(
                "rustc of {} has neither the standard library of wasm32-unknown-unknown nor its \
                 source",
                linkers.display()
            )
        );

        let found = Toolchain::with(second, &known, Target::Unknown).unwrap();
        assert_eq!(
            found.std(),
            &Std::Source(source.join("lib/rustlib/src/rust/library"))
        );
        assert_eq!(found.rustc(), Path::new("/other/rustc"));
        let mut command = std::process::Command::new("cargo");
        found.apply(&mut command);
        let arguments: Vec<_> = command.get_args().collect();
        assert_eq!(arguments, ["-Zbuild-std=std,panic_abort"]);
        let path = command
            .get_envs()
            .find(|(name, _)| *name == "PATH")
            .unwrap()
            .1
            .unwrap();
        let first = std::env::split_paths(path).next().unwrap();
        assert!(first.starts_with(&linkers), "{}", first.display());
        fs::remove_dir_all(linkers).unwrap();
        fs::remove_dir_all(source).unwrap();
    }

    #[test]
    fn the_error_says_what_is_missing_and_what_to_run() {
        let tried = vec![
            "this one is too old".to_owned(),
            "that one is not there".to_owned(),
        ];
        let text = Error::NoToolchain {
            target: Target::Wasip2,
            tried,
        }
        .to_string();
        assert_eq!(
            text,
            "no Rust toolchain here can compile for wasm32-wasip2:\n  - this one is too old\n  \
             - that one is not there\nRun one of these and try again:\n  rustup target add \
             wasm32-wasip2 wasm32-unknown-unknown\n  apt-get update && apt-get install -y \
             --no-install-recommends rustc-web rust-web-src wasi-libc\n  (the second, as root, is \
             for Debian 12 where rustup's server cannot be reached; it needs rustup's stable Rust \
             beside it for the linkers)"
        );
    }
}

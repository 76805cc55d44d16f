//! The parts of a Rust toolchain: a compiler, its sysroot, the linkers, wasi-libc, and the folders
//! where each may be.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use super::super::cargo::{Cargo, said};
use crate::Target;

/// Where distributions put the libraries of wasi-libc.
pub(super) const WASI_LIBC: &[&str] = &[
    "/usr/lib/wasm32-wasi",
    "/usr/share/wasi-sysroot/lib/wasm32-wasi",
    "/usr/wasm32-wasi/lib/wasm32-wasi",
];

/// A rustc and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rustc {
    pub(super) program: OsString,
    pub(super) sysroot: PathBuf,
    pub(super) host: String,
}

impl Rustc {
    /// Asks a compiler about itself. The error is the reason in words.
    pub(super) fn ask(cargo: &Cargo, program: &str) -> Result<Self, String> {
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
    pub(super) fn name(&self) -> String {
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
    pub(super) fn installed_std(&self, target: Target) -> Option<PathBuf> {
        let folder = self.rustlib().join(target.triple()).join("lib");
        let has_std = fs::read_dir(&folder)
            .ok()?
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"));
        has_std.then_some(folder)
    }

    /// The folder of the standard library's source.
    pub(super) fn std_source(&self) -> Option<PathBuf> {
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
        Target::Wasip1 => &["rust-lld"],
    }
}

/// The same in words.
pub(super) fn linker_names(target: Target) -> String {
    linkers_for(target).join(" or ")
}

/// Folders to put on the PATH so that the linkers are found; the newest toolchain's own come first.
/// Empty if the PATH has them already.
pub(super) fn find_linkers(known: &[Rustc], target: Target) -> Option<Vec<PathBuf>> {
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

/// The folder of wasi-libc, if this machine has one.
pub(super) fn find_wasi_libc() -> Option<PathBuf> {
    WASI_LIBC
        .iter()
        .map(PathBuf::from)
        .find(|folder| folder.join("libc.a").is_file())
}

//! Everything that can go wrong between a guest's folder and its component, in words that say what
//! to do about it. Knows no more than it is given.

use std::io;
use std::path::PathBuf;

use crate::Target;

/// Why a guest could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder, or the `Cargo.toml` in it, is not there.
    #[error(
        "no guest crate at `{}`: {}; give the folder that holds the guest's Cargo.toml \
         (a relative path starts at the current folder)",
        .dir.display(),
        if .dir.is_dir() { "the folder has no Cargo.toml" } else { "there is no such folder" }
    )]
    NoManifest {
        /// The folder that was given, made absolute.
        dir: PathBuf,
    },

    /// Cargo could not read the manifest.
    #[error("cargo cannot read `{}`:\n{stderr}", .manifest.display())]
    Manifest {
        /// The `Cargo.toml` that was read.
        manifest: PathBuf,
        /// What cargo said.
        stderr: String,
    },

    /// The manifest describes a workspace without a package of its own.
    #[error(
        "`{}` has no [package]: it is the root of a workspace; give the folder of the member that \
         is the guest",
        .manifest.display()
    )]
    NoPackage {
        /// The `Cargo.toml` that was read.
        manifest: PathBuf,
    },

    /// The package does not build a dynamic library, which is what a guest has to be.
    #[error(
        "package `{package}` (`{}`) is not a guest: it builds {found}, but no cdylib; add to its \
         Cargo.toml:\n\n[lib]\ncrate-type = [\"cdylib\"]\n",
        .manifest.display()
    )]
    NoCdylib {
        /// The package's name.
        package: String,
        /// Its `Cargo.toml`.
        manifest: PathBuf,
        /// The kinds of target that it has, as cargo names them.
        found: String,
    },

    /// Two guests of one name share one target folder; cargo would mix up their files.
    #[error(
        "two guests are called `{name}` and share the target folder `{}`: `{}` and `{}`; cargo \
         cannot keep their files apart there, so rename one package or give one of them a folder \
         of its own (`Guest::target_dir`)",
        .target_dir.display(), .other.display(), .manifest.display()
    )]
    NameTaken {
        /// The library's name, which both guests have.
        name: String,
        /// The guest that is being built.
        manifest: PathBuf,
        /// The guest that was built there before.
        other: PathBuf,
        /// The shared target folder.
        target_dir: PathBuf,
    },

    /// The machine has nothing that compiles for the target.
    #[error(
        "no Rust toolchain here can compile for {target}:{}\n{}",
        .tried.iter().map(|reason| format!("\n  - {reason}")).collect::<String>(),
        super::toolchain::ADVICE
    )]
    NoToolchain {
        /// The target that was asked for.
        target: Target,
        /// For each toolchain that was looked at, what it lacks.
        tried: Vec<String>,
    },

    /// A program could not be started.
    #[error(
        "cannot run `{program}` ({source}); it comes with Rust (https://rustup.rs) and has to be \
         on the PATH"
    )]
    Start {
        /// The program.
        program: String,
        /// Why it did not start.
        source: io::Error,
    },

    /// The guest does not compile.
    #[error("guest `{package}` does not compile for {target} ({status}){}", compiler_said(.stderr))]
    Compile {
        /// The guest's package.
        package: String,
        /// The target it was compiled for.
        target: Target,
        /// How cargo ended.
        status: String,
        /// What cargo and rustc said; empty where it was shown as it came
        /// ([`Guest::show_output`](crate::Guest::show_output)).
        stderr: String,
    },

    /// The guest has two copies of one WIT package that do not agree.
    #[error(
        "guest `{guest}` cannot be made a component for {target}: there are two copies of the WIT package \
         `{package}` in it, and they differ ({difference}). One is what the guest's ABI has in its `deps/`, most \
         often cut short; the other comes from another ABI or, if it is WASI's, from the standard library of \
         {target}, which in rustup's toolchains brings its own copy and in Debian's none. Put the whole package \
         into `deps/`, as it was published, or let the world import nothing of it: what the standard library \
         uses of WASI, it imports by itself"
    )]
    PackageTwice {
        /// The guest's package.
        guest: String,
        /// The target it was built for.
        target: Target,
        /// The WIT package, with its version.
        package: String,
        /// In which interface the copies differ, and how.
        difference: String,
    },

    /// The environment variable `ABIDE_TOOLCHAIN` has a value that means nothing.
    #[error("`ABIDE_TOOLCHAIN` is `{found}`; expected `rustup` or `debian`, or no such variable")]
    UnknownRoute {
        /// The value.
        found: String,
    },

    /// Cargo ended well but named no WebAssembly file.
    #[error(
        "cargo built guest `{package}` for {target} but reported no .wasm file for `{}`; check \
         that neither a build.rs nor a `.cargo/config.toml` changes the library's output",
        .manifest.display()
    )]
    NoArtifact {
        /// The guest's package.
        package: String,
        /// The target it was compiled for.
        target: Target,
        /// The guest's `Cargo.toml`.
        manifest: PathBuf,
    },

    /// Cargo answered in a form that this version of the crate does not understand.
    #[error("cannot understand the answer of `{command}`: {reason}")]
    Answer {
        /// The command that was run.
        command: String,
        /// What is wrong with the answer.
        reason: String,
    },

    /// The compiled module cannot be made a component.
    #[error(
        "cannot turn the core module `{}` into a component: {reason}; does the crate implement \
         its ABI's world and call that ABI's `export!`?",
        .module.display()
    )]
    Componentize {
        /// The core module that rustc wrote.
        module: PathBuf,
        /// What the encoder said, outermost first.
        reason: String,
    },

    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`: {source}", .path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Cargo's words on lines of their own, or where to find them.
fn compiler_said(stderr: &str) -> String {
    match stderr.trim_end() {
        "" => "; the compiler's messages are above".to_owned(),
        text => format!(":\n{text}"),
    }
}

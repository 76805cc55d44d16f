//! Worlds → crates on disk: one guest for each world, in one workspace, and one host for a batch of
//! them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::World;
use crate::rust::{self, CALLS, Side, VALUES};
use crate::wit;

/// The profile of all guests in this repository (with it they share one standard library), but
/// quick to compile what is new.
const GUEST_PROFILE: &str = "\
[profile.release]
opt-level = \"s\"
strip = true
";

/// With this package the host shares the wasmtime that `cargo test --workspace` has compiled.
const SHARED: &str = "abide-one-build = { path = '{repository}/tests/one-build' }\n";

/// What every crate says of itself, so that the expansion of `abi!` is held to it.
const LINTS: &str = "\
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub)]
";

/// Where the crates of one run are.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    /// The repository.
    pub(crate) root: PathBuf,
    /// The folder of this run, and the beginning of its packages' names.
    pub(crate) run: PathBuf,
    pub(crate) name: String,
}

impl Folders {
    pub(crate) fn new(root: &Path, name: &str) -> Self {
        Self {
            root: root.to_owned(),
            run: root.join("target").join(name),
            name: name.to_owned(),
        }
    }

    /// The WIT of a world.
    pub(crate) fn wit(&self, number: u64) -> PathBuf {
        self.run.join("wit").join(format!("w{number}"))
    }

    /// The workspace of the guests.
    pub(crate) fn guests(&self) -> PathBuf {
        self.run.join("guests")
    }

    /// The package of a world's guest.
    pub(crate) fn package(&self, number: u64) -> String {
        format!("{}-w{number}", self.name)
    }

    /// The host of a batch.
    pub(crate) fn host(&self) -> PathBuf {
        self.run.join("host")
    }

    /// Where all guests of the repository are compiled.
    pub(crate) fn guests_target(&self) -> PathBuf {
        self.root.join("target/guests")
    }

    /// The file name of a guest's component.
    pub(crate) fn component(&self, number: u64) -> String {
        format!("{}.wasm", self.package(number).replace('-', "_"))
    }
}

/// Writes the workspace that has a guest for each of these worlds.
pub(crate) fn write_guests(folders: &Folders, worlds: &[World]) -> Result<()> {
    let guests = folders.guests();
    let root = folders.root.display();
    let members: Vec<String> = worlds
        .iter()
        .map(|world| format!("w{}", world.number))
        .collect();
    let mut manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[workspace.dependencies]\n\
         abide = {{ path = '{root}' }}\n\
         abide-fuzz-values = {{ path = '{root}/fuzz/values' }}\n\n{GUEST_PROFILE}"
    );
    for world in worlds {
        let package = folders.package(world.number);
        let _ = write!(
            manifest,
            "\n[profile.release.package.{package}]\nopt-level = 0\n"
        );
    }
    write(&guests.join("Cargo.toml"), &manifest)?;
    copy_lock(&folders.root.join("tests/fixtures/Cargo.lock"), &guests)?;
    for world in worlds {
        write_guest(folders, world)?;
    }
    Ok(())
}

fn write_guest(folders: &Folders, world: &World) -> Result<()> {
    let wit = folders.wit(world.number);
    remove(&wit)?;
    for (path, text) in wit::files(world) {
        write(&wit.join(path), &text)?;
    }
    let guest = folders.guests().join(format!("w{}", world.number));
    let package = folders.package(world.number);
    let manifest = format!(
        "[package]\nname = \"{package}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\n[dependencies]\nabide.workspace = true\n\
         abide-fuzz-values.workspace = true\n"
    );
    write(&guest.join("Cargo.toml"), &manifest)?;
    let (module, root) = if world.options.in_module {
        ("abi", quote!(crate::abi))
    } else {
        ("", quote!(crate))
    };
    let path = format!("../../wit/w{}", world.number);
    let abi = rust::abi(world, &path, &wit::inline(world), module);
    let abi = match module {
        "" => abi,
        module => format!("/// The ABI.\npub mod {module} {{\n{abi}}}\n"),
    };
    // A world that exports nothing has no macro to export with.
    let export = world.functions().any(|(.., sides)| sides.export).then(|| {
        let root = root.to_string().replace(' ', "");
        format!("use {CALLS}::Plugin as FuzzPlugin;\n\n{root}::export!(FuzzPlugin);\n")
    });
    let lib = format!(
        "//! A guest of a random world.\n\n{LINTS}\n{abi}\n{}\n{}",
        modules(),
        export.unwrap_or_default()
    );
    write(&guest.join("src/lib.rs"), &lib)?;
    write_side(&guest.join("src"), &rust::guest(world, &root))
}

/// Writes the host that tests these worlds, instead of the one that is there. Its calls block; the
/// module for calls that are awaited is compiled beside, under the same lints.
pub(crate) fn write_host(folders: &Folders, worlds: &[&World]) -> Result<()> {
    let host = folders.host();
    remove(&host.join("src"))?;
    let root = folders.root.display().to_string();
    let name = format!("{}-host", folders.name);
    let manifest = format!(
        "[workspace]\n\n[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         publish = false\n\n[profile.dev.package.{name}]\ndebug = false\n\n[dependencies]\n\
         abide = {{ path = '{root}', features = ['async'] }}\n\
         abide-fuzz-values = {{ path = '{root}/fuzz/values' }}\n{}",
        SHARED.replace("{repository}", &root)
    );
    write(&host.join("Cargo.toml"), &manifest)?;
    copy_lock(&folders.root.join("Cargo.lock"), &host)?;

    let mut lib = format!("//! A host for random worlds.\n\n{LINTS}\n");
    for world in worlds {
        let module = format!("w{}", world.number);
        let _ = write!(lib, "/// A random world.\npub mod {module};\n");
        let path = format!("../wit/{module}");
        let abi = rust::abi(world, &path, &wit::inline(world), &module);
        let src = host.join("src");
        write(
            &src.join(format!("{module}.rs")),
            &format!("//! {module}\n\n{abi}\n{}", modules()),
        )?;
        let root: TokenStream = {
            let module = format_ident!("{module}");
            quote!(crate::#module)
        };
        write_side(&src.join(module), &rust::host(world, &root))?;
    }
    write(&host.join("src/lib.rs"), &lib)?;
    write(&host.join("src/main.rs"), &main(folders, worlds, &name))
}

fn main(folders: &Folders, worlds: &[&World], name: &str) -> String {
    let tests: String = worlds
        .iter()
        .map(|world| {
            let (number, component) = (world.number, folders.component(world.number));
            let run = format!("{}::w{number}::{CALLS}::run", name.replace('-', "_"));
            format!("    Test {{ world: {number}, component: {component:?}, run: {run} }},\n")
        })
        .collect();
    format!(
        "//! Tests random worlds.\n\nuse abide_fuzz_values::Test;\n\nconst TESTS: &[Test] = &[\n{tests}];\n\n\
         fn main() -> std::process::ExitCode {{\n    abide_fuzz_values::main(TESTS)\n}}\n"
    )
}

/// The lines that make both files of a side known.
fn modules() -> String {
    // What is in them is not held to the lints: it is ours, and written for no reader.
    let allow = "#[allow(warnings)]\n#[allow(missing_docs, missing_debug_implementations)]";
    format!("{allow}\npub mod {CALLS};\n{allow}\nmod {VALUES};\n")
}

fn write_side(folder: &Path, side: &Side) -> Result<()> {
    write(&folder.join(format!("{CALLS}.rs")), &side.calls)?;
    write(&folder.join(format!("{VALUES}.rs")), &side.values)
}

/// The versions of everything, unless they are there from the run before.
fn copy_lock(from: &Path, to: &Path) -> Result<()> {
    let to = to.join("Cargo.lock");
    fs::copy(from, &to)
        .map(|_| ())
        .with_context(|| format!("cannot copy `{}` to `{}`", from.display(), to.display()))
}

fn remove(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    fs::remove_dir_all(folder).with_context(|| format!("cannot remove `{}`", folder.display()))
}

/// Writes a file, its folders included, unless it has this text already: cargo looks at times.
fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let failed = || format!("cannot write `{}`", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(failed)?;
    }
    fs::write(path, text).with_context(failed)
}

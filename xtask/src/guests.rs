//! `cargo xtask guest` and `cargo xtask guests`: builds the guests of this repository. Knows in
//! which folders they are by convention; how a guest is built is for `abide_build` to know.

use std::fs;
use std::path::{Path, PathBuf};

use abide_build::Target;
use anyhow::{Context, Result, bail};

use crate::options::{Options, Usage};
use crate::setup;

/// In the place of `guest`, a guest that is a plain module of an older ABI.
const MODULE: &str = "module";

/// The folders whose subfolders may each hold a `guest`, or a `module`.
const COLLECTIONS: [&str; 3] = ["tests/fixtures", "examples", "examples/recognise"];

/// Builds one guest; its component's path is the only thing on standard output.
pub(crate) fn one(root: &Path, options: Options) -> Result<()> {
    let Some(folder) = &options.folder else {
        return Err(Usage::new("`guest` wants the folder of a guest crate").into());
    };
    setup::run_for(root, &[options.target])?;
    let component = build(root, folder, &options)?;
    println!("{}", component.display());
    Ok(())
}

/// Builds every guest of the repository, the ones after a failure included.
pub(crate) fn all(root: &Path, options: &Options) -> Result<()> {
    let folders = find(root)?;
    let mut failed = Vec::new();
    for (index, folder) in folders.iter().enumerate() {
        let name = folder.strip_prefix(root).unwrap_or(folder).display();
        eprintln!("[{}/{}] {name}", index + 1, folders.len());
        if let Err(error) = build(root, folder, options) {
            eprintln!("error: {error:#}");
            failed.push(name.to_string());
        }
    }
    if !failed.is_empty() {
        bail!(
            "{} of {} guests cannot be built: {}",
            failed.len(),
            folders.len(),
            failed.join(", ")
        );
    }
    eprintln!("guests built for {}: {}", options.target, folders.len());
    Ok(())
}

/// Builds one guest into the folder that all guests of the repository share.
pub(crate) fn build(root: &Path, folder: &Path, options: &Options) -> Result<PathBuf> {
    let guest = abide_build::guest(folder);
    let guest = match folder.ends_with(MODULE) {
        true => guest.target(Target::Unknown).module(),
        false => guest.target(options.target),
    };
    guest
        .profile(if options.debug { "dev" } else { "release" })
        .target_dir(root.join("target").join("guests"))
        .show_output(true)
        .build()
        .with_context(|| format!("cannot build the guest in `{}`", folder.display()))
}

/// The folders of all guests, in the order of their names.
fn find(root: &Path) -> Result<Vec<PathBuf>> {
    let mut guests = Vec::new();
    for collection in COLLECTIONS {
        let collection = root.join(collection);
        if !collection.is_dir() {
            continue;
        }
        let failed = || format!("cannot list `{}`", collection.display());
        let mut found = Vec::new();
        for entry in fs::read_dir(&collection).with_context(failed)? {
            let feature = entry.with_context(failed)?.path();
            let guests = ["guest", MODULE].map(|name| feature.join(name));
            found.extend(
                guests
                    .into_iter()
                    .filter(|guest| guest.join("Cargo.toml").is_file()),
            );
        }
        found.sort();
        guests.append(&mut found);
    }
    Ok(guests)
}

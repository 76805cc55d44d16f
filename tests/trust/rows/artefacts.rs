//! Compiled code that somebody got at.

use std::fs;
use std::path::{Path, PathBuf};

use abide::Artefacts;

use crate::fault::{Act, Fault, faults};
use crate::rogue::Rogue;
use crate::setup::{Setup, component};

faults! {
    "The compiled code of a guest is not what was kept";

    tampered: Fault {
        name: "artefact tampered with",
        does: "has one bit of its code changed; the guest is compiled anew",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| not_used(setup, "tampered", |file| {
            let mut bytes = fs::read(file)?;
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(file, bytes)
        })),
        times: 5,
        ..Fault::USUAL
    },
    truncated: Fault {
        name: "artefact truncated",
        does: "ends after two thirds; the guest is compiled anew",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| not_used(setup, "truncated", |file| {
            let bytes = fs::read(file)?;
            fs::write(file, &bytes[..bytes.len() * 2 / 3])
        })),
        times: 5,
        ..Fault::USUAL
    },
    other_version: Fault {
        name: "artefact of another version",
        does: "says that it has the form of another version; the guest is compiled anew",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| not_used(setup, "other-version", |file| {
            let mut bytes = fs::read(file)?;
            // The version follows eight bytes that are the same in all.
            bytes[8] += 1;
            fs::write(file, bytes)
        })),
        times: 5,
        ..Fault::USUAL
    },
    symlink: Fault {
        name: "artefact behind a symlink",
        does: "is a symbolic link to what was kept; the guest is compiled anew",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| not_used(setup, "symlink", |file| {
            let elsewhere = file.with_extension("elsewhere");
            fs::rename(file, &elsewhere)?;
            #[cfg(unix)]
            std::os::unix::fs::symlink(&elsewhere, file)?;
            // Where links cannot be made by everybody, a file that is no artefact has to do.
            #[cfg(not(unix))]
            fs::write(file, elsewhere.to_string_lossy().as_bytes())?;
            Ok(())
        })),
        times: 5,
        ..Fault::USUAL
    },
}

/// Keeps a guest's code, does something to it, and loads the guest again: what was kept must not be
/// used, and the guest must be as it is.
fn not_used(
    setup: &Setup,
    name: &str,
    change: fn(&Path) -> std::io::Result<()>,
) -> Result<abide::Result<()>, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("trust-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    let kept = Artefacts::in_folder(&folder).map_err(|error| error.to_string())?;
    load(setup, &kept)?;
    let file = artefact(&folder)?;
    change(&file).map_err(|error| error.to_string())?;
    load(setup, &kept)?;
    let (after, written) = (kept.stats(), fs::symlink_metadata(&file));
    if (after.hits, after.refused, after.kept) != (0, 1, 2) {
        return Err(format!("{after:?}"));
    }
    if !written.is_ok_and(|written| written.is_file()) {
        return Err("it was not replaced".to_owned());
    }
    // What took its place is good.
    load(setup, &kept)?;
    match kept.stats().hits {
        1 => Ok(Ok(())),
        hits => Err(format!("there were {hits} hits")),
    }
}

/// Loads the guest and calls it, on an engine of its own: code that is in use, or was a moment ago,
/// is not looked for elsewhere.
fn load(setup: &Setup, kept: &Artefacts) -> Result<(), String> {
    let setup = Setup::new(setup.way).map_err(|error| error.to_string())?;
    let builder = setup.builder(Setup::limits()).artefacts(kept);
    let guest: abide::Result<Rogue> = builder.load_bytes(component(&[]));
    match guest.and_then(|guest| guest.add(1, 2)) {
        Ok(3) => Ok(()),
        other => Err(format!("the guest gave {other:?}")),
    }
}

/// The only artefact in a folder.
fn artefact(folder: &Path) -> Result<PathBuf, String> {
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let mut paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    paths
        .find(|path| path.extension().is_some_and(|end| end == "artefact"))
        .ok_or_else(|| "nothing was kept".to_owned())
}

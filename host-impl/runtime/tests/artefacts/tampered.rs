//! An artefact that is not exactly what was written is compiled anew and replaced.

use std::fs;
use std::path::Path;

use abide_host::{Artefacts, Result};

use crate::support::{builder, counts, load, place, the_artefact_in};

/// A folder with an artefact, and the artefact's bytes.
fn with_artefact(name: &str) -> (Artefacts, std::path::PathBuf, Vec<u8>) {
    let folder = place(name);
    let artefacts = Artefacts::in_folder(&folder).unwrap();
    load(&artefacts).unwrap();
    let artefact = the_artefact_in(&folder);
    let bytes = fs::read(&artefact).unwrap();
    (artefacts, artefact, bytes)
}

/// Loads the guest, whose artefact must be refused and then be replaced.
fn refused(artefacts: &Artefacts, artefact: &Path, whole: &[u8], what: &str) {
    let [hits, misses, refused, kept, failed] = counts(artefacts);
    load(artefacts).unwrap_or_else(|error| panic!("{what}: {error}"));
    let expected = [hits, misses, refused + 1, kept + 1, failed];
    assert_eq!(counts(artefacts), expected, "{what}");
    load(artefacts).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(artefacts.stats().hits, hits + 1, "{what}");
    let about = fs::symlink_metadata(artefact).unwrap();
    assert!(about.is_file(), "{what}");
    assert_eq!(about.len(), whole.len() as u64, "{what}");
}

#[test]
fn one_bit_that_changed_anywhere() {
    let (artefacts, artefact, whole) = with_artefact("changed");
    // The magic, the format, the key, the length, the code's beginning, middle and end, and the
    // seal.
    let last = whole.len() - 1;
    for at in [
        0,
        8,
        11,
        12,
        43,
        44,
        51,
        52,
        whole.len() / 2,
        last - 32,
        last - 31,
        last,
    ] {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        fs::write(&artefact, changed).unwrap();
        refused(&artefacts, &artefact, &whole, &format!("byte {at}"));
    }
}

#[test]
fn cut_short_or_longer_than_it_was() {
    let (artefacts, artefact, whole) = with_artefact("cut");
    let length = whole.len();
    for left in [
        0,
        1,
        51,
        52,
        83,
        84,
        85,
        length / 2,
        length - 32,
        length - 1,
    ] {
        fs::write(&artefact, &whole[..left]).unwrap();
        refused(&artefacts, &artefact, &whole, &format!("{left} bytes left"));
    }
    let longer = [&whole[..], b"\0"].concat();
    fs::write(&artefact, longer).unwrap();
    refused(&artefacts, &artefact, &whole, "a byte more");
}

#[test]
fn code_without_a_seal_and_other_files() {
    let (artefacts, artefact, whole) = with_artefact("plain");
    let code = &whole[52..whole.len() - 32];
    assert!(code.starts_with(b"\x7fELF"), "the test knows where code is");
    for (what, bytes) in [("code", code), ("text", b"hello"), ("zeros", &[0; 4096])] {
        fs::write(&artefact, bytes).unwrap();
        refused(&artefacts, &artefact, &whole, what);
    }
}

#[test]
fn the_artefact_of_another_component_or_folder() -> Result<()> {
    let (artefacts, artefact, whole) = with_artefact("moved");
    // Sealed with the same key, for something else.
    let other = crate::kit::KIT.replacen("index out of range", "another text, sir!", 1);
    builder(&artefacts).load_bytes(crate::kit::component(&other))?;
    let folder = artefact.parent().unwrap();
    let another = crate::support::artefacts_in(folder)
        .into_iter()
        .find(|path| *path != artefact)
        .unwrap();
    fs::copy(another, &artefact).unwrap();
    refused(&artefacts, &artefact, &whole, "another component");
    // For the same, sealed with another key.
    let (_, foreign, bytes) = with_artefact("foreign");
    assert_eq!(foreign.file_name(), artefact.file_name());
    assert_ne!(bytes, whole);
    fs::write(&artefact, bytes).unwrap();
    refused(&artefacts, &artefact, &whole, "another folder");
    Ok(())
}

#[cfg(unix)]
mod unix {
    use super::*;

    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn behind_a_symbolic_link() {
        let (artefacts, artefact, whole) = with_artefact("link");
        let elsewhere = artefact.with_extension("elsewhere");
        fs::rename(&artefact, &elsewhere).unwrap();
        symlink(&elsewhere, &artefact).unwrap();
        refused(
            &artefacts,
            &artefact,
            &whole,
            "a link to the artefact itself",
        );
        // It took the link's place and did not follow it.
        assert_eq!(fs::read(&elsewhere).unwrap(), whole);
        fs::remove_file(&artefact).unwrap();
        symlink("/dev/zero", &artefact).unwrap();
        refused(&artefacts, &artefact, &whole, "a link to a device");
        fs::remove_file(&artefact).unwrap();
        symlink("nowhere", &artefact).unwrap();
        refused(&artefacts, &artefact, &whole, "a link to nowhere");
    }

    #[test]
    fn that_others_may_write() {
        let (artefacts, artefact, whole) = with_artefact("writable");
        for mode in [0o620, 0o602, 0o666] {
            fs::set_permissions(&artefact, fs::Permissions::from_mode(mode)).unwrap();
            refused(&artefacts, &artefact, &whole, &format!("mode {mode:o}"));
            let mode = fs::metadata(&artefact).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn something_that_is_no_file() {
        let (artefacts, artefact, whole) = with_artefact("pipe");
        fs::remove_file(&artefact).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&artefact).status();
        assert!(made.unwrap().success());
        refused(&artefacts, &artefact, &whole, "a pipe");
        // A folder cannot be replaced by a file; the guest is loaded all the same.
        fs::remove_file(&artefact).unwrap();
        fs::create_dir(&artefact).unwrap();
        load(&artefacts).unwrap();
        assert_eq!(artefacts.stats().failed, 1);
    }
}

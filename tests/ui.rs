//! What the compiler says to a wrong use of `abi!`: every message of the macro, and the errors of
//! rustc that a host's author is likely to meet.
//!
//! Each `tests/ui/*.rs` is compiled and must fail with exactly the text in its `.stderr`. The texts are
//! those of the toolchain that the repository is tested with; after a change,
//! `TRYBUILD=overwrite cargo test --test ui` writes them anew, to be read before they are kept.

use std::path::{Path, PathBuf};
use std::{fs, io};

#[test]
fn refusals() {
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/wit");
    copy(&wit, &crate_folder().join("wit")).unwrap_or_else(|error| {
        panic!("cannot copy `{}`: {error}", wit.display());
    });
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// The folder of the crate that trybuild makes of a case: where the paths in its `abi!` start.
fn crate_folder() -> PathBuf {
    // This is `tmp` in the target folder.
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tests/trybuild/abide")
}

/// Makes the folder `to` the same as `from`.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

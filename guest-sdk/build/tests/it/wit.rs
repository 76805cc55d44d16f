//! With `abide_build::wit`, cargo notices WIT that is added, and what else happens to files;
//! without other reasons it does nothing.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use crate::common::{cargo, compiled, folder, library, lock, workspace_target, write};

const NAME: &str = "abide-build-watched";

#[test]
fn an_added_file_is_noticed_wherever_it_is() {
    let dir = folder("watched");
    let manifest = format!(
        "[build-dependencies]\nabide-build = {{ path = {:?}, default-features = false }}\n",
        env!("CARGO_MANIFEST_DIR")
    );
    library(&dir, NAME, &manifest, "");
    write(
        dir.join("build.rs"),
        "fn main() {\n    abide_build::wit(\"wit\");\n}\n",
    );
    write(dir.join("wit/world.wit"), "package demo:watched;\n");

    lock(&dir);

    let check = || {
        let (well, said) = cargo(&dir, &workspace_target(), &["check"]);
        assert!(well, "{said}");
        compiled(&said).contains(&NAME)
    };
    assert!(check());
    for file in [
        "wit/more.wit",
        "wit/deps/one.wit",
        "wit/deps/two/two.wit",
        "wit/deps/two/three.wit",
    ] {
        assert!(!check(), "nothing has happened before {file}");
        write(dir.join(file), "package demo:more;\n");
        // As one that was moved here, or unpacked.
        let past = SystemTime::now() - Duration::from_secs(24 * 60 * 60);
        File::options()
            .append(true)
            .open(dir.join(file))
            .unwrap()
            .set_modified(past)
            .unwrap();
        assert!(check(), "{file} was added");
    }
    assert!(!check());
    fs::remove_file(dir.join("wit/deps/two/three.wit")).unwrap();
    assert!(check(), "a file was removed");
    fs::rename(dir.join("wit/more.wit"), dir.join("wit/other.wit")).unwrap();
    assert!(check(), "a file was renamed");
}

//! `ABIDE_DEBUG`: a guest whose halves were expanded into files is the same guest.
//!
//! The ABI is a crate of its own, as most are: its macro `export!` has to find that crate from the
//! guest's.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use abide_build::Target;

use crate::seconds;

abide::abi!({
    inline: "
        package test:debug@1.0.0;
        interface words { resource bag { constructor(); put: func(word: string) -> u32; } }
        world debug {
            import twice: func(n: u32) -> u32;
            export words;
            export quadruple: func(n: u32) -> u32;
        }
    ",
    module: "debug",
});

#[derive(Clone)]
struct App;

impl host::DebugImports for App {
    fn twice(&mut self, n: u32) -> u32 {
        n * 2
    }
}

const GUEST: &str = r#"
use debugged_abi::guest::{self, exports::words};
use std::cell::RefCell;

struct Plugin;

struct Bag(RefCell<Vec<String>>);

impl guest::Words for Plugin {
    type Bag = Bag;
}

impl words::GuestBag for Bag {
    fn new() -> Self {
        Self(RefCell::default())
    }

    fn put(&self, word: String) -> u32 {
        let mut words = self.0.borrow_mut();
        words.push(word);
        words.len() as u32
    }
}

impl guest::Debug for Plugin {
    fn quadruple(n: u32) -> u32 {
        guest::twice(guest::twice(n))
    }
}

debugged_abi::export!(Plugin);
"#;

/// Writes the crates of the ABI and the guest; returns the guest's folder.
fn crates() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("debug");
    let manifest = |name: &str, more: &str| {
        format!(
            "[package]\nname = \"debugged-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n{more}"
        )
    };
    let abi = manifest(
        "abi",
        &format!("[dependencies]\nabide = {{ path = {root:?} }}\n"),
    );
    let guest = manifest(
        "guest",
        "[lib]\ncrate-type = [\"cdylib\"]\n[dependencies]\ndebugged-abi = { path = \"../abi\" }\n\
         [workspace]\n[profile.release]\nopt-level = \"s\"\nstrip = true\n",
    );
    for (path, text) in [
        ("abi/Cargo.toml", &*abi),
        ("abi/src/lib.rs", "abide::abi!(\"debug.wit\");"),
        ("abi/debug.wit", ABI.wit[0].text),
        ("guest/Cargo.toml", &*guest),
        ("guest/src/lib.rs", GUEST),
    ] {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        fs::write(path, text).unwrap();
    }
    // The same versions as in the other guests.
    fs::copy(
        root.join("tests/fixtures/Cargo.lock"),
        folder.join("guest/Cargo.lock"),
    )
    .unwrap();
    folder.join("guest")
}

#[test]
fn a_guest_of_expansions_in_files_does_what_it_does_otherwise() {
    const NAME: &str = "debug::a_guest_of_expansions_in_files_does_what_it_does_otherwise";
    // What a process has in its environment cannot be changed safely from within: the test runs
    // itself.
    if env::var_os("ABIDE_DEBUG").is_some() {
        let guest = abide_build::guest(crates())
            .target(Target::Unknown)
            .target_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("target/guests"))
            .build()
            .unwrap_or_else(|error| panic!("{error}"));
        println!("guest: {}", guest.display());
        return;
    }
    // Another folder than the last time, so that the macro is expanded again.
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("debug/expanded");
    let _ = fs::remove_dir_all(&all);
    let folder = all.join(std::process::id().to_string());
    let output = Command::new(env::current_exe().unwrap())
        .args([NAME, "--exact", "--nocapture"])
        .env("ABIDE_DEBUG", &folder)
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}");
    let file = folder.join("debugged_abi-test-debug-debug.rs");
    assert!(file.is_file(), "no `{}`", file.display());

    let line = printed.lines().find_map(|line| line.split_once("guest: "));
    let (_, path) = line.unwrap_or_else(|| panic!("no guest in\n{printed}"));
    let guest = host::Debug::builder(App)
        .limits(seconds(60))
        .load(path)
        .unwrap();
    assert_eq!(guest.quadruple(21).unwrap(), 84);
    let session = guest.session().unwrap();
    let bag = session.words().bag_new().unwrap();
    assert_eq!(bag.put("a").unwrap(), 1);
    assert_eq!(bag.put("b").unwrap(), 2);
}

//! Folders that a guest is granted: what it may do there, and that there is no way out.

use std::fs;
use std::path::{Path, PathBuf};

use abide::{CallError, Error, Wasi};
use abide_build::Target;

use crate::host::Grants;
use crate::{NoHost, default, granted, support};

/// A folder of one test: `shared` in it is what is granted, `secret.txt` beside that is not.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("grants")
        .join(test);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(folder.join("shared/inner")).unwrap();
    fs::write(folder.join("secret.txt"), "secret").unwrap();
    fs::write(folder.join("shared/note.txt"), "note").unwrap();
    fs::write(folder.join("shared/inner/deep.txt"), "deep").unwrap();
    folder
}

/// The guest's own words when something was refused to it.
#[track_caller]
fn refused<T>(result: Result<T, CallError<String>>) -> String {
    match result {
        Err(CallError::Guest(text)) => text,
        Err(CallError::Failed(error)) => panic!("{error}"),
        Ok(_) => panic!("it was allowed"),
    }
}

#[test]
fn there_are_no_files() {
    let guest = default();
    let secret = folder("none").join("secret.txt");
    for path in [
        secret.to_str().unwrap(),
        "/etc/passwd",
        "secret.txt",
        ".",
        "/",
    ] {
        refused(guest.ask().read_file(path));
        refused(guest.ask().write_file(path, "x"));
        refused(guest.ask().list_folder(path));
    }
    assert_eq!(fs::read_to_string(secret).unwrap(), "secret");
}

#[test]
fn a_folder_to_read_can_be_read_and_not_changed() {
    let folder = folder("read");
    let guest = granted(Wasi::new().preopen_read(folder.join("shared"), "/data"));
    assert_eq!(
        guest.ask().list_folder("/data").unwrap(),
        ["inner", "note.txt"]
    );
    assert_eq!(guest.ask().read_file("/data/note.txt").unwrap(), "note");
    assert_eq!(
        guest.ask().read_file("/data/inner/deep.txt").unwrap(),
        "deep"
    );
    assert_eq!(
        guest.ask().read_file("/data/inner/../note.txt").unwrap(),
        "note"
    );

    // In the words of the guest's own C library for `EPERM`.
    for text in [
        refused(guest.ask().write_file("/data/note.txt", "changed")),
        refused(guest.ask().write_file("/data/new.txt", "new")),
        refused(guest.ask().remove_file("/data/note.txt")),
    ] {
        assert_eq!(text, "Operation not permitted (os error 63)");
    }
    assert_eq!(
        fs::read_to_string(folder.join("shared/note.txt")).unwrap(),
        "note"
    );
    assert!(!folder.join("shared/new.txt").exists());
}

#[test]
fn a_folder_to_write_can_be_changed() {
    let folder = folder("write");
    let guest = granted(Wasi::new().preopen(folder.join("shared"), "/data"));
    guest.ask().write_file("/data/note.txt", "changed").unwrap();
    guest.ask().write_file("/data/new.txt", "new").unwrap();
    guest.ask().remove_file("/data/inner/deep.txt").unwrap();
    assert_eq!(
        fs::read_to_string(folder.join("shared/note.txt")).unwrap(),
        "changed"
    );
    assert_eq!(
        fs::read_to_string(folder.join("shared/new.txt")).unwrap(),
        "new"
    );
    assert!(!folder.join("shared/inner/deep.txt").exists());
}

#[test]
fn there_is_no_way_out_of_a_folder() {
    let folder = folder("escape");
    let secret = folder.join("secret.txt");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../secret.txt", folder.join("shared/relative")).unwrap();
        std::os::unix::fs::symlink(&secret, folder.join("shared/absolute")).unwrap();
        std::os::unix::fs::symlink("..", folder.join("shared/up")).unwrap();
    }
    let guest = granted(Wasi::new().preopen(folder.join("shared"), "/data"));
    assert_eq!(guest.ask().read_file("/data/note.txt").unwrap(), "note");
    for path in [
        "/data/../secret.txt",
        "/data/inner/../../secret.txt",
        "/data/./../shared/../secret.txt",
        "/data//../secret.txt",
        "/secret.txt",
        "../secret.txt",
        "secret.txt",
        "/data/relative",
        "/data/absolute",
        "/data/up/secret.txt",
        secret.to_str().unwrap(),
    ] {
        refused(guest.ask().read_file(path));
        refused(guest.ask().write_file(path, "changed"));
        assert_eq!(fs::read_to_string(&secret).unwrap(), "secret", "{path}");
    }
    for path in ["/data/..", "/data/up", "/", ".."] {
        refused(guest.ask().list_folder(path));
    }
}

#[test]
fn two_folders_are_two_grants() {
    let folder = folder("two");
    let wasi = Wasi::new()
        .preopen_read(folder.join("shared"), "/in")
        .preopen(folder.join("shared/inner"), "/out");
    let guest = granted(wasi);
    guest.ask().write_file("/out/deep.txt", "changed").unwrap();
    assert_eq!(
        guest.ask().read_file("/in/inner/deep.txt").unwrap(),
        "changed"
    );
    refused(guest.ask().write_file("/in/inner/deep.txt", "no"));
}

#[test]
fn a_folder_that_is_not_there_is_told_when_the_guest_is_loaded() {
    let missing = folder("missing").join("nowhere");
    for wasi in [
        Wasi::new().preopen_read(&missing, "/data"),
        Wasi::new().preopen(&missing, "/data"),
    ] {
        let error = Grants::builder(NoHost)
            .wasi(wasi)
            .name("asking")
            .load(support::guest("grants", Target::Wasip2))
            .unwrap_err();
        assert!(
            matches!(&error, Error::Wasi { guest, .. } if &**guest == "asking"),
            "{error}"
        );
        assert_eq!(
            error.to_string(),
            format!(
                "guest `asking` cannot be given what `Wasi` grants it: the folder `{}`, to be seen as \
                 `/data`, cannot be opened; create it, or grant one that exists and that this process \
                 may read",
                missing.display()
            )
        );
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("No such file or directory"), "{source}");
    }
}

#[test]
fn a_folder_stays_the_one_that_was_granted() {
    let folder = folder("stays");
    let guest = granted(Wasi::new().preopen(folder.join("shared"), "/data"));
    let session = guest.session().unwrap();
    assert_eq!(session.ask().read_file("/data/note.txt").unwrap(), "note");
    // On Windows a folder that somebody has open cannot be renamed in the first place.
    if fs::rename(folder.join("shared"), folder.join("renamed")).is_err() {
        return;
    }
    // Another one takes its place.
    fs::create_dir(folder.join("shared")).unwrap();
    fs::write(folder.join("shared/note.txt"), "another").unwrap();
    for ask in [session.ask(), guest.ask()] {
        assert_eq!(ask.read_file("/data/note.txt").unwrap(), "note");
        ask.write_file("/data/new.txt", "new").unwrap();
    }
    assert!(folder.join("renamed/new.txt").exists());
    assert!(!folder.join("shared/new.txt").exists());
    // Also for guests that are loaded now: it was granted before.
    let wasi = Wasi::new().preopen(folder.join("shared"), "/data");
    fs::remove_dir_all(folder.join("shared")).unwrap();
    let guest = granted(wasi);
    refused(guest.ask().read_file("/data/note.txt"));
}

#[test]
fn a_relative_path_is_resolved_once() {
    // A process of its own, whose folder can be changed: this test once more.
    const MARK: &str = "ABIDE_TEST_CHANGES_FOLDER";
    let Ok(place) = std::env::var(MARK) else {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "files::a_relative_path_is_resolved_once"])
            .env(MARK, folder("relative"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{output:?}");
        assert!(said.contains("1 passed"), "{said}");
        return;
    };
    let component = support::guest("grants", Target::Wasip2);
    let place = Path::new(&place);
    fs::create_dir_all(place.join("elsewhere/shared")).unwrap();
    fs::write(place.join("elsewhere/shared/note.txt"), "another").unwrap();
    std::env::set_current_dir(place).unwrap();
    let wasi = Wasi::new().preopen_read("shared", "/data");
    let load = || {
        let builder = Grants::builder(NoHost).wasi(wasi.clone());
        builder.load(&component).unwrap()
    };
    let guest = load();
    assert_eq!(guest.ask().read_file("/data/note.txt").unwrap(), "note");
    std::env::set_current_dir("elsewhere").unwrap();
    for guest in [guest, load()] {
        assert_eq!(guest.ask().read_file("/data/note.txt").unwrap(), "note");
        let session = guest.session().unwrap();
        assert_eq!(session.ask().read_file("/data/note.txt").unwrap(), "note");
    }
}

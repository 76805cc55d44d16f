//! Folders that a guest is granted: what it may do there, and that there is no way out.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use abide::{CallError, Engine, Error, LimitKind, Limits, Wasi};
use abide_build::Target;

use super::guests::{default, granted};
use super::{Grants, wait};
use crate::{NoHost, full_name, support};

/// A folder of one test: `shared` in it is what is granted, `secret.txt` beside that is not.
pub(super) fn folder(test: &str) -> PathBuf {
    // Hosts of both sorts have theirs at the same time.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("grants")
        .join(module_path!().replace("::", "-"))
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
pub(super) fn refused<T>(result: Result<T, CallError<String>>) -> String {
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
        refused(wait(guest.ask().read_file(path)));
        refused(wait(guest.ask().write_file(path, "x")));
        refused(wait(guest.ask().list_folder(path)));
    }
    assert_eq!(fs::read_to_string(secret).unwrap(), "secret");
}

#[test]
fn a_folder_to_read_can_be_read_and_not_changed() {
    let folder = folder("read");
    let guest = granted(Wasi::new().preopen_read(folder.join("shared"), "/data"));
    assert_eq!(
        wait(guest.ask().list_folder("/data")).unwrap(),
        ["inner", "note.txt"]
    );
    assert_eq!(
        wait(guest.ask().read_file("/data/note.txt")).unwrap(),
        "note"
    );
    assert_eq!(
        wait(guest.ask().read_file("/data/inner/deep.txt")).unwrap(),
        "deep"
    );
    assert_eq!(
        wait(guest.ask().read_file("/data/inner/../note.txt")).unwrap(),
        "note"
    );

    // In the words of the guest's own C library for `EPERM`.
    for text in [
        refused(wait(guest.ask().write_file("/data/note.txt", "changed"))),
        refused(wait(guest.ask().write_file("/data/new.txt", "new"))),
        refused(wait(guest.ask().remove_file("/data/note.txt"))),
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
    wait(guest.ask().write_file("/data/note.txt", "changed")).unwrap();
    wait(guest.ask().write_file("/data/new.txt", "new")).unwrap();
    wait(guest.ask().remove_file("/data/inner/deep.txt")).unwrap();
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
fn large_files_and_folders_are_read_and_written_as_a_whole() {
    let folder = folder("large");
    let guest = granted(Wasi::new().preopen(folder.join("shared"), "/data"));
    let text = "0123456789abcdef".repeat(20_000);
    wait(guest.ask().write_file("/data/large.txt", &text)).unwrap();
    assert_eq!(
        wait(guest.ask().read_file("/data/large.txt")).unwrap(),
        text
    );
    let written = fs::read_to_string(folder.join("shared/large.txt")).unwrap();
    assert_eq!(written, text);
    let bytes = wait(guest.ask().count_file("/data/large.txt")).unwrap();
    assert_eq!(bytes, 16 * 20_000);

    let mut names: Vec<String> = (0..300).map(|n| format!("{n:03}")).collect();
    for name in &names {
        fs::write(folder.join("shared/inner").join(name), "").unwrap();
    }
    names.push("deep.txt".to_owned());
    assert_eq!(wait(guest.ask().list_folder("/data/inner")).unwrap(), names);
}

#[test]
fn open_files_are_counted_until_they_are_closed() {
    let folder = folder("counted");
    let engine = Engine::builder().open_files(4).build().unwrap();
    let guest = |files| {
        Grants::builder(NoHost)
            .engine(&engine)
            .wasi(Wasi::new().preopen_read(folder.join("shared"), "/data"))
            .limits(
                Limits::new()
                    .deadline(Duration::from_secs(60))
                    .open_files(files),
            )
            .load(support::guest("grants", Target::Wasip2))
            .unwrap()
    };
    let few = guest(2);
    let session = wait(few.session()).unwrap();
    for _ in 0..5 {
        wait(session.ask().open_file("/data/note.txt", 2)).unwrap();
        let note = wait(session.ask().read_file("/data/note.txt")).unwrap();
        assert_eq!(note, "note");
        let names = wait(session.ask().list_folder("/data")).unwrap();
        assert_eq!(names, ["inner", "note.txt"]);
    }
    let error = wait(few.ask().open_file("/data/note.txt", 3)).unwrap_err();
    assert!(
        matches!(
            error,
            CallError::Failed(Error::Limit {
                what: LimitKind::OpenFiles,
                limit: 2,
                ..
            })
        ),
        "{error}"
    );
    // The engine's are others', too, and so none that ends a guest.
    let many = wait(guest(64).session()).unwrap();
    wait(many.ask().open_file("/data/note.txt", 4)).unwrap();
    refused(wait(many.ask().open_file("/data/note.txt", 5)));
    wait(many.ask().open_file("/data/note.txt", 4)).unwrap();
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
    assert_eq!(
        wait(guest.ask().read_file("/data/note.txt")).unwrap(),
        "note"
    );
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
        refused(wait(guest.ask().read_file(path)));
        refused(wait(guest.ask().write_file(path, "changed")));
        assert_eq!(fs::read_to_string(&secret).unwrap(), "secret", "{path}");
    }
    for path in ["/data/..", "/data/up", "/", ".."] {
        refused(wait(guest.ask().list_folder(path)));
    }
}

#[test]
fn two_folders_are_two_grants() {
    let folder = folder("two");
    let wasi = Wasi::new()
        .preopen_read(folder.join("shared"), "/in")
        .preopen(folder.join("shared/inner"), "/out");
    let guest = granted(wasi);
    wait(guest.ask().write_file("/out/deep.txt", "changed")).unwrap();
    assert_eq!(
        wait(guest.ask().read_file("/in/inner/deep.txt")).unwrap(),
        "changed"
    );
    refused(wait(guest.ask().write_file("/in/inner/deep.txt", "no")));
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
    let session = wait(guest.session()).unwrap();
    assert_eq!(
        wait(session.ask().read_file("/data/note.txt")).unwrap(),
        "note"
    );
    // On Windows a folder that somebody has open cannot be renamed in the first place.
    if fs::rename(folder.join("shared"), folder.join("renamed")).is_err() {
        return;
    }
    // Another one takes its place.
    fs::create_dir(folder.join("shared")).unwrap();
    fs::write(folder.join("shared/note.txt"), "another").unwrap();
    for ask in [session.ask(), guest.ask()] {
        assert_eq!(wait(ask.read_file("/data/note.txt")).unwrap(), "note");
        wait(ask.write_file("/data/new.txt", "new")).unwrap();
    }
    assert!(folder.join("renamed/new.txt").exists());
    assert!(!folder.join("shared/new.txt").exists());
    // Also for guests that are loaded now: it was granted before.
    let wasi = Wasi::new().preopen(folder.join("shared"), "/data");
    fs::remove_dir_all(folder.join("shared")).unwrap();
    let guest = granted(wasi);
    refused(wait(guest.ask().read_file("/data/note.txt")));
}

#[test]
fn a_relative_path_is_resolved_once() {
    // A process of its own, whose folder can be changed: this test once more.
    const MARK: &str = "ABIDE_TEST_CHANGES_FOLDER";
    let Ok(place) = std::env::var(MARK) else {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                &full_name(module_path!(), "a_relative_path_is_resolved_once"),
            ])
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
    assert_eq!(
        wait(guest.ask().read_file("/data/note.txt")).unwrap(),
        "note"
    );
    std::env::set_current_dir("elsewhere").unwrap();
    for guest in [guest, load()] {
        assert_eq!(
            wait(guest.ask().read_file("/data/note.txt")).unwrap(),
            "note"
        );
        let session = wait(guest.session()).unwrap();
        assert_eq!(
            wait(session.ask().read_file("/data/note.txt")).unwrap(),
            "note"
        );
    }
}

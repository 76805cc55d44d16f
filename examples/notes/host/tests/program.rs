//! Runs the program `notes-host` as a user does, and looks at its output, its files and its exit
//! code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of this test run, emptied of an earlier run's.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("notes-host")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn notes_host(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_notes-host"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn every_document_is_rendered_also_after_one_that_fails() {
    let folder = folder("some-fail");
    fs::write(
        folder.join("a.md"),
        "# A & b\n\nOne [two](b.md) [three](no.md).\n\n## C\n",
    )
    .unwrap();
    fs::write(folder.join("empty.md"), "\n").unwrap();
    fs::write(folder.join("latin1.md"), b"caf\xe9").unwrap();
    fs::write(folder.join("b.md"), "no title").unwrap();
    let files = ["a.md", "empty.md", "latin1.md", "gone.md", "b.md", "./b.md"];

    let output = notes_host(
        &folder,
        &[&files[..], &["--out", "html", "--verbose"]].concat(),
    );
    let (out, log) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{out}{log}");

    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 3, "{out}");
    assert!(lines[0].starts_with("a.md: 6 words, 2 links, "), "{out}");
    assert!(lines[1].starts_with("b.md: 2 words, 0 links, "), "{out}");
    assert_eq!(lines[2], "2 written to html, 4 failed");
    for expected in [
        // What the guest logs stands under the call that it serves.
        "DEBUG document{path=a.md}:call{guest=\"notes_guest\" function=\"demo:notes/render.render\"}: rendered ",
        " WARN document{path=a.md}: a link leads to `no.md`, which does not exist",
        "ERROR document{path=empty.md}: the guest answered with an error: empty",
        "ERROR document{path=latin1.md}: cannot read `latin1.md`: ",
        "ERROR document{path=gone.md}: cannot read `gone.md`: ",
        "function=\"demo:notes/render.render\"}: no title: ",
        "ERROR document{path=./b.md}: `html/b.html` was written for another document already",
    ] {
        assert!(log.contains(expected), "no `{expected}` in:\n{log}");
    }

    let html = fs::read_to_string(folder.join("html/a.html")).unwrap();
    assert!(html.contains("<title>A &amp; b</title>"), "{html}");
    assert!(html.contains("<a href=\"#c\">C</a>"), "{html}");
    assert!(html.contains("<h1 id=\"a--b\">A &amp; b</h1>"), "{html}");
    assert!(folder.join("html/b.html").is_file());
    assert!(!folder.join("html/empty.html").exists());
}

#[test]
fn titles_can_be_listed() {
    let folder = folder("list");
    fs::write(folder.join("a.md"), "## no\n# The *title*\n").unwrap();
    fs::write(folder.join("b.md"), "").unwrap();
    let output = notes_host(&folder, &["--list", "a.md", "b.md"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&output.stdout), "a.md: The title\nb.md: (no title)\n");
}

#[test]
fn what_is_no_guest_is_refused_before_anything_is_written() {
    let folder = folder("no-guest");
    fs::write(folder.join("a.md"), "# A").unwrap();
    fs::write(folder.join("guest.wasm"), "# A").unwrap();
    let arguments = ["a.md", "--guest", "guest.wasm", "--out", "html"];
    let output = notes_host(&folder, &arguments);
    let log = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{log}");
    assert!(
        log.starts_with("error: guest `guest` could not be loaded from `guest.wasm`: "),
        "{log}"
    );
    assert!(!folder.join("html").exists());
}

#[test]
fn a_wrong_command_line_is_explained() {
    let output = notes_host(&folder("usage"), &["--fast"]);
    let log = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{log}");
    assert!(log.starts_with("error: invalid option '--fast'\n"), "{log}");
    assert!(log.contains("Usage: notes-host "), "{log}");
}

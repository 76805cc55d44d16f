//! What the compiler says to a wrong use of `abi!`: every message of the macro, and the errors of
//! rustc that a host's author is likely to meet.
//!
//! Each `tests/ui/*.rs` is compiled and must fail with the text in its `.stderr`. The texts are
//! those of the toolchain that the repository is tested with; after a change, `UI=overwrite cargo
//! test --workspace --test ui` writes them anew, to be read before they are kept. `UI=wit_`
//! compiles only cases of which the name begins so.
//!
//! The cases are given to rustc itself, with the `abide` that was compiled for the tests: as
//! packages of cargo's they would be checked against a second wasmtime, which takes minutes. What
//! rustc says about other files than a case's own is compared without the lines' numbers, and
//! everything without regard to indentation, which depends on them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

/// What a case is called as a crate; in the texts it is `$CRATE`.
const CRATE: &str = "case_under_test";

#[test]
fn refusals() {
    let wanted = env::var("UI").unwrap_or_default();
    let overwrite = wanted == "overwrite";
    let cases = cases(if overwrite { "" } else { &wanted });
    assert!(!cases.is_empty(), "no case begins with `{wanted}`");

    let abide = abide();
    let left = Mutex::new(cases.iter());
    let failures = Mutex::new(Vec::new());
    let work = || {
        let next = || left.lock().unwrap().next();
        while let Some(case) = next() {
            if let Err(failure) = check(case, &abide, overwrite) {
                failures.lock().unwrap().push(failure);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The cases, in the order of their names, as paths from the root of the repository.
fn cases(beginning: &str) -> Vec<String> {
    let mut cases: Vec<String> = fs::read_dir(root().join("tests/ui"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(beginning) && name.ends_with(".rs"))
        .map(|name| format!("tests/ui/{name}"))
        .collect();
    cases.sort();
    cases
}

/// The library that cargo compiled before this test: the newest, if features of packages have made
/// several.
///
/// The tutorial's host has a library in the same folder. It is no member of this workspace, so
/// cargo named the sources to the compiler in full, and the compiler does so in what it says.
fn abide() -> PathBuf {
    let program = env::current_exe().unwrap();
    let is_ours = |library: &Path| {
        let name = library.file_name().unwrap_or_default().to_string_lossy();
        let stem = name
            .strip_prefix("lib")
            .and_then(|name| name.strip_suffix(".rlib"));
        let Some(stem) = stem.filter(|stem| stem.starts_with("abide-")) else {
            return false;
        };
        let sources = fs::read_to_string(library.with_file_name(format!("{stem}.d")));
        sources.is_ok_and(|sources| sources.lines().any(|line| line == "src/lib.rs:"))
    };
    fs::read_dir(program.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| is_ours(path))
        .max_by_key(|path| fs::metadata(path).unwrap().modified().unwrap())
        .expect("cargo has compiled `abide` beside its tests")
}

/// The compiler, ready to be given a crate.
fn rustc(abide: &Path) -> Command {
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc
        // Paths in messages are as they are given; those in `abi!` start at the folder of a
        // manifest.
        .current_dir(root())
        .env("CARGO_MANIFEST_DIR", root().join("tests/ui"))
        .env_remove("OUT_DIR")
        .args(["--edition=2024", "--crate-name", CRATE])
        .args(["--emit=metadata", "--diagnostic-width=140", "--color=never"])
        .arg("--out-dir")
        .arg(env!("CARGO_TARGET_TMPDIR"))
        .arg("--extern")
        .arg(format!("abide={}", abide.display()))
        .arg("-L")
        .arg(format!("dependency={}", abide.parent().unwrap().display()));
    rustc
}

/// Compiles one case; the error says what it should have said.
fn check(case: &str, abide: &Path, overwrite: bool) -> Result<(), String> {
    let output = rustc(abide)
        .arg("--crate-type=bin")
        // Types are written out, and nothing is said of what a short program does not use.
        .args(["--verbose", "-Adead_code"])
        .arg(case)
        .output()
        .unwrap();
    if output.status.success() {
        return Err(format!("{case} compiles, and should not\n"));
    }
    let said = normalized(&String::from_utf8_lossy(&output.stderr));
    let file = root().join(case).with_extension("stderr");
    let expected = fs::read_to_string(&file).unwrap_or_default();
    if without_indentation(&said) == without_indentation(&expected) {
        return Ok(());
    }
    if overwrite {
        fs::write(&file, &said).unwrap();
        return Ok(());
    }
    let difference = first_difference(&expected, &said);
    Err(format!("--- {case}: {difference}\n--- all of it:\n{said}"))
}

/// What rustc says, without what is different from one machine, or one change of another file, to
/// the next.
fn normalized(said: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut elsewhere = false;
    let mut listed = None;
    for line in said.lines() {
        let text = line.trim_start();
        if SUMMARIES.iter().any(|summary| text.starts_with(summary)) {
            continue;
        }
        let indentation = &line[..line.len() - text.len()];
        let mut line = line.trim_end().to_owned();
        let is_code =
            text.starts_with(|first: char| first.is_ascii_digit() || "|.".contains(first));
        if let Some(place) = text.strip_prefix("--> ").or(text.strip_prefix("::: ")) {
            // Places in WIT are farther in.
            elsewhere = !place.starts_with("tests/ui/") && indentation.len() < 8;
            if elsewhere {
                line = format!("{indentation}{}{}", &text[..4], without_line(place));
            }
        } else if elsewhere && is_code {
            line = text
                .trim_start_matches(|digit: char| digit == ' ' || digit.is_ascii_digit())
                .to_owned();
        } else {
            elsewhere = false;
        }
        if LISTS.iter().any(|list| text.starts_with(list)) {
            listed = Some(0);
        } else if let Some(count) = &mut listed {
            match indentation.len() >= 12 {
                true => *count += 1,
                false => listed = None,
            }
        }
        match listed {
            Some(9) => line = format!("{}and $N others", &indentation[2..]),
            Some(10..) => continue,
            _ => {}
        }
        if !(line.is_empty() && lines.last().is_none_or(String::is_empty)) {
            lines.push(line.replace(CRATE, "$CRATE"));
        }
    }
    lines.join("\n").trim_end().to_owned() + "\n"
}

/// Lines before lists of types, of which nine are kept.
const LISTS: [&str; 2] = [
    "= help: the following types implement trait ",
    "= help: the following other types implement trait ",
];

/// Lines that say what others have said.
const SUMMARIES: [&str; 5] = [
    "error: aborting due to ",
    "For more information about ",
    "Some errors have detailed explanations",
    "= note: the full name for the type has been written to",
    "= note: the full type name has been written to",
];

/// `src/error.rs:10:5` without the numbers.
fn without_line(place: &str) -> &str {
    place.trim_end_matches(|character: char| character == ':' || character.is_ascii_digit())
}

/// The lines of a text, in which the margin beside code may be of any width.
fn without_indentation(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| match line.strip_prefix("...").map(str::trim_start) {
            Some(rest) if rest.starts_with('|') => format!("... {rest}"),
            _ => line.to_owned(),
        })
        .collect()
}

/// Where two texts begin to differ, for the message; whole texts are in it, too.
fn first_difference(expected: &str, said: &str) -> String {
    let (expected, said) = (without_indentation(expected), without_indentation(said));
    let same = expected
        .iter()
        .zip(&said)
        .take_while(|(a, b)| a == b)
        .count();
    let line = |lines: &[String]| {
        lines
            .get(same)
            .map_or("nothing more".to_owned(), |line| format!("`{line}`"))
    };
    format!("expected {}, found {}", line(&expected), line(&said))
}

/// Rustc tells nobody of warnings in what a macro of another crate expands to. But under
/// `ABIDE_DEBUG` the expansion is a file of the user's.
#[test]
fn an_expansion_in_a_file_has_no_warnings() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui-debug");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("lib.rs");
    fs::write(&file, EXPANDED).unwrap();
    let output = rustc(&abide())
        .env("ABIDE_DEBUG", &folder)
        .arg("--crate-type=lib")
        .args(["-Dwarnings", "-Dmissing_docs", "-Dunreachable_pub"])
        .arg(&file)
        .output()
        .unwrap();
    let expanded = folder.join("demo-expanded-plugin.rs");
    assert!(expanded.is_file(), "no `{}`", expanded.display());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

/// Modules of every kind, with and without something that needs the runtime.
const EXPANDED: &str = r#"//! An ABI.
abide::abi!({
    inline: "
        package demo:expanded@0.1.0;
        interface names { type name = string; type names = list<name>; enum sort { up, down } }
        interface again { use names.{names}; record page { all: names, of: sort } use names.{sort}; }
        interface kv {
            resource bucket { constructor(); get: func(key: string) -> list<u8>; }
            resource bare {}
            variant held { one(own<bucket>), none }
            open: func(held: held) -> result<bucket, held>;
        }
        interface shapes {
            use again.{page};
            resource shape { area: func() -> f64; grow: func(by: option<page>); }
            flags marks { a, b }
            all: func(of: marks) -> list<shape>;
        }
        world plugin {
            use kv.{bucket};
            record mine { of: string }
            resource here { take: func(all: list<mine>); }
            import kv;
            import read: func(a: mine, b: borrow<here>) -> mine;
            export shapes;
            export run: func(of: bucket) -> result<_, string>;
        }
    ",
    borrowed: true,
    trappable: ["kv.open"],
});
"#;

#[test]
fn what_other_changes_change_is_left_out() {
    let said = "error: no\n  --> src/other.rs:10:5\n   |\n10 |     code\n   |     ^^^^\n  --> tests/ui/x.rs:3:1\n   |\n \
                3 | more\n   = help: the following types implement trait `T`:\n             a\n             b\n\n\
                error: aborting due to 1 previous error\n\nFor more information about this error, try `x`.\n";
    let kept = "error: no\n --> src/other.rs\n |\n | code\n | ^^^^\n --> tests/ui/x.rs:3:1\n |\n 3 | more\n = help: the \
                following types implement trait `T`:\n a\n b\n";
    let one_space = |text: &str| -> Vec<String> {
        let words = |line: &String| line.split_whitespace().collect::<Vec<_>>().join(" ");
        without_indentation(text).iter().map(words).collect()
    };
    assert_eq!(one_space(&normalized(said)), one_space(kept));
    assert_eq!(
        first_difference("a\n b\n", "a\n  c\n"),
        "expected `b`, found `c`"
    );
}

//! Every world of the corpus: which ones are refused and why, the guest side of the others, and the
//! table of it all. The host side of them is the program of `compiled`, which is checked with the rest of the workspace.

mod guest;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use abide_corpus_survey::{Entry, Outcome, survey, table};

static CORPUS: LazyLock<Vec<Entry>> =
    LazyLock::new(|| survey().unwrap_or_else(|error| panic!("{error:#}")));

fn repository() -> &'static Path {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    folder
        .ancestors()
        .nth(3)
        .expect("it is tests/corpus/survey")
}

#[test]
fn a_world_is_refused_if_and_only_if_it_has_to_be() {
    let mut wrong = Vec::new();
    for Entry { world, verdict } in &*CORPUS {
        let messages = verdict.host.messages();
        let at = format!("{} in {} of {}", world.id, world.wit, world.source);
        for beyond in &world.beyond {
            if !messages.iter().any(|message| says(message, beyond)) {
                wrong.push(format!("{at}: no message says where it has `{beyond}`"));
            }
        }
        if world.beyond.is_empty() {
            wrong.extend(messages.iter().map(|message| format!("{at}: {message}")));
            let of_guest = verdict.guest.messages().iter();
            let others = of_guest.filter(|message| !message.contains("the name of a C function"));
            wrong.extend(others.map(|message| format!("{at}, guest: {message}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether `message` says that `what` is refused, and begins with a place in a WIT file.
fn says(message: &str, what: &str) -> bool {
    let Some((place, text)) = message.split_once(": ") else {
        return false;
    };
    let place: Vec<&str> = place.rsplitn(3, ':').collect();
    let [column, line, file] = place[..] else {
        return false;
    };
    let is_number = |text: &str| text.parse::<usize>().is_ok_and(|number| number > 0);
    let refused = match what {
        "implements" => text.starts_with("an interface under another name"),
        "empty" => text.contains("has no parts"),
        "flags" => text.starts_with("flags `") && text.contains("at most 32"),
        what => text.starts_with(&format!("`{what}`")) && text.contains("is not supported"),
    };
    refused && file.ends_with(".wit") && is_number(line) && is_number(column)
}

#[test]
fn a_message_has_to_name_the_thing_and_its_place() {
    let good = "a/b.wit:3:14: `map` is not supported; use `list<tuple<key, value>>`";
    assert!(says(good, "map"));
    for (message, what) in [
        (good, "stream"),
        ("`map` is not supported", "map"),
        ("b.wit:3: `map` is not supported", "map"),
        ("b.wit:3:0: `map` is not supported", "map"),
        ("b.wit:3:1: `map` is fine", "map"),
    ] {
        assert!(!says(message, what), "{message}");
    }
}

#[test]
fn nothing_that_the_corpus_is_for_is_missing() {
    let mut modules = HashSet::new();
    for Entry { world, .. } in &*CORPUS {
        assert!(
            modules.insert(&world.module),
            "{} is there twice",
            world.module
        );
    }
    let has = |text: &str| CORPUS.iter().any(|entry| entry.world.id.contains(text));
    for package in [
        "wasi:cli@0.2",
        "wasi:clocks@0.2",
        "wasi:config@0.2",
        "wasi:filesystem@0.2",
        "wasi:http@0.2",
        "wasi:io@0.2",
        "wasi:keyvalue@0.2",
        "wasi:nn@0.2",
        "wasi:random@0.2",
        "wasi:sockets@0.2",
    ] {
        assert!(has(&format!("all exports of {package}")), "{package}");
    }
    let (codegen, interfaces) = (wits("tests/codegen/"), wits("tests/interfaces/"));
    assert!(codegen >= 35, "{codegen} WITs in tests/codegen");
    assert!(interfaces >= 41, "{interfaces} WITs in tests/interfaces");
}

/// How many WITs there are in a folder of a source.
fn wits(folder: &str) -> usize {
    let wits = CORPUS.iter().map(|entry| entry.world.wit.as_str());
    let wits: HashSet<&str> = wits.filter(|wit| wit.starts_with(folder)).collect();
    wits.len()
}

#[test]
fn the_guest_side_compiles() {
    guest::build(&CORPUS);
}

#[test]
fn the_table_is_up_to_date() {
    let expected = table(&CORPUS);
    let found = fs::read_to_string(page()).unwrap_or_default();
    // Line ends are git's business.
    let found = found.replace("\r\n", "\n");
    let first = expected
        .lines()
        .zip(found.lines().chain(["(nothing)"]))
        .find(|(expected, found)| expected != found);
    assert!(
        expected == found,
        "docs/corpus.md does not say what the corpus says; run `cargo xtask corpus`. \
         The first line that differs, expected and found:\n{first:#?}"
    );
}

#[test]
#[ignore = "it writes docs/corpus.md; `cargo xtask corpus` runs it"]
fn write_the_table() {
    guest::build(&CORPUS);
    let page = page();
    fs::write(&page, table(&CORPUS)).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
}

fn page() -> PathBuf {
    repository().join("docs/corpus.md")
}

#[test]
fn every_outcome_is_in_the_table_and_the_totals_are_right() {
    let page = table(&CORPUS);
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let (mut host, mut guest) = (0, 0);
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").collect();
        host += usize::from(cells.get(2) == Some(&"compiles"));
        guest += usize::from(cells.get(3) == Some(&"compiles |"));
    }
    let expanded = |outcome: fn(&Entry) -> &Outcome| {
        let entries = CORPUS.iter();
        entries
            .filter(|entry| *outcome(entry) == Outcome::Expanded)
            .count()
    };
    assert_eq!(host, expanded(|entry| &entry.verdict.host));
    assert_eq!(guest, expanded(|entry| &entry.verdict.guest));
    assert!(
        page.contains(&format!("| compiles | {host} | {guest} |\n")),
        "{page}"
    );
}

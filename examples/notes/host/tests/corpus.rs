//! Renders a corpus twice, through the guest and natively with the same renderer, and compares
//! every byte: the Markdown of this repository, and documents made to be difficult.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use abide::{CallError, Limits};
use abide_build::Target;
use notes_abi::host::Notes;
use notes_abi::render::{Error, Heading, Link, Page};
use notes_host::{App, find_markdown, repository};
use notes_markdown::Refusal;

/// The guest, compiled for one target.
fn guest(target: Target) -> PathBuf {
    abide_build::guest(repository().join("examples/notes/guest"))
        .target(target)
        // The target folder of this workspace: all guests share the standard library there.
        .target_dir(Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("guests"))
        .build()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn load(target: Target) -> Notes {
    Notes::builder(App)
        // Plenty: what is compared here is no matter of time, and the machine may be busy.
        .limits(Limits::new().deadline(Duration::from_secs(60)))
        .load(guest(target))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// What the renderer returns natively, in the types of the ABI.
fn natively(markdown: &str) -> Result<Page, Error> {
    let page = notes_markdown::render(markdown).map_err(|refusal| match refusal {
        Refusal::Empty => Error::Empty,
        Refusal::TooLarge => Error::TooLarge(notes_markdown::MAX_BYTES as u64),
        Refusal::Binary(offset) => Error::Binary(offset as u64),
    })?;
    let toc = page.toc.into_iter().map(|heading| Heading {
        level: heading.level,
        text: heading.text,
        anchor: heading.anchor,
    });
    let links = page.links.into_iter().map(|link| match link {
        notes_markdown::Link::Anchor(anchor) => Link::Anchor(anchor),
        notes_markdown::Link::File(path) => Link::File(path),
        notes_markdown::Link::Url(url) => Link::Url(url),
    });
    Ok(Page {
        title: page.title,
        html: page.html,
        words: page.words,
        toc: toc.collect(),
        links: links.collect(),
    })
}

/// Compares one document; what differs is named, not printed: documents can be large.
fn compare(notes: &Notes, name: &str, markdown: &str) {
    assert_eq!(
        notes.title(markdown).unwrap(),
        notes_markdown::title(markdown),
        "the title of {name}"
    );
    let guests = match notes.render().render(markdown) {
        Ok(page) => Ok(page),
        Err(CallError::Guest(error)) => Err(error),
        Err(CallError::Failed(error)) => panic!("{name}: {error}"),
    };
    match (guests, natively(markdown)) {
        (Ok(guests), Ok(native)) => {
            assert_eq!(guests.title, native.title, "the title of {name}");
            assert_eq!(guests.words, native.words, "the words of {name}");
            assert!(guests.html == native.html, "the HTML of {name} differs");
            assert!(guests.toc == native.toc, "the headings of {name} differ");
            assert!(guests.links == native.links, "the links of {name} differ");
        }
        (guests, native) => assert_eq!(guests.err(), native.err(), "the refusal of {name}"),
    }
}

/// Documents made to be difficult, by name.
fn difficult() -> Vec<(&'static str, String)> {
    let half = notes_markdown::MAX_BYTES / 2;
    let mut list = String::new();
    for depth in 0..200 {
        list.push_str(&"  ".repeat(depth));
        list.push_str("- item\n");
    }
    let mut table = String::from("| a | b |\n| :-- | --: |\n");
    for row in 0..2000 {
        table.push_str(&format!("| `{row}` | **x** [y](z{row}.md) |\n"));
    }
    // Every character that Markdown or Unicode gives a meaning, in an order that repeats nowhere.
    let marks: Vec<char> =
        "#*_`~[]()<>!|\\\n\n\t -+=:.&;\"'0aéß漢🦀\u{301}\u{200d}\u{feff}\u{85}\r"
            .chars()
            .collect();
    let mut state = 1_u32;
    let noise = (0..20_000).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        marks[(state >> 16) as usize % marks.len()]
    });
    vec![
        ("nothing", String::new()),
        ("white space", " \t\r\n\u{a0}\u{3000}".to_owned()),
        ("a byte order mark", "\u{feff}# Title".to_owned()),
        ("a NUL at the start", "\0".to_owned()),
        ("a NUL at the end", "# Title\n\ntext é\0".to_owned()),
        ("the largest document", "# A\n\ntext *x* ".repeat(half / 8)),
        ("one byte too many", "a".repeat(2 * half + 1)),
        ("a long line", "word ".repeat(half / 5)),
        ("a long word", "w".repeat(half)),
        ("deep quotes", "> ".repeat(5_000) + "deep"),
        ("deep lists", list),
        ("deep emphasis", "*a **b ".repeat(2_000) + &"** *".repeat(2_000)),
        ("open brackets", "[".repeat(20_000)),
        ("open links", "[a](".repeat(5_000)),
        ("equal headings", "# a\n".repeat(20_000)),
        ("headings with numbers", "# a\n# a-1\n# a\n# a-1\n# a-1-1\n".to_owned()),
        (
            "headings in other scripts",
            "# Ünïcödé\n## 漢字 かな\n### עברית\n#### 🦀 *é* `ß`\n##### İıſẞ\n###### ---\n# \n".to_owned(),
        ),
        (
            "HTML",
            "# <b>x</b>\n\n<div>\n\n*a*\n\n</div>\n\n<script>alert(1)</script>\n\na <i>b</i> & &lt; &nosuch; &#0;\n\
             <!-- # no heading -->\n"
                .to_owned(),
        ),
        ("a table", table),
        (
            "code",
            "```rust\n# no heading\nfn main() {}\n```\n\n    # nor this\n\n`` ` `` ~~~\n~~~~\nopen".to_owned(),
        ),
        (
            "footnotes and tasks",
            "a[^1] b[^x]\n\n[^1]: one [l](#a)\n[^x]: two\n\n- [x] done\n- [ ] ~~not~~\n".to_owned(),
        ),
        (
            "links",
            "[a]: <b c> 't'\n[a] [b][a] ![i](j) <http://x> <m@n.o> [](#) [e]() [q](?r) [u](u%20v.md)\n".to_owned(),
        ),
        ("line endings", "# a\r\n\r\nb\rc\n\u{85}d\u{2028}e".to_owned()),
        ("noise", noise.collect()),
    ]
}

fn corpus(target: Target) {
    let notes = load(target);
    let root = repository();
    let files = find_markdown(&root).unwrap();
    assert!(
        files.contains(&root.join("README.md")),
        "the corpus lacks this repository's README.md: {files:?}"
    );
    for file in files {
        let markdown = fs::read_to_string(&file).unwrap();
        compare(&notes, &file.display().to_string(), &markdown);
    }
    for (name, markdown) in difficult() {
        compare(&notes, name, &markdown);
    }
}

#[test]
fn a_guest_for_wasip2_renders_like_the_native_renderer() {
    corpus(Target::Wasip2);
}

#[test]
fn a_guest_without_wasi_renders_like_the_native_renderer() {
    corpus(Target::Unknown);
}

//! The code in WIT's docs: rustdoc finds no tests in it, and shows it as code.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Everything that may have docs, each with `DOCS` in its own.
const WORLD: &str = "
    package t:t;
    /** DOCS */ interface imported {
        /** DOCS */ record point { /** DOCS */ x: u8 }
        /** DOCS */ variant shape { /** DOCS */ dot(point), none }
        /** DOCS */ enum colour { /** DOCS */ red }
        /** DOCS */ flags marks { /** DOCS */ seen }
        /** DOCS */ type points = list<point>;
        /** DOCS */ resource store {
            /** DOCS */ constructor();
            /** DOCS */ put: func(line: string) -> result<_, colour>;
            /** DOCS */ open: static func() -> store;
        }
        /** DOCS */ record held { /** DOCS */ of: store }
        /** DOCS */ take: func(held: held, shape: shape, marks: marks, all: points);
    }
    /** DOCS */ interface exported {
        /** DOCS */ resource bag { /** DOCS */ put: func(line: string); }
        /** DOCS */ take: func(line: string);
    }
    /** DOCS */ world w {
        import imported;
        export exported;
        /** DOCS */ record mine { /** DOCS */ a: string }
        /** DOCS */ import now: func() -> mine;
        /** DOCS */ export run: func(a: mine);
    }
";

/// Code that is not Rust, in every way that Markdown has.
const DOCS: &[&str] = &[
    "Like\n\n```\n{code}\n```",
    "Like\n```rust\n{code}\n```\nand more",
    "```rust,should_panic,edition2021\n{code}\n```",
    "``` no_run\n{code}\n```",
    "```{.custom .rust}\n{code}\n```",
    "```text,rust\n{code}\n```",
    "~~~\n{code}\n~~~",
    "~~~~ rust `x`\n{code}\n~~~\n~~~~",
    "Never closed\n\n```\n{code}",
    "Like\n\n    {code}\n\n    {code}",
    "Like\n\n\t{code}",
    "# Title\n    {code}",
    "- Like\n\n  ```\n  {code}\n  ```\n\n      {code}",
    "-     {code}",
    "1. Like\n   1) Like\n\n      ~~~\n      {code}\n      ~~~\n\n          {code}",
    "> Like\n>\n> ```\n> {code}\n> ```\n>\n>     {code}",
    "> - ```rust\n>   {code}\n>   ```",
    "[^1]\n\n[^1]: Like\n\n        {code}",
    "<details>\n\n```\n{code}\n```\n\n</details>",
    "Like\r\n\r\n```\r\n{code}\r\n```\r\n",
];

/// Marked, so that it can be found again. `#` in front of it would hide a line of Rust.
const CODE: &str = "colour = \"teal\"; size: 4";

/// Both halves of the world with these docs.
fn halves(docs: &str) -> Vec<TokenStream> {
    let wit = WORLD.replace("/** DOCS */", &format!("\n{}\n", comment(docs)));
    let input = format!("(abide) {{ inline: {wit:?} }}");
    let host = abide_codegen::abi(input.parse().unwrap());
    refused_nothing(&host);
    #[cfg(feature = "guest")]
    let guest = abide_codegen::bindings(input.parse().unwrap());
    #[cfg(not(feature = "guest"))]
    let guest = TokenStream::new();
    refused_nothing(&guest);
    vec![host, guest]
}

fn refused_nothing(half: &TokenStream) {
    let text = half.to_string();
    assert!(!text.starts_with(":: core :: compile_error"), "{text}");
}

fn comment(docs: &str) -> String {
    let docs = docs.replace("{code}", CODE);
    let lines = docs.lines().map(|line| format!("/// {line}\n"));
    lines.collect()
}

/// The attributes of items that have to do with docs, those of one item together.
fn docs(tokens: TokenStream, all: &mut Vec<TokenStream>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut item = TokenStream::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match (token, tokens.get(at)) {
            (TokenTree::Punct(sign), Some(TokenTree::Group(group)))
                if sign.as_char() == '#' && group.delimiter() == Delimiter::Bracket =>
            {
                let text = group.stream().to_string();
                if text.starts_with("doc =") || text.starts_with("cfg_attr") {
                    item.extend([token.clone(), tokens[at].clone()]);
                }
                at += 1;
            }
            (token, _) => {
                if !item.is_empty() {
                    all.push(std::mem::take(&mut item));
                }
                if let TokenTree::Group(group) = token {
                    docs(group.stream(), all);
                }
            }
        }
    }
}

/// What rustdoc says to a crate whose items have these docs.
fn rustdoc(file: &Path, args: &[&str]) -> String {
    let rustdoc = env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into());
    let output = Command::new(rustdoc)
        .args(args)
        .args(["--edition", "2024", "--crate-name", "docs"])
        .arg(file)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{text}");
    text
}

#[test]
fn rustdoc_runs_none_of_it_and_shows_all_of_it() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("docs.rs");
    let mut krate =
        "//! Docs.\n#![deny(warnings)]\n#![allow(rustdoc::broken_intra_doc_links)] // of ours\n"
            .to_owned();
    let (mut items, mut shown) = (0, 0);
    for text in DOCS {
        let mut all = Vec::new();
        for half in halves(text) {
            docs(half, &mut all);
        }
        for attributes in all {
            shown += usize::from(attributes.to_string().contains("colour"));
            writeln!(krate, "{attributes} pub struct Item{items};").unwrap();
            items += 1;
        }
    }
    // Each of the world's places once, at the least.
    assert!(shown > 25 * DOCS.len(), "{shown} of {items}");
    fs::write(&file, krate).unwrap();

    let tests = rustdoc(&file, &["--test"]);
    assert!(tests.contains("running 0 tests"), "{tests}");

    let out = folder.join("docs");
    let out = out.to_str().unwrap();
    let warnings = rustdoc(&file, &["-o", out]);
    assert_eq!(warnings, "");
    let page = fs::read_dir(folder.join("docs/docs")).unwrap();
    let without = page.map(|page| page.unwrap().path()).filter(|page| {
        let text = fs::read_to_string(page).unwrap_or_default();
        text.contains("teal") && !text.contains("<code>")
    });
    let without: Vec<_> = without.collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn docs_without_code_are_plain() {
    let text = halves("Looks `out`.")[0].to_string();
    assert!(text.contains("Looks `out`."), "{text}");
    assert!(!text.contains("doctest"), "{text}");
}

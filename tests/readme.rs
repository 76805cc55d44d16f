//! Keeps the documents true: code in the README is code that is compiled elsewhere, commands exist,
//! and links lead somewhere.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The blocks of code in a Markdown text, each with its language.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((language.to_owned(), block.join("\n") + "\n"));
        }
    }
    blocks
}

/// The documents of this repository for its users.
fn documents() -> Vec<PathBuf> {
    let mut documents: Vec<PathBuf> = ["README.md", "CHANGELOG.md", "ARCHITECTURE.md"]
        .map(PathBuf::from)
        .to_vec();
    for folder in ["docs", "docs/decisions"] {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let names = entries.map(|entry| Path::new(folder).join(entry.unwrap().file_name()));
        documents.extend(names.filter(|path| path.extension().is_some_and(|end| end == "md")));
    }
    documents
}

#[test]
fn code_in_the_readme_is_the_tutorials() {
    // The tutorial's code is compiled and run by a test of its own.
    let tutorial = blocks(&read("docs/tutorial.md"));
    let mut seen = 0;
    for (language, block) in blocks(&read("README.md")) {
        if ["rust", "wit", "text"].contains(&language.as_str()) {
            let same =
                |(other, text): &(String, String)| *other == language && text.ends_with(&block);
            assert!(
                tutorial.iter().any(same),
                "no block of docs/tutorial.md ends like this:\n{block}"
            );
            seen += 1;
        }
    }
    assert_eq!(
        seen, 5,
        "the README shows the WIT, the ABI, the host, the guest and their output"
    );
}

#[test]
fn commands_in_the_documents_exist() {
    let xtask = read("xtask/src/main.rs");
    for document in documents() {
        let text = read(&document);
        for rest in text.split("cargo xtask ").skip(1) {
            let command: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
            assert!(
                command.is_empty() || xtask.contains(&format!("\"{command}\" => ")),
                "{}: there is no `cargo xtask {command}`",
                document.display()
            );
        }
    }
}

#[test]
fn links_in_the_documents_lead_to_files() {
    for document in documents() {
        let text = read(&document);
        let folder = document.parent().unwrap();
        for rest in text.split("](").skip(1) {
            let link = rest.split(')').next().unwrap();
            let path = link.split('#').next().unwrap();
            assert!(
                link.contains("://") || root().join(folder).join(path).exists(),
                "{}: the link `{link}` leads nowhere",
                document.display()
            );
        }
    }
}

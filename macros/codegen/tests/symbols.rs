//! The names that an export of a world's own level cannot have, against the libraries that guests
//! are linked with.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Where the standard libraries of guests are: rustup's, and wasi-libc as Debian has it.
fn libraries() -> Vec<PathBuf> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot = Command::new(rustc).args(["--print", "sysroot"]).output();
    let sysroot = String::from_utf8(sysroot.unwrap().stdout).unwrap();
    let targets = Path::new(sysroot.trim()).join("lib/rustlib");
    let mut found = Vec::new();
    for target in ["wasm32-unknown-unknown", "wasm32-wasip2"] {
        files(&targets.join(target), &mut found);
    }
    files(Path::new("/usr/lib/wasm32-wasi"), &mut found);
    // What is linked only where a C program asks for it is no guest's.
    found.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".rlib") || name == "libc.a"
    });
    found
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(path),
        }
    }
}

/// The symbols that an archive defines: its first member lists them, behind their number and their
/// places.
fn symbols(archive: &[u8]) -> Vec<String> {
    let Some(header) = archive.strip_prefix(b"!<arch>\n") else {
        return Vec::new();
    };
    let (header, content) = header.split_at(60);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let size: usize = text(&header[48..58]).parse().unwrap();
    let (content, width) = match &*text(&header[..16]) {
        "/" => (&content[..size], 4),
        "/SYM64/" => (&content[..size], 8),
        _ => return Vec::new(),
    };
    let number = |bytes: &[u8]| bytes.iter().fold(0, |n, byte| n << 8 | usize::from(*byte));
    let names = &content[width * (1 + number(&content[..width]))..];
    names.split(|byte| *byte == 0).map(text).collect()
}

/// Whether WIT can have the name.
fn is_wit(name: &str) -> bool {
    let letters = |is: fn(&u8) -> bool| name.bytes().all(|c| is(&c) || c.is_ascii_digit());
    let one_case = letters(u8::is_ascii_lowercase) || letters(u8::is_ascii_uppercase);
    one_case && name.starts_with(|first: char| first.is_ascii_alphabetic())
}

#[test]
fn what_the_libraries_of_guests_define_is_refused() {
    let libraries = libraries();
    if libraries.is_empty() {
        println!("no library of a guest's target is here");
        return;
    }
    let mut names = BTreeSet::new();
    for library in &libraries {
        let symbols = symbols(&fs::read(library).unwrap());
        names.extend(symbols.into_iter().filter(|name| is_wit(name)));
    }
    assert!(names.contains("memcpy"), "of {libraries:?}: {names:?}");
    let exports: String = names
        .iter()
        .map(|name| format!("export %{name}: func();\n"))
        .collect();
    let wit = format!("package t:t; world w {{ {exports} }}");
    let input = format!("(abide) {{ inline: {wit:?} }}").parse().unwrap();
    let text = abide_codegen::abi(input).to_string();
    let missing: Vec<_> = names
        .iter()
        .filter(|name| !text.contains(&format!("the world exports `{name}` at its own level")))
        .collect();
    assert!(missing.is_empty(), "not in `c_functions.txt`: {missing:?}");
}

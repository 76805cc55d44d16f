//! Does what `docs/tutorial.md` and `docs/modules.md` say: writes their files into an empty folder, runs
//! their commands, and compares what these print with what they show.
//!
//! Two things are done in another way than a reader does them. Guests are built with whatever
//! toolchain this machine has, and the host's build shares the target folder, the lock file and the
//! profiles of this repository, so that wasmtime is not compiled once more.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use abide_build::Target;

/// With this package the tutorial's host shares the wasmtime that `cargo test --workspace` has
/// compiled.
const SHARED: &str = "abide-one-build = { path = '{repository}/tests/one-build' }\n";

/// The guest of a text, and how a reader builds it.
struct GuestBuild {
    line: &'static str,
    /// Where the reader finds it then.
    file: &'static str,
    build: fn(abide_build::Guest) -> abide_build::Guest,
}

/// Which text to follow.
struct Text {
    name: &'static str,
    guest: GuestBuild,
    folder: &'static str,
}

const TUTORIAL: Text = Text {
    name: "tutorial",
    guest: GuestBuild {
        line: "cargo build --release --target wasm32-wasip2 --manifest-path greeter-guest/Cargo.toml",
        file: "greeter-guest/target/wasm32-wasip2/release/greeter_guest.wasm",
        build: |guest| guest,
    },
    folder: "greeter",
};

const MODULES: Text = Text {
    name: "modules",
    guest: GuestBuild {
        line: "cargo build --release --target wasm32-unknown-unknown --manifest-path shop-guest/Cargo.toml",
        file: "shop-guest/target/wasm32-unknown-unknown/release/shop_guest.wasm",
        build: |guest| guest.module().target(Target::Unknown),
    },
    folder: "shop",
};

/// What a reader of the tutorial does, one after the other.
#[derive(Debug, PartialEq)]
enum Step {
    /// Writes a file.
    File { path: String, text: String },
    /// Runs a command.
    Run(String),
    /// Sees this in the terminal.
    See(String),
}

/// The steps in a tutorial's text: blocks of code under the name of a file, and blocks marked `sh`
/// and `text`. Blocks marked `ignore` are left out.
fn steps(tutorial: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut name = None;
    let mut lines = tutorial.lines();
    while let Some(line) = lines.next() {
        if let Some(path) = line
            .strip_prefix("**`")
            .and_then(|rest| rest.strip_suffix("`**"))
        {
            name = Some(path.to_owned());
        }
        let Some(language) = line.strip_prefix("```") else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let text = block.join("\n") + "\n";
        match (language, name.take()) {
            ("sh", None) => steps.extend(block.iter().map(|&line| Step::Run(line.to_owned()))),
            ("text", None) => steps.push(Step::See(text)),
            (ignored, None) if ignored.ends_with(",ignore") => {}
            (_, Some(path)) => steps.push(Step::File { path, text }),
            (language, None) => panic!("a block of {language} without a file's name:\n{text}"),
        }
    }
    steps
}

/// The words of a command line, of which some may stand in double quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('"').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// The folder that the tutorial is followed in.
struct Reader {
    text: Text,
    folder: PathBuf,
    repository: PathBuf,
    target: PathBuf,
    /// What the commands printed that were run since the last output was compared.
    seen: String,
}

impl Reader {
    fn new(text: Text) -> Self {
        let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = temporary.join(text.name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        Self {
            text,
            folder,
            repository: PathBuf::from(env!("CARGO_MANIFEST_DIR")),
            target: temporary.parent().unwrap().to_owned(),
            seen: String::new(),
        }
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.folder.join(path);
        let folder = file.parent().unwrap();
        fs::create_dir_all(folder).unwrap();
        let mut text = text.to_owned();
        if text.contains("[workspace]") {
            // What the tutorial says about Abide's own place, and the versions used here.
            let abide = &self.repository;
            text += &format!(
                "\n[patch.crates-io]\nabide = {{ path = '{0}' }}\n\
                 abide-build = {{ path = '{0}/guest-sdk/build' }}\n",
                abide.display()
            );
            fs::copy(abide.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        }
        if path.ends_with("-host/Cargo.toml") {
            // Its dependencies stand last.
            let repository = self.repository.display().to_string();
            text += &SHARED.replace("{repository}", &repository);
        }
        fs::write(file, text).unwrap();
    }

    fn run(&mut self, line: &str) {
        let Text { guest, folder, .. } = &self.text;
        let host = format!("cargo run -q -p {folder}-host -- ");
        match line {
            "rustup target add wasm32-wasip2" => {}
            _ if line == format!("mkdir {folder} && cd {folder}") => {}
            _ if line == guest.line => self.build_guest(),
            _ if line.starts_with(&host) => self.run_host(line),
            _ => panic!("the test does not know how to run `{line}`"),
        }
    }

    fn build_guest(&self) {
        let Text { guest, folder, .. } = &self.text;
        let built = abide_build::guest(self.folder.join(format!("{folder}-guest")));
        let component = (guest.build)(built)
            .target_dir(self.target.join("guests"))
            .build()
            .unwrap_or_else(|error| panic!("{error}"));
        let expected = self.folder.join(guest.file);
        fs::create_dir_all(expected.parent().unwrap()).unwrap();
        fs::copy(component, expected).unwrap();
    }

    fn run_host(&mut self, line: &str) {
        let words = words(line);
        let (cargo, program) = words.split_at(words.iter().position(|word| word == "--").unwrap());
        let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .current_dir(&self.folder)
            .args(&cargo[1..])
            // All that it needs was needed for this test already.
            .arg("--offline")
            .arg("--config")
            .arg(self.repository.join(".cargo/config.toml"))
            .arg("--target-dir")
            .arg(&self.target)
            .args(program)
            .output()
            .unwrap();
        for bytes in [output.stdout, output.stderr] {
            self.seen += &String::from_utf8(bytes).unwrap();
        }
    }
}

/// How often wasmtime was compiled into a target folder.
fn wasmtimes(target: &Path) -> usize {
    let compiled = fs::read_dir(target.join("debug/.fingerprint")).unwrap();
    let names = compiled.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    // What follows the name is a hash.
    let is_wasmtime = |name: &String| {
        let hash = name.strip_prefix("wasmtime-").unwrap_or_default();
        hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    names.filter(is_wasmtime).count()
}

#[test]
fn the_tutorial_does_what_it_says() {
    follow(TUTORIAL);
}

#[test]
fn the_guide_to_modules_does_what_it_says() {
    follow(MODULES);
}

fn follow(text: Text) {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let file = docs.join(text.name).with_extension("md");
    let mut reader = Reader::new(text);
    let before = wasmtimes(&reader.target);
    for step in steps(&fs::read_to_string(file).unwrap()) {
        match step {
            Step::File { path, text } => reader.write(&path, &text),
            Step::Run(line) => {
                assert_eq!(reader.seen, "", "the text does not show what was printed");
                reader.run(&line);
            }
            Step::See(expected) => {
                assert_eq!(reader.seen, expected, "left: printed, right: in the text");
                reader.seen.clear();
            }
        }
    }
    assert_eq!(reader.seen, "");
    assert_eq!(
        wasmtimes(&reader.target),
        before,
        "the host had a wasmtime of its own compiled: a package is missing in tests/one-build"
    );
}

#[test]
fn steps_are_found_in_a_text() {
    let text = "a\n\n**`b/c.rs`**\n\n```rust\nd\n\ne\n```\n\n```sh\nf \"\" \"g h\"\ni\n```\n```text\nj\n```\n\
                ```toml,ignore\nk\n```\n";
    let expected = [
        Step::File {
            path: "b/c.rs".to_owned(),
            text: "d\n\ne\n".to_owned(),
        },
        Step::Run("f \"\" \"g h\"".to_owned()),
        Step::Run("i".to_owned()),
        Step::See("j\n".to_owned()),
    ];
    assert_eq!(steps(text), expected);
    assert_eq!(words("f \"\" \"g h\" i"), ["f", "", "g h", "i"]);
}

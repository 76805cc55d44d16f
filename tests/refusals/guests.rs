//! What the compiler says to guests that use an ABI wrong: one sentence for each mistake, in the
//! words of the ABI.
//!
//! Every case is the library of one small guest, compiled for `wasm32-unknown-unknown`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use abide_build::Target;

/// The beginning of every case.
const ABI: &str = r#"
abide::abi!({
    inline: "
        package test:words@0.1.0;
        interface analyzer {
            record hit { word: string, count: u32 }
            resource index { constructor(); add: func(text: string) -> u32; }
            tokenize: func(text: string) -> list<string>;
            count: func(text: string) -> list<hit>;
        }
        world words {
            import analyzer;
            export analyzer;
            export version: func() -> u32;
            export about: func() -> string;
        }
    ",
    module: "MODULE",
});
"#;

/// A type that implements everything.
const PLUGIN: &str = r#"
pub struct Plugin<T>(std::marker::PhantomData<T>);
pub struct Index;

impl<T> guest::Analyzer for Plugin<T> {
    type Index = Index;
    fn tokenize(text: String) -> Vec<String> { guest::analyzer::tokenize(&text) }
    fn count(text: String) -> Vec<analyzer::Hit> { guest::analyzer::count(&text) }
}

impl guest::exports::analyzer::GuestIndex for Index {
    fn new() -> Self { Self }
    fn add(&self, text: String) -> u32 { text.len() as u32 }
}

impl<T> guest::Words for Plugin<T> {
    fn version() -> u32 { 1 }
    fn about() -> String { String::new() }
}
"#;

/// What the compiler says to a guest with that library, or nothing.
fn said(library: &str) -> String {
    // One package, changed for every case: what it depends on is compiled once.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = package(library).unwrap();
    let built = abide_build::guest(folder)
        .target(Target::Unknown)
        .target_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("target/guests"))
        .build();
    match built {
        Ok(_) => String::new(),
        Err(abide_build::Error::Compile { stderr, .. }) => stderr,
        Err(error) => panic!("{error}"),
    }
}

fn package(library: &str) -> std::io::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("refused-guest");
    fs::create_dir_all(folder.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"refused-guest\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [lib]\ncrate-type = [\"cdylib\"]\n[dependencies]\nabide = {{ path = {root:?} }}\n\
         [workspace]\n[profile.release]\nopt-level = \"s\"\nstrip = true\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/lib.rs"), library)?;
    // The same versions as in the other guests.
    let lock = root.join("tests/fixtures/Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock"))?;
    Ok(folder)
}

/// A guest with `abi!` at its root.
fn at_root(rest: &str) -> String {
    let abi = ABI.replace("    module: \"MODULE\",\n", "");
    format!("{abi}{PLUGIN}{rest}")
}

/// The first lines of the errors.
fn errors(said: &str) -> Vec<&str> {
    let lines = said.lines().filter(|line| line.starts_with("error"));
    lines
        .filter(|line| !line.starts_with("error: could not compile"))
        .collect()
}

#[test]
fn export_takes_any_type() {
    for plugin in [
        "Plugin<u8>",
        "crate::Plugin<Option<[u8; 2]>>,",
        "self::inner::Alias",
        "<inner::Alias as Same>::It",
    ] {
        let rest = format!(
            "pub mod inner {{ pub type Alias = super::Plugin<()>; }}
             pub trait Same {{ type It; }}
             impl<T> Same for T {{ type It = T; }}
             export!({plugin});"
        );
        assert_eq!(said(&at_root(&rest)), "", "{plugin}");
    }
}

#[test]
fn export_of_no_type() {
    for plugin in ["", "Plugin<u8>, Plugin<u16>"] {
        let said = said(&at_root(&format!("export!({plugin});")));
        assert_eq!(
            errors(&said),
            [
                "error: `export!` takes the type that implements the guest's traits: `export!(Plugin);`"
            ],
            "{said}"
        );
    }
}

#[test]
fn a_type_that_implements_nothing() {
    let said = said(&at_root("struct Wrong;\nexport!(Wrong);"));
    assert_eq!(
        errors(&said),
        [
            "error[E0277]: `Wrong` does not implement the export `test:words/analyzer@0.1.0`",
            "error[E0277]: `Wrong` does not implement the functions that `test:words/words@0.1.0` \
             exports at its own level",
        ],
        "{said}"
    );
    for label in ["Analyzer", "Words"] {
        let label = format!("needs `impl guest::{label} for Wrong`");
        assert!(said.contains(&label), "no `{label}` in\n{said}");
    }
    assert!(!said.contains("_cabi"), "{said}");
}

#[test]
fn a_type_that_is_no_resource() {
    let said = said(&at_root(
        "struct Wrong;
         struct Other;
         impl guest::Analyzer for Other {
             type Index = Wrong;
             fn tokenize(_: String) -> Vec<String> { Vec::new() }
             fn count(_: String) -> Vec<analyzer::Hit> { Vec::new() }
         }",
    ));
    assert_eq!(
        errors(&said),
        ["error[E0277]: `Wrong` does not implement the resource `test:words/analyzer.index`"],
        "{said}"
    );
    let label = "needs `impl guest::exports::analyzer::GuestIndex for Wrong`";
    assert!(said.contains(label), "{said}");
}

#[test]
fn two_exports() {
    for rest in [
        "export!(Plugin<u8>);\nexport!(Plugin<u8>);",
        "export!(Plugin<u8>);\nmod inner { crate::export!(super::Plugin<u16>); }",
    ] {
        let said = said(&at_root(rest));
        assert_eq!(
            errors(&said),
            [
                "error[E0428]: the name `export_test_words_words_0_1_0_only_once` is defined multiple times"
            ],
            "{said}"
        );
    }
}

#[test]
fn an_abi_in_another_module_than_it_was_told() {
    let inside = |module: &str| {
        let abi = match module {
            "" => ABI.replace("    module: \"MODULE\",\n", ""),
            module => ABI.replace("MODULE", module),
        };
        format!("pub mod outer {{ pub mod inner {{ {abi} {PLUGIN} }} }}")
    };
    assert_eq!(said(&inside("outer::inner")), "");
    for module in ["", "inner"] {
        let said = said(&inside(module));
        let errors = errors(&said);
        assert_eq!(errors.len(), 1, "{said}");
        for part in [
            "stands in the module `refused_guest::outer::inner`",
            &format!("was told `module: \"{module}\"`"),
            "write `module: \"outer::inner\"`",
        ] {
            assert!(errors[0].contains(part), "no `{part}` in\n{said}");
        }
    }
}

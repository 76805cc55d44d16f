//! Guests that were built for another world, or for another version of it: everything that does not
//! fit, in the terms of WIT.

use abide::{Error, Problem, ProblemKind, Result};

use crate::{FITS, TestHost, component, plain, support};

/// The package of the guest in `tests/fixtures/faults`, as it might look a version later.
mod later {
    abide::abi!({
        inline: "
            package test:faults@0.1.0;

            interface app {
                panics: func(message: string);
                hear: func(level: u8, text: string);
                waits: func();
            }

            interface bad {
                stop: func();
                stumble: func(over: option<string>);
                index: func(at: u64) -> result<u8>;
            }

            world faults {
                import app;
                export bad;
                export add: func(a: u32, b: u32) -> u32;
                export count: func() -> u64;
                export subtract: func(a: u32, b: u32) -> s64;
            }
        ",
        module: "misfits::later",
    });
}

impl later::host::App for TestHost {
    fn panics(&mut self, message: &str) {
        panic!("{message}");
    }

    fn hear(&mut self, level: u8, text: &str) {
        panic!("nothing is run here: {level}, {text}");
    }

    fn waits(&mut self) {}
}

/// The words about a guest that does not fit the world `plain`.
#[track_caller]
fn misfit(text: &str) -> String {
    let error = plain::host::Plain::builder(TestHost)
        .name("old")
        .load_bytes(component(text))
        .unwrap_err();
    assert!(
        matches!(&error, Error::Link { guest, .. } if &**guest == "old"),
        "{error}"
    );
    error.to_string()
}

/// What stands above and below the list of problems.
fn framed(world: &str, guest: &str, problems: &str) -> String {
    format!(
        "guest `{guest}` does not fit world `{world}`:\n{problems}\
         rebuild the guest against this version of the ABI, or load it with a host that implements the \
         world it was built for"
    )
}

/// [`FITS`] with one thing changed.
fn changed(from: &str, to: &str) -> String {
    assert!(FITS.contains(from), "{from}");
    FITS.replacen(from, to, 1)
}

#[test]
fn the_guest_that_is_changed_here_fits() -> Result<()> {
    plain::host::Plain::builder(TestHost).load_bytes(component(FITS))?;
    // Imports and exports of a compatible version fit, and imports that are not used may be absent.
    plain::host::Plain::builder(TestHost)
        .load_bytes(component(&FITS.replace("@0.2.0", "@0.2.9")))?;
    Ok(())
}

#[test]
fn a_missing_export() {
    assert_eq!(
        misfit(&changed("(export \"title\" (func $title))", "")),
        framed(
            "test:plain/plain@0.2.0",
            "old",
            "  - export `title` is missing\n      \
                   expected: func(markdown: string) -> option<string>\n"
        )
    );
}

#[test]
fn an_export_of_another_type() {
    let text = changed("(result (option string))", "(result (option u32))");
    assert_eq!(
        misfit(&text),
        framed(
            "test:plain/plain@0.2.0",
            "old",
            "  - export `title` has another type\n      \
                   expected: func(markdown: string) -> option<string>\n      \
                   found:    func(markdown: string) -> option<u32>\n"
        )
    );
}

#[test]
fn a_type_that_changed_inside() {
    let text = changed("(field \"words\" u32)", "(field \"words\" u64)").replacen(
        "(case \"empty\") (case \"too-large\" u64)",
        "(case \"empty\")",
        1,
    );
    assert_eq!(
        misfit(&text),
        framed(
            "test:plain/plain@0.2.0",
            "old",
            "  - export `test:plain/render.render` has another type\n      \
                   expected: func(markdown: string) -> result<record { title: string, words: u32 }, \
                   variant { empty, too-large(u64) }>\n      \
                   found:    func(markdown: string) -> result<record { title: string, words: u64 }, \
                   variant { empty }>\n"
        )
    );
}

#[test]
fn an_export_that_is_no_function() {
    let text = changed(
        "(export \"title\" (func $title))",
        "(export \"title\" (instance $exported))",
    );
    assert_eq!(
        misfit(&text),
        framed(
            "test:plain/plain@0.2.0",
            "old",
            "  - export `title` has another type\n      \
                   expected: func(markdown: string) -> option<string>\n      \
                   found:    an interface\n"
        )
    );
}

#[test]
fn an_import_that_the_host_lacks() {
    let text = changed(
        "(core module $main",
        r#"(import "test:plain/kv@0.2.0" (instance
             (export "get" (func (param "key" string) (result (list u8))))))
           (import "now" (func (result u64)))
           (import "wasi:keyvalue/store@0.2.0" (instance (export "time-out" (func (result u32)))))
           (import "test:plain/files@0.2.0" (instance (export "file" (type (sub resource)))))
           (core module $main"#,
    );
    assert_eq!(
        misfit(&text),
        framed(
            "test:plain/plain@0.2.0",
            "old",
            "  - import `now` is not offered by the host\n  \
             - import `test:plain/files` is not offered by the host\n  \
             - import `test:plain/kv` is not offered by the host\n  \
             - import `wasi:keyvalue/store` is not offered by the host\n"
        )
    );
}

#[test]
fn functions_that_an_interface_of_the_host_lacks() {
    let text = changed(
        "(export \"zone\" (func (result string)))",
        r#"(export "zone" (func (result string)))
           (export "clock" (type (sub resource)))
           (export "leap" (func (param "year" u16) (result bool)))"#,
    );
    let text = text.replacen(
        "(core module $main",
        r#"(import "now" (func (result u64))) (core module $main"#,
        1,
    );
    assert_eq!(
        misfit(&text),
        framed(
            "test:plain/plain@0.2.0",
            "old",
            "  - import `now` is not offered by the host\n      \
                   wanted:   func() -> u64\n  \
             - import `test:plain/clock.clock` is not offered by the host\n      \
                   wanted:   a resource\n  \
             - import `test:plain/clock.leap` is not offered by the host\n      \
                   wanted:   func(year: u16) -> bool\n"
        )
    );
}

#[test]
fn an_import_of_another_type() {
    let text = changed("(param \"level\" u8)", "(param \"level\" string)").replacen(
        "(export \"now-ms\" (func (result u64)))",
        "(export \"now-ms\" (func (result s64)))",
        1,
    );
    assert_eq!(
        misfit(&text),
        framed(
            "test:plain/plain@0.2.0",
            "old",
            "  - import `log` has another type\n      \
                   offered:  func(level: u8, text: string)\n      \
                   wanted:   func(level: string, text: string)\n  \
             - import `test:plain/clock.now-ms` has another type\n      \
                   offered:  func() -> u64\n      \
                   wanted:   func() -> s64\n"
        )
    );
}

#[test]
fn another_version() {
    let problem = "  - import `test:plain/clock` is not offered by the host\n      \
                   note: the guest wants `test:plain/clock@0.1.0`, the host offers \
                   `test:plain/clock@0.2.0`\n";
    assert_eq!(
        misfit(&FITS.replace("@0.2.0", "@0.1.0")),
        framed(
            "test:plain/plain@0.2.0",
            "old",
            &format!(
                "  - export `test:plain/render.render` is missing\n      \
                       expected: func(markdown: string) -> result<record {{ title: string, words: u32 \
                       }}, variant {{ empty, too-large(u64) }}>\n      \
                       note: the guest exports `test:plain/render@0.1.0`, the world wants \
                       `test:plain/render@0.2.0`\n{problem}"
            )
        )
    );
}

#[test]
fn a_real_guest_of_an_earlier_version_with_everything_that_does_not_fit() {
    for target in abide_build::Target::ALL {
        let wasm = support::guest("faults", target);
        let error = later::host::Faults::load(&wasm, TestHost).unwrap_err();
        // A guest without a name is called like its file.
        let guest = wasm.file_stem().unwrap().to_str().unwrap();
        let Error::Link {
            world, problems, ..
        } = &error
        else {
            panic!("{error}")
        };
        assert_eq!(*world, "test:faults/faults@0.1.0");
        let list: String = problems.iter().map(in_list).collect();
        assert_eq!(error.to_string(), framed(world, guest, &list));

        // In which order a guest has its imports is up to the tools that built it.
        let mut told: Vec<_> = problems.iter().map(|p| (p.kind, p.to_string())).collect();
        told.sort_by(|(_, one), (_, other)| one.cmp(other));
        use ProblemKind::{ExportType, ImportType, MissingExport, MissingImport};
        let expected = [
            (
                ExportType,
                "export `count` has another type\n    \
                     expected: func() -> u64\n    \
                     found:    func() -> u32",
            ),
            (
                MissingExport,
                "export `subtract` is missing\n    \
                     expected: func(a: u32, b: u32) -> s64",
            ),
            (
                ExportType,
                "export `test:faults/bad.index` has another type\n    \
                     expected: func(at: u64) -> result<u8>\n    \
                     found:    func(at: u32) -> u8",
            ),
            (
                MissingExport,
                "export `test:faults/bad.stumble` is missing\n    \
                     expected: func(over: option<string>)",
            ),
            (
                MissingImport,
                "import `test:faults/app.aborts` is not offered by the host\n    \
                     wanted:   func(reason: string) -> u32",
            ),
            (
                MissingImport,
                "import `test:faults/app.calls-another` is not offered by the host\n    \
                     wanted:   func() -> u32",
            ),
            (
                MissingImport,
                "import `test:faults/app.calls-back` is not offered by the host\n    \
                     wanted:   func(pass-on: bool) -> u32",
            ),
            (
                ImportType,
                "import `test:faults/app.hear` has another type\n    \
                     offered:  func(level: u8, text: string)\n    \
                     wanted:   func(text: string)",
            ),
        ];
        assert_eq!(told, expected.map(|(kind, text)| (kind, text.to_owned())));
    }
}

/// A problem as it stands in the list of them.
fn in_list(problem: &Problem) -> String {
    format!("  - {}\n", problem.to_string().replace('\n', "\n  "))
}

#[test]
fn a_guest_of_quite_another_kind() {
    assert_eq!(
        misfit("(component)"),
        framed(
            "test:plain/plain@0.2.0",
            "old",
            "  - export `title` is missing\n      \
                   expected: func(markdown: string) -> option<string>\n  \
             - export `test:plain/render.render` is missing\n      \
                   expected: func(markdown: string) -> result<record { title: string, words: u32 }, \
                   variant { empty, too-large(u64) }>\n      \
                   note: the guest exports nothing of this world; is `export!` missing in it?\n"
        )
    );
}

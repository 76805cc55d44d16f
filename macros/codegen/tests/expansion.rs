//! What `abi!` expands to, where only the text can show it: docs, parameter names, and that the
//! same WIT gives the same code however it is named.

use proc_macro2::TokenStream;
use std::path::Path;

/// The expansion of `abi!(…)`, formatted.
fn expanded(input: &str) -> String {
    let input: TokenStream = format!("(abide) {input}").parse().unwrap();
    let file = syn::parse2(abide_codegen::abi(input)).unwrap();
    prettyplease::unparse(&file)
}

/// Whether guests are refused, and hosts warned.
fn is_refused(text: &str) -> bool {
    // With its place in a WIT of one line.
    let error = "#[cfg(target_family = \"wasm\")]\n::core::compile_error!(\n    \"inline:1:";
    let warning = "#[cfg(not(target_family = \"wasm\"))]\nconst _: () = {\n    #[deprecated(";
    let is = [error, warning].map(|part| text.contains(part));
    assert_eq!(is[0], is[1], "{text}");
    is[0]
}

/// The tokens that the WIT at `path` expands to, with paths left out.
fn of_path(path: &str) -> Vec<String> {
    let input: TokenStream = format!("(abide) {path:?}").parse().unwrap();
    let text = abide_codegen::abi(input).to_string();
    assert!(text.contains("pub trait Weather"), "{text}");
    let parts = text.split('"').filter(|part| !part.contains("tests/wit"));
    parts.map(str::to_owned).collect()
}

#[test]
fn docs_and_parameter_names_are_carried_over() {
    let text = expanded(r#"{ wit: "tests/wit/carry.wit" }"#);
    for expected in [
        "/// Weather, as the host knows it.",
        "/// What the sky does.",
        "/// Looks out of the window.",
        "fn look(&mut self, which_window: u8, for_how_long: u32) -> super::weather::Sky;",
        "/// A thing that plans.",
        "/// Makes a plan.",
        "pub fn plan(\n            &self,\n            first_day: u32,\n            last_day: u32,\n        )",
    ] {
        assert!(text.contains(expected), "no `{expected}` in\n{text}");
    }
}

#[test]
fn a_path_may_be_relative_or_absolute_a_file_or_a_folder() {
    let absolute = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wit");
    let file = of_path("tests/wit/carry.wit");
    for path in [
        "./tests/wit/carry.wit",
        "tests/wit",
        absolute.to_str().unwrap(),
        absolute.join("carry.wit").to_str().unwrap(),
    ] {
        assert_eq!(file, of_path(path), "{path}");
    }
}

#[test]
fn inline_text_gives_the_same_types() {
    let wit = include_str!("wit/carry.wit");
    let inline = expanded(&format!("{{ inline: {wit:?} }}"));
    for expected in ["pub enum Sky", "pub trait Weather", "pub struct Carry("] {
        assert!(inline.contains(expected), "no `{expected}` in\n{inline}");
    }
}

#[test]
fn an_error_of_a_whole_package_names_its_source() {
    let text = expanded(r#"{ inline: "world w {}" }"#);
    assert!(text.contains("no `package` header was found"), "{text}");
    assert!(text.contains("\\n --> inline"), "{text}");
}

#[test]
fn the_fingerprint_changes_with_the_shape_and_not_with_the_docs() {
    let wit = include_str!("wit/carry.wit");
    let fingerprint = |wit: &str| {
        let text = expanded(&format!("{{ inline: {wit:?} }}"));
        let line = text.lines().find(|line| line.contains("fingerprint:"));
        line.expect("ABI has a fingerprint").to_owned()
    };
    let original = fingerprint(wit);
    assert_eq!(
        original,
        fingerprint(&wit.replace("What the sky does.", "Above."))
    );
    for (from, to) in [
        ("clear, rain", "rain, clear"),
        ("which-window", "window"),
        ("for-how-long: u32", "for-how-long: u64"),
        ("export plan", "export plan-it"),
        ("list<string>", "list<list<string>>"),
    ] {
        assert!(wit.contains(from));
        assert_ne!(
            original,
            fingerprint(&wit.replace(from, to)),
            "{from} to {to}"
        );
    }
}

#[test]
fn an_export_with_the_name_of_a_symbol_is_an_error_for_guests_and_a_warning_for_hosts() {
    for (export, clashes) in [
        ("write", true),
        ("log", true),
        ("realpath", true),
        ("roundeven", true),
        ("memory", true),
        ("main", true),
        ("render", false),
        ("re-write", false),
        ("WRITE", false),
        ("MEMORY", false),
        ("initialize", false),
        ("cabi-realloc", false),
    ] {
        let wit = format!("package t:t; world w {{ export {export}: func(); }}");
        let text = expanded(&format!("{{ inline: {wit:?} }}"));
        assert_eq!(is_refused(&text), clashes, "{export}\n{text}");
        assert!(text.contains("pub struct W("), "{text}");
    }
    let inside = "package t:t; interface i { write: func(); memory: func(); } world w { export i; import memory: func(); }";
    assert!(!is_refused(&expanded(&format!("{{ inline: {inside:?} }}"))));
}

#[test]
fn a_method_that_every_handle_has_is_an_error_for_guests_and_a_warning_for_hosts() {
    for (method, clashes) in [
        ("handle", true),
        ("take-handle", true),
        ("HANDLE", true),
        ("handles", false),
    ] {
        for (side, clashes) in [("import", clashes), ("export", false)] {
            let resource = format!("resource r {{ {method}: func(); }}");
            let wit = format!("package t:t; interface i {{ {resource} }} world w {{ {side} i; }}");
            let text = expanded(&format!("{{ inline: {wit:?} }}"));
            assert_eq!(is_refused(&text), clashes, "{wit}\n{text}");
        }
    }
}

#[test]
fn a_type_called_like_a_trait_of_the_guests_code_is_an_error_for_guests_and_a_warning_for_hosts() {
    for (types, clashes) in [
        ("resource guest {}", true),
        ("resource GUEST {}", true),
        ("resource guests {}", false),
        ("resource r {} record GUEST { of: own<r> }", true),
        ("resource r {} record guest { of: own<r> }", false),
        ("record GUEST { of: u8 }", false),
    ] {
        for (side, clashes) in [("export", clashes), ("import", false)] {
            let wit = format!("package t:t; interface i {{ {types} }} world w {{ {side} i; }}");
            let text = expanded(&format!("{{ inline: {wit:?} }}"));
            assert_eq!(is_refused(&text), clashes, "{wit}\n{text}");
        }
    }
}

#[test]
fn a_type_called_self_is_refused_where_it_would_be_wit_bindgens_however_it_is_written() {
    for (types, clashes) in [
        ("type SELF = list<u8>;", true),
        ("type self = list<u8>;", true),
        ("resource SELF {}", true),
        ("resource r {} record SELF { of: own<r> }", true),
        ("record SELF { of: u8 }", false),
        ("type SELF-ish = list<u8>;", false),
    ] {
        let wit = format!("package t:t; interface i {{ {types} }} world w {{ import i; }}");
        let text = expanded(&format!("{{ inline: {wit:?} }}"));
        let refused = text.contains("`Self` is a keyword in Rust");
        assert_eq!(refused, clashes, "{wit}\n{text}");
    }
}

#[test]
fn a_name_is_taken_only_where_something_is_called_so() {
    let refused = |wit: &str| {
        let text = expanded(&format!("{{ inline: {wit:?} }}"));
        let refused = text.contains("would be called");
        assert_ne!(refused, text.contains("pub struct B("), "{text}");
        refused
    };
    let interface = |name: &str| format!("interface {name} {{ f: func(); }}");
    let world = |items: &str| {
        let interfaces = ["b-imports", "kv", "provides-kv"].map(interface);
        format!("package t:t; {} world b {{ {items} }}", interfaces.concat())
    };
    for (items, clashes) in [
        ("import b-imports;", false),
        ("import b-imports; import now: func();", true),
        ("import b-imports; export now: func();", false),
        ("export b-imports; import now: func();", false),
        ("import kv; import provides-kv;", true),
        ("import kv; export provides-kv;", false),
        ("export kv; export provides-kv;", false),
    ] {
        let wit = world(items);
        assert_eq!(refused(&wit), clashes, "{wit}");
    }
    // Types alone have no trait.
    let types = "package t:t; interface b-imports { type a = u8; } world b { import b-imports; import f: func(); }";
    assert!(!refused(types));
}

#[test]
fn modules_have_an_underscore_only_beside_ours() {
    let resource = "resource r { m: func(); }";
    for (name, items, inside, expected) in [
        ("exports", "import exports;", "", "exports"),
        ("exports", "import exports; export exports;", "", "exports"),
        ("exports", "import exports;", resource, "exports"),
        ("exports", "export exports;", resource, "exports_"),
        (
            "exports",
            "import exports; export other;",
            resource,
            "exports_",
        ),
        (
            "imports",
            "import imports; export imports;",
            resource,
            "imports",
        ),
        (
            "imports",
            "import imports; import now: func();",
            "",
            "imports_",
        ),
        ("provides", "import provides;", "", "provides"),
        ("provides", "import provides;", resource, "provides_"),
        ("host", "import host;", "", "host_"),
    ] {
        let wit = format!(
            "package t:t;
             interface other {{ g: func(); }}
             interface {name} {{ {inside} record a {{ b: u8 }} f: func(a: a); }}
             world w {{ {items} }}"
        );
        let text = expanded(&format!("{{ inline: {wit:?} }}"));
        let module = format!("\npub mod {expected} {{\n    use super::__abide;\n");
        assert!(
            text.contains(&module),
            "no `{module}` for\n{wit}\nin\n{text}"
        );
    }
}

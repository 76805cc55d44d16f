//! Valid inputs of the targets: the components and the WIT of this repository's tests. The only
//! file here that reads files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The longest seed, in bytes. Long ones are slow, and say little that short ones do not.
const LONGEST: usize = 16 * 1024;
const LONGEST_TEXT: usize = 4 * 1024;

/// Texts of WIT, each behind a byte of options.
///
/// # Errors
/// If a file cannot be read.
pub fn wit() -> Result<Vec<Vec<u8>>> {
    let mut seeds = Vec::new();
    for path in files("wit")? {
        let text = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        if text.len() > LONGEST_TEXT {
            continue;
        }
        // With none of the options, or with all.
        let options = if seeds.len() % 2 == 0 { 0 } else { 0x1f };
        seeds.push([&[options], &*text].concat());
    }
    let deep = |open: &str, close: &str, count: usize| {
        let nested = format!("{}u8{}", open.repeat(count), close.repeat(count));
        format!("package t:t; world w {{ import f: func(x: {nested}); }}")
    };
    let chain = |of: &str| {
        let types =
            (1..200).map(|n| format!("type t{n} = {};\n", of.replace('X', &format!("t{}", n - 1))));
        let types: String = types.collect();
        format!(
            "package t:t; interface i {{ type t0 = u8;\n{types}f: func(x: t199); }} world w {{ import i; }}"
        )
    };
    let texts = [
        deep("list<", ">", 90),
        deep("list<", ">", 5000),
        deep("tuple<", ",u8>", 101),
        chain("X"),
        chain("list<X>"),
        chain("tuple<X, X>"),
        chain("result<X, X>"),
        format!("package t:t; world w {{ {} }}", "/*".repeat(2000)),
        "package t:t; world w { include v; } world v { include w; }".to_owned(),
        "package t:t; interface a { use b.{t}; } interface b { use a.{t}; } world w { import a; }".to_owned(),
        "package t:t; interface i { record r { r: r } record s { t: list<s> } } world w { import i; }".to_owned(),
    ];
    seeds.extend(texts.map(|text| [&[0], text.as_bytes()].concat()));
    Ok(seeds)
}

/// Components, and what looks like one.
///
/// # Errors
/// If a file cannot be read, or is no component.
#[cfg(feature = "runtime")]
pub fn component() -> Result<Vec<Vec<u8>>> {
    let mut seeds = vec![crate::guest::good()];
    for path in files("wat")? {
        let text = fs::read_to_string(&path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        let bytes = wat::parse_str(&text).with_context(|| format!("in `{}`", path.display()))?;
        seeds.push(bytes);
    }
    for text in COMPONENTS {
        seeds.push(wat::parse_str(text).with_context(|| (*text).to_owned())?);
    }
    for text in misfits() {
        seeds.push(wat::parse_str(&text).context("a misfit")?);
    }
    for guest in guest()? {
        let mut input = arbitrary::Unstructured::new(&guest);
        seeds.push(crate::guest::guest_of(&mut input)?);
    }
    seeds.retain(|seed| seed.len() <= LONGEST);
    Ok(seeds)
}

/// Components that do not fit the world, are invalid or stop, with names and types that are long,
/// many, or act on a terminal: what an error says of them has a bound.
#[cfg(feature = "runtime")]
fn misfits() -> Vec<String> {
    let repeated =
        |count: usize, item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<String>();
    let functions = repeated(300, &|number| format!("(export \"f{number}\" (func))"));
    let long = "n".repeat(8_000);
    let cases = repeated(12, &|number| format!(" \"a{number}-{}\"", &long[..500]));
    let params = repeated(40, &|number| format!("(param \"p{number}\" $e)"));
    let interface = "abide:fuzzed/things@0.1.0";
    let acts = "\\1b[2J\\0d\\e2\\80\\ae";
    vec![
        format!("(component (import \"x:y/z{long}\" (instance {functions})))"),
        format!("(component (import \"{interface}\" (instance {functions})))"),
        format!(
            "(component (type $o (enum {cases})) (import \"{interface}\" (instance
               (alias outer 1 $o (type $oo)) (export \"e\" (type $e (eq $oo)))
               (export \"open\" (func {params})))))"
        ),
        format!("(component (core module (func (export \"{acts}{long}\")) (func (export \"{acts}{long}\"))))"),
        format!(
            "(component (core module $m (import \"{acts}\" \"{acts}{long}\" (func)))
               (core instance (instantiate $m)))"
        ),
        format!(
            "(component
                (core module $m (func $f (@name \"{acts}_RINvC1a1bTjjjjjjjjETB7_B7_B7_B7_B7_B7_B7_B7_EE\")
                    (unreachable)) (start $f))
                (core instance (instantiate $m)))"
        ),
        format!("(component (core module $m (func $f (@name \"_RINvC1a1b{}EE\") (unreachable)) (start $f))
            (core instance (instantiate $m)))", "TjjjjjjjjETB7_B7_B7_B7_B7_B7_B7_B7_ETBg_Bg_Bg_Bg_Bg_Bg_Bg_Bg_E\
            TBG_BG_BG_BG_BG_BG_BG_BG_ETB17_B17_B17_B17_B17_B17_B17_B17_"),
    ]
}

/// Small components, of each part of the format some.
#[cfg(feature = "runtime")]
const COMPONENTS: &[&str] = &[
    "(component)",
    "(module)",
    "(component (component (component (component))))",
    "(component (core module (func unreachable) (start 0)) (core instance (instantiate 0)))",
    "(component (core module (func (loop (br 0))) (start 0)) (core instance (instantiate 0)))",
    "(component (core module (memory 1000)) (core instance (instantiate 0)))",
    "(component (core module (table 100000 funcref)) (core instance (instantiate 0)))",
    "(component (type (record (field \"a\" u8))) (type (list string)) (type (variant (case \"a\" char)))
        (type (flags \"a\" \"b\")) (type (enum \"a\")) (type (option u8)) (type (result (error string))))",
    "(component (type $r (resource (rep i32))) (core func (canon resource.new $r))
        (core func (canon resource.drop $r)) (export \"r\" (type $r)))",
    "(component (import \"wasi:cli/environment@0.2.0\" (instance
        (export \"get-environment\" (func (result (list (tuple string string))))))))",
    "(component (import \"abide:guest/panic@0.1.0\" (instance
        (export \"panicked\" (func (param \"message\" string))))))",
    "(component (core module $m (memory (export \"m\") 1)
          (func (export \"f\") (param i32) (result i32) (local.get 0)))
        (core instance $i (instantiate $m))
        (func (export \"run\") (param \"number\" u32) (result u32) (canon lift (core func $i \"f\"))))",
];

/// Inputs of the target `guest`: made of random bytes, since any bytes are valid.
///
/// # Errors
/// None; it is as the other seeds are.
#[cfg(feature = "runtime")]
pub fn guest() -> Result<Vec<Vec<u8>>> {
    let mut rng = abide_fuzz_values::Rng::new(&[4]);
    let random = (0..24).map(|_| crate::mutate::random(1500, &mut rng));
    Ok(std::iter::once(Vec::new()).chain(random).collect())
}

/// The files of this repository's tests with an extension, always in the same order.
fn files(extension: &str) -> Result<Vec<PathBuf>> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package
        .ancestors()
        .nth(2)
        .context("this package has no repository around it")?;
    let mut found = Vec::new();
    for folder in [
        "tests",
        "abi",
        "host-impl/runtime/tests",
        "bench",
        "fuzz/targets",
        "macros/codegen/tests",
    ] {
        collect(&root.join(folder), extension, &mut found)?;
    }
    found.retain(|path| fs::metadata(path).is_ok_and(|file| file.len() <= LONGEST as u64));
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) -> Result<()> {
    let cannot = || format!("cannot read `{}`", folder.display());
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let path = entry.with_context(cannot)?.path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("sources") {
            collect(&path, extension, found)?;
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    Ok(())
}

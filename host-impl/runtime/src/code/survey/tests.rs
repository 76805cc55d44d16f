use super::*;

fn parsed(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

fn verdict(bytes: &[u8]) -> Result<(), TooMuch> {
    survey(bytes).map(drop)
}

/// A component that makes `width` instances of one that makes as many of a third, and so on.
fn multiplied(levels: usize, width: usize) -> Vec<u8> {
    let mut text =
        String::from("(component $c0 (core module $m) (core instance (instantiate $m)))");
    for level in 1..=levels {
        let instances = "(instance (instantiate $c))".repeat(width);
        let alias = format!("(alias outer $top $c{} (component $c))", level - 1);
        text.push_str(&format!("(component $c{level} {alias} {instances})"));
    }
    let last = format!("(instance (instantiate $c{levels}))");
    parsed(&format!("(component $top {text} {last})"))
}

#[test]
fn instances_in_instances_are_multiplied() {
    let too_many = Err(TooMuch::Instances);
    assert_eq!(verdict(&multiplied(0, 2)), Ok(()));
    assert_eq!(verdict(&multiplied(10, 2)), Ok(()));
    assert_eq!(verdict(&multiplied(13, 2)), too_many);
    assert_eq!(verdict(&multiplied(22, 2)), too_many);
    assert_eq!(verdict(&multiplied(64, 64)), too_many);
    // One inside of the other is only as many as there are.
    assert_eq!(verdict(&multiplied(64, 1)), Ok(()));
}

#[test]
fn components_with_other_names_count_as_themselves() {
    let renamed = |times: usize| {
        let more = "(instance (instantiate $again))".repeat(times);
        parsed(&format!(
            "(component
                (component $one (core module $m) (core instance (instantiate $m)))
                (export $again \"one\" (component $one))
                {more})"
        ))
    };
    assert_eq!(verdict(&renamed(4_999)), Ok(()));
    assert_eq!(verdict(&renamed(5_000)), Err(TooMuch::Instances));
}

#[test]
fn components_out_of_instances_and_arguments_count_as_themselves() {
    let taken = |times: usize| {
        let more = "(instance (instantiate $inner))".repeat(times);
        let given = "(instance (instantiate $c))".repeat(times);
        parsed(&format!(
            "(component
                (component $outer
                    (component $one (core module $m) (core instance (instantiate $m)))
                    (export \"inner\" (component $one)))
                (instance $i (instantiate $outer))
                (alias export $i \"inner\" (component $inner))
                (component $takes (import \"c\" (component $c)) {given})
                (instance (instantiate $takes (with \"c\" (component $inner))))
                {more})"
        ))
    };
    assert_eq!(verdict(&taken(2_000)), Ok(()));
    assert_eq!(verdict(&taken(3_000)), Err(TooMuch::Instances));
}

/// A component of which each of so many instances has so many exports.
fn exporting(exports: usize, instances: usize) -> Vec<u8> {
    let head = "(type $t (func)) (import \"f\" (func $f (type $t)))";
    let exported: String = (0..exports)
        .map(|number| format!("(export \"a{number}\" (func $f))"))
        .collect();
    let inner = "(instance (instantiate $c (with \"f\" (func $f))))".repeat(instances);
    parsed(&format!(
        "(component {head} (component $d {head} (component $c {head} {exported}) {inner})
           (instance (instantiate $d (with \"f\" (func $f)))))"
    ))
}

#[test]
fn exports_count_for_each_instance() {
    assert_eq!(verdict(&exporting(300, 100)), Ok(()));
    assert_eq!(verdict(&exporting(3_000, 10)), Ok(()));
    assert_eq!(verdict(&exporting(3_000, 900)), Err(TooMuch::Work));
    assert_eq!(verdict(&exporting(300, 9_000)), Err(TooMuch::Work));
}

#[test]
fn what_an_instance_is_given_counts_with_all_that_is_in_it() {
    // Each has the one before it twice, which nobody sees in its type.
    let doubled = |times: usize| {
        let mut made =
            String::from("(instance $i0 (instantiate $c (with \"i\" (instance $none))))");
        for number in 1..=times {
            let before = number - 1;
            made.push_str(&format!(
                "(instance $i{number} (instantiate $c (with \"i\" (instance $i{before}))))"
            ));
        }
        parsed(&format!(
            "(component
                (component $c (import \"i\" (instance $i))
                    (export \"a\" (instance $i)) (export \"b\" (instance $i)))
                (instance $none)
                {made})"
        ))
    };
    assert_eq!(verdict(&doubled(8)), Ok(()));
    assert_eq!(verdict(&doubled(30)), Err(TooMuch::Work));
}

#[test]
fn instances_in_one_another_have_a_bound() {
    let chained = |depth: usize| {
        let mut made = String::from("(instance $i0)");
        for number in 1..=depth {
            let before = number - 1;
            made.push_str(&format!(
                "(instance $i{number} (export \"a\" (instance $i{before})))"
            ));
        }
        parsed(&format!("(component {made})"))
    };
    assert_eq!(verdict(&chained(90)), Ok(()));
    assert_eq!(verdict(&chained(900)), Err(TooMuch::Deep));
}

/// A component that imports so many functions, each with parameters of a type of so many cases.
fn typed(cases: usize, params: usize, functions: usize) -> Vec<u8> {
    let list =
        |count: usize, item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<String>();
    let cases = list(cases, &|number| format!(" \"a{number}\""));
    let params = list(params, &|number| format!("(param \"p{number}\" $e)"));
    let functions = list(functions, &|number| {
        format!("(export \"f{number}\" (func (type $f)))")
    });
    parsed(&format!(
        "(component (type $o (enum {cases})) (import \"x:y/z\" (instance
           (alias outer 1 $o (type $oo)) (export \"e\" (type $e (eq $oo)))
           (type $f (func {params})) {functions})))"
    ))
}

#[test]
fn types_count_each_time_that_they_are_used() {
    assert_eq!(verdict(&typed(1_000, 10, 10)), Ok(()));
    assert_eq!(verdict(&typed(10, 1_000, 10)), Ok(()));
    assert_eq!(verdict(&typed(10, 10, 1_000)), Ok(()));
    assert_eq!(verdict(&typed(1_000, 1_000, 10)), Err(TooMuch::Work));
    assert_eq!(verdict(&typed(10_000, 1_000, 1)), Err(TooMuch::Work));
}

#[test]
fn arguments_of_a_module_count_for_each_instance() {
    let many = |imports: usize, instances: usize| {
        let imports = "(import \"a\" \"b\" (func))".repeat(imports);
        let made = "(core instance (instantiate $m (with \"a\" (instance $a))))".repeat(instances);
        let inner = "(alias outer $top $m (core module $n))
            (core instance (instantiate $n (with \"a\" (instance $a))))";
        let supply = "(core module $s (func (export \"b\"))) (core instance $a (instantiate $s))";
        parsed(&format!(
            "(component $top (core module $m {imports}) {supply} {made}
               (component $c {supply} {inner}) (instance (instantiate $c)))"
        ))
    };
    assert_eq!(verdict(&many(1_000, 100)), Ok(()));
    assert_eq!(verdict(&many(1_000, 900)), Err(TooMuch::Work));
}

#[test]
fn functions_count_once() {
    let many = |functions: usize, instances: usize| {
        let functions = "(func)".repeat(functions);
        let made = "(core instance (instantiate $m))".repeat(instances);
        parsed(&format!("(component (core module $m {functions}) {made})"))
    };
    assert_eq!(verdict(&many(50_000, 50)), Ok(()));
    assert_eq!(verdict(&many(300_000, 0)), Err(TooMuch::Work));
}

#[test]
fn what_a_component_declares_is_told() {
    let bytes = parsed(
        "(component
            (import \"a:b/c@0.1.0\" (instance (type $t (record (field \"x\" u8)))
                (export \"t\" (type (eq $t))) (export \"r\" (type (sub resource)))
                (export \"f\" (func))))
            (import \"g\" (func $g))
            (core module $m (memory 3) (memory 1) (table 7 funcref))
            (core instance (instantiate $m)) (core instance (instantiate $m))
            (instance $i (export \"h\" (func $g)))
            (export \"d:e/f\" (instance $i)) (export \"k\" (func $g)))",
    );
    let declared = survey(&bytes).unwrap().unwrap();
    let names: Vec<_> = declared
        .imports
        .iter()
        .map(|(name, ty)| (*name, ty.kind()))
        .collect();
    assert_eq!(
        names,
        [("a:b/c@0.1.0", ItemKind::Instance), ("g", ItemKind::Func)]
    );
    let items = &declared.imports[0].1;
    let kind = |name| items.item(name).map(|item| item.kind());
    assert_eq!(kind("t"), Some(ItemKind::Type));
    assert_eq!(kind("r"), Some(ItemKind::Resource));
    assert_eq!(kind("f"), Some(ItemKind::Func));
    assert_eq!(kind("g"), None);
    assert!(declared.exports("", "k") && declared.exports("d:e/f", "h"));
    assert!(!declared.exports("", "h") && !declared.exports("d:e/f", "k"));
    let needs = Needs {
        instances: 2,
        memories: 4,
        tables: 2,
        pages: 3,
        elements: 7,
    };
    assert_eq!(declared.needs, needs);
}

#[test]
fn what_cannot_be_read_is_left_to_the_compiler() {
    let whole = multiplied(3, 2);
    for length in 0..whole.len() {
        assert_eq!(verdict(&whole[..length]), Ok(()));
    }
    assert_eq!(verdict(b"no wasm at all"), Ok(()));
}

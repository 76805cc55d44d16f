//! A number that changes when the shape of an ABI does: names and types of everything that a
//! component can see, not docs, not the order of files.
//!
//! FNV-1a with 64 bits, over a text of one line per type and function. It is no cryptographic hash:
//! it tells apart versions of one ABI, not friend from foe.

use super::abi::World;
use super::resource::Resource;
use super::scope::{Function, Scope};
use super::types::{Kind, Type, TypeDef};
use std::fmt::Write;

pub(super) fn fingerprint(
    world: &World,
    scopes: &[Scope],
    types: &[TypeDef],
    resources: &[Resource],
) -> u64 {
    let names = Names { types, resources };
    let mut text = String::new();
    let _ = writeln!(text, "world {}", world.id);
    for resource in resources {
        let _ = writeln!(text, "resource {}", resource.path);
    }
    for def in types {
        type_line(&mut text, names, def);
    }
    for scope in scopes {
        functions(&mut text, names, "import", scope.imported());
        functions(&mut text, names, "export", scope.exported());
    }
    fnv1a(text.as_bytes())
}

fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// What types are called by.
#[derive(Clone, Copy)]
struct Names<'a> {
    types: &'a [TypeDef],
    resources: &'a [Resource],
}

fn functions<'f>(
    text: &mut String,
    names: Names<'_>,
    word: &str,
    functions: impl Iterator<Item = &'f Function>,
) {
    for function in functions {
        let _ = write!(text, "{word} {}(", function.path);
        for param in &function.params {
            let _ = write!(text, "{}:{},", param.wit, name(names, &param.ty));
        }
        let result = function.result.as_ref().map(|ty| name(names, ty));
        let _ = writeln!(text, ")->{}", result.unwrap_or_default());
    }
}

fn type_line(text: &mut String, names: Names<'_>, def: &TypeDef) {
    let _ = write!(text, "{} ", def.path);
    match &def.kind {
        Kind::Record(fields) => {
            text.push_str("record ");
            for field in fields {
                let _ = write!(text, "{}:{},", field.wit, name(names, &field.ty));
            }
        }
        Kind::Variant(cases) | Kind::Enum(cases) | Kind::Flags(cases) => {
            text.push_str(match def.kind {
                Kind::Variant(_) => "variant ",
                Kind::Enum(_) => "enum ",
                _ => "flags ",
            });
            for case in cases {
                let payload = case.ty.as_ref().map(|ty| name(names, ty));
                let _ = write!(text, "{}({}),", case.wit, payload.unwrap_or_default());
            }
        }
        Kind::Alias(of) => {
            let _ = write!(text, "= {}", name(names, of));
        }
    }
    text.push('\n');
}

/// A type in one line, other types by name.
fn name(names: Names<'_>, ty: &Type) -> String {
    if let Some((generic, of)) = ty.generic() {
        let of = of.into_iter();
        let of = of.map(|ty| ty.map_or("_".to_owned(), |ty| name(names, ty)));
        return format!("{generic}<{}>", of.collect::<Vec<_>>().join(","));
    }
    match ty {
        Type::Named(id) => names.types[id.0].path.clone(),
        Type::Handle(leaf) => {
            let handle = if leaf.own { "own" } else { "borrow" };
            format!("{handle}<{}>", names.resources[leaf.resource.0].path)
        }
        plain => plain.keyword().to_owned(),
    }
}

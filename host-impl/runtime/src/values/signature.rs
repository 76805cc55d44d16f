//! The type of a function in WIT syntax: as the world declares it, and as a component has it.
//!
//! Types are written out structurally, without names of records and the like, because a component
//! does not carry them.

use std::fmt::{self, Write as _};

use wasmtime::component::Type;
use wasmtime::component::types::ComponentFunc;

use crate::error::untrusted;

/// Types nested deeper than this are written as `…`, as they are by `abi!`.
const DEEPEST: usize = 12;

/// A type that begins behind this many bytes is written as `…`, as it is by `abi!`. A component's
/// types may use one another many times at every level; written out, they would fill the memory.
const LONGEST: usize = 2_000;

/// How many bytes of the type of a component's function are shown.
const SHOWN: usize = 2_000;

/// The end of a handle's type: a component does not carry the names of its resources.
const UNNAMED: &str = "?>";

/// A function of a world, as generated code declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The interface with its version, `demo:notes/render@0.1.0`, or empty for the world itself.
    pub interface: &'static str,
    /// The function: `render`, or `[method]bucket.get` for one of a resource.
    pub name: &'static str,
    /// Names and types of its parameters.
    pub params: &'static [(&'static str, &'static str)],
    /// The type of its result, if it has one.
    pub result: Option<&'static str>,
}

impl Signature {
    /// Of something that no world declares, shown as `what`.
    pub(super) const fn unnamed(what: &'static str) -> Self {
        Self {
            interface: "",
            name: what,
            params: &[],
            result: None,
        }
    }

    /// The function's full name without a version, the form used in errors:
    /// `demo:notes/render.render`.
    pub fn path(&self) -> impl fmt::Display + '_ {
        path(self.interface, self.name)
    }

    /// The type alone: `func(markdown: string) -> string`.
    pub fn func_type(&self) -> impl fmt::Display + '_ {
        fmt::from_fn(|f| {
            let params = self.params.iter().map(|(name, ty)| (*name, *ty));
            write_func(f, params, self.result)
        })
    }

    /// Whether a component's function is of this type. The names of parameters do not matter.
    pub(crate) fn matches(&self, func: &ComponentFunc) -> bool {
        let mut results = func.results();
        !func.async_()
            && func.params().len() == self.params.len()
            && func
                .params()
                .zip(self.params)
                .all(|((_, found), (_, expected))| is_written(&found, expected))
            && match (results.next(), self.result) {
                (Some(found), Some(expected)) => is_written(&found, expected),
                (None, None) => true,
                _ => false,
            }
            && results.next().is_none()
    }
}

/// What of a guest is called. Shown, it is the [full name](Signature::path).
///
/// One pointer, because every call passes it on: what is written in pieces and moved as a whole
/// right afterwards makes a processor wait.
#[derive(Clone, Copy)]
pub(crate) struct Function(pub(crate) &'static Signature);

impl Function {
    /// What runs when an instance is made, before anything of the world is called.
    pub(crate) const START: Self = Self(&Signature::unnamed("start"));
    /// What runs where a session's host is looked at.
    pub(crate) const HOST: Self = Self(&Signature::unnamed("a look at the host of a session"));
    /// What runs where a resource of the guest is released.
    pub(crate) const RELEASE: Self = Self(&Signature::unnamed("the destructor of a resource"));
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.path().fmt(f)
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.func_type())
    }
}

/// A function's full name without a version.
pub(crate) fn path<'a>(interface: &'a str, name: &'a str) -> impl fmt::Display + 'a {
    fmt::from_fn(move |f| {
        match unversioned(interface) {
            "" => {}
            interface => write!(f, "{interface}.")?,
        }
        // A component marks functions of resources: `[method]bucket.get`, `[constructor]bucket`.
        match name.strip_prefix('[').and_then(|name| name.split_once(']')) {
            Some(("constructor", resource)) => write!(f, "{resource}.constructor"),
            Some((_, function)) => f.write_str(function),
            None => f.write_str(name),
        }
    })
}

/// Whether a type of a component is written as `expected`, but for the names of resources, which a
/// component does not carry. Nothing is written that differs.
fn is_written(found: &Type, expected: &str) -> bool {
    let mut left = Expected(expected);
    write_type(&mut Counted::new(&mut left), found, 0).is_ok() && left.0.is_empty()
}

/// What is still expected of a text. Fails at the first difference.
struct Expected<'a>(&'a str);

impl fmt::Write for Expected<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let rest = match text.strip_suffix(UNNAMED) {
            Some(handle) => {
                let name = self.0.strip_prefix(handle);
                name.and_then(|name| Some(name.split_once('>')?.1))
            }
            None => self.0.strip_prefix(text),
        };
        self.0 = rest.ok_or(fmt::Error)?;
        Ok(())
    }
}

/// An interface's name without its version.
pub(crate) fn unversioned(interface: &str) -> &str {
    interface
        .split_once('@')
        .map_or(interface, |(name, _)| name)
}

/// The type of a component's function in the syntax of [`Signature::func_type`], as much as is
/// shown of it.
pub(crate) fn func_text(func: &ComponentFunc) -> Box<str> {
    let text = fmt::from_fn(|f| {
        f.write_str(if func.async_() { "async " } else { "" })?;
        let params = func.params().map(|(name, ty)| (name, Written(ty)));
        write_func(f, params, func.results().next().map(Written))
    });
    untrusted::line(text, SHOWN)
}

/// A type in WIT syntax, written out in full, as much as is shown of it.
pub(crate) fn type_text(ty: &Type) -> Box<str> {
    untrusted::line(Written(ty.clone()), SHOWN)
}

/// A type of a component in WIT syntax.
struct Written(Type);

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_type(&mut Counted::new(f), &self.0, 0)
    }
}

/// Counts what is written of one type.
struct Counted<'a> {
    out: &'a mut dyn fmt::Write,
    written: usize,
}

impl<'a> Counted<'a> {
    fn new(out: &'a mut dyn fmt::Write) -> Self {
        Self { out, written: 0 }
    }
}

impl fmt::Write for Counted<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.written += text.len();
        self.out.write_str(text)
    }
}

fn write_func<'a, T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    params: impl Iterator<Item = (&'a str, T)>,
    result: Option<T>,
) -> fmt::Result {
    f.write_str("func(")?;
    for (position, (name, ty)) in params.enumerate() {
        let separator = if position == 0 { "" } else { ", " };
        write!(f, "{separator}{name}: {ty}")?;
    }
    f.write_str(")")?;
    match result {
        Some(result) => write!(f, " -> {result}"),
        None => Ok(()),
    }
}

fn write_type(out: &mut Counted<'_>, ty: &Type, depth: usize) -> fmt::Result {
    if depth > DEEPEST || out.written >= LONGEST {
        return out.write_str("…");
    }
    let deeper = depth + 1;
    out.write_str(match ty {
        Type::Bool => "bool",
        Type::S8 => "s8",
        Type::U8 => "u8",
        Type::S16 => "s16",
        Type::U16 => "u16",
        Type::S32 => "s32",
        Type::U32 => "u32",
        Type::S64 => "s64",
        Type::U64 => "u64",
        Type::Float32 => "f32",
        Type::Float64 => "f64",
        Type::Char => "char",
        Type::String => "string",
        Type::ErrorContext => "error-context",
        Type::Own(_) => "own<?>",
        Type::Borrow(_) => "borrow<?>",
        Type::List(list) => return write_generic(out, "list", &[Some(list.ty())], deeper),
        Type::Option(option) => return write_generic(out, "option", &[Some(option.ty())], deeper),
        Type::Map(map) => {
            return write_generic(out, "map", &[Some(map.key()), Some(map.value())], deeper);
        }
        Type::Result(result) => {
            return write_generic(out, "result", &[result.ok(), result.err()], deeper);
        }
        Type::Future(future) => return write_generic(out, "future", &[future.ty()], deeper),
        Type::Stream(stream) => return write_generic(out, "stream", &[stream.ty()], deeper),
        Type::Tuple(tuple) => {
            let types: Vec<Option<Type>> = tuple.types().map(Some).collect();
            return write_generic(out, "tuple", &types, deeper);
        }
        Type::FixedLengthList(list) => {
            out.write_str("list<")?;
            write_type(out, &list.ty(), deeper)?;
            return write!(out, ", {}>", list.len());
        }
        Type::Record(record) => {
            return write_braced(out, "record", record.fields(), |out, field| {
                write!(out, "{}: ", field.name)?;
                write_type(out, &field.ty, deeper)
            });
        }
        Type::Variant(variant) => {
            return write_braced(out, "variant", variant.cases(), |out, case| {
                out.write_str(case.name)?;
                let Some(ty) = &case.ty else { return Ok(()) };
                out.write_str("(")?;
                write_type(out, ty, deeper)?;
                out.write_str(")")
            });
        }
        Type::Enum(names) => {
            return write_braced(out, "enum", names.names(), |out, name| out.write_str(name));
        }
        Type::Flags(names) => {
            return write_braced(out, "flags", names.names(), |out, name| out.write_str(name));
        }
    })
}

/// `name<A, B>`, with `_` for a part that is left out before one that is not.
fn write_generic(
    out: &mut Counted<'_>,
    name: &str,
    parts: &[Option<Type>],
    depth: usize,
) -> fmt::Result {
    out.write_str(name)?;
    let Some(last) = parts.iter().rposition(Option::is_some) else {
        return Ok(());
    };
    for (position, part) in parts[..=last].iter().enumerate() {
        out.write_str(if position == 0 { "<" } else { ", " })?;
        match part {
            Some(ty) => write_type(out, ty, depth)?,
            None => out.write_str("_")?,
        }
    }
    out.write_str(">")
}

/// `name { a, b }`.
fn write_braced<T>(
    out: &mut Counted<'_>,
    name: &str,
    items: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut Counted<'_>, T) -> fmt::Result,
) -> fmt::Result {
    out.write_str(name)?;
    for (position, item) in items.enumerate() {
        out.write_str(if position == 0 { " { " } else { ", " })?;
        write(out, item)?;
    }
    out.write_str(" }")
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::{Expected, path};

    #[test]
    fn names_of_resources_do_not_matter() {
        let same = |expected, pieces: &[&str]| {
            let mut left = Expected(expected);
            pieces.iter().all(|piece| left.write_str(piece).is_ok()) && left.0.is_empty()
        };
        assert!(same("list<own<bucket>>", &["list", "<", "own<?>", ">"]));
        assert!(same(
            "tuple<borrow<a>, own<b>>",
            &["tuple", "<", "borrow<?>", ", ", "own<?>", ">"]
        ));
        assert!(!same("own<bucket>", &["borrow<?>"]));
        assert!(!same("list<own<bucket>>", &["own<?>"]));
        assert!(!same("own<bucket", &["own<?>"]));
        assert!(!same("u32", &["u64"]));
        assert!(!same("u32", &["u32", " "]));
        assert!(!same("u32, u32", &["u32"]));
    }

    #[test]
    fn functions_of_resources_are_named_without_marks() {
        let shown = |name| path("demo:store/kv@0.1.0", name).to_string();
        assert_eq!(shown("[method]bucket.get"), "demo:store/kv.bucket.get");
        assert_eq!(
            shown("[constructor]bucket"),
            "demo:store/kv.bucket.constructor"
        );
        assert_eq!(shown("get"), "demo:store/kv.get");
    }
}

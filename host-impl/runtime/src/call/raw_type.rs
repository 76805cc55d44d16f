//! The types of a module's functions, written as people write them: `(i32, i64) -> i32`.

use std::fmt;

use wasmtime::{FuncType, ValType};

use crate::error::untrusted;
use crate::store::module::Ty;

/// How many bytes of the type of a module's function are shown.
const SHOWN: usize = 500;

/// A type that an ABI declares.
pub(crate) fn raw_type(params: &[Ty], result: Option<Ty>) -> impl fmt::Display + '_ {
    fmt::from_fn(move |f| {
        let params = params.iter().map(|ty| ty.engines());
        write(f, params, result.into_iter().map(Ty::engines))
    })
}

/// The type of a module's function, as much as is shown of it.
pub(crate) fn raw_text(ty: &FuncType) -> Box<str> {
    let text = fmt::from_fn(|f| write(f, ty.params(), ty.results()));
    untrusted::line(text, SHOWN)
}

fn write(
    f: &mut fmt::Formatter<'_>,
    params: impl Iterator<Item = ValType>,
    results: impl ExactSizeIterator<Item = ValType>,
) -> fmt::Result {
    f.write_str("(")?;
    for (number, ty) in params.enumerate() {
        write!(f, "{}{ty}", if number == 0 { "" } else { ", " })?;
    }
    f.write_str(")")?;
    let count = results.len();
    for (number, ty) in results.enumerate() {
        let before = match (number, count) {
            (0, 1) => " -> ",
            (0, _) => " -> (",
            _ => ", ",
        };
        write!(f, "{before}{ty}")?;
    }
    f.write_str(if count > 1 { ")" } else { "" })
}

//! Whether a module fits an ABI: everything that it imports is offered, and with its type.
//!
//! What it exports is compared in `check`.

use wasmtime::{ExternType, FuncType, InstancePre, Module};

use crate::call::raw_type::raw_text;
use crate::code::preview1::PREVIEW1;
use crate::error::engine_text::chain;
use crate::error::problem::{Problem, ProblemKind, Problems};
use crate::error::untrusted;
use crate::store::module::Offers;
use crate::store::state::State;

/// Links a module, or says everything that it wants and does not get.
pub(super) fn link(offers: &Offers, module: &Module) -> Result<InstancePre<State>, Problems> {
    let mut problems = Problems::default();
    for import in module.imports() {
        let (of, name) = (import.module(), import.name());
        let path = || untrusted::line(format_args!("{of}.{name}"), usize::MAX);
        let ty = match import.ty() {
            ExternType::Func(ty) => ty,
            other => {
                problems.add(|| missing(&path()).found(kind(&other).into()));
                continue;
            }
        };
        let mut offered = offers.list.iter();
        match offered.find(|offer| offer.is(of, name)) {
            None if offers.is_stub(of, name) => {}
            None => problems.add(|| {
                let problem = missing(&path()).found(raw_text(&ty));
                match advice(of) {
                    Some(advice) => problem.note(advice),
                    None => problem,
                }
            }),
            Some(offer) if FuncType::eq(&offer.ty, &ty) => {}
            Some(offer) => problems.add(|| {
                Problem::new(ProblemKind::ImportType, path())
                    .expected(raw_text(&offer.ty))
                    .found(raw_text(&ty))
            }),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    offers.wasmtime().instantiate_pre(module).map_err(|error| {
        problems.add(|| Problem::new(ProblemKind::Other, "").note(chain(&error)));
        problems
    })
}

fn missing(path: &str) -> Problem {
    Problem::new(ProblemKind::MissingImport, path)
}

/// What to do about an import that is not offered, where that is known.
fn advice(module: &str) -> Option<&'static str> {
    (module == PREVIEW1 && cfg!(not(feature = "wasip1"))).then_some(
        "the host runtime has this with the feature `wasip1` of the crate `abide`, and `Builder::wasi` says what a \
         guest is granted",
    )
}

/// What an import is that is no function.
fn kind(ty: &ExternType) -> &'static str {
    match ty {
        ExternType::Memory(_) => "a memory",
        ExternType::Table(_) => "a table",
        ExternType::Global(_) => "a global",
        _ => "something else than a function",
    }
}

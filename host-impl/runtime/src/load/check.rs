//! Whether a component exports what its world wants, and everything in which it does not.
//!
//! The component may be compiled or not. What it imports is compared in `offer`.

use wasmtime::Module;
use wasmtime::component::__internal::InstanceType;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentNamedList, Lift, Lower};

use super::description::Description;
use crate::call::callback::{self, Callback, CallbackType, Returned as _};
use crate::call::export::{Export, Unfit};
use crate::call::raw_type::{raw_text, raw_type};
use crate::code::survey::Declared;
use crate::error::engine_text::chain;
use crate::error::problem::{Problem, ProblemKind, Problems, named};
use crate::values::signature::{Signature, func_text, type_text};
use crate::values::versions::other_version;

/// Looks up the exports of a world in a component, and notes what is wrong with them.
///
/// Generated code asks it for every export before it gives up on the first, so that one error has
/// all problems.
pub struct Check<'a> {
    world: &'static Description,
    exports: Exports<'a>,
    problems: Problems,
    /// How many exports were asked for, and how many are not there.
    asked: usize,
    missing: usize,
}

/// Where the exports are looked up.
enum Exports<'a> {
    Compiled(&'a Component, InstanceType<'a>),
    /// Before there is code: only whether they are there.
    Declared(&'a Declared<'a>),
    /// Of a module, whose exports are all optional.
    Module(&'a Module),
}

impl std::fmt::Debug for Check<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Check")
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

impl<'a> Check<'a> {
    /// `types` must be the types of `component`.
    pub(crate) fn new(
        world: &'static Description,
        component: &'a Component,
        types: InstanceType<'a>,
    ) -> Self {
        Self::of(world, Exports::Compiled(component, types))
    }

    /// Finds no export, only those that are missing.
    pub(crate) fn of_declared(world: &'static Description, declared: &'a Declared<'a>) -> Self {
        Self::of(world, Exports::Declared(declared))
    }

    /// Finds what a module exports of an ABI.
    pub(crate) fn of_module(world: &'static Description, module: &'a Module) -> Self {
        Self::of(world, Exports::Module(module))
    }

    fn of(world: &'static Description, exports: Exports<'a>) -> Self {
        Self {
            world,
            exports,
            problems: Problems::default(),
            asked: 0,
            missing: 0,
        }
    }

    pub(crate) fn into_problems(mut self) -> Problems {
        let nothing = self.asked > 0 && self.missing == self.asked;
        if nothing
            && let Some(last) = self.problems.list.last_mut()
            && last.note.is_none()
        {
            let note = "the guest exports nothing of this world; is `export!` missing in it?";
            last.note = Some(note.to_owned());
        }
        self.problems
    }

    /// The export of a [number](Description::functions), if the component has it with the types
    /// `P` and `R`.
    pub fn export<P, R>(&mut self, number: usize) -> Option<Export<P, R>>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        self.asked += 1;
        let signature = self.world.export(number)?;
        let found = match &self.exports {
            Exports::Compiled(component, types) => Export::find(component, types, signature),
            Exports::Declared(declared) => {
                match declared.exports(signature.interface, signature.name) {
                    true => return None,
                    false => Err(Unfit::Missing),
                }
            }
            Exports::Module(_) => return None,
        };
        found.map_err(|unfit| self.unfit(signature, unfit)).ok()
    }

    /// The callback of a [number](Description::functions), if the module has none of that name, or
    /// one of the type `F`.
    pub fn callback<F: CallbackType>(&mut self, number: usize) -> Option<Callback<F>> {
        let signature = self.world.export(number)?;
        let Exports::Module(module) = self.exports else {
            return None;
        };
        let found = Callback::find(module, number, signature.name);
        let unfit = match found {
            Ok(callback) => return Some(callback),
            Err(unfit) => unfit,
        };
        self.problems.add(|| {
            let problem = Problem::new(ProblemKind::ExportType, signature.name);
            let problem = problem.expected(raw_type(F::PARAMS, F::Result::TY));
            match unfit {
                callback::Unfit::OtherType(ty) => problem.found(raw_text(&ty)),
                callback::Unfit::NoFunction => problem.found("no function".into()),
            }
        });
        None
    }

    /// A callback that a module has to have.
    pub fn required<F: CallbackType>(&mut self, number: usize) -> Option<Callback<F>> {
        let callback = self.callback::<F>(number)?;
        if callback.is_there() {
            return Some(callback);
        }
        let signature = self.world.export(number)?;
        self.problems.add(|| {
            Problem::new(ProblemKind::MissingExport, signature.name)
                .expected(raw_type(F::PARAMS, F::Result::TY))
        });
        None
    }

    /// Notes why an export cannot be had.
    fn unfit(&mut self, signature: &'static Signature, unfit: Unfit) {
        if let Unfit::Missing = unfit {
            self.missing += 1;
        }
        let exports = &self.exports;
        self.problems.add(|| match unfit {
            Unfit::Missing => exports.missing(signature),
            Unfit::OtherType(func, error) => {
                let problem = other_type(signature).found(func_text(&func));
                match error {
                    // Types that differ deeper down than they are written out.
                    Some(error) if signature.matches(&func) => problem.note(chain(&error)),
                    _ => problem,
                }
            }
            Unfit::NoFunction(item) => other_type(signature).found(describe(&item)),
        });
    }
}

/// The problem of an export that is there, with another type.
fn other_type(signature: &Signature) -> Problem {
    Problem::new(ProblemKind::ExportType, signature.path()).expected(signature.func_type())
}

impl Exports<'_> {
    /// The problem of an export that is not there at all.
    fn missing(&self, signature: &Signature) -> Problem {
        let problem = Problem::new(ProblemKind::MissingExport, signature.path())
            .expected(signature.func_type());
        let note = |other: &str| {
            format!(
                "the guest exports `{}`, the world wants `{}`",
                named(other),
                signature.interface
            )
        };
        let note = match self {
            Self::Compiled(component, _) => {
                let ty = component.component_type();
                let names = ty.exports(component.engine()).map(|(name, _)| name);
                other_version(signature.interface, names).map(note)
            }
            Self::Declared(declared) => {
                let names = declared.exports.keys().copied();
                other_version(signature.interface, names).map(note)
            }
            Self::Module(_) => None,
        };
        match note {
            Some(note) => problem.note(note),
            None => problem,
        }
    }
}

/// What an item is that is not the function it should be.
pub(super) fn describe(item: &ComponentItem) -> Box<str> {
    Box::from(match item {
        ComponentItem::ComponentFunc(func) => return func_text(func),
        ComponentItem::CoreFunc(_) => "a core function",
        ComponentItem::Module(_) => "a core module",
        ComponentItem::Component(_) => "a component",
        ComponentItem::ComponentInstance(_) => "an interface",
        ComponentItem::Type(ty) => return format!("the type {}", type_text(ty)).into(),
        ComponentItem::Resource(_) => "a resource",
    })
}

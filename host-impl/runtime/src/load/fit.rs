//! Whether a component fits a world, and everything in which it does not.
//!
//! It knows components, before and after they are compiled, and worlds' signatures. It loads and
//! runs nothing.

use wasmtime::component::__internal::InstanceType;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{Component, ComponentNamedList, Lift, Lower};

use super::description::Description;
use crate::call::export::{Export, Unfit};
use crate::code::survey::{Declared, Kind};
use crate::error::engine_text::chain;
use crate::error::problem::{Problem, ProblemKind, Problems, named};
use crate::store::import::PANIC_INTERFACE;
use crate::values::signature::{Signature, func_text, path, type_text, unversioned};
use crate::values::versions::{other_version, same_track};
use crate::wasi;

/// Looks up the exports of a world in a component, and notes what is wrong with them.
///
/// Generated code asks it for every export before it gives up on the first, so that all problems
/// are told at once.
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
        let nothing = self.missing == self.asked;
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
        };
        found.map_err(|unfit| self.unfit(signature, unfit)).ok()
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
        };
        match note {
            Some(note) => problem.note(note),
            None => problem,
        }
    }
}

/// What of a component a world's hosts do not offer.
impl Description {
    /// Everything that a component wants to import and that is not on offer.
    ///
    /// The engine has the last word on whether a component can be linked; this finds out, once it
    /// said no, what to tell.
    pub(crate) fn lacks(&self, component: &Component) -> Problems {
        let engine = component.engine();
        let ty = component.component_type();
        let mut problems = Problems::default();
        for (name, import) in ty.imports(engine) {
            let ComponentItem::ComponentInstance(instance) = import.ty else {
                self.check(&mut problems, "", name, &import.ty);
                continue;
            };
            if is_of_the_runtime(name) {
                continue;
            }
            let is_needed = |item| !matches!(item, ComponentItem::Type(_));
            if self.has_interface(name) {
                for (item, export) in instance.exports(engine) {
                    self.check(&mut problems, name, item, &export.ty);
                }
            } else if instance
                .exports(engine)
                .any(|(_, export)| is_needed(export.ty))
            {
                problems.add(|| self.missing_interface(name));
            }
        }
        sorted(problems)
    }

    /// What a component wants to import and is not on offer, as far as its declarations tell;
    /// nothing if no interface is missing as a whole: what else there is, is told better with the
    /// types of what is compiled.
    pub(crate) fn lacks_interfaces(&self, declared: &Declared<'_>) -> Option<Problems> {
        let mut problems = Problems::default();
        let mut is_missing = false;
        for (name, import) in &declared.imports {
            match import.kind() {
                Kind::Instance if is_of_the_runtime(name) => {}
                Kind::Instance if self.has_interface(name) => {
                    for (item, export) in import.items() {
                        self.check_name(&mut problems, name, item, export.kind());
                    }
                }
                Kind::Instance => {
                    if import.items().any(|(_, item)| item.kind() != Kind::Type) {
                        is_missing = true;
                        problems.add(|| self.missing_interface(name));
                    }
                }
                kind => self.check_name(&mut problems, "", name, kind),
            }
        }
        is_missing.then(|| sorted(problems))
    }

    fn check(&self, problems: &mut Problems, interface: &str, name: &str, item: &ComponentItem) {
        match item {
            ComponentItem::ComponentFunc(func) => self.check_func(problems, interface, name, func),
            ComponentItem::Type(_) => {}
            ComponentItem::Resource(_) if self.has_resource(interface, name) => {}
            other => problems.add(|| missing(interface, name).found(describe(other))),
        }
    }

    fn check_func(
        &self,
        problems: &mut Problems,
        interface: &str,
        name: &str,
        func: &ComponentFunc,
    ) {
        match self.import(interface, name) {
            None => problems.add(|| missing(interface, name).found(func_text(func))),
            Some(offer) if offer.matches(func) => {}
            Some(offer) => problems.add(|| {
                Problem::new(ProblemKind::ImportType, path(interface, name))
                    .expected(offer.func_type())
                    .found(func_text(func))
            }),
        }
    }

    fn check_name(&self, problems: &mut Problems, interface: &str, name: &str, kind: Kind) {
        let is_offered = match kind {
            Kind::Func => self.import(interface, name).is_some(),
            Kind::Resource => self.has_resource(interface, name),
            Kind::Type => true,
            Kind::Instance | Kind::Other => false,
        };
        if !is_offered {
            problems.add(|| missing(interface, name));
        }
    }

    fn import(&self, interface: &str, name: &str) -> Option<&'static Signature> {
        let mut functions = self.imports().iter();
        functions.find(|offer| offer.name == name && same_track(offer.interface, interface))
    }

    fn has_resource(&self, interface: &str, name: &str) -> bool {
        let mut resources = self.resources.iter();
        resources.any(|(of, offer)| *offer == name && same_track(of, interface))
    }

    fn interfaces(&self) -> impl Iterator<Item = &'static str> {
        let functions = self.imports().iter().map(|offer| offer.interface);
        functions.chain(self.resources.iter().map(|(of, _)| *of))
    }

    fn has_interface(&self, name: &str) -> bool {
        self.interfaces().any(|offer| same_track(offer, name))
    }

    /// The problem of an interface of which nothing is offered: one, however much is wanted of it.
    fn missing_interface(&self, name: &str) -> Problem {
        let problem = Problem::new(ProblemKind::MissingImport, unversioned(name));
        match other_version(name, self.interfaces()) {
            Some(other) => problem.note(format_args!(
                "the guest wants `{}`, the host offers `{other}`",
                named(name)
            )),
            None => match wasi::advice(name) {
                Some(advice) => problem.note(advice),
                None => problem,
            },
        }
    }
}

/// Whether the runtime has an interface for every guest.
fn is_of_the_runtime(interface: &str) -> bool {
    same_track(interface, PANIC_INTERFACE) || wasi::offers(interface)
}

fn missing(interface: &str, name: &str) -> Problem {
    Problem::new(ProblemKind::MissingImport, path(interface, name))
}

/// The order in a component is up to the tools that made it.
fn sorted(mut problems: Problems) -> Problems {
    problems.list.sort_by(|a, b| a.path.cmp(&b.path));
    problems
}

/// What an item is that is not the function it should be.
fn describe(item: &ComponentItem) -> Box<str> {
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

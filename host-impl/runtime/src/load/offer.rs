//! What a host offers to the guests of a world, and what of it a component wants and does not get.
//!
//! The component may be compiled or not. What it exports is compared in `check`.

use wasmtime::component::Component;
use wasmtime::component::types::{ComponentFunc, ComponentItem};

use super::check::describe;
use super::description::Description;
use crate::code::survey::{Declared, ItemKind};
use crate::error::problem::{Problem, ProblemKind, Problems, named};
use crate::store::import::PANIC_INTERFACE;
use crate::values::signature::{Signature, func_text, path, unversioned};
use crate::values::versions::{other_version, same_track};
use crate::wasi;

/// What of a component a world's hosts do not offer.
impl Description {
    /// Everything that a component wants to import and that is not on offer.
    ///
    /// The engine has the last word on whether a component can be linked; this finds out, once it
    /// said no, what to tell.
    pub(super) fn lacks(&self, component: &Component) -> Problems {
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
    /// nothing if no interface is missing as a whole: what else there is can be said better with
    /// the types of what is compiled.
    pub(super) fn lacks_interfaces(&self, declared: &Declared<'_>) -> Option<Problems> {
        let mut problems = Problems::default();
        let mut is_missing = false;
        for (name, import) in &declared.imports {
            match import.kind() {
                ItemKind::Instance if is_of_the_runtime(name) => {}
                ItemKind::Instance if self.has_interface(name) => {
                    for (item, export) in import.items() {
                        self.check_name(&mut problems, name, item, export.kind());
                    }
                }
                ItemKind::Instance => {
                    if import
                        .items()
                        .any(|(_, item)| item.kind() != ItemKind::Type)
                    {
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

    fn check_name(&self, problems: &mut Problems, interface: &str, name: &str, kind: ItemKind) {
        let is_offered = match kind {
            ItemKind::Func => self.import(interface, name).is_some(),
            ItemKind::Resource => self.has_resource(interface, name),
            ItemKind::Type => true,
            ItemKind::Instance | ItemKind::Other => false,
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

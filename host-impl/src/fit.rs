//! Whether a component fits a world, and everything in which it does not.
//!
//! It knows components, worlds' signatures and WIT's rules for versions. It loads and runs nothing.

use wasmtime::component::__internal::InstanceType;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{Component, ComponentNamedList, Lift, Lower};

use crate::export::{Export, Unfit};
use crate::import::PANIC_INTERFACE;
use crate::load_error::chain;
use crate::problem::{Problem, ProblemKind};
use crate::signature::{Signature, func_text, path, same_type, unversioned};
use crate::wasi;

/// Looks up the exports of a world in a component, and notes what is wrong with them.
///
/// Generated code asks it for every export before it gives up on the first, so that all problems are
/// told at once.
pub struct Check<'a> {
    component: &'a Component,
    types: InstanceType<'a>,
    problems: Vec<Problem>,
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
    pub(crate) fn new(component: &'a Component, types: InstanceType<'a>) -> Self {
        Self {
            component,
            types,
            problems: Vec::new(),
        }
    }

    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// The export that `signature` names, if the component has it with the types `P` and `R`.
    pub fn export<P, R>(&mut self, signature: &'static Signature) -> Option<Export<P, R>>
    where
        P: ComponentNamedList + Lower,
        R: ComponentNamedList + Lift,
    {
        let problem = match Export::find(self.component, &self.types, signature) {
            Ok(export) => return Some(export),
            Err(Unfit::Missing) => self.missing(signature),
            Err(Unfit::OtherType(func, error)) => {
                let problem = Problem::new(ProblemKind::ExportType, signature.path().to_string())
                    .expected(signature.func_type())
                    .found(func_text(&func));
                match error {
                    // Types that differ deeper down than they are written out.
                    Some(error) if same_as_expected(&problem) => problem.note(chain(&error)),
                    _ => problem,
                }
            }
            Err(Unfit::NoFunction(item)) => {
                Problem::new(ProblemKind::ExportType, signature.path().to_string())
                    .expected(signature.func_type())
                    .found(describe(&item))
            }
        };
        self.problems.push(problem);
        None
    }

    /// The problem of an export that is not there at all.
    fn missing(&self, signature: &Signature) -> Problem {
        let problem = Problem::new(ProblemKind::MissingExport, signature.path().to_string())
            .expected(signature.func_type());
        let ty = self.component.component_type();
        let names = ty.exports(self.component.engine()).map(|(name, _)| name);
        match other_version(signature.interface, names) {
            Some(other) => problem.note(format_args!(
                "the guest exports `{other}`, the world wants `{}`",
                signature.interface
            )),
            None => problem,
        }
    }
}

/// Everything that a component wants to import and that is not on offer.
///
/// The engine has the last word on whether a component can be linked; this finds out, once it said no,
/// what to tell.
pub(crate) fn import_problems(
    component: &Component,
    offered: &[Signature],
    resources: &[(&str, &str)],
) -> Vec<Problem> {
    let has_resource = |interface: &str, name: &str| {
        let mut offers = resources.iter();
        offers.any(|(of, offer)| *offer == name && same_track(of, interface))
    };
    let engine = component.engine();
    let ty = component.component_type();
    let mut problems = Vec::new();
    for (name, import) in ty.imports(engine) {
        match import.ty {
            ComponentItem::ComponentFunc(func) => {
                problems.extend(func_problem(offered, "", name, &func));
            }
            ComponentItem::ComponentInstance(instance) => {
                if same_track(name, PANIC_INTERFACE) || wasi::offers(name) {
                    continue;
                }
                for (item, export) in instance.exports(engine) {
                    match export.ty {
                        ComponentItem::ComponentFunc(func) => {
                            problems.extend(func_problem(offered, name, item, &func));
                        }
                        ComponentItem::Type(_) => {}
                        ComponentItem::Resource(_) if has_resource(name, item) => {}
                        other => problems.push(unknown(name, item, &other)),
                    }
                }
            }
            ComponentItem::Type(_) => {}
            ComponentItem::Resource(_) if has_resource("", name) => {}
            other => problems.push(unknown("", name, &other)),
        }
    }
    // The order in a component is up to the tools that made it.
    problems.sort_by(|a, b| a.path.cmp(&b.path));
    problems
}

/// What is wrong with a wish for a function.
fn func_problem(
    offered: &[Signature],
    interface: &str,
    name: &str,
    func: &ComponentFunc,
) -> Option<Problem> {
    let path = path(interface, name).to_string();
    let offer = offered
        .iter()
        .find(|offer| offer.name == name && same_track(offer.interface, interface));
    let Some(offer) = offer else {
        let problem = Problem::new(ProblemKind::MissingImport, path).found(func_text(func));
        let interfaces = offered.iter().map(|offer| offer.interface);
        return Some(match other_version(interface, interfaces) {
            Some(other) => problem.note(format_args!(
                "the guest wants `{interface}`, the host offers `{other}`"
            )),
            None => match wasi::advice(interface) {
                Some(advice) => problem.note(advice),
                None => problem,
            },
        });
    };
    let fits = offer.matches(func);
    (!fits).then(|| {
        Problem::new(ProblemKind::ImportType, path)
            .expected(offer.func_type())
            .found(func_text(func))
    })
}

fn unknown(interface: &str, name: &str, item: &ComponentItem) -> Problem {
    Problem::new(
        ProblemKind::MissingImport,
        path(interface, name).to_string(),
    )
    .found(describe(item))
}

/// Whether the two types of a problem are written alike, so that they differ in what is not written out.
fn same_as_expected(problem: &Problem) -> bool {
    match (&problem.expected, &problem.found) {
        (Some(expected), Some(found)) => same_type(expected, found),
        _ => false,
    }
}

/// What an item is that is not the function it should be.
fn describe(item: &ComponentItem) -> String {
    match item {
        ComponentItem::ComponentFunc(func) => func_text(func),
        ComponentItem::CoreFunc(_) => "a core function".to_owned(),
        ComponentItem::Module(_) => "a core module".to_owned(),
        ComponentItem::Component(_) => "a component".to_owned(),
        ComponentItem::ComponentInstance(_) => "an interface".to_owned(),
        ComponentItem::Type(ty) => format!("the type {}", crate::signature::type_text(ty)),
        ComponentItem::Resource(_) => "a resource".to_owned(),
    }
}

/// The name of the same interface in a version that does not go with `interface`, if there is one.
fn other_version<'a>(interface: &str, mut names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names.find(|name| {
        !interface.is_empty()
            && unversioned(name) == unversioned(interface)
            && !same_track(name, interface)
    })
}

/// Whether two names mean the same interface in versions that go with each other: by the rules of
/// semantic versions, as the engine's own linker applies them.
fn same_track(a: &str, b: &str) -> bool {
    a == b || matches!((track(a), track(b)), (Some(a), Some(b)) if a == b)
}

/// An interface's name and the part of its version that must be equal, if any version but the very same
/// goes with it.
fn track(interface: &str) -> Option<(&str, &str)> {
    let (name, version) = interface.split_once('@')?;
    let release = version
        .split_once('+')
        .map_or(version, |(release, _)| release);
    if release.contains('-') {
        // Nothing goes with a pre-release.
        return None;
    }
    let (major, rest) = release.split_once('.')?;
    let (minor, _) = rest.split_once('.')?;
    let significant = match (major, minor) {
        ("0", "0") => return None,
        ("0", _) => &release[..major.len() + 1 + minor.len()],
        _ => major,
    };
    Some((name, significant))
}

#[cfg(test)]
mod tests {
    use super::same_track;

    #[test]
    fn versions_go_together_as_in_the_engines_linker() {
        for (a, b, together) in [
            ("x:y/z", "x:y/z", true),
            ("x:y/z", "x:y/w", false),
            ("x:y/z@0.1.0", "x:y/z@0.1.3", true),
            ("x:y/z@0.1.0", "x:y/z@0.2.0", false),
            ("x:y/z@0.0.1", "x:y/z@0.0.2", false),
            ("x:y/z@0.0.1", "x:y/z@0.0.1", true),
            ("x:y/z@1.0.0", "x:y/z@1.7.2+build.5", true),
            ("x:y/z@1.0.0", "x:y/z@2.0.0", false),
            ("x:y/z@1.0.0", "x:y/z@10.0.0", false),
            ("x:y/z@1.0.0-rc.1", "x:y/z@1.0.0", false),
            ("x:y/z@1.0.0", "x:y/z", false),
            ("", "", true),
        ] {
            assert_eq!(same_track(a, b), together, "{a} and {b}");
        }
    }
}

//! Refuses components that are made of far too many instances, before the compiler sees them.
//!
//! A component may instantiate another one twice, which instantiates a third one twice, and so on. The compiler
//! writes all of these instances out, so that a file of a kilobyte can take it all the memory there is. This file
//! knows the binary form of components and counts; what a guest may be made of is up to `Limits`.

use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind,
    ComponentTypeRef, Instance, Parser, Payload,
};

/// The most instances, of components and of core modules, that a component may be made of.
pub(crate) const MOST: u64 = 10_000;

/// A component is made of more instances than [`MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMany;

/// What is open while a component is read.
enum Open {
    Module,
    Component(Scope),
}

/// A component as far as it was read.
#[derive(Default)]
struct Scope {
    /// How many instances each of its components is made of, in the order of their numbers.
    components: Vec<u64>,
    /// How many it is made of itself.
    made_of: u64,
}

/// Counts the instances that a component is made of. What cannot be read is left to the compiler, which gets no
/// further than this.
///
/// A component that comes out of an instance is not looked for: it counts like the largest that was read so far.
pub(crate) fn check(component: &[u8]) -> Result<(), TooMany> {
    let mut open = Vec::new();
    let mut largest = 1;
    for payload in Parser::new(0).parse_all(component).map_while(Result::ok) {
        match payload {
            Payload::Version { .. } if open.is_empty() => {
                open.push(Open::Component(Scope::default()))
            }
            Payload::ComponentSection { .. } => open.push(Open::Component(Scope::default())),
            Payload::ModuleSection { .. } => open.push(Open::Module),
            Payload::End(_) => {
                let Some(Open::Component(ended)) = open.pop() else {
                    continue;
                };
                // An instance of it is one more.
                let made_of = ended.made_of.saturating_add(1);
                largest = largest.max(made_of);
                if let Some(Open::Component(around)) = open.last_mut() {
                    around.components.push(made_of);
                }
            }
            payload => read(&payload, &mut open, largest)?,
        }
    }
    Ok(())
}

/// Reads a section of the innermost component.
fn read(payload: &Payload<'_>, open: &mut [Open], largest: u64) -> Result<(), TooMany> {
    let Some((Open::Component(scope), around)) = open.split_last_mut() else {
        return Ok(());
    };
    match payload {
        Payload::InstanceSection(section) => {
            let instances = section.clone().into_iter().map_while(Result::ok);
            let made = instances.filter(|made| matches!(made, Instance::Instantiate { .. }));
            scope.count(made.count() as u64)?;
        }
        Payload::ComponentInstanceSection(section) => {
            for instance in section.clone().into_iter().map_while(Result::ok) {
                if let ComponentInstance::Instantiate {
                    component_index, ..
                } = instance
                {
                    scope.count(scope.component(component_index).unwrap_or(largest))?;
                }
            }
        }
        Payload::ComponentImportSection(section) => {
            for import in section.clone().into_iter().map_while(Result::ok) {
                if matches!(import.ty, ComponentTypeRef::Component(_)) {
                    scope.components.push(largest);
                }
            }
        }
        Payload::ComponentExportSection(section) => {
            for export in section.clone().into_iter().map_while(Result::ok) {
                if export.kind == ComponentExternalKind::Component {
                    let made_of = scope.component(export.index).unwrap_or(largest);
                    scope.components.push(made_of);
                }
            }
        }
        Payload::ComponentAliasSection(section) => {
            for alias in section.clone().into_iter().map_while(Result::ok) {
                match alias {
                    ComponentAlias::InstanceExport {
                        kind: ComponentExternalKind::Component,
                        ..
                    } => scope.components.push(largest),
                    ComponentAlias::Outer {
                        kind: ComponentOuterAliasKind::Component,
                        count,
                        index,
                    } => {
                        let made_of = outer(scope, around, count, index).unwrap_or(largest);
                        scope.components.push(made_of);
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// A component of one further out: `count` 0 is the innermost.
fn outer(scope: &Scope, around: &[Open], count: u32, index: u32) -> Option<u64> {
    let Some(further) = count.checked_sub(1) else {
        return scope.component(index);
    };
    match around.iter().rev().nth(further as usize)? {
        Open::Component(outer) => outer.component(index),
        Open::Module => None,
    }
}

impl Scope {
    fn component(&self, index: u32) -> Option<u64> {
        self.components.get(index as usize).copied()
    }

    fn count(&mut self, instances: u64) -> Result<(), TooMany> {
        self.made_of = self.made_of.saturating_add(instances);
        match self.made_of > MOST {
            true => Err(TooMany),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        wat::parse_str(format!("(component $top {text} {last})")).unwrap()
    }

    #[test]
    fn instances_in_instances_are_multiplied() {
        assert_eq!(check(&multiplied(0, 2)), Ok(()));
        assert_eq!(check(&multiplied(10, 2)), Ok(()));
        assert_eq!(check(&multiplied(13, 2)), Err(TooMany));
        assert_eq!(check(&multiplied(22, 2)), Err(TooMany));
        assert_eq!(check(&multiplied(64, 64)), Err(TooMany));
        // One inside of the other is only as many as there are.
        assert_eq!(check(&multiplied(64, 1)), Ok(()));
    }

    #[test]
    fn components_with_other_names_count_as_themselves() {
        let renamed = |times: usize| {
            let more = "(instance (instantiate $again))".repeat(times);
            wat::parse_str(format!(
                "(component
                    (component $one (core module $m) (core instance (instantiate $m)))
                    (export $again \"one\" (component $one))
                    {more})"
            ))
            .unwrap()
        };
        assert_eq!(check(&renamed(5_000)), Ok(()));
        assert_eq!(check(&renamed(5_001)), Err(TooMany));
    }

    #[test]
    fn components_out_of_instances_count_as_the_largest() {
        let taken = |times: usize| {
            let more = "(instance (instantiate $inner))".repeat(times);
            wat::parse_str(format!(
                "(component
                    (component $outer
                        (component $one (core module $m) (core instance (instantiate $m)))
                        (export \"inner\" (component $one)))
                    (instance $i (instantiate $outer))
                    (alias export $i \"inner\" (component $inner))
                    {more})"
            ))
            .unwrap()
        };
        assert_eq!(check(&taken(1_000)), Ok(()));
        assert_eq!(check(&taken(10_000)), Err(TooMany));
    }

    #[test]
    fn what_cannot_be_read_is_left_to_the_compiler() {
        let whole = multiplied(3, 2);
        for length in 0..whole.len() {
            assert_eq!(check(&whole[..length]), Ok(()));
        }
        assert_eq!(check(b"no wasm at all"), Ok(()));
    }
}

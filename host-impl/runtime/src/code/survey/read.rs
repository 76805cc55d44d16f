//! A component as the compiler sees it: what it is made of, one thing after the other.
//!
//! What is the same for every instance of a component is counted here. What depends on what an
//! instance is given is counted in `run`.

use std::collections::BTreeMap;
use std::rc::Rc;

use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentExport, ComponentExternalKind, ComponentInstance,
    ComponentOuterAliasKind, Instance, Parser, Payload,
};

use super::count::{Count, ITEM, Needs, Read, Stop, TRAMPOLINE};
use super::module::Module;
use super::types::{self, ItemKind, Items, Names, Scopes, Ty, innermost};

/// A file: its components, the outermost last, and what that has.
pub(super) struct File<'a> {
    pub(super) components: Vec<Component<'a>>,
    pub(super) imports: Vec<(&'a str, Rc<Ty<'a>>)>,
    pub(super) exports: Items<'a>,
    pub(super) count: Count,
}

/// A component, and what it takes to make an instance of it.
#[derive(Default)]
pub(super) struct Component<'a> {
    pub(super) steps: Vec<Step<'a>>,
    pub(super) exports: Vec<Item<'a>>,
    /// How much its exports are to write out.
    pub(super) exported: u64,
    /// What is the same for each instance.
    pub(super) work: u64,
    pub(super) needs: Needs,
}

/// What is done for an instance that depends on what it was given.
pub(super) enum Step<'a> {
    /// Takes an argument.
    Import(&'a str, ComponentExternalKind, Rc<Ty<'a>>),
    /// Has a component, by its number in the file, which sees those of the components around it.
    Component(usize),
    /// Has a component of one further out.
    Outer(u32, u32),
    Instantiate(u32, Box<[Item<'a>]>),
    /// Has an instance of such items.
    Instance(Box<[Item<'a>]>),
    Alias(ComponentExternalKind, u32, &'a str),
    /// Has something under another number.
    Again(ComponentExternalKind, u32),
}

/// Something with a name.
pub(super) struct Item<'a> {
    pub(super) name: &'a str,
    pub(super) kind: ComponentExternalKind,
    pub(super) index: u32,
}

/// What is open while a file is read.
enum Open<'a> {
    Module(Module),
    Component(Reader<'a>),
}

/// A component as far as it was read.
#[derive(Default)]
struct Reader<'a> {
    component: Component<'a>,
    modules: Vec<Module>,
    imports: Vec<(&'a str, Rc<Ty<'a>>)>,
}

/// Reads a file to its end.
pub(super) fn file(bytes: &[u8]) -> Read<File<'_>> {
    let mut walk = Walk::default();
    for payload in Parser::new(0).parse_all(bytes) {
        walk.payload(payload?)?;
    }
    walk.ended.ok_or(Stop::Unreadable)
}

#[derive(Default)]
struct Walk<'a> {
    open: Vec<Open<'a>>,
    /// Of each open component.
    scopes: Scopes<'a>,
    components: Vec<Component<'a>>,
    count: Count,
    ended: Option<File<'a>>,
}

impl<'a> Walk<'a> {
    fn payload(&mut self, payload: Payload<'a>) -> Read {
        match payload {
            Payload::Version { .. } if self.open.is_empty() => self.begin(),
            Payload::ComponentSection { .. } => self.begin(),
            Payload::ModuleSection { .. } => self.open.push(Open::Module(Module::default())),
            Payload::End(_) => self.end()?,
            payload => match self.open.last_mut() {
                Some(Open::Module(module)) => module.read(payload)?,
                Some(Open::Component(reader)) => {
                    reader.read(payload, &mut self.scopes, &mut self.count)?;
                }
                None => return Err(Stop::Unreadable),
            },
        }
        Ok(())
    }

    fn begin(&mut self) {
        self.open.push(Open::Component(Reader::default()));
        self.scopes.push(Names::default());
    }

    fn end(&mut self) -> Read {
        match (self.open.pop(), self.open.last_mut()) {
            (Some(Open::Module(module)), Some(Open::Component(around))) => {
                self.count.imports = self.count.imports.max(module.work);
                self.count.work(module.compiling())?;
                around.modules.push(module);
            }
            (Some(Open::Component(ended)), around) => {
                let names = self.scopes.pop().ok_or(Stop::Unreadable)?;
                let ty = Ty::of_items(ItemKind::Other, names.exports)?;
                let mut component = ended.component;
                component.exported = ty.work;
                self.components.push(component);
                match around {
                    Some(Open::Component(around)) => {
                        let number = self.components.len() - 1;
                        around.component.steps.push(Step::Component(number));
                        innermost(&mut self.scopes)?.components.push(ty);
                    }
                    Some(Open::Module(_)) => return Err(Stop::Unreadable),
                    None => {
                        self.ended = Some(File {
                            components: std::mem::take(&mut self.components),
                            imports: ended.imports,
                            exports: ty.all(),
                            count: std::mem::take(&mut self.count),
                        });
                    }
                }
            }
            _ => return Err(Stop::Unreadable),
        }
        Ok(())
    }
}

impl<'a> Reader<'a> {
    /// Reads a section of the innermost component.
    fn read(&mut self, payload: Payload<'a>, scopes: &mut Scopes<'a>, count: &mut Count) -> Read {
        let component = &mut self.component;
        match payload {
            Payload::CoreTypeSection(section) => count.core_types(section.range().len()),
            Payload::ComponentTypeSection(section) => {
                count.core_types(section.range().len());
                for ty in section {
                    types::read(scopes, &ty?)?;
                    component.work += 1;
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section {
                    let import = import?;
                    let names = innermost(scopes)?;
                    let (name, kind, ty) = (
                        import.name.name,
                        import.ty.kind(),
                        names.declared(import.ty)?,
                    );
                    names.push(kind, Rc::clone(&ty));
                    component.add(ty.work);
                    self.imports.push((name, Rc::clone(&ty)));
                    component.steps.push(Step::Import(name, kind, ty));
                    if kind == ComponentExternalKind::Module {
                        self.modules.push(Module::from_elsewhere(count));
                    }
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    self.export(export?, innermost(scopes)?)?;
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    self.alias(alias?, scopes, count)?;
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for instance in section {
                    component.instance(instance?, innermost(scopes)?, count)?;
                }
            }
            Payload::InstanceSection(section) => {
                for instance in section {
                    self.core_instance(&instance?)?;
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for function in section {
                    component.canonical(&function?, innermost(scopes)?)?;
                }
            }
            // Values, which the compiler does not know.
            Payload::ComponentStartSection { .. } => return Err(Stop::Unreadable),
            _ => {}
        }
        Ok(())
    }

    fn export(&mut self, export: ComponentExport<'a>, names: &mut Names<'a>) -> Read {
        let ComponentExport {
            name,
            kind,
            index,
            ty,
        } = export;
        let found = match ty {
            Some(ty) => names.declared(ty)?,
            None => names.item(kind, index)?,
        };
        names.push(kind, Rc::clone(&found));
        names.exports.insert(name.name, found);
        if kind == ComponentExternalKind::Module {
            let module = self.module(index)?;
            self.component.add(module.work);
            self.modules.push(module);
        }
        self.component.exports.push(Item {
            name: name.name,
            kind,
            index,
        });
        self.component.steps.push(Step::Again(kind, index));
        Ok(())
    }

    fn alias(&mut self, alias: ComponentAlias<'a>, scopes: &mut Scopes<'a>, count: &Count) -> Read {
        types::read_alias(scopes, &alias)?;
        match alias {
            ComponentAlias::InstanceExport {
                kind,
                instance_index,
                name,
            } => {
                if kind == ComponentExternalKind::Module {
                    self.modules.push(Module::from_elsewhere(count));
                }
                self.component
                    .steps
                    .push(Step::Alias(kind, instance_index, name));
            }
            ComponentAlias::Outer {
                kind: ComponentOuterAliasKind::Component,
                count: further,
                index,
            } => {
                self.component.steps.push(Step::Outer(further, index));
            }
            ComponentAlias::Outer {
                kind: ComponentOuterAliasKind::CoreModule,
                ..
            } => {
                self.modules.push(Module::from_elsewhere(count));
            }
            ComponentAlias::Outer { .. } | ComponentAlias::CoreInstanceExport { .. } => {
                self.component.work += 1;
            }
        }
        Ok(())
    }

    fn module(&self, index: u32) -> Read<Module> {
        self.modules
            .get(index as usize)
            .copied()
            .ok_or(Stop::Unreadable)
    }

    fn core_instance(&mut self, instance: &Instance<'_>) -> Read {
        match instance {
            Instance::Instantiate { module_index, args } => {
                let module = self.module(*module_index)?;
                let component = &mut self.component;
                component.add(ITEM.saturating_mul(module.work + args.len() as u64 + 1));
                component.needs = component.needs.and(module.needs);
                component.needs.instances += 1;
            }
            Instance::FromExports(exports) => self.component.work += exports.len() as u64,
        }
        Ok(())
    }
}

impl<'a> Component<'a> {
    fn add(&mut self, work: u64) {
        self.work = self.work.saturating_add(work);
    }

    fn instance(
        &mut self,
        instance: ComponentInstance<'a>,
        names: &mut Names<'a>,
        count: &mut Count,
    ) -> Read {
        let (step, ty) = match instance {
            ComponentInstance::Instantiate {
                component_index,
                args,
            } => {
                let args = args.iter().map(|arg| Item {
                    name: arg.name,
                    kind: arg.kind,
                    index: arg.index,
                });
                let args: Box<[_]> = args.collect();
                let component = names.item(ComponentExternalKind::Component, component_index)?;
                // Each is compared with what is imported under its name.
                for arg in &args {
                    count.work(ITEM.saturating_add(names.item(arg.kind, arg.index)?.work))?;
                }
                (
                    Step::Instantiate(component_index, args),
                    Ty::instance_of(&component),
                )
            }
            ComponentInstance::FromExports(exports) => {
                let mut items = BTreeMap::new();
                for export in &exports {
                    let ty = names.item(export.kind, export.index)?;
                    items.insert(export.name.name, ty);
                }
                let exports = exports.iter().map(|export| Item {
                    name: export.name.name,
                    kind: export.kind,
                    index: export.index,
                });
                (
                    Step::Instance(exports.collect()),
                    Ty::of_items(ItemKind::Instance, items)?,
                )
            }
        };
        // Once to check it, also if it is never made, and once for each that is.
        count.work(ty.work)?;
        self.add(ty.work);
        names.instances.push(ty);
        self.steps.push(step);
        Ok(())
    }

    fn canonical(&mut self, function: &CanonicalFunction, names: &mut Names<'a>) -> Read {
        match function {
            CanonicalFunction::Lift { type_index, .. } => {
                let ty = names.item(ComponentExternalKind::Type, *type_index)?;
                self.add(ty.work.saturating_add(ITEM));
                names.funcs.push(ty);
            }
            CanonicalFunction::Lower { func_index, .. } => {
                let ty = names.item(ComponentExternalKind::Func, *func_index)?;
                self.add(ty.work.saturating_add(TRAMPOLINE));
            }
            _ => self.add(TRAMPOLINE),
        }
        Ok(())
    }
}

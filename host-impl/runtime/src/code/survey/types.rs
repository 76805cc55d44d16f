//! The types of a component's items, and how much there is of each when it is written out.
//!
//! A type that another one uses is counted each time, as the compiler does that keeps no record of
//! what it has written out already.

use std::collections::BTreeMap;
use std::rc::Rc;

use wasmparser::{
    ComponentAlias, ComponentDefinedType, ComponentExternalKind, ComponentFuncType,
    ComponentOuterAliasKind, ComponentType, ComponentTypeDeclaration, ComponentTypeRef,
    ComponentValType, InstanceTypeDeclaration, TypeBounds,
};

use super::count::{ITEM, Read, Stop, TooMuch, deeper};

/// What sort of item it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemKind {
    Func,
    Instance,
    Resource,
    Type,
    Other,
}

/// Items by their names, in the order of those.
pub(crate) type Items<'a> = Rc<BTreeMap<&'a str, Rc<Ty<'a>>>>;

/// The type of an item.
#[derive(Debug)]
pub(crate) struct Ty<'a> {
    kind: ItemKind,
    /// How much it is to write it out.
    pub(super) work: u64,
    /// How many resources it brings.
    pub(super) resources: u64,
    depth: usize,
    /// The items of an instance, or the exports of a component.
    items: Items<'a>,
}

impl<'a> Ty<'a> {
    pub(crate) fn kind(&self) -> ItemKind {
        self.kind
    }

    pub(crate) fn item(&self, name: &str) -> Option<&Rc<Ty<'a>>> {
        self.items.get(name)
    }

    pub(super) fn all(&self) -> Items<'a> {
        Rc::clone(&self.items)
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = (&'a str, &Ty<'a>)> {
        self.items.iter().map(|(name, ty)| (*name, &**ty))
    }

    pub(super) fn new(kind: ItemKind, work: u64) -> Rc<Self> {
        Rc::new(Self {
            kind,
            work,
            resources: u64::from(kind == ItemKind::Resource),
            depth: 1,
            items: Rc::default(),
        })
    }

    /// Of an instance with such items, or of a component with such exports.
    pub(super) fn of_items(
        kind: ItemKind,
        items: BTreeMap<&'a str, Rc<Ty<'a>>>,
    ) -> Result<Rc<Self>, TooMuch> {
        let sum = |of: fn(&Ty<'a>) -> u64| {
            let all = items.values().map(|ty| of(ty));
            all.fold(0, u64::saturating_add)
        };
        let names = items.keys().map(|name| ITEM + name_work(name));
        Ok(Rc::new(Self {
            kind,
            work: sum(|ty| ty.work).saturating_add(names.sum()),
            resources: sum(|ty| ty.resources),
            depth: deeper(items.values().map(|ty| ty.depth))?,
            items: Rc::new(items),
        }))
    }

    /// Of an instance of a component.
    pub(super) fn instance_of(component: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self {
            kind: ItemKind::Instance,
            work: component.work,
            resources: component.resources,
            depth: component.depth,
            items: Rc::clone(&component.items),
        })
    }
}

/// What a name adds to what it is the name of.
fn name_work(name: &str) -> u64 {
    name.len() as u64 / 16
}

/// The types, and the items with a type, of a component or of the type of one or of an instance.
#[derive(Default)]
pub(super) struct Names<'a> {
    pub(super) types: Vec<Rc<Ty<'a>>>,
    pub(super) funcs: Vec<Rc<Ty<'a>>>,
    pub(super) instances: Vec<Rc<Ty<'a>>>,
    pub(super) components: Vec<Rc<Ty<'a>>>,
    pub(super) exports: BTreeMap<&'a str, Rc<Ty<'a>>>,
}

/// Those that are open, the innermost last.
pub(super) type Scopes<'a> = Vec<Names<'a>>;

impl<'a> Names<'a> {
    /// The item of a sort and number.
    pub(super) fn item(&self, kind: ComponentExternalKind, index: u32) -> Read<Rc<Ty<'a>>> {
        let items = match kind {
            ComponentExternalKind::Func => &self.funcs,
            ComponentExternalKind::Instance => &self.instances,
            ComponentExternalKind::Component => &self.components,
            ComponentExternalKind::Type => &self.types,
            ComponentExternalKind::Module | ComponentExternalKind::Value => {
                return Ok(Ty::new(ItemKind::Other, ITEM));
            }
        };
        get(items, index)
    }

    /// Makes it the next item of its sort.
    pub(super) fn push(&mut self, kind: ComponentExternalKind, ty: Rc<Ty<'a>>) {
        match kind {
            ComponentExternalKind::Func => self.funcs.push(ty),
            ComponentExternalKind::Instance => self.instances.push(ty),
            ComponentExternalKind::Component => self.components.push(ty),
            ComponentExternalKind::Type => self.types.push(ty),
            ComponentExternalKind::Module | ComponentExternalKind::Value => {}
        }
    }

    /// The type that an item is declared to have.
    pub(super) fn declared(&self, ty: ComponentTypeRef) -> Read<Rc<Ty<'a>>> {
        match ty {
            ComponentTypeRef::Func(index)
            | ComponentTypeRef::Instance(index)
            | ComponentTypeRef::Component(index) => get(&self.types, index),
            ComponentTypeRef::Type(TypeBounds::Eq(index)) => {
                let equal = get(&self.types, index)?;
                // A name for a resource is no resource more.
                match equal.kind {
                    ItemKind::Resource => Ok(Ty::new(ItemKind::Type, 1)),
                    _ => Ok(equal),
                }
            }
            ComponentTypeRef::Type(TypeBounds::SubResource) => Ok(Ty::new(ItemKind::Resource, 1)),
            ComponentTypeRef::Module(_) | ComponentTypeRef::Value(_) => {
                Ok(Ty::new(ItemKind::Other, ITEM))
            }
        }
    }

    fn value(&self, ty: ComponentValType) -> Read<u64> {
        match ty {
            ComponentValType::Primitive(_) => Ok(1),
            ComponentValType::Type(index) => Ok(get(&self.types, index)?.work),
        }
    }

    fn maybe(&self, ty: Option<ComponentValType>) -> Read<u64> {
        ty.map_or(Ok(0), |ty| self.value(ty))
    }

    /// How much there is of parts with names.
    fn named<'n>(
        &self,
        parts: impl Iterator<Item = (&'n str, Option<ComponentValType>)>,
    ) -> Read<u64> {
        parts.into_iter().try_fold(1_u64, |sum, (name, ty)| {
            let part = 1 + name_work(name);
            Ok(sum.saturating_add(part).saturating_add(self.maybe(ty)?))
        })
    }

    fn func(&self, ty: &ComponentFuncType<'_>) -> Read<u64> {
        let params = self.named(ty.params.iter().map(|(name, ty)| (*name, Some(*ty))))?;
        Ok(params.saturating_add(self.maybe(ty.result)?))
    }

    fn defined(&self, ty: &ComponentDefinedType<'_>) -> Read<u64> {
        let inside = match ty {
            ComponentDefinedType::Primitive(_)
            | ComponentDefinedType::Own(_)
            | ComponentDefinedType::Borrow(_) => 0,
            ComponentDefinedType::Record(fields) => {
                self.named(fields.iter().map(|(name, ty)| (*name, Some(*ty))))?
            }
            ComponentDefinedType::Variant(cases) => {
                self.named(cases.iter().map(|case| (case.name, case.ty)))?
            }
            ComponentDefinedType::Flags(names) | ComponentDefinedType::Enum(names) => {
                self.named(names.iter().map(|name| (*name, None)))?
            }
            ComponentDefinedType::Tuple(types) => {
                self.named(types.iter().map(|ty| ("", Some(*ty))))?
            }
            ComponentDefinedType::List(ty)
            | ComponentDefinedType::FixedLengthList(ty, _)
            | ComponentDefinedType::Option(ty) => self.value(*ty)?,
            ComponentDefinedType::Map(key, value) => {
                self.value(*key)?.saturating_add(self.value(*value)?)
            }
            ComponentDefinedType::Result { ok, err } => {
                self.maybe(*ok)?.saturating_add(self.maybe(*err)?)
            }
            ComponentDefinedType::Future(ty) | ComponentDefinedType::Stream(ty) => {
                self.maybe(*ty)?
            }
        };
        Ok(inside.saturating_add(1))
    }
}

/// Reads a type into the innermost of `scopes`.
pub(super) fn read<'a>(scopes: &mut Scopes<'a>, ty: &ComponentType<'a>) -> Read {
    let ty = match ty {
        ComponentType::Defined(defined) => {
            Ty::new(ItemKind::Type, innermost(scopes)?.defined(defined)?)
        }
        ComponentType::Func(func) => Ty::new(ItemKind::Func, innermost(scopes)?.func(func)?),
        ComponentType::Resource { .. } => Ty::new(ItemKind::Resource, 1),
        ComponentType::Instance(declarations) => {
            scopes.push(Names::default());
            for declaration in declarations {
                declare(scopes, declaration)?;
            }
            Ty::of_items(
                ItemKind::Instance,
                scopes.pop().ok_or(Stop::Unreadable)?.exports,
            )?
        }
        ComponentType::Component(declarations) => {
            scopes.push(Names::default());
            let mut imports = 0_u64;
            for declaration in declarations {
                imports = imports.saturating_add(declare_in_component(scopes, declaration)?);
            }
            let exports = scopes.pop().ok_or(Stop::Unreadable)?.exports;
            let mut ty = Ty::of_items(ItemKind::Other, exports)?;
            if let Some(ty) = Rc::get_mut(&mut ty) {
                ty.work = ty.work.saturating_add(imports);
            }
            ty
        }
    };
    innermost(scopes)?.types.push(ty);
    Ok(())
}

/// Reads a declaration in the type of a component: how much it imports.
fn declare_in_component<'a>(
    scopes: &mut Scopes<'a>,
    declaration: &ComponentTypeDeclaration<'a>,
) -> Read<u64> {
    match declaration {
        ComponentTypeDeclaration::Import(import) => {
            let names = innermost(scopes)?;
            let ty = names.declared(import.ty)?;
            let work = ITEM + name_work(import.name.name);
            names.push(import.ty.kind(), Rc::clone(&ty));
            return Ok(ty.work.saturating_add(work));
        }
        ComponentTypeDeclaration::Type(ty) => read(scopes, ty)?,
        ComponentTypeDeclaration::Alias(alias) => read_alias(scopes, alias)?,
        ComponentTypeDeclaration::Export { name, ty } => export(scopes, name.name, *ty)?,
        ComponentTypeDeclaration::CoreType(_) => {}
    }
    Ok(0)
}

fn declare<'a>(scopes: &mut Scopes<'a>, declaration: &InstanceTypeDeclaration<'a>) -> Read {
    match declaration {
        InstanceTypeDeclaration::CoreType(_) => Ok(()),
        InstanceTypeDeclaration::Type(ty) => read(scopes, ty),
        InstanceTypeDeclaration::Alias(alias) => read_alias(scopes, alias),
        InstanceTypeDeclaration::Export { name, ty } => export(scopes, name.name, *ty),
    }
}

fn export<'a>(scopes: &mut Scopes<'a>, name: &'a str, ty: ComponentTypeRef) -> Read {
    let names = innermost(scopes)?;
    let declared = names.declared(ty)?;
    names.push(ty.kind(), Rc::clone(&declared));
    names.exports.insert(name, declared);
    Ok(())
}

/// Reads an alias of something that has a type.
pub(super) fn read_alias<'a>(scopes: &mut Scopes<'a>, alias: &ComponentAlias<'a>) -> Read {
    match *alias {
        ComponentAlias::InstanceExport {
            kind,
            instance_index,
            name,
        } => {
            let names = innermost(scopes)?;
            let ty = match kind {
                ComponentExternalKind::Module | ComponentExternalKind::Value => return Ok(()),
                _ => get(&names.instances, instance_index)?.item(name).cloned(),
            };
            names.push(kind, ty.ok_or(Stop::Unreadable)?);
        }
        ComponentAlias::Outer { kind, count, index } => {
            let further = scopes.iter().rev().nth(count as usize);
            let further = further.ok_or(Stop::Unreadable)?;
            let (kind, ty) = match kind {
                ComponentOuterAliasKind::Type => {
                    (ComponentExternalKind::Type, get(&further.types, index)?)
                }
                ComponentOuterAliasKind::Component => {
                    let components = &further.components;
                    (ComponentExternalKind::Component, get(components, index)?)
                }
                ComponentOuterAliasKind::CoreModule | ComponentOuterAliasKind::CoreType => {
                    return Ok(());
                }
            };
            innermost(scopes)?.push(kind, ty);
        }
        ComponentAlias::CoreInstanceExport { .. } => {}
    }
    Ok(())
}

pub(super) fn innermost<'s, 'a>(scopes: &'s mut Scopes<'a>) -> Read<&'s mut Names<'a>> {
    scopes.last_mut().ok_or(Stop::Unreadable)
}

fn get<'a>(items: &[Rc<Ty<'a>>], index: u32) -> Read<Rc<Ty<'a>>> {
    items.get(index as usize).cloned().ok_or(Stop::Unreadable)
}

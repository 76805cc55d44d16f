//! A function that a component was seen to export, with its type checked.
//!
//! It knows components and types, nothing of instances' lives.

use std::fmt;
use std::marker::PhantomData;

use wasmtime::Store;
use wasmtime::component::__internal::InstanceType;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{
    Component, ComponentExportIndex, ComponentNamedList, Func, Lift, Lower, TypedFunc,
};

use crate::store::state::State;
use crate::values::signature::Signature;

/// An export of a world in one loaded component: parameters `P` in, results `R` out.
///
/// `P` names what is passed with `'static` borrows; since it is covariant, so may shorter ones be.
pub struct Export<P, R> {
    index: ComponentExportIndex,
    signature: &'static Signature,
    types: PhantomData<(P, fn() -> R)>,
}

/// Why a component does not have an export.
pub(crate) enum Unfit {
    /// It has nothing of that name.
    Missing,
    /// It has a function of that name with another type; with the engine's words on it.
    OtherType(ComponentFunc, Option<wasmtime::Error>),
    /// It has something else of that name.
    NoFunction(ComponentItem),
}

impl<P, R> Export<P, R>
where
    P: ComponentNamedList + Lower,
    R: ComponentNamedList + Lift,
{
    /// Looks up what `signature` names in a component and checks that it takes `P` and returns `R`.
    ///
    /// `types` must be the types of `component`.
    pub(crate) fn find(
        component: &Component,
        types: &InstanceType<'_>,
        signature: &'static Signature,
    ) -> Result<Self, Unfit> {
        let (index, func) = lookup(component, signature)?;
        match func.typecheck::<P, R>(types) {
            Ok(()) => Ok(Self {
                index,
                signature,
                types: PhantomData,
            }),
            Err(error) => Err(Unfit::OtherType(func, Some(error))),
        }
    }

    /// The function in an instance; `None` if the instance is of another component.
    #[inline(always)]
    pub(crate) fn lookup(
        &self,
        instance: &wasmtime::component::Instance,
        store: &mut Store<State>,
        last: &mut Last,
    ) -> Option<TypedFunc<P, R>> {
        let func = match last.0 {
            Some((index, func)) if index == self.index => func,
            _ => {
                let func = instance.get_func(store, self.index)?;
                last.0 = Some((self.index, func));
                func
            }
        };
        // SAFETY: `get_func` compares the component's identity, so `func` is the function that
        // `index` stood for in `find`, the only place that makes an `Export`, and there the engine
        // itself found that it takes `P` and returns `R`. That does not depend on the lifetimes in
        // `P`, the only thing that covariance can have changed since. An index has the identity in
        // it, so that the last one stands for the same function.
        Some(unsafe { TypedFunc::new_unchecked(func) })
    }
}

/// The function of an instance that was called last: most often it is the next one too, and looking
/// it up takes longer than comparing. There is one of these for each instance.
#[derive(Default)]
pub(crate) struct Last(Option<(ComponentExportIndex, Func)>);

/// The function that `signature` names in a component, of whatever type.
fn lookup(
    component: &Component,
    signature: &Signature,
) -> Result<(ComponentExportIndex, ComponentFunc), Unfit> {
    let interface = match signature.interface {
        "" => None,
        interface => {
            let index = component.get_export_index(None, interface);
            Some(index.ok_or(Unfit::Missing)?)
        }
    };
    let (item, index) = component
        .get_export(interface.as_ref(), signature.name)
        .ok_or(Unfit::Missing)?;
    match item {
        ComponentItem::ComponentFunc(func) if func.async_() => Err(Unfit::OtherType(func, None)),
        ComponentItem::ComponentFunc(func) => Ok((index, func)),
        item => Err(Unfit::NoFunction(item)),
    }
}

impl<P, R> fmt::Debug for Export<P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Export({} of {})", self.signature, self.signature.path())
    }
}

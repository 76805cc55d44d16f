//! A function that a component was seen to export, with its type checked.
//!
//! It knows components and types, nothing of instances' lives.

use std::fmt;
use std::marker::PhantomData;

use wasmtime::Store;
use wasmtime::component::{ComponentExportIndex, ComponentNamedList, Lift, Lower, TypedFunc};

use crate::signature::Signature;
use crate::state::State;

/// An export of a world in one loaded component: parameters `P` in, results `R` out.
///
/// `P` names what is passed with `'static` borrows; since it is covariant, so may shorter ones be.
pub struct Export<P, R> {
    index: ComponentExportIndex,
    signature: &'static Signature,
    types: PhantomData<(P, fn() -> R)>,
}

impl<P, R> Export<P, R>
where
    P: ComponentNamedList + Lower,
    R: ComponentNamedList + Lift,
{
    /// # Safety
    /// `index` must be that of a function which takes `P` and returns `R` in its component.
    pub(crate) unsafe fn new_unchecked(
        index: ComponentExportIndex,
        signature: &'static Signature,
    ) -> Self {
        Self {
            index,
            signature,
            types: PhantomData,
        }
    }

    /// The function in an instance; `None` if the instance is of another component.
    #[inline]
    pub(crate) fn lookup(
        &self,
        instance: &wasmtime::component::Instance,
        store: &mut Store<State>,
    ) -> Option<TypedFunc<P, R>> {
        let func = instance.get_func(store, self.index)?;
        // SAFETY: `get_func` compares the component's identity, so `func` is the function that `index`
        // stood for when this was made, and whoever made it vouched for its type. That type does not
        // depend on the lifetimes in `P`, the only thing that covariance can have changed since.
        Some(unsafe { TypedFunc::new_unchecked(func) })
    }
}

impl<P, R> Export<P, R> {
    /// The function as the world declares it.
    pub(crate) fn signature(&self) -> &'static Signature {
        self.signature
    }
}

impl<P, R> fmt::Debug for Export<P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Export({} of {})", self.signature, self.signature.path())
    }
}

//! A function that a module exports for its host to call, if it does, with its type checked.
//!
//! It knows modules and types, nothing of instances' lives.

use std::fmt;
use std::marker::PhantomData;

use wasmtime::{
    FuncType, Module, ModuleExport, Store, TypedFunc, ValType, WasmParams, WasmResults,
};

use crate::store::module::{Bad, Code, Ty};
use crate::store::state::State;

/// A callback of an ABI in one loaded module: parameters `P` in, a result that is made an `R`.
pub struct Callback<P, R> {
    /// None if the module does not have it.
    export: Option<ModuleExport>,
    types: PhantomData<fn(P) -> R>,
}

/// Why a callback cannot be called.
pub(crate) enum Unfit {
    /// It is a function of another type.
    OtherType(FuncType),
    /// It is no function.
    NoFunction,
}

impl<P: WasmParams, R: Returned> Callback<P, R> {
    /// Looks up a callback in a module, which need not have it. `params` are the types of `P`.
    pub(crate) fn find(module: &Module, name: &str, params: &[Ty]) -> Result<Self, Unfit> {
        let export = module.get_export_index(name);
        if export.is_some() {
            let ty = module.get_export(name);
            let ty = ty.and_then(|ty| ty.func().cloned());
            let ty = ty.ok_or(Unfit::NoFunction)?;
            let results: &[Ty] = R::TY.as_slice();
            if !(is_written(ty.params(), params) && is_written(ty.results(), results)) {
                return Err(Unfit::OtherType(ty));
            }
        }
        Ok(Self {
            export,
            types: PhantomData,
        })
    }

    /// Whether the module has it.
    pub(crate) fn is_there(&self) -> bool {
        self.export.is_some()
    }

    /// The function in an instance; `None` if the instance is of a module without it.
    pub(crate) fn lookup(
        &self,
        instance: &wasmtime::Instance,
        store: &mut Store<State>,
    ) -> Option<TypedFunc<P, R::Core>> {
        let export = instance.get_module_export(&mut *store, self.export.as_ref()?)?;
        export.into_func()?.typed(&*store).ok()
    }
}

/// Whether a module's types are these.
fn is_written(found: impl ExactSizeIterator<Item = ValType>, expected: &[Ty]) -> bool {
    found.len() == expected.len()
        && found
            .zip(expected)
            .all(|(found, expected)| ValType::eq(&found, &expected.engines()))
}

impl<P, R> fmt::Debug for Callback<P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback")
            .field("is_there", &self.export.is_some())
            .finish()
    }
}

/// An argument of a callback.
pub trait Given {
    /// The raw value that it is.
    type Core: wasmtime::WasmTy;

    /// The type of that.
    const TY: Ty;

    /// The raw value.
    fn core(self) -> Self::Core;
}

/// What a callback returns.
pub trait Returned: Sized {
    /// The raw value that it is made of.
    type Core: WasmResults;

    /// The type of that, if there is one.
    const TY: Option<Ty>;

    /// What the raw value stands for.
    ///
    /// # Errors
    /// That it stands for nothing.
    fn returned(core: Self::Core) -> Result<Self, Bad>;
}

macro_rules! numbers {
    ($($of:ty, $ty:ident;)*) => {$(
        impl Given for $of {
            type Core = $of;

            const TY: Ty = Ty::$ty;

            fn core(self) -> $of {
                self
            }
        }

        impl Returned for $of {
            type Core = $of;

            const TY: Option<Ty> = Some(Ty::$ty);

            fn returned(core: $of) -> Result<Self, Bad> {
                Ok(core)
            }
        }
    )*};
}

numbers! {
    u32, I32;
    i32, I32;
    u64, I64;
    i64, I64;
    f32, F32;
    f64, F64;
}

impl Returned for () {
    type Core = ();

    const TY: Option<Ty> = None;

    fn returned((): ()) -> Result<Self, Bad> {
        Ok(())
    }
}

impl Given for bool {
    type Core = u32;

    const TY: Ty = Ty::I32;

    fn core(self) -> u32 {
        self.into()
    }
}

/// Any number but 0 is true.
impl Returned for bool {
    type Core = u32;

    const TY: Option<Ty> = Some(Ty::I32);

    fn returned(core: u32) -> Result<Self, Bad> {
        Ok(core != 0)
    }
}

impl<T: Into<u32>> Given for Code<T> {
    type Core = u32;

    const TY: Ty = Ty::I32;

    fn core(self) -> u32 {
        self.0.into()
    }
}

impl<T: TryFrom<u32>> Returned for Code<T> {
    type Core = u32;

    const TY: Option<Ty> = Some(Ty::I32);

    fn returned(core: u32) -> Result<Self, Bad> {
        T::try_from(core).map(Self).map_err(|_| Bad::UnknownCode)
    }
}

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
use crate::values::erased::{Erased, restored};

/// A callback of an ABI in one loaded module, of the type `F`, which is one of Rust's functions:
/// `fn(u32, bool) -> Code<Action>`.
pub struct Callback<F> {
    /// Its number among those of the ABI.
    number: usize,
    /// None if the module does not have it.
    export: Option<ModuleExport>,
    ty: PhantomData<F>,
}

/// The callbacks of an instance that were called, by their numbers.
pub(crate) type Found = Vec<Option<Box<dyn Erased + Send + Sync>>>;

/// The function of an instance that a callback of type `F` is.
type Func<F> =
    TypedFunc<<F as CallbackType>::Core, <<F as CallbackType>::Result as Returned>::Core>;

/// Why a callback cannot be called.
pub(crate) enum Unfit {
    /// It is a function of another type.
    OtherType(FuncType),
    /// It is no function.
    NoFunction,
}

impl<F: CallbackType> Callback<F> {
    /// Looks up a callback in a module, which need not have it.
    pub(crate) fn find(module: &Module, number: usize, name: &str) -> Result<Self, Unfit> {
        let export = module.get_export_index(name);
        if export.is_some() {
            let ty = module.get_export(name);
            let ty = ty.and_then(|ty| ty.func().cloned());
            let ty = ty.ok_or(Unfit::NoFunction)?;
            let results: &[Ty] = F::Result::TY.as_slice();
            if !(is_written(ty.params(), F::PARAMS) && is_written(ty.results(), results)) {
                return Err(Unfit::OtherType(ty));
            }
        }
        Ok(Self {
            number,
            export,
            ty: PhantomData,
        })
    }

    /// The function in an instance, whose `found` these are; `None` if the instance is of a module
    /// without it.
    #[inline]
    pub(crate) fn lookup<'f>(
        &self,
        instance: &wasmtime::Instance,
        store: &mut Store<State>,
        found: &'f mut Found,
    ) -> Option<&'f Func<F>> {
        // To clone a function counts references to its type: one that is called often is borrowed.
        if found.get(self.number).is_none_or(Option::is_none) {
            self.look_up(instance, store, found)?;
        }
        restored(&**found.get(self.number)?.as_ref()?)
    }

    #[cold]
    fn look_up(
        &self,
        instance: &wasmtime::Instance,
        store: &mut Store<State>,
        found: &mut Found,
    ) -> Option<()> {
        let export = instance.get_module_export(&mut *store, self.export.as_ref()?)?;
        let func: Func<F> = export.into_func()?.typed(&*store).ok()?;
        if found.len() <= self.number {
            found.resize_with(self.number + 1, || None);
        }
        found[self.number] = Some(Box::new(func));
        Some(())
    }
}

impl<F> Callback<F> {
    /// Whether the module has it.
    pub(crate) fn is_there(&self) -> bool {
        self.export.is_some()
    }
}

/// Whether a module's types are these.
pub(super) fn is_written(found: impl ExactSizeIterator<Item = ValType>, expected: &[Ty]) -> bool {
    found.len() == expected.len()
        && found
            .zip(expected)
            .all(|(found, expected)| ValType::eq(&found, &expected.engines()))
}

impl<F> fmt::Debug for Callback<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback")
            .field("is_there", &self.export.is_some())
            .finish()
    }
}

/// The type of a callback: a function whose parameters are [`Given`] and whose result is
/// [`Returned`].
pub trait CallbackType: Sized + 'static {
    /// The arguments.
    type Args;

    /// The raw values that they are.
    type Core: WasmParams + 'static;

    /// The result.
    type Result: Returned;

    /// The types of the raw values.
    const PARAMS: &'static [Ty];

    /// The raw values of the arguments.
    fn core(args: Self::Args) -> Self::Core;

    /// Lends their bits.
    fn with_bits<R>(core: &Self::Core, lend: impl FnOnce(&[u64]) -> R) -> R;
}

macro_rules! functions {
    ($(($($of:ident $index:tt),*))*) => {$(
        impl<$($of: Given + 'static,)* R: Returned + 'static> CallbackType for fn($($of),*) -> R {
            type Args = ($($of,)*);
            type Core = ($($of::Core,)*);
            type Result = R;

            const PARAMS: &'static [Ty] = &[$($of::TY),*];

            #[inline]
            #[allow(clippy::unused_unit, reason = "of a function without parameters")]
            fn core(args: Self::Args) -> Self::Core {
                let _ = &args;
                ($(args.$index.core(),)*)
            }

            #[inline]
            fn with_bits<T>(core: &Self::Core, lend: impl FnOnce(&[u64]) -> T) -> T {
                let _ = core;
                lend(&[$(core.$index.bits()),*])
            }
        }
    )*};
}

functions! {
    ()
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, G 5)
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6)
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6, I 7)
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6, I 7, J 8)
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6, I 7, J 8, K 9)
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6, I 7, J 8, K 9, L 10)
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6, I 7, J 8, K 9, L 10, M 11)
}

/// An argument of a callback: integers, floats, `bool`, [`Code`], and what an ABI adds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no argument of a callback",
    label = "no raw value",
    note = "there are integers and floats of 32 and 64 bits, `bool` and `abide::module::Code`; an ABI's own types \
            implement `abide::module::Given`"
)]
pub trait Given {
    /// The raw value that it is.
    type Core: RawValue;

    /// The type of that.
    const TY: Ty;

    /// The raw value.
    fn core(self) -> Self::Core;
}

/// What a callback returns: nothing, integers, floats, `bool`, [`Code`], and what an ABI adds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no result of a callback",
    label = "no raw value",
    note = "there are integers and floats of 32 and 64 bits, `bool` and `abide::module::Code`; an ABI's own types \
            implement `abide::module::Returned`"
)]
pub trait Returned: Sized {
    /// The raw value that it is made of; `()` is none.
    type Core: RawResult + 'static;

    /// The type of that, if there is one.
    const TY: Option<Ty>;

    /// What the raw value stands for.
    ///
    /// # Errors
    /// That it stands for nothing.
    fn returned(core: Self::Core) -> Result<Self, Bad>;
}

/// A raw value: integers and floats of 32 and 64 bits.
pub trait RawValue: wasmtime::WasmTy {
    /// Its bits.
    fn bits(&self) -> u64;
}

/// What a callback returns as a raw value: one or none.
pub trait RawResult: WasmResults {
    /// Its bits, if there is one.
    fn bits(&self) -> Option<u64>;
}

impl RawResult for () {
    fn bits(&self) -> Option<u64> {
        None
    }
}

macro_rules! raw_values {
    ($($of:ty, |$value:ident| $bits:expr;)*) => {$(
        impl RawValue for $of {
            #[inline]
            fn bits(&self) -> u64 {
                let $value = *self;
                $bits
            }
        }

        impl RawResult for $of {
            #[inline]
            fn bits(&self) -> Option<u64> {
                Some(RawValue::bits(self))
            }
        }
    )*};
}

raw_values! {
    u32, |value| value.into();
    i32, |value| value.cast_unsigned().into();
    u64, |value| value;
    i64, |value| value.cast_unsigned();
    f32, |value| value.to_bits().into();
    f64, |value| value.to_bits();
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

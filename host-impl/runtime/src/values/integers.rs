//! Lists of integers that stay in the guest's memory.

use wasmtime::StoreContext;
use wasmtime::component::{Lift, WasmList};

/// An integer of WIT.
pub trait Integer: Lift + sealed::Sealed {
    #[doc(hidden)]
    fn slice<'a, T: 'static>(list: &WasmList<Self>, store: StoreContext<'a, T>) -> &'a [Self];
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! integers {
    ($($integer:ident)*) => {$(
        impl sealed::Sealed for $integer {}
        impl Integer for $integer {
            fn slice<'a, T: 'static>(
                list: &WasmList<Self>,
                store: StoreContext<'a, T>,
            ) -> &'a [Self] {
                // The memory of a guest is little-endian; `lib.rs` refuses hosts that are not.
                list.as_le_slice(store)
            }
        }
    )*};
}

integers!(u8 u16 u32 u64 i8 i16 i32 i64);

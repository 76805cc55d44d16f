//! What the guest side of an [`abide`](https://docs.rs/abide) ABI runs on.
//!
//! Guest authors do not use this crate: the ABI crate they depend on brings it. It holds what the
//! code that `abide::abi!` generates for a guest refers to, and passes the text of a guest's panic
//! on to the host.

#[cfg(any(target_family = "wasm", test))]
mod borrows;
#[cfg(target_family = "wasm")]
mod panic;

/// What generated code runs on. Not for anybody else: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use bitflags;

    #[cfg(any(target_family = "wasm", test))]
    pub use crate::borrows::Borrows;
    #[cfg(target_family = "wasm")]
    pub use {crate::panic::install, crate::report_panics, wit_bindgen};

    pub use crate::component_flags;
}

/// On the host, makes a flags type known to wasmtime; on the guest there is nothing to do.
#[doc(hidden)]
#[macro_export]
macro_rules! component_flags {
    ($($input:tt)*) => {};
}

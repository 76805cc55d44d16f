//! A shared library, opened while the program runs: native code with all that the program may do.

use std::ffi::{CStr, CString, c_void};
use std::os::unix::ffi::OsStringExt as _;

use anyhow::{Context as _, Result, ensure};

use super::compiled;

type Add = unsafe extern "C" fn(u32, u32) -> u32;
type Echo = unsafe extern "C" fn(*const u8, usize, *mut u8);

/// An open library. It stays open until the process ends.
#[derive(Debug)]
pub(crate) struct Library {
    add: Add,
    echo: Echo,
}

impl Library {
    pub(crate) fn open() -> Result<Self> {
        let file = compiled("library.rs", "cdylib")?;
        let file = CString::new(file.into_os_string().into_vec())?;
        // SAFETY: the name ends with a zero, and what the library runs when it is opened is what Rust
        // puts into every one.
        let library = unsafe { libc::dlopen(file.as_ptr(), libc::RTLD_NOW) };
        ensure!(
            !library.is_null(),
            "cannot open the shared library {file:?}"
        );
        let symbol = |name: &CStr| {
            // SAFETY: the library is open, and the name ends with a zero.
            let symbol = unsafe { libc::dlsym(library, name.as_ptr()) };
            let symbol = (!symbol.is_null()).then_some(symbol);
            symbol.with_context(|| format!("there is no {name:?} in the shared library"))
        };
        // SAFETY: the functions of these names in `bench/native/library.rs` have these types, and the
        // library is never closed.
        let (add, echo) = unsafe {
            (
                std::mem::transmute::<*mut c_void, Add>(symbol(c"add")?),
                std::mem::transmute::<*mut c_void, Echo>(symbol(c"echo")?),
            )
        };
        Ok(Self { add, echo })
    }

    pub(crate) fn add(&self, a: u32, b: u32) -> u32 {
        // SAFETY: it takes any two numbers.
        unsafe { (self.add)(a, b) }
    }

    pub(crate) fn echo(&self, bytes: &[u8]) -> Vec<u8> {
        let mut echoed = vec![0; bytes.len()];
        // SAFETY: both have this length, and the second was just made.
        unsafe { (self.echo)(bytes.as_ptr(), bytes.len(), echoed.as_mut_ptr()) };
        echoed
    }
}

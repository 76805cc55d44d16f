//! Passes the text of a panic to the host, through the import `abide:guest/panic`.
//!
//! Without it a host learns that the guest stopped, not why: on `wasm32-unknown-unknown` Rust's own
//! panic message goes nowhere. Hosts made with Abide offer the import to every guest.

use std::panic::PanicHookInfo;
use std::sync::OnceLock;

wit_bindgen::generate!({
    inline: "
        package abide:guest@0.1.0;

        interface panic {
            /// Tells the host why the guest is about to stop.
            panicked: func(message: string);
        }

        world hooks {
            import panic;
        }
    ",
    path: [],
});

/// Makes [`install`] a constructor of the guest: run before the first export is entered.
///
/// A macro, used by `export!`, because the linker drops what nothing in the guest's own crate
/// refers to.
#[doc(hidden)]
#[macro_export]
macro_rules! report_panics {
    () => {
        const _: () = {
            // SAFETY: the section is the list of constructors of a wasm module: pointers to
            // functions without parameters and results, which this is. It runs after memory is
            // initialised and depends on no other constructor.
            #[used]
            #[unsafe(link_section = ".init_array")]
            static INSTALL: extern "C" fn() = $crate::__private::install;
        };
    };
}

/// A hook for panics.
type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// The hook that was there before.
static BEFORE: OnceLock<Hook> = OnceLock::new();

/// Puts a hook in front of the one that is there.
///
/// It allocates nothing, and so leaves the memory of a guest that allocates nothing as large as it
/// begins. The first allocation makes it grow, and that is a good part of what a new instance
/// costs.
#[doc(hidden)]
pub extern "C" fn install() {
    // A guest of several worlds has this among its constructors several times.
    if BEFORE.get().is_some() {
        return;
    }
    if BEFORE.set(std::panic::take_hook()).is_ok() {
        std::panic::set_hook(Box::new(|info| {
            abide::guest::panic::panicked(&text(info));
            if let Some(before) = BEFORE.get() {
                before(info);
            }
        }));
    }
}

/// `src/lib.rs:7:5: index out of bounds`.
fn text(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("a value that is no text");
    match info.location() {
        Some(place) => format!("{place}: {message}"),
        None => message.to_owned(),
    }
}

//! Passes the text of a panic to the host, through the import `abide:guest/panic`.
//!
//! Without it a host learns that the guest stopped, not why: on `wasm32-unknown-unknown` Rust's own
//! panic message goes nowhere. Hosts made with Abide offer the import to every guest.

use std::panic::PanicHookInfo;

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

/// Run by the guest's constructors, before its first export is entered.
// SAFETY: the section is the list of constructors of a wasm module: pointers to functions without
// parameters and results, which this is. It runs after memory is initialised and calls nothing that
// depends on another constructor.
#[used]
#[unsafe(link_section = ".init_array")]
static INSTALL: extern "C" fn() = {
    extern "C" fn install() {
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            abide::guest::panic::panicked(&text(info));
            default(info);
        }));
    }
    install
};

/// `src/lib.rs:7:5: index out of bounds`.
fn text(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("a value that is no text");
    match info.location() {
        Some(place) => format!("{place}: {message}"),
        None => message.to_owned(),
    }
}

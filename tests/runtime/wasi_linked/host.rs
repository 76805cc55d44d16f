//! Interfaces of WASI that a world imports are granted by the host, not implemented: its only trait
//! is the one of the world's own import.

use std::sync::{Arc, Mutex};

use abide::Wasi;

abide::abi!({ wit: "wasi_linked/test.wit", module: "wasi_linked" });

#[derive(Clone, Default)]
struct App(Arc<Mutex<Vec<String>>>);

impl host::WasiLinkedImports for App {
    fn log(&mut self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

fn load(app: &App, wasi: Wasi) -> host::WasiLinked {
    host::WasiLinked::builder(app.clone())
        .limits(crate::guests::limits())
        .wasi(wasi)
        .load(crate::guests::component(module_path!()))
        .unwrap_or_else(|error| panic!("{error:?}"))
}

#[test]
fn what_is_granted_is_there_and_nothing_else() {
    let app = App::default();
    let granted = load(&app, Wasi::new().clocks().random());
    assert!(granted.now().unwrap() > 1_700_000_000);
    let (one, other) = (granted.bytes(32).unwrap(), granted.bytes(32).unwrap());
    assert_eq!((one.len(), other.len()), (32, 32));
    assert_ne!(one, other);
    assert_ne!(granted.bytes(8).unwrap(), granted.bytes(8).unwrap());

    let nothing = load(&app, Wasi::new());
    assert_eq!(nothing.now().unwrap(), 0);
    assert_eq!(nothing.bytes(4).unwrap(), nothing.bytes(4).unwrap());
    assert_eq!(*app.0.lock().unwrap(), ["true", "false"]);
}

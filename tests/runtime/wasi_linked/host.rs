//! Interfaces of WASI that a world imports are granted by the host, not implemented: its only trait
//! is the one of the world's own import.

use std::sync::{Arc, Mutex};

use abide::Wasi;

abide::abi!({ wit: "wasi_linked/test.wit", module: "wasi_linked" });

#[derive(Clone, Default)]
struct App(Arc<Mutex<Vec<String>>>);

impl host_async::WasiLinkedImports for App {
    async fn log(&mut self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

async fn load(app: &App, wasi: Wasi) -> host_async::WasiLinked {
    host_async::WasiLinked::builder(app.clone())
        .limits(crate::guests::limits())
        .wasi(wasi)
        .load_async(crate::guests::component(module_path!()))
        .await
        .unwrap_or_else(|error| panic!("{error:?}"))
}

#[awaited::test]
async fn what_is_granted_is_there_and_nothing_else() {
    let app = App::default();
    let granted = load(&app, Wasi::new().clocks().random()).await;
    assert!(granted.now().await.unwrap() > 1_700_000_000);
    let (one, other) = (
        granted.bytes(32).await.unwrap(),
        granted.bytes(32).await.unwrap(),
    );
    assert_eq!((one.len(), other.len()), (32, 32));
    assert_ne!(one, other);
    assert_ne!(
        granted.bytes(8).await.unwrap(),
        granted.bytes(8).await.unwrap()
    );

    let nothing = load(&app, Wasi::new()).await;
    assert_eq!(nothing.now().await.unwrap(), 0);
    assert_eq!(
        nothing.bytes(4).await.unwrap(),
        nothing.bytes(4).await.unwrap()
    );
    assert_eq!(*app.0.lock().unwrap(), ["true", "false"]);
}

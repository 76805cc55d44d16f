//! One call in, one call out, on every target that a guest can have.

use std::sync::{Arc, Mutex};

use abide_build::Target;

abide::abi!({ wit: "smoke/test.wit", module: "smoke" });

#[derive(Clone, Default)]
struct App(Arc<Mutex<Vec<String>>>);

impl host_async::SmokeImports for App {
    async fn log(&mut self, text: &str) -> u32 {
        let mut log = self.0.lock().unwrap();
        log.push(text.to_owned());
        41 + log.len() as u32
    }
}

#[awaited::test]
async fn host_and_guest_answer_each_other() {
    for target in Target::ALL {
        let app = App::default();
        let guest = host_async::Smoke::builder(app.clone())
            .limits(crate::guests::limits())
            .load_async(crate::guests::component_for(module_path!(), target))
            .await
            .unwrap();
        assert_eq!(guest.run("Zoë").await.unwrap(), "answer 42 for Zoë");
        assert_eq!(guest.run("").await.unwrap(), "answer 43 for ");
        assert_eq!(*app.0.lock().unwrap(), ["asked by Zoë", "asked by "]);
    }
}

//! A host for futures that cannot go to another thread: refused where it is implemented.

use std::rc::Rc;

abide::abi!({
    inline: "
        package demo:host@0.1.0;
        world plugin {
            import random: func() -> u64;
        }
    ",
});

#[derive(Clone)]
struct NotSend {
    seed: Rc<u64>,
}

impl host_async::PluginImports for NotSend {
    async fn random(&mut self) -> u64 {
        *self.seed
    }
}

fn main() {}

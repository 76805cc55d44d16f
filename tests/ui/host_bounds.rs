//! Hosts that cannot be cloned for each instance, or cannot go to another thread.

use std::cell::Cell;
use std::rc::Rc;

abide::abi!({
    inline: "
        package demo:host@0.1.0;
        world plugin {
            import random: func() -> u64;
        }
    ",
});

struct NotClone;

impl host::PluginImports for NotClone {
    fn random(&mut self) -> u64 {
        4
    }
}

#[derive(Clone)]
struct NotSend {
    seed: Rc<u64>,
}

impl host::PluginImports for NotSend {
    fn random(&mut self) -> u64 {
        *self.seed
    }
}

#[derive(Clone)]
struct NotSync {
    seed: Cell<u64>,
}

impl host::PluginImports for NotSync {
    fn random(&mut self) -> u64 {
        self.seed.get()
    }
}

fn main() {
    let _ = host::Plugin::load("plugin.wasm", NotClone);
    let seed = Rc::new(4);
    let _ = host::Plugin::load("plugin.wasm", NotSend { seed });
    let seed = Cell::new(4);
    let _ = host::Plugin::load("plugin.wasm", NotSync { seed });
}

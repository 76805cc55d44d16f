//! All that guests can import, what they may call when, and the trace of their calls.

use abide::module::{Imports, Linker};

use crate::contexts::ROOT;
use crate::env::Env;
use crate::host::Host;

impl<H: Host> Imports for Env<H> {
    /// Those that Envoy allows.
    const WHILE_ALLOCATING: Option<&'static [&'static str]> =
        Some(&["proxy_log", "fd_write", "clock_time_get"]);

    fn offer(linker: &mut Linker<'_, Self>) {
        Self::offer_env(linker);
        Self::offer_wasi_snapshot_preview1(linker);
        Self::offer_wasi_snapshot_preview1(&mut linker.under("wasi_unstable"));
    }

    fn begins(&mut self, callback: &'static str, args: &[u64]) {
        // What is called first has no context, and everything else has it first.
        self.effective = args.first().map_or(ROOT, |id| *id as u32);
        self.callback = callback;
        if let Some(line) = &self.trace {
            line(&format!("[host->vm] {callback}({})", listed(args)));
        }
    }

    fn ended(&mut self, callback: &'static str, result: Option<u64>) {
        if let Some(line) = &self.trace {
            line(&format!("[host<-vm] {callback} return: {}", shown(result)));
        }
    }

    fn is_watching(&self) -> bool {
        self.trace.is_some()
    }

    fn called(&mut self, import: &'static str, args: &[u64]) {
        if let Some(line) = &self.trace {
            line(&format!("[vm->host] {import}({})", listed(args)));
        }
    }

    fn answered(&mut self, import: &'static str, result: Option<u64>) {
        if let Some(line) = &self.trace {
            line(&format!("[vm<-host] {import} return: {}", shown(result)));
        }
    }

    fn allocates(&mut self, allocator: &'static str, len: u32) {
        if let Some(line) = &self.trace {
            line(&format!("[host->vm] {allocator}({len})"));
        }
    }

    fn allocated(&mut self, allocator: &'static str, at: u32) {
        if let Some(line) = &self.trace {
            line(&format!("[host<-vm] {allocator} return: {at}"));
        }
    }
}

fn listed(args: &[u64]) -> String {
    let args: Vec<String> = args.iter().map(u64::to_string).collect();
    args.join(", ")
}

fn shown(result: Option<u64>) -> String {
    result.map_or_else(|| "void".to_owned(), |result| result.to_string())
}

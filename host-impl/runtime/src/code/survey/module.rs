//! Core modules, as much as is counted of them.

use wasmparser::Payload;

use super::count::{Count, FUNCTION, Needs, Read};

/// A core module: what its instances take, and how much it is to make one.
#[derive(Default, Clone, Copy)]
pub(super) struct Module {
    pub(super) needs: Needs,
    /// How much it imports, which is taken up for each instance.
    pub(super) work: u64,
    functions: u64,
}

impl Module {
    /// One that is defined further out, or handed over: which, is not looked for. It counts like
    /// the one with the most imports so far; what it takes else, the engine finds out later.
    pub(super) fn from_elsewhere(count: &Count) -> Self {
        Self {
            work: count.imports,
            ..Self::default()
        }
    }

    pub(super) fn read(&mut self, payload: Payload<'_>) -> Read {
        match payload {
            Payload::ImportSection(section) => {
                self.work += section.into_imports().map_while(Result::ok).count() as u64;
            }
            Payload::FunctionSection(section) => self.functions += u64::from(section.count()),
            Payload::MemorySection(section) => {
                for memory in section {
                    self.needs.memories += 1;
                    self.needs.pages = self.needs.pages.max(memory?.initial);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.needs.tables += 1;
                    self.needs.elements = self.needs.elements.max(table?.ty.initial);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// How much it is to compile it, once, however many instances there are.
    pub(super) fn compiling(&self) -> u64 {
        FUNCTION.saturating_mul(self.functions)
    }
}

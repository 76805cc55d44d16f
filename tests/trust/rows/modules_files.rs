//! Files that are plain modules, or should be, and are none that can be run.

use crate::fault::{Act, Fault, faults};
use crate::module::{first_call, module, parsed, refuses};
use crate::setup::Setup;

/// What most have in common: each time, the module is loaded, too.
const USUAL: Fault = Fault {
    times: 4,
    ..Fault::USUAL
};

/// A module that imports functions of these names beside what it has.
fn importing(names: impl IntoIterator<Item = String>) -> Vec<u8> {
    let import = |name| format!("(import \"env\" \"{name}\" (func))");
    let imports: String = names.into_iter().map(import).collect();
    module(&[("(; IMPORT ;)", &imports)])
}

faults! {
    only host, "The file is no plain module";

    large_memory: Fault {
        name: "large memory",
        does: "declares a memory of 4 GiB",
        ends: "Limit(Memory)",
        act: Act::Scene(|setup| {
            let memory = ("(memory (export \"memory\") 17)", "(memory (export \"memory\") 65536)");
            refuses(setup, &module(&[memory]))
        }),
        ..USUAL
    },
    many_memories: Fault {
        name: "many memories",
        does: "declares 20 more memories",
        ends: "Load(TooLarge)",
        act: Act::Scene(|setup| {
            refuses(setup, &module(&[("(; MEMORY ;)", &"(memory 1)".repeat(20))]))
        }),
        ..USUAL
    },
    many_tables: Fault {
        name: "many tables",
        does: "declares fifty more tables",
        ends: "Load(TooLarge)",
        act: Act::Scene(|setup| {
            refuses(setup, &module(&[("(; MEMORY ;)", &"(table 1 funcref)".repeat(50))]))
        }),
        ..USUAL
    },
    another_type: Fault {
        name: "a callback of another type",
        does: "exports it with a parameter too many",
        ends: "Link",
        act: Act::Scene(|setup| {
            let callback = ("(func (export \"stop\") unreachable)", "(func (export \"stop\") (param i32))");
            refuses(setup, &module(&[callback]))
        }),
        ..USUAL
    },
    unknown: Fault {
        name: "unknown imports",
        does: "wants five thousand functions that nobody offers",
        ends: "Link",
        act: Act::Scene(|setup| {
            refuses(setup, &importing((0..5_000).map(|number| format!("f{number}"))))
        }),
        ..USUAL
    },
    long_name: Fault {
        name: "a long name",
        does: "wants a function with a name of 90,000 bytes",
        ends: "Link",
        act: Act::Scene(|setup| refuses(setup, &importing(["n".repeat(90_000)]))),
        ..USUAL
    },
    controls: Fault {
        name: "control characters",
        does: "wants a function with a name that clears a terminal",
        ends: "Link",
        act: Act::Scene(|setup| refuses(setup, &importing(["\\1b[2J\\0a".to_owned()]))),
        ..USUAL
    },
    no_memory: Fault {
        name: "no memory",
        does: "has none, and calls an import that reads it",
        ends: "AbiViolation",
        act: Act::Scene(|setup| {
            let memory = ("(memory (export \"memory\") 17)", "(memory 17)");
            let call = ("(; INITIALIZE ;)", "(call $hear (i32.const 16) (i32.const 1))");
            first_call(setup, Setup::limits(), &[memory, call])
        }),
        ..USUAL
    },
    cut_short: Fault {
        name: "a file cut short",
        does: "ends at two thirds of a module",
        ends: "Load(CutShort)",
        act: Act::Scene(|setup| {
            let module = module(&[]);
            refuses(setup, &module[..module.len() * 2 / 3])
        }),
        ..USUAL
    },
    component: Fault {
        name: "a component",
        does: "is one",
        ends: "Load(NoModule)",
        act: Act::Scene(|setup| refuses(setup, &parsed("(component)"))),
        ..USUAL
    },
    deep: Fault {
        name: "blocks nested ten thousand deep",
        does: "has a function with a block in a block, and so on, and is a guest like any other",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| {
            let code = "(block ".repeat(10_000) + &")".repeat(10_000);
            first_call(setup, Setup::limits(), &[("(; INITIALIZE ;)", &code)])
        }),
        ..USUAL
    },
}

//! Guests that take more than they may, of their own memory and of the host's.

use crate::fault::{Act, Fault, faults};
use crate::setup::{Setup, component};

const MIB: usize = 1 << 20;

faults! {
    "The guest wants too much";

    memory_bomb: Fault {
        name: "memory bomb",
        does: "takes memory until it gets no more",
        ends: "Limit(Memory)",
        act: Act::Call(|guest, _| guest.grow_memory()),
        ..Fault::USUAL
    },
    memories_bomb: Fault {
        name: "memory bomb over many memories",
        does: "takes memory for three memories in turn until it gets no more",
        ends: "Limit(Memory)",
        guest: &[
            ("(; MEMORIES ;)", "(memory $a 0) (memory $b 0) (memory $c 0)"),
            (
                "(; GROW-MEMORIES ;)",
                "(loop $more (br_if $more (i32.ne (i32.const -1) (i32.or (i32.or
                   (memory.grow $a (i32.const 16))
                   (memory.grow $b (i32.const 16)))
                   (memory.grow $c (i32.const 16))))))",
            ),
        ],
        act: Act::Call(|guest, _| guest.grow_memories()),
        ..Fault::USUAL
    },
    large_memory: Fault {
        name: "large memory",
        does: "declares a memory of 4 GiB",
        ends: "Limit(Memory)",
        act: Act::Scene(|setup| setup.refuses(&[("(; MEMORIES ;)", "(memory 65536)")])),
        times: 10,
        ..Fault::USUAL
    },
    many_memories: Fault {
        name: "many memories",
        does: "declares 16 more memories in one module",
        ends: "Limit(Memories)",
        act: Act::Scene(|setup| setup.refuses(&[("(; MEMORIES ;)", &"(memory 0)".repeat(16))])),
        times: 10,
        ..Fault::USUAL
    },
    many_modules: Fault {
        name: "many memories in many instances",
        does: "makes a hundred instances of a module that has a memory",
        ends: "Limits",
        act: Act::Scene(|setup| setup.refuses(&[("(; IMPORTS ;)", &instances("(memory 0)", 100))])),
        times: 10,
        ..Fault::USUAL
    },
    many_instances: Fault {
        name: "many instances",
        does: "makes a hundred instances of an empty module",
        ends: "Limit(Instances)",
        act: Act::Scene(|setup| {
            setup.refuses(&[("(; IMPORTS ;)", &instances("", 100))])
        }),
        times: 10,
        ..Fault::USUAL
    },
    table_bomb: Fault {
        name: "table bomb",
        does: "takes places in its table until it gets no more",
        ends: "Limit(TableElements)",
        act: Act::Call(|guest, _| guest.grow_table()),
        ..Fault::USUAL
    },
    large_table: Fault {
        name: "large table",
        does: "declares a table of ten million places",
        ends: "Limit(TableElements)",
        act: Act::Scene(|setup| setup.refuses(&[("(; MEMORIES ;)", "(table 10000000 funcref)")])),
        times: 10,
        ..Fault::USUAL
    },
    larger_table: Fault {
        name: "large table, within its limit",
        does: "declares a table of ten million places, which its limits allow and no engine has room for",
        ends: "Load(TooLarge)",
        act: Act::Scene(|setup| {
            let limits = Setup::limits().table_elements(20_000_000);
            let bytes = component(&[("(; MEMORIES ;)", "(table 10000000 funcref)")]);
            Ok(setup.builder(limits).load_bytes(bytes).map(drop))
        }),
        times: 10,
        ..Fault::USUAL
    },
    many_tables: Fault {
        name: "many tables",
        does: "makes a hundred instances of a module that has a table",
        ends: "Limits",
        act: Act::Scene(|setup| {
            setup.refuses(&[("(; IMPORTS ;)", &instances("(table 1 funcref)", 100))])
        }),
        times: 10,
        ..Fault::USUAL
    },
    large_string: Fault {
        name: "a 128 MiB string returned",
        does: "has memory for it, and returns it",
        ends: "Limit(HostAllocation)",
        limits: |limits| limits.memory(256 * MIB),
        act: Act::Call(|guest, _| guest.large(128).map(drop)),
        ..Fault::USUAL
    },
    same_lists_returned: Fault {
        name: "quadratic lists returned",
        does: "returns 500,000 lists of 1 MiB each, which are all the same bytes",
        ends: "Limit(HostAllocation)",
        limits: |limits| limits.host_allocation(8 * MIB),
        act: Act::Call(|guest, _| guest.same_lists(500_000, 1 << 20).map(drop)),
        times: 10,
        ..Fault::USUAL
    },
    same_lists_passed: Fault {
        name: "quadratic lists passed to an import",
        does: "passes 500,000 lists of 1 MiB each, which are all the same bytes",
        ends: "Limit(HostAllocation)",
        limits: |limits| limits.host_allocation(8 * MIB),
        act: Act::Call(|guest, _| guest.pass_same_lists(500_000, 1 << 20)),
        times: 10,
        ..Fault::USUAL
    },
    same_texts_lent: Fault {
        name: "quadratic texts lent to an import",
        does: "lends 500,000 texts of 1 MiB each, which are all the same bytes",
        ends: "Limit(HostAllocation)",
        limits: |limits| limits.host_allocation(8 * MIB),
        act: Act::Call(|guest, _| guest.pass_same_words(500_000, 1 << 20)),
        times: 10,
        ..Fault::USUAL
    },
    small_lists_returned: Fault {
        name: "lists of one byte returned",
        does: "returns 250,000 lists of one byte, which are 6 MB as the engine counts them, and take 14 MB",
        ends: "Limit(HostAllocation)",
        limits: |limits| limits.host_allocation(8 * MIB),
        act: Act::Call(|guest, _| guest.same_lists(250_000, 1).map(drop)),
        times: 10,
        ..Fault::USUAL
    },
    small_lists_passed: Fault {
        name: "lists of one byte passed to an import",
        does: "passes 250,000 lists of one byte",
        ends: "Limit(HostAllocation)",
        limits: |limits| limits.host_allocation(8 * MIB),
        act: Act::Call(|guest, _| guest.pass_same_lists(250_000, 1)),
        times: 10,
        ..Fault::USUAL
    },
    small_texts_lent: Fault {
        name: "texts of one byte lent to an import",
        does: "lends 250,000 texts of one byte",
        ends: "Limit(HostAllocation)",
        limits: |limits| limits.host_allocation(8 * MIB),
        act: Act::Call(|guest, _| guest.pass_same_words(250_000, 1)),
        times: 10,
        ..Fault::USUAL
    },
    flood: Fault {
        name: "stdout flood",
        does: "writes to its standard output without end",
        ends: "Limit(Output)",
        guest: Setup::WITH_WASI,
        act: Act::Call(|guest, _| guest.flood()),
        times: 10,
        ..Fault::USUAL
    },
    random_request: Fault {
        name: "huge random request",
        does: "asks WASI for 2⁶⁴ - 1 random bytes",
        ends: "Limit(Random)",
        guest: Setup::WITH_WASI,
        act: Act::Call(|guest, _| guest.take_random(u64::MAX).map(drop)),
        ..Fault::USUAL
    },
}

/// So many core instances of one module, as text.
fn instances(module: &str, count: usize) -> String {
    let instances = "(core instance (instantiate $one))".repeat(count);
    format!("(core module $one {module}) {instances}")
}

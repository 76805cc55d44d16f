//! Guests that are plain modules of older ABIs, and what they do when they run.

use abide::Blame;

use crate::fault::{Act, DEADLINE, Fault, faults};
use crate::module::{called, first_call};
use crate::setup::Setup;
use crate::sort::FINE;

/// What most have in common: each time, the module is loaded, too.
const USUAL: Fault = Fault {
    times: 8,
    ..Fault::USUAL
};

/// What those have in common that last until a deadline.
const SLOW: Fault = Fault {
    times: 3,
    ..Fault::USUAL
};

macro_rules! call {
    ($call:expr) => {
        call!($call, limits => limits, &[])
    };
    ($call:expr, $limits:ident => $changed:expr, $changes:expr) => {
        Act::Scene(|setup| {
            let $limits = Setup::limits();
            called(setup, $changed, $changes, $call)
        })
    };
}

/// Puts something in the place of what the allocator does.
macro_rules! allocator {
    ($code:literal) => {
        &[("(; ALLOC ;) (i32.const 65536)", $code)]
    };
}

faults! {
    only host, "Plain modules";

    unreachable: Fault {
        name: "`unreachable`",
        does: "runs into it",
        ends: "Trap(Unreachable)",
        act: call!(|wild| wild.stop()),
        ..USUAL
    },
    out_of_bounds: Fault {
        name: "out of bounds",
        does: "reads outside of its memory",
        ends: "Trap(MemoryOutOfBounds)",
        act: call!(|wild| wild.read_outside().map(drop)),
        ..USUAL
    },
    divide_by_zero: Fault {
        name: "divide by zero",
        does: "divides an integer by zero",
        ends: "Trap(DivideByZero)",
        act: call!(|wild| wild.divide(0).map(drop)),
        ..USUAL
    },
    stack_overflow: Fault {
        name: "stack overflow",
        does: "calls itself without end",
        ends: "Trap(StackOverflow)",
        act: call!(|wild| wild.recurse().map(drop)),
        ..USUAL
    },
    endless: Fault {
        name: "endless loop in a callback",
        does: "never returns",
        ends: "Timeout",
        act: call!(|wild| wild.spin(), limits => limits.deadline(DEADLINE), &[]),
        ..SLOW
    },
    endless_start: Fault {
        name: "endless loop in `_initialize`",
        does: "never returns from it, so that no call gets to it",
        ends: "Timeout",
        act: Act::Scene(|setup| {
            let limits = Setup::limits().deadline(DEADLINE);
            first_call(setup, limits, &[("(; INITIALIZE ;)", "(loop $l (br $l))")])
        }),
        ..SLOW
    },
    trap_in_start: Fault {
        name: "`unreachable` in `_initialize`",
        does: "runs into it when it starts",
        ends: "Trap(Unreachable)",
        act: Act::Scene(|setup| {
            first_call(setup, Setup::limits(), &[("(; INITIALIZE ;)", "unreachable")])
        }),
        ..USUAL
    },
    early: Fault {
        name: "an import before there is a memory",
        does: "calls an import that reads its memory from its start section",
        ends: "AbiViolation",
        act: Act::Scene(|setup| {
            let call = "(call $hear (i32.const 16) (i32.const 0))";
            first_call(setup, Setup::limits(), &[("(; START ;)", call)])
        }),
        ..USUAL
    },
    allocator_loops: Fault {
        name: "endless loop in the allocator",
        does: "never returns from making room for a result",
        ends: "Timeout",
        act: call!(
            |wild| wild.want(8).map(drop),
            limits => limits.deadline(DEADLINE),
            allocator!("(loop $l (br $l)) (i32.const 0)")
        ),
        ..SLOW
    },
    allocator_traps: Fault {
        name: "`unreachable` in the allocator",
        does: "runs into it while it makes room for a result",
        ends: "Trap(Unreachable)",
        act: call!(|wild| wild.want(8).map(drop), limits => limits, allocator!("unreachable")),
        ..USUAL
    },
    allocator_recurses: Fault {
        name: "an allocator that calls itself",
        does: "calls itself without end while it makes room for a result",
        ends: "Trap(StackOverflow)",
        act: call!(
            |wild| wild.want(8).map(drop),
            limits => limits,
            allocator!("(i32.add (call $alloc (local.get 0)) (i32.const 1))")
        ),
        ..USUAL
    },
    allocator_wants: Fault {
        name: "an allocator that wants room",
        does: "calls an import that returns bytes while it makes room for a result: the inner one has none",
        ends: FINE,
        act: call!(
            |wild| wild.want(8).map(|status| assert_eq!(status, 0)),
            limits => limits,
            allocator!("(i32.add (i32.const 65535) (call $give (i32.const 8) (i32.const 40) (i32.const 44)))")
        ),
        ..USUAL
    },
    allocator_lies: Fault {
        name: "an allocator that lies",
        does: "returns an address outside of its memory; the import has a status for that",
        ends: FINE,
        act: call!(
            |wild| wild.want(8).map(|status| assert_eq!(status, 1)),
            limits => limits,
            allocator!("(i32.const -16)")
        ),
        ..USUAL
    },
    allocator_full: Fault {
        name: "an allocator without room",
        does: "returns 0; the import has a status for that",
        ends: FINE,
        act: call!(
            |wild| wild.want(8).map(|status| assert_eq!(status, 1)),
            limits => limits,
            allocator!("(i32.const 0)")
        ),
        ..USUAL
    },
    memory_bomb: Fault {
        name: "memory bomb",
        does: "takes memory until it gets no more",
        ends: "Limit(Memory)",
        act: call!(|wild| wild.grow_memory()),
        ..USUAL
    },
    table_bomb: Fault {
        name: "table bomb",
        does: "takes places in its table until it gets no more",
        ends: "Limit(TableElements)",
        act: call!(|wild| wild.grow_table()),
        ..USUAL
    },
    outside: Fault {
        name: "text out of bounds",
        does: "passes a text of which the last byte is outside of its memory to an import without a status",
        ends: "AbiViolation",
        act: call!(|wild| wild.pass_text(17 * 65_536 - 1, 2)),
        ..USUAL
    },
    far_outside: Fault {
        name: "text far out of bounds",
        does: "passes the last address there is, and the longest length",
        ends: "AbiViolation",
        act: call!(|wild| wild.pass_text(u32::MAX, u32::MAX)),
        ..USUAL
    },
    no_text: Fault {
        name: "invalid UTF-8",
        does: "passes a text that is none to an import without a status",
        ends: "AbiViolation",
        act: call!(|wild| wild.pass_text(16, 2)),
        ..USUAL
    },
    many_buffers: Fault {
        name: "2³¹ buffers",
        does: "says that so many stand in its memory",
        ends: "AbiViolation",
        act: call!(|wild| wild.pass_buffers(0, 1 << 31).map(drop)),
        ..USUAL
    },
    buffers: Fault {
        name: "100,000 buffers",
        does: "passes that many, which take more of the host's memory than they may",
        ends: "Limit(HostAllocation)",
        act: call!(
            |wild| wild.pass_buffers(65_536, 100_000).map(drop),
            limits => limits.host_allocation(1 << 20),
            &[]
        ),
        ..USUAL
    },
    another_choice: Fault {
        name: "a number that stands for nothing",
        does: "returns the third of two",
        ends: "AbiViolation",
        act: call!(|wild| wild.choose(2).map(drop)),
        ..USUAL
    },
    host_sleeps: Fault {
        name: "a host import sleeps past the deadline",
        does: "calls it, and goes on afterwards",
        ends: "Timeout",
        act: call!(|wild| wild.sleep(200), limits => limits.deadline(DEADLINE), &[]),
        ..SLOW
    },
    host_panics: Fault {
        name: "a host import panics",
        does: "calls an import that panics",
        ends: "HostPanic",
        blame: Blame::Host,
        act: call!(|wild| wild.fail()),
        ..USUAL
    },
}

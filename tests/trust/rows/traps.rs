//! Guests that stop.

use crate::fault::{Act, Fault, faults};

faults! {
    "The guest stops";

    unreachable: Fault {
        name: "`unreachable`",
        does: "runs into it, as after any panic",
        ends: "Trap(Unreachable)",
        act: Act::Call(|guest, _| guest.stop()),
        ..Fault::USUAL
    },
    out_of_bounds: Fault {
        name: "out of bounds",
        does: "reads outside of its memory",
        ends: "Trap(MemoryOutOfBounds)",
        act: Act::Call(|guest, _| guest.read_outside()),
        ..Fault::USUAL
    },
    divide_by_zero: Fault {
        name: "divide by zero",
        does: "divides an integer by zero",
        ends: "Trap(DivideByZero)",
        act: Act::Call(|guest, _| guest.divide()),
        ..Fault::USUAL
    },
    stack_overflow: Fault {
        name: "stack overflow",
        does: "calls itself without end",
        ends: "Trap(StackOverflow)",
        act: Act::Call(|guest, _| guest.recurse()),
        ..Fault::USUAL
    },
}

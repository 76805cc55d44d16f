//! Guests that take too many handles, or use such as they do not have.

use crate::fault::{Act, Fault, faults};

faults! {
    "Handles";

    hoarding: Fault {
        name: "handle hoarding",
        does: "takes handles on resources of the host until it gets no more",
        ends: "Limit(Handles)",
        act: Act::Call(|guest, _| guest.hoard()),
        times: 10,
        ..Fault::USUAL
    },
    forged: Fault {
        name: "forged handle",
        does: "uses a number that nobody gave it",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.forge(12_345)),
        ..Fault::USUAL
    },
    forged_zero: Fault {
        name: "forged handle",
        does: "uses the number 0, which no handle has",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.forge(0)),
        ..Fault::USUAL
    },
    stale: Fault {
        name: "stale handle",
        does: "uses a handle that it has dropped",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.use_dropped()),
        ..Fault::USUAL
    },
    dropped_twice: Fault {
        name: "handle dropped twice",
        does: "drops a handle that it has dropped",
        ends: "AbiViolation",
        act: Act::Call(|guest, _| guest.drop_twice()),
        ..Fault::USUAL
    },
}

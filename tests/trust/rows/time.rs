//! Guests that take longer than they may.

use abide::Blame;

use crate::fault::{Act, Fault, faults};

faults! {
    "The guest does not return";

    loop_in_a_call: Fault {
        name: "endless loop in a call",
        does: "an export never returns",
        ends: "Timeout",
        act: Act::Call(|guest, _| guest.spin()),
        ..Fault::SLOW
    },
    loop_in_start: Fault {
        name: "endless loop in start",
        does: "its start function never returns, so that no call gets to it",
        ends: "Timeout",
        act: Act::Scene(|setup| {
            let guest = setup.load(Fault::SLOW.limits, &[("(; START ;)", "(loop $forever (br $forever))")])?;
            Ok(setup.first_call(&guest))
        }),
        ..Fault::SLOW
    },
    loop_in_realloc: Fault {
        name: "endless loop in `cabi_realloc`",
        does: "never returns from making room for an argument",
        ends: "Timeout",
        act: Act::Call(|guest, _| guest.spin_in_realloc("text")),
        ..Fault::SLOW
    },
    loop_in_post_return: Fault {
        name: "endless loop in post-return",
        does: "returns a result, and never returns from cleaning up after it",
        ends: "Timeout",
        act: Act::Call(|guest, _| guest.spin_in_post_return().map(drop)),
        ..Fault::SLOW
    },
    host_sleeps: Fault {
        name: "a host import sleeps past the deadline",
        does: "calls it, and goes on afterwards",
        ends: "Timeout",
        awaited: Some(("Timeout", Blame::Host)),
        act: Act::Call(|guest, _| guest.nap(200)),
        ..Fault::SLOW
    },
    host_sleeps_last: Fault {
        name: "a host import sleeps past the deadline, at the end",
        does: "calls it, and returns at once afterwards; the answer is right, if late, except where the import is \
               awaited, and so is interrupted",
        ends: crate::sort::FINE,
        awaited: Some(("Timeout", Blame::Host)),
        act: Act::Call(|guest, _| guest.nap_last(200)),
        ..Fault::SLOW
    },
}

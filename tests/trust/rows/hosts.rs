//! Hosts that fail in the middle of a call.

use std::time::Duration;

use abide::Blame;

use crate::fault::{Act, Fault, faults};

faults! {
    "The host fails in an import";

    errs: Fault {
        name: "a host import errs",
        does: "calls an import that returns an error of the host's own",
        ends: "Host",
        blame: Blame::Host,
        act: Act::Call(|guest, _| guest.errs()),
        ..Fault::USUAL
    },
    panics: Fault {
        name: "a host import panics",
        does: "calls an import that panics",
        ends: "HostPanic",
        blame: Blame::Host,
        act: Act::Call(|guest, _| guest.panics()),
        ..Fault::USUAL
    },
    calls_back: Fault {
        name: "a host import calls back",
        does: "calls an import that calls the guest, which calls the import, and so on; the host passes on that \
               this is refused: too deep for a thread's stack, or, where each call has a stack of its own, for want \
               of instances",
        ends: "Host",
        blame: Blame::Host,
        act: Act::Call(|guest, app| {
            *app.again() = Some(guest.clone());
            let ended = guest.calls_back();
            *app.again() = None;
            ended
        }),
        limits: |limits| limits.wait(Duration::from_millis(50)),
        times: 10,
        ..Fault::USUAL
    },
}

//! What one guest leaves behind for the next.

use crate::fault::{Act, Fault, faults};
use crate::rogue::Rogue;
use crate::setup::{Policy, Setup};

faults! {
    "Tenants of one engine";

    secrets: Fault {
        name: "secrets of another tenant",
        does: "reads all of its memory, after other guests and other instances of its own have filled theirs: all \
               of it is zero",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| {
            let load = || setup.load(|limits| limits, &[]);
            let tenants = [load()?, load()?, load()?];
            // Often enough for every place of the engine to be used by several of them.
            for _ in 0..3 {
                for tenant in &tenants {
                    calls(setup, tenant)?;
                    sessions(tenant)?;
                }
            }
            Ok(Ok(()))
        }),
        times: 1,
        ..Fault::USUAL
    },
}

/// Calls as the policy has it. Only an instance that has been called before may find anything.
fn calls(setup: &Setup, tenant: &Rogue) -> Result<(), String> {
    for _ in 0..4 {
        match (tenant.count(), setup.way.policy) {
            (Ok(1), Policy::Warm) => looks(tenant)?,
            (Ok(1), _) => {
                if !matches!(tenant.leftovers(), Ok(0)) || tenant.fill().is_err() {
                    return Err("a new instance found something".to_owned());
                }
            }
            (Ok(_), Policy::Warm) => {}
            other => return Err(format!("its count was {other:?}")),
        }
    }
    Ok(())
}

/// Has many instances at once, none of which may find anything, and which all leave something.
fn sessions(tenant: &Rogue) -> Result<(), String> {
    let mut all = Vec::new();
    // One is the neighbour's.
    for _ in 1..Setup::INSTANCES {
        let session = tenant.session().map_err(|error| error.to_string())?;
        looks(&session)?;
        all.push(session);
    }
    Ok(())
}

/// Finds nothing, fills everything, and finds that.
fn looks(guest: &Rogue) -> Result<(), String> {
    match (guest.leftovers(), guest.fill(), guest.leftovers()) {
        (Ok(0), Ok(filled), Ok(found)) if filled == found => Ok(()),
        other => Err(format!("it found, left and found: {other:?}")),
    }
}

//! What one guest leaves behind for the next.

use crate::fault::{Act, Fault, faults};
use crate::host::Rogue;
use crate::setup::Setup;

faults! {
    "Tenants of one engine";

    secrets: Fault {
        name: "secrets of another tenant",
        does: "reads all of its memory, after other guests and other instances of its own have filled theirs",
        ends: crate::sort::FINE,
        act: Act::Scene(|setup| {
            let load = || setup.load(|limits| limits, &[]);
            let tenants = [load()?, load()?, load()?];
            for _ in 0..3 {
                for tenant in &tenants {
                    move_in(tenant)?;
                }
            }
            Ok(Ok(()))
        }),
        times: 3,
        ..Fault::USUAL
    },
}

/// Has many instances at once, none of which may find anything, and which all leave something.
fn move_in(tenant: &Rogue) -> Result<(), String> {
    let mut all = Vec::new();
    for _ in 0..Setup::INSTANCES.min(8) - 1 {
        let session = tenant.session().map_err(|error| error.to_string())?;
        finds_nothing(&session)?;
        all.push(session);
    }
    Ok(())
}

fn finds_nothing(guest: &Rogue) -> Result<(), String> {
    match (guest.leftovers(), guest.fill(), guest.leftovers()) {
        (Ok(0), Ok(filled), Ok(found)) if filled == found => Ok(()),
        other => Err(format!("it found, left and found: {other:?}")),
    }
}

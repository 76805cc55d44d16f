//! Where results go, in raw values: the places of both interfaces.

use abide::module::{Bad, Dst, Guest, Param, Raw, Stop, Trap, Ty, Value};

/// A place for results with the most that fits there, as 0.3.0 has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) at: Dst,
    pub(super) len: usize,
}

impl<'m> Param<'m> for Room {
    const TYPES: &'static [Ty] = &[Ty::I32, Ty::I32];

    fn take(raw: &mut Raw<'_>, memory: &'m [u8]) -> Result<Self, Bad> {
        let (at, len) = (Dst::take(raw, memory)?, raw.u32() as usize);
        at.room(len)?;
        Ok(Self { at, len })
    }
}

/// Bytes for a place whose size both sides know, as 0.2.2 has it; or none.
#[derive(Debug)]
pub(super) struct Data(pub(super) Option<(Dst, Vec<u8>)>);

impl Value<Trap> for Data {
    const TYPES: &'static [Ty] = &[];
    const RESULT: Option<Ty> = None;

    fn check(_: &mut Raw<'_>, _: &[u8]) -> Result<(), Bad> {
        Ok(())
    }

    fn finish(self, _: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<u64, Stop> {
        if let Some((at, bytes)) = self.0 {
            at.write(guest, &bytes)?;
        }
        Ok(0)
    }
}

/// The same of a picture: 0 is returned, or 1 if there is none.
#[derive(Debug)]
pub(super) struct Loaded(pub(super) Data);

impl Value<Trap> for Loaded {
    const TYPES: &'static [Ty] = Data::TYPES;
    const RESULT: Option<Ty> = Some(Ty::I32);

    fn check(raw: &mut Raw<'_>, memory: &[u8]) -> Result<(), Bad> {
        Data::check(raw, memory)
    }

    fn finish(self, raw: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<u64, Stop> {
        let is_missing = self.0.0.is_none();
        self.0.finish(raw, guest)?;
        Ok(is_missing.into())
    }
}

//! What the ABI's arguments and results are in raw values.
//!
//! A guest says where there is room and how much. What is longer than that is not written; how long
//! it is is returned in any case, so that the guest can make room and ask again.

use abide::module::{Bad, Guest, Param, Raw, Stop, Trap, Ty, Value};

/// How many bytes of a body are read at once. A guest is told how many they were, and asks for
/// more.
const AT_ONCE: usize = 64 * 1024;

/// Where a guest has room for a result, and how much.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    at: u32,
    limit: u32,
}

impl Param<'_> for Room {
    const TYPES: &'static [Ty] = &[Ty::I32, Ty::I32];

    fn take(raw: &mut Raw<'_>, _: &[u8]) -> Result<Self, Bad> {
        // Nothing is wrong with an address that nothing is written to.
        let (at, limit) = (raw.u32(), raw.u32());
        Ok(Self { at, limit })
    }
}

/// Where a guest has room for a part of a body: it has to be there before the body is read, which
/// cannot be done once more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Space {
    at: u32,
    /// How much is read at once.
    pub(crate) len: usize,
}

impl Param<'_> for Space {
    const TYPES: &'static [Ty] = Room::TYPES;

    fn take(raw: &mut Raw<'_>, memory: &[u8]) -> Result<Self, Bad> {
        let Room { at, limit } = Room::take(raw, memory)?;
        let rest = memory.get(at as usize..);
        let all = rest.and_then(|rest| rest.get(..limit as usize));
        let len = all.ok_or(Bad::OutOfBounds)?.len().min(AT_ONCE);
        raw.charge(len)?;
        Ok(Self { at, len })
    }
}

/// Bytes for a guest's room: how many there are is returned.
#[derive(Debug)]
pub(crate) struct Fit(pub(crate) Room, pub(crate) Vec<u8>);

/// Texts for a guest's room, each with a zero behind it: how many texts and bytes there are is
/// returned.
#[derive(Debug)]
pub(crate) struct Counted(pub(crate) Room, pub(crate) Vec<Vec<u8>>);

/// A part of a body: how long it is is returned, and whether it is the last.
#[derive(Debug)]
pub(crate) struct Part(pub(crate) Space, pub(crate) Vec<u8>, pub(crate) bool);

macro_rules! value {
    ($of:ty, $result:ident, |$self:ident, $guest:ident| $finish:expr) => {
        impl Value<Trap> for $of {
            const TYPES: &'static [Ty] = &[];
            const RESULT: Option<Ty> = Some(Ty::$result);

            fn check(_: &mut Raw<'_>, _: &[u8]) -> Result<(), Bad> {
                Ok(())
            }

            fn finish($self, _: &mut Raw<'_>, $guest: &mut Guest<'_>) -> Result<u64, Stop> {
                $finish
            }
        }
    };
}

value!(Fit, I32, |self, guest| Ok(
    write(guest, self.0, &self.1)?.into()
));

value!(Counted, I64, |self, guest| {
    let Self(room, texts) = self;
    let mut all = Vec::new();
    for text in &texts {
        all.extend_from_slice(text);
        all.push(0);
    }
    let len = write(guest, room, &all)?;
    Ok(packed(texts.len(), len))
});

value!(Part, I64, |self, guest| {
    let Self(space, bytes, is_last) = self;
    let bytes = &bytes[..bytes.len().min(space.len)];
    guest.write(space.at, bytes)?;
    Ok(packed(usize::from(is_last), bytes.len() as u32))
});

/// Writes bytes if there is room for them. How many they are.
fn write(guest: &mut Guest<'_>, room: Room, bytes: &[u8]) -> Result<u32, Stop> {
    let len = u32::try_from(bytes.len()).map_err(|_| Bad::NoMemory)?;
    if len > 0 && len <= room.limit {
        guest.write(room.at, bytes)?;
    }
    Ok(len)
}

/// Two numbers in one, of which no guest's memory has room for as much as would not fit.
fn packed(high: usize, low: u32) -> u64 {
    (high as u64) << 32 | u64::from(low)
}

//! What guests import: the functions of `wapc`.

use abide::module::{Bad, Dst, Guest, Imports, Linker, Param, Raw, Stop, Trap, Ty, Value, lent};

use crate::exchange::Exchange;

/// How much of a message is logged, in bytes.
const LONGEST: usize = 8 * 1024;

/// What guests may call. It is cloned for each instance of a guest.
pub trait Host: Clone + Send + Sync + 'static {
    /// Does what a guest asks for by name.
    ///
    /// # Errors
    /// What the guest is told. It may go on.
    fn call(
        &mut self,
        binding: &str,
        namespace: &str,
        operation: &str,
        payload: &[u8],
    ) -> Result<Vec<u8>, String>;

    /// Logs a message of the guest's, which was cut where it is very long: by default with
    /// [`tracing`], under the target `abide::guest`.
    fn log(&mut self, message: &str) {
        tracing::info!(target: "abide::guest", "{message}");
    }
}

/// The host of one instance.
#[derive(Debug, Clone)]
pub(crate) struct Env<H>(pub(crate) H);

impl<H: Host> Imports for Env<H> {
    fn offer(linker: &mut Linker<'_, Self>) {
        Self::offer_wapc(linker);
    }
}

/// Bytes of the guest's that the host keeps: they are counted.
struct Held<'m>(&'m [u8]);

impl<'m> Param<'m> for Held<'m> {
    const TYPES: &'static [Ty] = <&[u8]>::TYPES;

    fn take(raw: &mut Raw<'_>, memory: &'m [u8]) -> Result<Self, Bad> {
        let bytes = <&[u8]>::take(raw, memory)?;
        raw.charge(bytes.len())?;
        Ok(Self(bytes))
    }
}

/// Bytes for places that the guest has made large enough.
struct Puts(Vec<(Dst, Vec<u8>)>);

impl Value<Trap> for Puts {
    const TYPES: &'static [Ty] = &[];
    const RESULT: Option<Ty> = None;

    fn check(_: &mut Raw<'_>, _: &[u8]) -> Result<(), Bad> {
        Ok(())
    }

    fn finish(self, _: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<u64, Stop> {
        for (place, bytes) in self.0 {
            place.write(guest, &bytes)?;
        }
        Ok(0)
    }
}

/// Works on what is said in the call that is under way.
fn with<R>(work: impl FnOnce(&mut Exchange) -> R) -> Result<R, Trap> {
    lent(|exchange| match exchange {
        Some(exchange) => Ok(work(exchange)),
        None => Err(Trap::new("there is no call while a guest starts")),
    })
}

/// Bytes for a place, if there is room.
fn put(place: Dst, bytes: &[u8]) -> Result<(Dst, Vec<u8>), Trap> {
    place.room(bytes.len())?;
    Ok((place, bytes.to_vec()))
}

/// How many bytes there are: no guest's memory has room for as many as would not fit.
fn length(bytes: &[u8]) -> Result<u32, Trap> {
    u32::try_from(bytes.len()).map_err(|_| Trap::new("an answer of the host's is too long"))
}

#[abide::module("wapc")]
impl<H: Host> Env<H> {
    fn __guest_request(&mut self, operation: Dst, payload: Dst) -> Result<Puts, Trap> {
        with(|exchange| {
            let operation = put(operation, &exchange.operation)?;
            let payload = put(payload, &exchange.payload)?;
            Ok(Puts(vec![operation, payload]))
        })?
    }

    fn __guest_response(&mut self, answer: Held<'_>) -> Result<(), Trap> {
        with(|exchange| exchange.answer = Some(answer.0.to_vec()))
    }

    fn __guest_error(&mut self, message: Held<'_>) -> Result<(), Trap> {
        let message = String::from_utf8_lossy(message.0).into_owned();
        with(|exchange| exchange.refusal = Some(message))
    }

    fn __host_call(
        &mut self,
        binding: &str,
        namespace: &str,
        operation: &str,
        payload: &[u8],
    ) -> Result<bool, Trap> {
        // It is asked for by guests that start, too; then there is nowhere to keep an answer.
        with(|_| ())?;
        // The host may have the same guest do something else.
        let answer = self.0.call(binding, namespace, operation, payload);
        with(|exchange| match answer {
            Ok(answer) => {
                exchange.host_answer = answer;
                true
            }
            Err(refusal) => {
                exchange.host_refusal = refusal.into_bytes();
                false
            }
        })
    }

    fn __host_response_len(&mut self) -> Result<u32, Trap> {
        with(|exchange| length(&exchange.host_answer))?
    }

    fn __host_response(&mut self, place: Dst) -> Result<Puts, Trap> {
        with(|exchange| Ok(Puts(vec![put(place, &exchange.host_answer)?])))?
    }

    fn __host_error_len(&mut self) -> Result<u32, Trap> {
        with(|exchange| length(&exchange.host_refusal))?
    }

    fn __host_error(&mut self, place: Dst) -> Result<Puts, Trap> {
        with(|exchange| Ok(Puts(vec![put(place, &exchange.host_refusal)?])))?
    }

    fn __console_log(&mut self, message: &[u8]) {
        let message = &message[..message.len().min(LONGEST)];
        self.0.log(&String::from_utf8_lossy(message));
    }
}

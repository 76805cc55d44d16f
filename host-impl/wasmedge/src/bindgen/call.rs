//! One call: what is handed over, what comes back, and what is freed.

use abide::module::{Exported, Stop, Trap, Ty, Val, Visit};

use super::args::Arg;
use super::results::Results;
use super::value::{Place, Value};

/// The type of each function: the place of its arguments, and how many there are; the place of what
/// comes of it.
const FUNCTION: (&[Ty], Option<Ty>) = (&[Ty::I32, Ty::I32], Some(Ty::I32));

/// A place for nothing. It is not allocated, and a multiple of whatever a type asks for.
const EMPTY: u32 = 8;

/// What comes of a function: whether it went well, a place, and how much stands there.
const ANSWER: u32 = 9;

/// How many results one function has at most. The crate's macro makes as many as a tuple has.
const MOST_RESULTS: u32 = 64;

/// How much more room than was asked for an allocator may have made.
const SPARE: u32 = 48;

/// What an instance has for a call.
struct Call<'c, 'v> {
    visit: &'c mut Visit<'v>,
    deallocate: Exported,
    /// Whether the guest's allocator notes sizes where Rust's own does.
    notes_sizes: bool,
}

/// Calls a function with arguments: its results, or what it refused with.
pub(super) fn converse<R: Results>(
    visit: &mut Visit<'_>,
    name: &str,
    args: &[&dyn Arg],
) -> Result<Result<R, String>, Stop> {
    let (params, result) = FUNCTION;
    let Some(function) = visit
        .function(name)
        .filter(|found| found.is(params, result))
    else {
        let problem = "it is no function of wasmedge-bindgen: these are (i32, i32) -> i32";
        return Err(Visit::misuse(problem));
    };
    let deallocate = visit.function("deallocate");
    let Some(deallocate) = deallocate.filter(|found| found.is(params, None)) else {
        let problem =
            "the guest was not built with wasmedge-bindgen: it has no `deallocate(i32, i32)`";
        return Err(Visit::misuse(problem));
    };
    let mut call = Call {
        visit,
        deallocate,
        notes_sizes: false,
    };
    let given = call.give(args)?;
    let (at, count) = (call.put(&places(&given))?, given.len() as u32);
    let answer = call
        .visit
        .call(&function, &[Val::I32(at), Val::I32(count)])?;
    call.free(at, count * 8)?;
    let Some(Val::I32(answer)) = answer else {
        return Err(Trap::new("it returned nothing").into());
    };
    call.answer(answer, &given)
}

/// Where an argument is: the address, how many elements stand there, and how many bytes.
struct Given {
    at: u32,
    count: u32,
    bytes: u32,
}

/// Addresses and counts, as a guest reads them.
fn places(given: &[Given]) -> Vec<u8> {
    let words = given.iter().flat_map(|given| [given.at, given.count]);
    words.flat_map(u32::to_le_bytes).collect()
}

impl Call<'_, '_> {
    /// Puts bytes into the guest's memory, at a place that its allocator gives.
    fn put(&mut self, bytes: &[u8]) -> Result<u32, Stop> {
        if bytes.is_empty() {
            return Ok(EMPTY);
        }
        let at = self.visit.allocate(bytes.len())?;
        self.visit.write(at, bytes)?;
        Ok(at)
    }

    /// Puts all arguments there. From now on they are the guest's.
    fn give(&mut self, args: &[&dyn Arg]) -> Result<Vec<Given>, Stop> {
        let given = args.iter().map(|arg| {
            let bytes = arg.bytes();
            let at = self.put(&bytes)?;
            Ok(Given {
                at,
                // What was allocated is no longer than that.
                count: arg.count() as u32,
                bytes: bytes.len() as u32,
            })
        });
        given.collect()
    }

    /// Frees what stands at a place.
    fn free(&mut self, at: u32, len: u32) -> Result<(), Stop> {
        // What is empty has no place of its own, but where more room was made than was used.
        if len == 0 && at <= EMPTY {
            return Ok(());
        }
        let noted = self
            .noted(at)
            .filter(|noted| self.notes_sizes && *noted >= len);
        let len = noted.unwrap_or(len.max(1));
        let args = [Val::I32(at), Val::I32(len)];
        self.visit.call(&self.deallocate, &args)?;
        Ok(())
    }

    /// How many bytes there are at a place, if the guest's allocator is dlmalloc, as Rust's own is. It
    /// notes that before the place, with two bits, of which the second says that it is in use.
    ///
    /// A text or an array is told with its length, and may have more room. Rust's allocator for
    /// `wasm32-unknown-unknown` panics if what it is to free is not about as large as it is told.
    fn noted(&self, at: u32) -> Option<u32> {
        let note = self.visit.read(at.checked_sub(4)?, 4).ok()?;
        let note = word(note, 0);
        (note & 2 == 2).then(|| (note & !7).saturating_sub(4))
    }

    /// Whether a place of a known size is noted with it.
    fn is_noted(&self, at: u32, len: u32) -> bool {
        let noted = self.noted(at).and_then(|noted| noted.checked_sub(len));
        noted.is_some_and(|spare| spare < SPARE)
    }

    /// Reads and frees what came of a function.
    fn answer<R: Results>(&mut self, at: u32, given: &[Given]) -> Result<Result<R, String>, Stop> {
        let bytes = self.visit.read(at, ANSWER)?;
        let (tag, place, count) = (bytes[0], word(bytes, 1), word(bytes, 5));
        self.notes_sizes = self.is_noted(at, ANSWER);
        self.free(at, ANSWER)?;
        match tag {
            0 => {
                let values = self.values(place, count)?;
                R::from_values(values).map(Ok).map_err(|found| {
                    let wanted = R::wanted();
                    Trap::new(format!(
                        "it returned ({found}), and what is wanted is ({wanted})"
                    ))
                    .into()
                })
            }
            1 => self.refusal(place, count, given).map(Err),
            tag => {
                let reason = format!("what it returned begins with {tag}, not with 0 or 1");
                Err(Trap::new(reason).into())
            }
        }
    }

    /// Reads and frees results.
    fn values(&mut self, at: u32, count: u32) -> Result<Vec<Value>, Stop> {
        if count > MOST_RESULTS {
            let reason = format!("it returned {count} values, and {MOST_RESULTS} is the most");
            return Err(Trap::new(reason).into());
        }
        let len = count * Place::SIZE;
        let places = self.visit.read(at, len)?.chunks_exact(Place::SIZE as usize);
        let places: Vec<Place> = places
            .map(|bytes| Place {
                at: word(bytes, 0),
                kind: word(bytes, 4),
                len: word(bytes, 8),
            })
            .collect();
        self.notes_sizes &= places.is_empty() || self.is_noted(at, len);
        let mut values = Vec::with_capacity(places.len());
        for place in &places {
            // The same bytes may be returned many times.
            self.visit.charge(place.len as usize)?;
            let bytes = self.visit.read(place.at, place.len)?;
            values.push(Value::read(place.kind, bytes)?);
        }
        for place in &places {
            self.free(place.at, place.len)?;
        }
        self.free(at, len)?;
        Ok(values)
    }

    /// Reads and frees what a function refused with.
    fn refusal(&mut self, at: u32, len: u32, given: &[Given]) -> Result<String, Stop> {
        self.visit.charge(len as usize)?;
        let message = String::from_utf8_lossy(self.visit.read(at, len)?).into_owned();
        self.free(at, len)?;
        // Then the function itself was not called, and nobody has taken the arguments.
        if is_about_count(&message, given.len()) {
            for given in given {
                self.free(given.at, given.bytes)?;
            }
        }
        Ok(message)
    }
}

/// Whether a message is that of the crate's macro about a wrong number of arguments.
fn is_about_count(message: &str, given: usize) -> bool {
    let rest = message.strip_prefix("Invalid params count, expect ");
    let numbers = rest.and_then(|rest| rest.split_once(", got "));
    numbers.is_some_and(|(expected, got)| {
        let is_other = |expected: usize| expected != given;
        expected.parse().is_ok_and(is_other) && got == given.to_string()
    })
}

/// A number of 32 bits in bytes that are long enough.
fn word(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}

//! The values of JavaScript that a module has, as far as errors and options need any, and what it
//! imports to make and to look at them.

use abide::module::{Bad, Dst, Guest, Imports, Linker, Others, Param, Raw, Stop, Trap, Ty, Value};

use super::args::Js;

/// What the functions of JavaScript are called that modules of the target `web` import. Others call
/// them otherwise.
const WEB: &str = "wbg";

/// The numbers of arguments go down from here: below what modules take for numbers of their own,
/// whichever version they are of.
const ARGUMENTS: u32 = 31;

/// The number of the first value that a module made. Those below are of constants.
const FIRST: u32 = 1024;

/// How many values a module may have at a time, and how many bytes of texts.
const MOST: usize = 1_000;
const MOST_BYTES: usize = 1024 * 1024;

/// How much of what a module throws ends up in an error.
const SHOWN: usize = 8 * 1024;

/// What an instance of a module has of JavaScript.
#[derive(Debug, Clone, Default)]
pub struct JavaScript {
    /// Those of the call that is under way.
    arguments: Vec<Js>,
    /// Those that the module made: texts, and errors, which are texts too.
    made: Vec<Option<String>>,
    /// Which of them are free.
    free: Vec<usize>,
    bytes: usize,
}

impl JavaScript {
    /// Lends a value to the call that is under way. Its number, if there is one.
    pub(super) fn lend(&mut self, js: &Js) -> Option<u32> {
        let number = ARGUMENTS.checked_sub(u32::try_from(self.arguments.len()).ok()?)?;
        self.arguments.push(js.clone());
        Some(number)
    }

    /// The call is over.
    pub(super) fn take_back(&mut self) {
        self.arguments.clear();
    }

    /// Takes what a module throws.
    pub(super) fn thrown(&mut self, number: u32) -> String {
        match self.drop_made(number) {
            Some(text) => text,
            None => match self.argument(number) {
                Some(Js::Json(text)) => text.clone(),
                Some(Js::Null) => "null".to_owned(),
                _ => "undefined".to_owned(),
            },
        }
    }

    /// How many values there are that the module made and has not dropped.
    pub fn values(&self) -> usize {
        self.made.len() - self.free.len()
    }

    fn argument(&self, number: u32) -> Option<&Js> {
        let index = ARGUMENTS.checked_sub(number)?;
        self.arguments.get(index as usize)
    }

    fn index(number: u32) -> Option<usize> {
        number.checked_sub(FIRST).map(|index| index as usize)
    }

    fn drop_made(&mut self, number: u32) -> Option<String> {
        let index = Self::index(number)?;
        let text = self.made.get_mut(index)?.take()?;
        self.bytes -= text.len();
        self.free.push(index);
        Some(text)
    }

    fn make(&mut self, text: &str) -> Result<u32, Trap> {
        if self.values() >= MOST || text.len() > MOST_BYTES - self.bytes {
            return Err(Trap::new(format!(
                "it has more than {MOST} values of JavaScript, or {MOST_BYTES} bytes of them"
            )));
        }
        self.bytes += text.len();
        let index = self.free.pop().unwrap_or_else(|| {
            self.made.push(None);
            self.made.len() - 1
        });
        self.made[index] = Some(text.to_owned());
        // There are no more of them than that.
        Ok(FIRST + index as u32)
    }
}

/// Bytes that go where the guest's allocator says. Where that is and how many they are goes to a place
/// that the guest has for it.
struct Handed(Dst, Vec<u8>);

impl Value<Trap> for Handed {
    const TYPES: &'static [Ty] = &[];
    const RESULT: Option<Ty> = None;

    fn check(_: &mut Raw<'_>, _: &[u8]) -> Result<(), Bad> {
        Ok(())
    }

    fn finish(self, _: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<u64, Stop> {
        let Self(place, bytes) = self;
        let at = guest.allocate(bytes.len())?;
        guest.write(at, &bytes)?;
        // It was allocated, so it is no longer than that.
        let words = [at, bytes.len() as u32].map(u32::to_le_bytes);
        place.write(guest, words.as_flattened())?;
        Ok(0)
    }
}

/// A place for an address and a length.
struct Pair(Dst);

impl<'m> Param<'m> for Pair {
    const TYPES: &'static [Ty] = <Dst as Param<'m>>::TYPES;

    fn take(raw: &mut Raw<'_>, memory: &'m [u8]) -> Result<Self, Bad> {
        let place = Dst::take(raw, memory)?;
        place.room(8)?;
        Ok(Self(place))
    }
}

#[abide::module("wbg")]
impl JavaScript {
    fn __wbindgen_is_undefined(&mut self, number: u32) -> bool {
        let is_made = Self::index(number).is_some_and(|index| self.made.get(index).is_some());
        let argument = self.argument(number);
        !is_made && argument.is_none_or(|argument| *argument == Js::Undefined)
    }

    fn __wbindgen_is_null(&mut self, number: u32) -> bool {
        self.argument(number) == Some(&Js::Null)
    }

    fn __wbindgen_is_object(&mut self, number: u32) -> bool {
        let argument = self.argument(number);
        let json = argument.and_then(|argument| match argument {
            Js::Json(json) => Some(json.trim_start()),
            _ => None,
        });
        json.is_some_and(|json| json.starts_with(['{', '[']))
    }

    fn __wbindgen_json_serialize(&mut self, place: Pair, number: u32) -> Result<Handed, Trap> {
        let json = match self.argument(number) {
            Some(Js::Json(json)) => json.clone(),
            Some(Js::Undefined | Js::Null) => "null".to_owned(),
            None => return Err(Trap::new("only arguments are written as JSON")),
        };
        Ok(Handed(place.0, json.into_bytes()))
    }

    fn __wbindgen_string_new(&mut self, text: &str) -> Result<u32, Trap> {
        self.make(text)
    }

    fn __wbindgen_error_new(&mut self, text: &str) -> Result<u32, Trap> {
        self.make(text)
    }

    fn __wbindgen_object_clone_ref(&mut self, number: u32) -> Result<u32, Trap> {
        let made = Self::index(number).and_then(|index| self.made.get(index)?.clone());
        match made {
            Some(text) => self.make(&text),
            // An argument stays for the whole call, and constants for ever.
            None => Ok(number),
        }
    }

    fn __wbindgen_object_drop_ref(&mut self, number: u32) {
        self.drop_made(number);
    }

    fn __wbindgen_throw(&mut self, text: &[u8]) -> Result<(), Trap> {
        let text = String::from_utf8_lossy(&text[..text.len().min(SHOWN)]);
        Err(Trap::new(format!("it threw an exception: {text}")))
    }
}

impl Imports for JavaScript {
    fn offer(linker: &mut Linker<'_, Self>) {
        Self::offer_wbg(linker);
    }

    /// Each target of wasm-bindgen has another name for the module, such as `./name_bg.js`.
    fn others(_: &str) -> Others {
        Others::Of(WEB)
    }
}

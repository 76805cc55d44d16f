//! One call: what is handed over, and what comes back.

use abide::module::{Bad, Exported, Stop, Trap, Ty, Val, Visit};

use super::args::Passed;
use super::javascript::JavaScript;
use super::output::{Found, Output, Shape};

/// How many bytes results have on the guest's stack.
const PLACE: u32 = 16;

const STACK_POINTER: &str = "__wbindgen_add_to_stack_pointer";

/// How a function returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Returns {
    /// By itself. It cannot fail.
    Directly,
    /// To a place on the guest's stack, which its first argument is: the result, in so many words,
    /// then an error, and whether there is one. Where the function cannot fail, nothing is written
    /// behind the result.
    ToPlace(u32),
}

/// Calls a function with arguments: its result, or what it throws.
pub(super) fn converse<R: Output>(
    visit: &mut Visit<'_>,
    name: &str,
    args: &[Passed<'_>],
) -> Result<Result<R, String>, Stop> {
    let Some(function) = visit.function(name) else {
        return Err(Visit::misuse("it exports no function of that name"));
    };
    let returns = returns(&function, args, R::SHAPE)?;
    let stack = visit.function(STACK_POINTER);
    let stack = stack.filter(|found| found.is(&[Ty::I32], Some(Ty::I32)));
    if stack.is_none() && returns != Returns::Directly {
        let problem =
            format!("the module was not made by wasm-bindgen: it has no `{STACK_POINTER}`");
        return Err(Visit::misuse(problem));
    }
    let answered = match (returns, stack) {
        (Returns::ToPlace(words), Some(stack)) => {
            to_place(visit, &function, &stack, words, R::SHAPE, args)
        }
        _ => directly(visit, &function, args).map(Ok),
    };
    if let Some(javascript) = visit.host::<JavaScript>() {
        javascript.take_back();
    }
    match answered? {
        Ok(found) => Ok(Ok(R::from_found(found)?)),
        Err(thrown) => Ok(Err(thrown)),
    }
}

/// How a function returns, by its type. Other types are not what is called here.
fn returns(function: &Exported, args: &[Passed<'_>], shape: Shape) -> Result<Returns, Stop> {
    let mut types = vec![Ty::I32];
    for arg in args {
        match arg {
            Passed::Bytes(_) => types.extend([Ty::I32, Ty::I32]),
            Passed::Number(value) => types.push(value.ty()),
            Passed::Js(_) => types.push(Ty::I32),
        }
    }
    let words = match shape {
        Shape::Nothing => 0,
        Shape::Number(Ty::I32 | Ty::F32) => 1,
        Shape::Number(_) | Shape::Bytes => 2,
    };
    let directly = match shape {
        Shape::Nothing => Some(None),
        Shape::Number(ty) => Some(Some(ty)),
        Shape::Bytes => None,
    };
    if directly.is_some_and(|result| function.is(&types[1..], result)) {
        return Ok(Returns::Directly);
    }
    match function.is(&types, None) {
        true => Ok(Returns::ToPlace(words)),
        false => Err(Visit::misuse(format!(
            "its type is {function}, and what it is given and asked for takes another; a module whose functions \
             return several values was built with a newer ABI, which is not served"
        ))),
    }
}

/// Hands the arguments over, behind `first`. They are the module's then, which frees them.
fn given(visit: &mut Visit<'_>, first: Option<Val>, args: &[Passed<'_>]) -> Result<Vec<Val>, Stop> {
    let mut values = Vec::from_iter(first);
    for arg in args {
        match arg {
            Passed::Number(value) => values.push(*value),
            Passed::Bytes(None) => values.extend([Val::I32(0), Val::I32(0)]),
            Passed::Bytes(Some(bytes)) => {
                let at = match bytes.is_empty() {
                    // Anything but 0, which would be no bytes instead of none.
                    true => 1,
                    false => visit.allocate(bytes.len())?,
                };
                visit.write(at, bytes)?;
                // It was allocated, so it is no longer than that.
                values.extend([Val::I32(at), Val::I32(bytes.len() as u32)]);
            }
            Passed::Js(js) => {
                let javascript = visit.host::<JavaScript>();
                let number = javascript.and_then(|javascript| javascript.lend(js));
                let number = number.ok_or(Bad::TooMuch)?;
                values.push(Val::I32(number));
            }
        }
    }
    Ok(values)
}

fn directly(
    visit: &mut Visit<'_>,
    function: &Exported,
    args: &[Passed<'_>],
) -> Result<Found, Stop> {
    let args = given(visit, None, args)?;
    let returned = visit.call(function, &args)?;
    Ok(returned.map_or(Found::Nothing, Found::Number))
}

/// Calls a function that returns to a place on the guest's stack.
fn to_place(
    visit: &mut Visit<'_>,
    function: &Exported,
    stack: &Exported,
    words: u32,
    shape: Shape,
    args: &[Passed<'_>],
) -> Result<Result<Found, String>, Stop> {
    let down = Val::I32(PLACE.wrapping_neg());
    let Some(Val::I32(at)) = visit.call(stack, &[down])? else {
        return Err(Trap::new("its stack pointer is no number").into());
    };
    // What a function does not write there is to be no error.
    visit.write(at, &[0; PLACE as usize])?;
    let args = given(visit, Some(Val::I32(at)), args)?;
    visit.call(function, &args)?;
    let mut place = [0; PLACE as usize];
    place.copy_from_slice(visit.read(at, PLACE)?);
    visit.call(stack, &[Val::I32(PLACE)])?;
    let word = |number: u32| {
        let (words, _) = place.as_chunks();
        words
            .get(number as usize)
            .copied()
            .map_or(0, u32::from_le_bytes)
    };
    let (error, is_error) = (word(words), word(words + 1));
    if is_error != 0 {
        let javascript = visit.host::<JavaScript>();
        let thrown = javascript.map(|javascript| javascript.thrown(error));
        return Ok(Err(thrown.unwrap_or_default()));
    }
    let long = u64::from(word(1)) << 32 | u64::from(word(0));
    Ok(Ok(match shape {
        Shape::Nothing => Found::Nothing,
        Shape::Number(Ty::I32) => Found::Number(Val::I32(word(0))),
        Shape::Number(Ty::F32) => Found::Number(Val::F32(f32::from_bits(word(0)))),
        Shape::Number(Ty::I64) => Found::Number(Val::I64(long)),
        Shape::Number(Ty::F64) => Found::Number(Val::F64(f64::from_bits(long))),
        Shape::Bytes => Found::Bytes(taken(visit, word(0), word(1))?),
    }))
}

/// Bytes that a function returned. They are freed.
fn taken(visit: &mut Visit<'_>, at: u32, len: u32) -> Result<Option<Vec<u8>>, Stop> {
    if at == 0 {
        return Ok(None);
    }
    visit.charge(len as usize)?;
    let bytes = visit.read(at, len)?.to_vec();
    if len > 0 {
        free(visit, at, len)?;
    }
    Ok(Some(bytes))
}

/// Frees bytes, as either generation of modules has it: the newer wants to know an alignment.
fn free(visit: &mut Visit<'_>, at: u32, len: u32) -> Result<(), Stop> {
    let free = visit.function("__wbindgen_free");
    let two = [Val::I32(at), Val::I32(len)];
    let three = [Val::I32(at), Val::I32(len), Val::I32(1)];
    let types = [Ty::I32; 3];
    match free {
        Some(free) if free.is(&types[..2], None) => visit.call(&free, &two)?,
        Some(free) if free.is(&types, None) => visit.call(&free, &three)?,
        _ => return Err(Trap::new("it returns bytes and has no `__wbindgen_free`").into()),
    };
    Ok(())
}

//! Results: Rust's types, of what a module returned.

use abide::module::{Bad, Ty, Val};

mod sealed {
    pub trait Sealed {}
}

use sealed::Sealed;

/// How a type of result is returned.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Nothing,
    /// As a raw value.
    Number(Ty),
    /// As a place and how many bytes stand there.
    Bytes,
}

/// What was returned.
#[doc(hidden)]
#[derive(Debug)]
pub enum Found {
    Nothing,
    Number(Val),
    /// None at the address 0.
    Bytes(Option<Vec<u8>>),
}

/// What a function returns, also as the `Ok` of a `Result`: bytes (`Vec<u8>`), texts (`String`), an
/// `Option` of either, numbers, `bool` and `char`, or nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no result of a module after wasm-bindgen",
    label = "not served",
    note = "there are `Vec<u8>`, `String`, `Option`s of these, numbers, `bool`, `char` and `()`"
)]
pub trait Output: Sized + Sealed {
    /// How it is returned.
    #[doc(hidden)]
    const SHAPE: Shape;

    /// Takes it out of what was returned.
    #[doc(hidden)]
    fn from_found(found: Found) -> Result<Self, Bad>;
}

macro_rules! outputs {
    ($($of:ty, $shape:expr, $found:pat => $taken:expr;)*) => {$(
        impl Sealed for $of {}

        impl Output for $of {
            const SHAPE: Shape = $shape;

            fn from_found(found: Found) -> Result<Self, Bad> {
                match found {
                    $found => $taken,
                    _ => Err(Bad::UnknownCode),
                }
            }
        }
    )*};
}

const I32: Shape = Shape::Number(Ty::I32);
const I64: Shape = Shape::Number(Ty::I64);

/// A number that has room in a smaller type.
fn small<T: TryFrom<i64>>(value: i64) -> Result<T, Bad> {
    T::try_from(value).map_err(|_| Bad::UnknownCode)
}

outputs! {
    (), Shape::Nothing, Found::Nothing => Ok(());
    u8, I32, Found::Number(Val::I32(value)) => small(value.into());
    i8, I32, Found::Number(Val::I32(value)) => small(value.cast_signed().into());
    u16, I32, Found::Number(Val::I32(value)) => small(value.into());
    i16, I32, Found::Number(Val::I32(value)) => small(value.cast_signed().into());
    u32, I32, Found::Number(Val::I32(value)) => Ok(value);
    i32, I32, Found::Number(Val::I32(value)) => Ok(value.cast_signed());
    u64, I64, Found::Number(Val::I64(value)) => Ok(value);
    i64, I64, Found::Number(Val::I64(value)) => Ok(value.cast_signed());
    f32, Shape::Number(Ty::F32), Found::Number(Val::F32(value)) => Ok(value);
    f64, Shape::Number(Ty::F64), Found::Number(Val::F64(value)) => Ok(value);
    bool, I32, Found::Number(Val::I32(value)) => Ok(value != 0);
    char, I32, Found::Number(Val::I32(value)) => char::from_u32(value).ok_or(Bad::UnknownCode);
    Vec<u8>, Shape::Bytes, Found::Bytes(Some(bytes)) => Ok(bytes);
    Option<Vec<u8>>, Shape::Bytes, Found::Bytes(bytes) => Ok(bytes);
    String, Shape::Bytes, Found::Bytes(Some(bytes)) => text(bytes);
    Option<String>, Shape::Bytes, Found::Bytes(bytes) => bytes.map(text).transpose();
}

fn text(bytes: Vec<u8>) -> Result<String, Bad> {
    String::from_utf8(bytes).map_err(|_| Bad::NotUtf8)
}

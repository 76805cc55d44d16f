//! Arguments: what each is in raw values.

use abide::module::Val;

mod sealed {
    pub trait Sealed {}
}

use sealed::Sealed;

/// A value of JavaScript, for functions that take `&JsValue` or `JsValue`, such as options.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Js {
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// An object, written as JSON. It is read by the module, with its own reader.
    Json(String),
}

/// An argument as it is handed over.
#[doc(hidden)]
#[derive(Debug)]
pub enum Passed<'a> {
    /// A place and how many bytes stand there; none where there is nothing.
    Bytes(Option<&'a [u8]>),
    /// A raw value.
    Number(Val),
    /// The number of a value of JavaScript.
    Js(&'a Js),
}

/// An argument: bytes (`&[u8]`, `&Vec<u8>`, `Vec<u8>`, `[u8; 3]`) and texts (`&str`, `String`), an
/// `Option` of either, numbers, `bool` and `char`, and [`Js`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no argument of a module after wasm-bindgen",
    label = "not served",
    note = "there are bytes, texts, `Option`s of these, numbers, `bool`, `char` and `Js`"
)]
pub trait Arg: Sealed {
    /// How it is handed over.
    #[doc(hidden)]
    fn passed(&self) -> Passed<'_>;
}

/// The arguments of a function: a tuple of up to eight [`Arg`]s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tuple of arguments",
    label = "not a tuple",
    note = "pass a tuple: `()`, `(a,)`, `(a, b)`, up to eight"
)]
pub trait Args: Sealed {
    /// All of them in order.
    #[doc(hidden)]
    fn list(&self) -> Vec<Passed<'_>>;
}

macro_rules! args {
    ($($of:ty, |$value:ident| $passed:expr;)*) => {$(
        impl Sealed for $of {}

        impl Arg for $of {
            fn passed(&self) -> Passed<'_> {
                let $value = self;
                $passed
            }
        }
    )*};
}

args! {
    u8, |value| Passed::Number(Val::I32((*value).into()));
    i8, |value| Passed::Number(Val::I32(i32::from(*value).cast_unsigned()));
    u16, |value| Passed::Number(Val::I32((*value).into()));
    i16, |value| Passed::Number(Val::I32(i32::from(*value).cast_unsigned()));
    u32, |value| Passed::Number(Val::I32(*value));
    i32, |value| Passed::Number(Val::I32(value.cast_unsigned()));
    u64, |value| Passed::Number(Val::I64(*value));
    i64, |value| Passed::Number(Val::I64(value.cast_unsigned()));
    f32, |value| Passed::Number(Val::F32(*value));
    f64, |value| Passed::Number(Val::F64(*value));
    bool, |value| Passed::Number(Val::I32((*value).into()));
    char, |value| Passed::Number(Val::I32((*value).into()));
    [u8], |bytes| Passed::Bytes(Some(bytes));
    Vec<u8>, |bytes| Passed::Bytes(Some(bytes));
    str, |text| Passed::Bytes(Some(text.as_bytes()));
    String, |text| Passed::Bytes(Some(text.as_bytes()));
    Option<&[u8]>, |bytes| Passed::Bytes(*bytes);
    Option<&str>, |text| Passed::Bytes(text.map(str::as_bytes));
    Js, |js| Passed::Js(js);
}

impl<const N: usize> Sealed for [u8; N] {}

impl<const N: usize> Arg for [u8; N] {
    fn passed(&self) -> Passed<'_> {
        Passed::Bytes(Some(self))
    }
}

impl<T: Sealed + ?Sized> Sealed for &T {}

impl<T: Arg + ?Sized> Arg for &T {
    fn passed(&self) -> Passed<'_> {
        T::passed(self)
    }
}

macro_rules! tuples {
    ($(($($of:ident $index:tt)*))*) => {$(
        impl<$($of),*> Sealed for ($($of,)*) {}

        impl<$($of: Arg),*> Args for ($($of,)*) {
            fn list(&self) -> Vec<Passed<'_>> {
                vec![$(self.$index.passed()),*]
            }
        }
    )*};
}

tuples! {
    ()
    (A 0)
    (A 0 B 1)
    (A 0 B 1 C 2)
    (A 0 B 1 C 2 D 3)
    (A 0 B 1 C 2 D 3 E 4)
    (A 0 B 1 C 2 D 3 E 4 F 5)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
}

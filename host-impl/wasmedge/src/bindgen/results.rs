//! Results: Rust's types, of what a guest returned.

use super::value::Value;

mod sealed {
    pub trait Sealed {}
}

use sealed::Sealed;

/// One result: numbers, `bool`, `char`, `String`, and `Vec` of whole numbers; or [`Value`] for whatever
/// it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no result of a function of wasmedge-bindgen",
    label = "not in its ABI",
    note = "there are integers, floats, `bool`, `char`, `String`, `Vec` of integers, and `Value` for any"
)]
pub trait Output: Sized + Sealed {
    /// What it is called.
    #[doc(hidden)]
    const NAME: &'static str;

    /// Takes it out of a value, if that is one.
    #[doc(hidden)]
    fn from_value(value: Value) -> Option<Self>;
}

/// What a function returns: nothing, one [`Output`], or a tuple of up to twelve; or `Vec<Value>` for
/// any number of any type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what functions of wasmedge-bindgen return",
    label = "not in its ABI",
    note = "that is `()`, a number, a text, an array of integers, or a tuple of these; `Vec<Value>` is any of it"
)]
pub trait Results: Sized {
    /// What it is called.
    #[doc(hidden)]
    fn wanted() -> String;

    /// Takes it out of values, or says what these are.
    #[doc(hidden)]
    fn from_values(values: Vec<Value>) -> Result<Self, String>;
}

/// What values are called.
fn names(values: &[Value]) -> String {
    let names: Vec<&str> = values.iter().map(Value::type_name).collect();
    names.join(", ")
}

macro_rules! outputs {
    ($($name:ident $of:ty;)*) => {$(
        impl Sealed for $of {}

        impl Output for $of {
            const NAME: &'static str = stringify!($of);

            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::$name(value) => Some(value),
                    _ => None,
                }
            }
        }

        one!($of);
    )*};
}

macro_rules! one {
    ($of:ty) => {
        impl Results for $of {
            fn wanted() -> String {
                <$of>::NAME.to_owned()
            }

            fn from_values(values: Vec<Value>) -> Result<Self, String> {
                <(Self,)>::from_values(values).map(|(one,)| one)
            }
        }
    };
}

outputs! {
    U8 u8;
    I8 i8;
    U16 u16;
    I16 i16;
    U32 u32;
    I32 i32;
    U64 u64;
    I64 i64;
    F32 f32;
    F64 f64;
    Bool bool;
    Char char;
    U8s Vec<u8>;
    I8s Vec<i8>;
    U16s Vec<u16>;
    I16s Vec<i16>;
    U32s Vec<u32>;
    I32s Vec<i32>;
    U64s Vec<u64>;
    I64s Vec<i64>;
    Text String;
}

impl Sealed for Value {}

impl Output for Value {
    const NAME: &'static str = "any";

    fn from_value(value: Value) -> Option<Self> {
        Some(value)
    }
}

one!(Value);

impl Results for Vec<Value> {
    fn wanted() -> String {
        "any".to_owned()
    }

    fn from_values(values: Vec<Value>) -> Result<Self, String> {
        Ok(values)
    }
}

macro_rules! tuples {
    ($(($($of:ident)*))*) => {$(
        impl<$($of: Output),*> Results for ($($of,)*) {
            fn wanted() -> String {
                let names: &[&str] = &[$($of::NAME),*];
                names.join(", ")
            }

            fn from_values(values: Vec<Value>) -> Result<Self, String> {
                let found = names(&values);
                let taken = move || {
                    let mut values = values.into_iter();
                    let all = ($($of::from_value(values.next()?)?,)*);
                    values.next().is_none().then_some(all)
                };
                taken().ok_or(found)
            }
        }
    )*};
}

tuples! {
    ()
    (A)
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E F)
    (A B C D E F G)
    (A B C D E F G H)
    (A B C D E F G H I)
    (A B C D E F G H I J)
    (A B C D E F G H I J K)
    (A B C D E F G H I J K L)
}

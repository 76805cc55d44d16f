//! Arguments: what each is in a guest's memory.

use std::borrow::Cow;

mod sealed {
    pub trait Sealed {}
}

use sealed::Sealed;

/// An argument: numbers, `bool` and `char`; texts (`&str`, `&String`, `String`) and arrays of whole
/// numbers (`&[u8]`, `&Vec<u8>`, `Vec<u8>`, `[u8; 3]`, and so on), where the function has `String`
/// and `Vec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no argument of a function of wasmedge-bindgen",
    label = "not in its ABI",
    note = "there are integers, floats, `bool`, `char`, texts, and arrays of integers"
)]
pub trait Arg: Sealed {
    /// Its bytes.
    #[doc(hidden)]
    fn bytes(&self) -> Cow<'_, [u8]>;

    /// Of how many elements they are.
    #[doc(hidden)]
    fn count(&self) -> usize;
}

/// The arguments of a function: a tuple of up to twelve [`Arg`]s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tuple of arguments",
    label = "not a tuple",
    note = "pass a tuple: `()`, `(a,)`, `(a, b)`, up to twelve"
)]
pub trait Args: Sealed {
    /// All of them in order.
    #[doc(hidden)]
    fn list(&self) -> Vec<&dyn Arg>;
}

macro_rules! numbers {
    ($($of:ty)*) => {$(
        impl Sealed for $of {}

        impl Arg for $of {
            fn bytes(&self) -> Cow<'_, [u8]> {
                Cow::Owned(self.to_le_bytes().to_vec())
            }

            fn count(&self) -> usize {
                1
            }
        }
    )*};
}

numbers!(u8 i8 u16 i16 u32 i32 u64 i64 f32 f64);

impl Sealed for bool {}

impl Arg for bool {
    fn bytes(&self) -> Cow<'_, [u8]> {
        Cow::Owned(vec![u8::from(*self)])
    }

    fn count(&self) -> usize {
        1
    }
}

impl Sealed for char {}

impl Arg for char {
    fn bytes(&self) -> Cow<'_, [u8]> {
        Cow::Owned(u32::from(*self).to_le_bytes().to_vec())
    }

    fn count(&self) -> usize {
        1
    }
}

impl Sealed for str {}

impl Arg for str {
    fn bytes(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self.as_bytes())
    }

    fn count(&self) -> usize {
        self.len()
    }
}

impl Sealed for String {}

impl Arg for String {
    fn bytes(&self) -> Cow<'_, [u8]> {
        Arg::bytes(self.as_str())
    }

    fn count(&self) -> usize {
        self.len()
    }
}

/// Whole numbers, of which there are arrays.
trait Whole: Sized {
    fn all(of: &[Self]) -> Cow<'_, [u8]>;
}

impl Whole for u8 {
    fn all(of: &[Self]) -> Cow<'_, [u8]> {
        Cow::Borrowed(of)
    }
}

macro_rules! wholes {
    ($($of:ty)*) => {$(
        impl Whole for $of {
            fn all(of: &[Self]) -> Cow<'_, [u8]> {
                Cow::Owned(of.iter().flat_map(|number| number.to_le_bytes()).collect())
            }
        }
    )*};
}

wholes!(i8 u16 i16 u32 i32 u64 i64);

macro_rules! arrays {
    ($([$($generics:tt)*] $of:ty;)*) => {$(
        impl<$($generics)*> Sealed for $of {}

        #[allow(private_bounds, reason = "nobody else has numbers")]
        impl<$($generics)*> Arg for $of {
            fn bytes(&self) -> Cow<'_, [u8]> {
                T::all(&self[..])
            }

            fn count(&self) -> usize {
                self.len()
            }
        }
    )*};
}

arrays! {
    [T: Whole] [T];
    [T: Whole] Vec<T>;
    [T: Whole, const N: usize] [T; N];
}

impl<T: Sealed + ?Sized> Sealed for &T {}

impl<T: Arg + ?Sized> Arg for &T {
    fn bytes(&self) -> Cow<'_, [u8]> {
        T::bytes(self)
    }

    fn count(&self) -> usize {
        T::count(self)
    }
}

macro_rules! tuples {
    ($(($($of:ident $index:tt)*))*) => {$(
        impl<$($of),*> Sealed for ($($of,)*) {}

        impl<$($of: Arg),*> Args for ($($of,)*) {
            fn list(&self) -> Vec<&dyn Arg> {
                vec![$(&self.$index),*]
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
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11)
}

//! A result as a guest returns it: the number of its type, and bytes.

use abide::module::Bad;

/// Where a result is: its address, the number of its type, and how many bytes it has.
pub(super) struct Place {
    pub(super) at: u32,
    pub(super) kind: u32,
    pub(super) len: u32,
}

impl Place {
    /// What one takes in a guest's memory, in bytes.
    pub(super) const SIZE: u32 = 12;
}

/// The number of texts.
const TEXT: u32 = 31;

macro_rules! values {
    ($($(#[$doc:meta])* $name:ident $kind:literal $of:ty, |$bytes:ident| $read:expr;)*) => {
        /// A result of whatever type the function says.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Value {
            $($(#[$doc])* $name($of),)*
        }

        impl Value {
            /// A result that has the type of that number.
            pub(super) fn read(kind: u32, bytes: &[u8]) -> Result<Self, Bad> {
                match kind {
                    $($kind => {
                        let $bytes = bytes;
                        let read: Option<$of> = $read;
                        let bad = if $kind == TEXT { Bad::NotUtf8 } else { Bad::UnknownCode };
                        read.map(Self::$name).ok_or(bad)
                    })*
                    _ => Err(Bad::UnknownCode),
                }
            }

            /// What its type is called in Rust.
            pub(super) fn type_name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($of),)*
                }
            }
        }
    };
}

/// A number, of as many bytes as it has.
macro_rules! number {
    ($of:ty, $bytes:expr) => {
        <[u8; size_of::<$of>()]>::try_from($bytes)
            .ok()
            .map(<$of>::from_le_bytes)
    };
}

/// Numbers one behind the other.
macro_rules! numbers {
    ($of:ty, $bytes:expr) => {{
        let (numbers, rest) = $bytes.as_chunks();
        let numbers = numbers.iter().copied().map(<$of>::from_le_bytes);
        rest.is_empty().then(|| numbers.collect())
    }};
}

values! {
    /// `u8`.
    U8 1 u8, |bytes| number!(u8, bytes);
    /// `i8`.
    I8 2 i8, |bytes| number!(i8, bytes);
    /// `u16`.
    U16 3 u16, |bytes| number!(u16, bytes);
    /// `i16`.
    I16 4 i16, |bytes| number!(i16, bytes);
    /// `u32`.
    U32 5 u32, |bytes| number!(u32, bytes);
    /// `i32`.
    I32 6 i32, |bytes| number!(i32, bytes);
    /// `u64`.
    U64 7 u64, |bytes| number!(u64, bytes);
    /// `i64`.
    I64 8 i64, |bytes| number!(i64, bytes);
    /// `f32`.
    F32 9 f32, |bytes| number!(f32, bytes);
    /// `f64`.
    F64 10 f64, |bytes| number!(f64, bytes);
    /// `bool`: a byte, 0 or 1.
    Bool 11 bool, |bytes| match bytes {
        [0] => Some(false),
        [1] => Some(true),
        _ => None,
    };
    /// `char`.
    Char 12 char, |bytes| number!(u32, bytes).and_then(char::from_u32);
    /// `Vec<u8>`.
    U8s 21 Vec<u8>, |bytes| Some(bytes.to_vec());
    /// `Vec<i8>`.
    I8s 22 Vec<i8>, |bytes| numbers!(i8, bytes);
    /// `Vec<u16>`.
    U16s 23 Vec<u16>, |bytes| numbers!(u16, bytes);
    /// `Vec<i16>`.
    I16s 24 Vec<i16>, |bytes| numbers!(i16, bytes);
    /// `Vec<u32>`.
    U32s 25 Vec<u32>, |bytes| numbers!(u32, bytes);
    /// `Vec<i32>`.
    I32s 26 Vec<i32>, |bytes| numbers!(i32, bytes);
    /// `Vec<u64>`.
    U64s 27 Vec<u64>, |bytes| numbers!(u64, bytes);
    /// `Vec<i64>`.
    I64s 28 Vec<i64>, |bytes| numbers!(i64, bytes);
    /// `String`.
    Text 31 String, |bytes| String::from_utf8(bytes.to_vec()).ok();
}

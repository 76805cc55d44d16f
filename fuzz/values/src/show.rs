//! Values as text where they hold handles, which the two sides have of different types: a handle is
//! shown as the number of what it is on.

use std::fmt::Write as _;

/// A value that can be written out the same way on both sides.
pub trait Show {
    /// Writes the value to the end of `out`.
    fn show(&self, out: &mut String);
}

/// Writes a handle.
pub fn show_handle(out: &mut String, label: u64) {
    let _ = write!(out, "#{label}");
}

/// Writes something that has parts.
pub fn show_parts(out: &mut String, name: &str, parts: &[&dyn Show]) {
    out.push_str(name);
    out.push('(');
    for part in parts {
        part.show(out);
        out.push(',');
    }
    out.push(')');
}

/// Types without handles are shown as they are.
#[macro_export]
macro_rules! shown_by_debug {
    ($($ty:ty),*) => {$(
        impl $crate::Show for $ty {
            fn show(&self, out: &mut ::std::string::String) {
                let _ = ::std::fmt::Write::write_fmt(out, ::core::format_args!("{self:?}"));
            }
        }
    )*};
}

shown_by_debug!(
    (),
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    i8,
    i16,
    i32,
    i64,
    f32,
    f64,
    str,
    String
);

impl<T: Show + ?Sized> Show for &T {
    fn show(&self, out: &mut String) {
        (**self).show(out);
    }
}

impl<T: Show + ?Sized> Show for &mut T {
    fn show(&self, out: &mut String) {
        (**self).show(out);
    }
}

impl<T: Show> Show for [T] {
    fn show(&self, out: &mut String) {
        for value in self {
            show_parts(out, "", &[value]);
        }
        out.push('.');
    }
}

impl<T: Show> Show for Vec<T> {
    fn show(&self, out: &mut String) {
        self.as_slice().show(out);
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self, out: &mut String) {
        match self {
            Some(value) => show_parts(out, "some", &[value]),
            None => out.push_str("none"),
        }
    }
}

impl<T: Show, E: Show> Show for Result<T, E> {
    fn show(&self, out: &mut String) {
        match self {
            Ok(value) => show_parts(out, "ok", &[value]),
            Err(error) => show_parts(out, "err", &[error]),
        }
    }
}

macro_rules! tuples {
    ($($first:ident $($rest:ident)*)?) => {$(
        impl<$first: Show, $($rest: Show),*> Show for ($first, $($rest,)*) {
            #[allow(non_snake_case)]
            fn show(&self, out: &mut String) {
                let ($first, $($rest,)*) = self;
                show_parts(out, "", &[$first, $($rest),*]);
            }
        }
        tuples!($($rest)*);
    )?};
}

tuples!(A B C D E F G H I J K L);

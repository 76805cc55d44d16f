//! Whether a type of the user's own fits the WIT type that it is to stand for, found out when it is
//! compiled.
//!
//! `#[derive(abide::Type)]` describes the type, `abi!` says what the WIT has. Both descriptions
//! hold Rust types, which can be compared in a constant only by asking whether a trait is
//! implemented: see [`Same`].

mod compare;
mod interfaces;
mod report;

use std::marker::PhantomData;

pub use compare::compare;
pub use interfaces::compare_interfaces;
pub use report::Report;
use report::equal;

/// What `#[derive(abide::Type)]` knows of a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` stands for a WIT type and does not derive `abide::Type`",
    label = "needs `#[derive(abide::Type)]`"
)]
pub trait Shape {
    /// What it stands for.
    const KIND: Kind;
    /// Its fields or cases, in order.
    const MEMBERS: &'static [Member];
    /// Whether it is declared `#[repr(C)]`.
    const REPR_C: bool;
}

/// The type of the member with this index, where it has one.
pub trait Holds<const INDEX: usize> {
    /// The type.
    type Type;
}

/// Which of WIT's kinds of type it is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A struct with named fields.
    Record,
    /// An enum whose cases may have payloads.
    Variant,
    /// An enum without payloads.
    Enum,
}

impl Kind {
    /// What its members are called.
    const fn member(self) -> &'static str {
        match self {
            Self::Record => "field",
            Self::Variant | Self::Enum => "case",
        }
    }
}

/// A field or a case of the user's type.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Its name in WIT.
    pub wit: &'static str,
    /// Its name in Rust.
    pub rust: &'static str,
    /// The type as the user wrote it; nothing for a case without payload.
    pub ty: Option<&'static str>,
}

/// A field or a case of the WIT type.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Its name in WIT.
    pub wit: &'static str,
    /// The type in WIT, and what it has to be in Rust.
    pub ty: Option<(&'static str, &'static str)>,
    /// Whether the user's member of this name has that type.
    pub same: bool,
}

/// Asks whether the member of `T` with this index has the type `Type`: `Same::<T, INDEX,
/// Type>::ANSWER` is `true` then. Otherwise this implementation does not apply, and the constant is
/// that of [`Different`], which has to be in scope.
#[derive(Debug)]
pub struct Same<T: ?Sized, const INDEX: usize, Type: ?Sized>(PhantomData<T>, PhantomData<Type>);

impl<T: Holds<INDEX, Type = Type>, const INDEX: usize, Type> Same<T, INDEX, Type> {
    /// Yes.
    pub const ANSWER: bool = true;
}

/// The answer of [`Same`] where its own does not apply.
pub trait Different {
    /// No.
    const ANSWER: bool = false;
}

impl<T: ?Sized> Different for T {}

/// The index of the member that WIT calls `wit`; a number that no member has if there is none. `at`
/// is where it should be: a look there first spares most of the search.
#[must_use]
pub const fn position(members: &[Member], wit: &str, at: usize) -> usize {
    if at < members.len() && equal(members[at].wit, wit) {
        return at;
    }
    let mut index = 0;
    while index < members.len() {
        if equal(members[index].wit, wit) {
            return index;
        }
        index += 1;
    }
    usize::MAX
}

/// The user's type.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// What the user calls it.
    pub name: &'static str,
    /// See [`Shape::KIND`].
    pub kind: Kind,
    /// See [`Shape::MEMBERS`].
    pub members: &'static [Member],
    /// See [`Shape::REPR_C`].
    pub repr_c: bool,
}

/// The WIT type.
#[derive(Debug, Clone, Copy)]
pub struct Expected {
    /// Its name: `demo:shapes/geometry.point`.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Whether lists of it are passed as they lie in the guest's memory.
    pub as_it_lies: bool,
    /// Its fields or cases, in order.
    pub members: &'static [Wanted],
}

/// Compares a type that derives `abide::Type` with the WIT type it is to stand for, and refuses to
/// compile where they differ:
///
/// ```ignore
/// check_type!(crate::Circle as "crate::Circle", Record "demo:shapes/geometry.circle" {
///     "name": ::std::string::String = ("string", "String"),
///     "radius": f64 = ("f64", "f64"),
/// });
/// check_type!(crate::Hit as "crate::Hit", Variant "demo:shapes/geometry.hit" {
///     "none",
///     "at": crate::Circle = ("circle", "crate::Circle"),
/// });
/// check_type!(crate::Side as "crate::Side", Enum "demo:shapes/geometry.side" { "left", "right" });
/// ```
///
/// A member is its name in WIT, the Rust type that it should have, and that type as WIT and Rust
/// write it. Where lists of a record are passed as they lie in the guest's memory, which
/// wit-bindgen does with records of nothing but numbers, `as it lies` stands behind the record's
/// name.
#[doc(hidden)]
#[macro_export]
macro_rules! check_type {
    ($ty:ty as $shown:literal, $kind:ident $wit:literal { $($members:tt)* }) => {
        $crate::check_type!(@check $ty, $shown, $kind $wit, false, { $($members)* });
    };
    ($ty:ty as $shown:literal, $kind:ident $wit:literal as it lies { $($members:tt)* }) => {
        $crate::check_type!(@check $ty, $shown, $kind $wit, true, { $($members)* });
    };
    (@check $ty:ty, $shown:literal, $kind:ident $wit:literal, $as_it_lies:literal, {
        $($member:literal $(: $of:ty = $written:tt)?),* $(,)?
    }) => {
        const _: () = {
            use $crate::__private::shape::{self as __shape, Different as _};

            const MEMBERS: &[__shape::Member] = <$ty as __shape::Shape>::MEMBERS;
            const REPORT: __shape::Report = __shape::compare(
                &__shape::Found {
                    name: $shown,
                    kind: <$ty as __shape::Shape>::KIND,
                    members: MEMBERS,
                    repr_c: <$ty as __shape::Shape>::REPR_C,
                },
                &__shape::Expected {
                    name: $wit,
                    kind: __shape::Kind::$kind,
                    as_it_lies: $as_it_lies,
                    members: &[$(
                        $crate::check_type!(@wanted $ty, $member $(: $of = $written)?)
                    ),*],
                },
            );

            if let ::core::option::Option::Some(text) = REPORT.text() {
                ::core::panic!("{}", text);
            }
        };
    };
    (@wanted $ty:ty, $member:literal) => {
        __shape::Wanted { wit: $member, ty: ::core::option::Option::None, same: false }
    };
    (@wanted $ty:ty, $member:literal: $of:ty = $written:tt) => {
        __shape::Wanted {
            wit: $member,
            ty: ::core::option::Option::Some($written),
            same: __shape::Same::<$ty, { __shape::position(MEMBERS, $member, 0) }, $of>::ANSWER,
        }
    };
}

//! Whether a type of the user's own fits the WIT type that it is to stand for, found out when it is
//! compiled.
//!
//! `#[derive(abide::Type)]` describes the type, `abi!` says what the WIT has. Both descriptions hold Rust
//! types, which can be compared in a constant only by asking whether a trait is implemented: see
//! [`Same`]. This file knows nothing of WIT but how its types are told apart.

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

/// Asks whether the member of `T` with this index has the type `Type`: `Same::<T, INDEX, Type>::ANSWER`
/// is `true` then. Otherwise this implementation does not apply, and the constant is that of
/// [`Different`], which has to be in scope.
#[derive(Debug)]
pub struct Same<T: ?Sized, const INDEX: usize, Type: ?Sized>(
    std::marker::PhantomData<(fn(&T), fn(&Type))>,
);

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

/// The index of the member that WIT calls `wit`; a number that no member has if there is none. `at` is
/// where it should be: a look there first spares most of the search.
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

/// What is wrong with a type, as text; empty where nothing is.
#[derive(Debug)]
pub struct Report {
    bytes: [u8; Report::MOST],
    len: usize,
    full: bool,
}

impl Report {
    const MOST: usize = 4096;

    const fn add(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        if self.full || self.len + bytes.len() > Self::MOST {
            self.full = true;
            return self;
        }
        let mut index = 0;
        while index < bytes.len() {
            self.bytes[self.len] = bytes[index];
            self.len += 1;
            index += 1;
        }
        self
    }

    const fn all(mut self, texts: &[&str]) -> Self {
        let mut index = 0;
        while index < texts.len() {
            self = self.add(texts[index]);
            index += 1;
        }
        self
    }

    /// Begins to say one thing more.
    const fn item(mut self, found: &Found, expected: &Expected) -> Self {
        if self.len == 0 {
            let kind = match expected.kind {
                Kind::Record => "record",
                Kind::Variant => "variant",
                Kind::Enum => "enum",
            };
            let (rust, wit) = (found.name, expected.name);
            self = self.all(&["`", rust, "` does not fit the WIT ", kind, " `", wit, "`:"]);
        }
        self.add("\n- ")
    }

    /// The text, if there is any.
    #[must_use]
    pub const fn text(&self) -> Option<&str> {
        if self.len == 0 {
            return None;
        }
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => Some(text),
            // It is made of whole texts.
            Err(_) => Some("the type does not fit the WIT"),
        }
    }
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

/// Compares the user's type with the WIT type it is to stand for.
#[must_use]
pub const fn compare(found: &Found, expected: &Expected) -> Report {
    let report = Report {
        bytes: [0; Report::MOST],
        len: 0,
        full: false,
    };
    if !same_kind(found.kind, expected.kind) {
        return report.item(found, expected).all(&[match found.kind {
            Kind::Record => "it is a struct, which stands for a record",
            Kind::Variant => "it is an enum that stands for a variant",
            Kind::Enum => {
                "it is an enum without payloads, which stands for an enum; where WIT has a variant, \
                 write `#[abide(variant)]` at the type"
            }
        }]);
    }
    let report = missing(report, found, expected);
    let report = superfluous(report, found, expected);
    let report = order(report, found, expected);
    if expected.as_it_lies && !found.repr_c {
        return report.item(found, expected).all(&[
            "guests pass lists of it as they lie in memory, so it has to lie there as WIT has it; \
             write `#[repr(C)]` at the type",
        ]);
    }
    report
}

/// What WIT has and the user's type has not, or has otherwise.
const fn missing(mut report: Report, found: &Found, expected: &Expected) -> Report {
    let member = expected.kind.member();
    let mut index = 0;
    while index < expected.members.len() {
        let wanted = &expected.members[index];
        let at = position(found.members, wanted.wit, index);
        if at == usize::MAX || !fits(wanted, &found.members[at]) {
            report = report.item(found, expected);
            report = report.all(&["the WIT has the ", member, " `", wanted.wit]);
            report = match (wanted.ty, expected.kind) {
                (Some((ty, _)), Kind::Record) => report.all(&[": ", ty]),
                (Some((ty, _)), _) => report.all(&["(", ty, ")"]),
                (None, _) => report,
            };
            report = if at == usize::MAX {
                report.all(&["`, and `", found.name, "` has no ", member, " of that name"])
            } else {
                differs(report, wanted, &found.members[at])
            };
        }
        index += 1;
    }
    report
}

/// What the user's type has and WIT has not.
const fn superfluous(mut report: Report, found: &Found, expected: &Expected) -> Report {
    let member = expected.kind.member();
    let mut index = 0;
    while index < found.members.len() {
        let Member { wit, rust, .. } = found.members[index];
        if !is_wanted(expected.members, wit, index) {
            report = report.item(found, expected);
            report = report.all(&["`", found.name, "` has the ", member, " `", rust]);
            report = report.all(&["`, and the WIT has no `", wit, "`"]);
        }
        index += 1;
    }
    report
}

/// Where nothing is missing and nothing superfluous, whether the order is the same.
const fn order(mut report: Report, found: &Found, expected: &Expected) -> Report {
    if report.len > 0 {
        return report;
    }
    let mut index = 0;
    while index < expected.members.len() {
        if position(found.members, expected.members[index].wit, index) != index {
            break;
        }
        index += 1;
    }
    if index == expected.members.len() {
        return report;
    }
    report = report.item(found, expected);
    let members = expected.kind.member();
    report = report.all(&["the ", members, "s are in another order; WIT has them as "]);
    let mut index = 0;
    while index < expected.members.len() {
        let between = if index == 0 { "`" } else { ", `" };
        report = report.all(&[between, expected.members[index].wit, "`"]);
        index += 1;
    }
    report
}

/// Compares an interface of an ABI, called `wit`, with what another ABI's crate has for it at `path`: by the
/// names of types, resources and functions, and how each is written out.
#[must_use]
pub const fn compare_interfaces(
    wit: &str,
    path: &str,
    theirs: &[(&str, &str)],
    ours: &[(&str, &str)],
) -> Report {
    let mut report = Report {
        bytes: [0; Report::MOST],
        len: 0,
        full: false,
    };
    let mut index = 0;
    while index < ours.len() {
        let (name, shape) = ours[index];
        let mut at = 0;
        while at < theirs.len() && !equal(theirs[at].0, name) {
            at += 1;
        }
        let found = if at < theirs.len() {
            Some(theirs[at].1)
        } else {
            None
        };
        let same = match found {
            Some(found) => equal(found, shape),
            None => false,
        };
        if !same {
            if report.len == 0 {
                report = report.all(&[
                    "`",
                    path,
                    "` was generated from another WIT than the interface `",
                    wit,
                    "` of this ABI:",
                ]);
            }
            report = report.all(&["\n- `", name, "` is `", shape, "` here"]);
            report = match found {
                Some(found) => report.all(&[", and `", found, "` there"]),
                None => report.add(", and nothing there"),
            };
        }
        index += 1;
    }
    report
}

/// Says of a member that is there how its type differs.
const fn differs(report: Report, wanted: &Wanted, found: &Member) -> Report {
    let report = report.add("`");
    match (wanted.ty, found.ty) {
        (Some((_, rust)), Some(ty)) => report.all(&[
            ", in Rust `",
            rust,
            "`, and `",
            found.rust,
            "` is `",
            ty,
            "`",
        ]),
        (Some(_), None) => report.all(&[", and `", found.rust, "` has no payload"]),
        (None, _) => report.all(&[" without payload, and `", found.rust, "` has one"]),
    }
}

const fn fits(wanted: &Wanted, found: &Member) -> bool {
    match (wanted.ty, found.ty) {
        (Some(_), Some(_)) => wanted.same,
        (None, None) => true,
        _ => false,
    }
}

const fn is_wanted(all: &[Wanted], wit: &str, at: usize) -> bool {
    if at < all.len() && equal(all[at].wit, wit) {
        return true;
    }
    let mut index = 0;
    while index < all.len() {
        if equal(all[index].wit, wit) {
            return true;
        }
        index += 1;
    }
    false
}

const fn same_kind(one: Kind, other: Kind) -> bool {
    matches!(
        (one, other),
        (Kind::Record, Kind::Record) | (Kind::Variant, Kind::Variant) | (Kind::Enum, Kind::Enum)
    )
}

const fn equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// Compares a type that derives `abide::Type` with the WIT type it is to stand for, and refuses to compile
/// where they differ:
///
/// ```ignore
/// check_type!(crate::Point, Record "demo:shapes/geometry.point" { "x": "f64" = f64, "y": "f64" = f64 });
/// check_type!(crate::Hit, Variant "demo:shapes/geometry.hit" { "none", "at": "point" = crate::Point });
/// check_type!(crate::Side, Enum "demo:shapes/geometry.side" { "left", "right" });
/// ```
///
/// A member is its name in WIT, its type in WIT, and the Rust type that stands for that. Where lists of a
/// record are passed as they lie in the guest's memory, which wit-bindgen does with records of nothing but
/// numbers, `as it lies` stands behind the record's name.
#[doc(hidden)]
#[macro_export]
macro_rules! check_type {
    ($ty:ty, $kind:ident $wit:literal { $($members:tt)* }) => {
        $crate::check_type!(@check $ty, $kind $wit, false, { $($members)* });
    };
    ($ty:ty, $kind:ident $wit:literal as it lies { $($members:tt)* }) => {
        $crate::check_type!(@check $ty, $kind $wit, true, { $($members)* });
    };
    (@check $ty:ty, $kind:ident $wit:literal, $as_it_lies:literal, {
        $($member:literal $(: $written:literal = $of:ty)?),* $(,)?
    }) => {
        const _: () = {
            use $crate::__private::shape::{self as __shape, Different as _};

            const MEMBERS: &[__shape::Member] = <$ty as __shape::Shape>::MEMBERS;
            const REPORT: __shape::Report = __shape::compare(
                &__shape::Found {
                    name: ::core::stringify!($ty),
                    kind: <$ty as __shape::Shape>::KIND,
                    members: MEMBERS,
                    repr_c: <$ty as __shape::Shape>::REPR_C,
                },
                &__shape::Expected {
                    name: $wit,
                    kind: __shape::Kind::$kind,
                    as_it_lies: $as_it_lies,
                    members: &[$(
                        $crate::check_type!(@wanted $ty, $member $(: $written = $of)?)
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
    (@wanted $ty:ty, $member:literal: $written:literal = $of:ty) => {
        __shape::Wanted {
            wit: $member,
            ty: ::core::option::Option::Some(($written, ::core::stringify!($of))),
            same: __shape::Same::<$ty, { __shape::position(MEMBERS, $member, 0) }, $of>::ANSWER,
        }
    };
}

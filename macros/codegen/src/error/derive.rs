//! What the derives say: the part of the catalogue that belongs to `#[derive(abide::Host)]` and
//! `#[derive(abide::Type)]`.

use std::fmt;

/// One thing that is wrong with a use of a derive.
#[derive(Debug, Clone)]
pub(crate) enum DeriveMessage {
    /// The name of the derive, and what it was put on.
    HostOnOther {
        found: &'static str,
    },
    HostWithoutParts,
    HostOption,
    HostOptionUnknown {
        found: String,
    },
    HostOptionTwice,
    /// `#[host(clock)]` on the struct itself.
    HostInterfaceOnStruct {
        found: String,
    },
    /// `#[host(abi = …)]` on a field.
    HostOptionOnField,
    HostNames,
    HostNoAbi {
        interface: String,
    },
    HostTwice {
        interface: String,
        first: String,
    },
    TypeIsUnion,
    TypeWithParameters,
    /// A tuple struct, or one without anything.
    TypeWithoutNames,
    TypeWithoutCases,
    TypePayload,
    TypeDiscriminant,
    TypePacked,
    TypeAttribute,
    TypeOption {
        found: String,
    },
    TypeMemberOption {
        found: String,
    },
    TypeOptionTwice {
        name: String,
    },
    TypeVariantOnStruct,
    /// A name that the user gave and WIT does not take.
    TypeNameGiven {
        found: String,
    },
    /// A name that cannot be made out of the Rust name.
    TypeNameMade {
        rust: String,
        made: String,
    },
    /// A member that only the host side can find.
    TypeGuestName {
        wit: String,
        rust: String,
        expected: String,
    },
    TypeNameTwice {
        wit: String,
        first: String,
    },
}

impl fmt::Display for DeriveMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use DeriveMessage as M;
        match self {
            M::HostOnOther { found } => write!(
                f,
                "`#[derive(Host)]` makes a host out of the fields of a struct, and this is {found}; \
                 put what it holds into the fields of a struct"
            ),
            M::HostWithoutParts => f.write_str(
                "no field is marked as the provider of an interface; write \
                 `#[host(clock)]` at the field that is to serve the interface `clock`",
            ),
            M::HostOption => f.write_str(
                "expected `#[host(abi = path)]` at the struct, with the path of the crate or module \
                 that `abi!` stands in, such as `#[host(abi = notes_abi)]`",
            ),
            M::HostOptionUnknown { found } => write!(
                f,
                "unknown option `{found}`; expected `abi = path`, the path of the crate or module \
                 that `abi!` stands in, such as `#[host(abi = notes_abi)]`, and beside it `host_async` for \
                 the traits of that module"
            ),
            M::HostOptionTwice => f.write_str(
                "the option is given twice; keep one, and name interfaces of another ABI with \
                 their path at the field: `#[host(other_abi::clock)]`",
            ),
            M::HostInterfaceOnStruct { found } => write!(
                f,
                "`{found}` stands at the struct; an interface is named at the field that provides \
                 it, and the struct says `#[host(abi = path)]`"
            ),
            M::HostOptionOnField => f.write_str(
                "`abi` is an option of the struct; at a field, an interface of another ABI is named \
                 with its path: `#[host(other_abi::clock)]`",
            ),
            M::HostNames => f.write_str(
                "expected the interfaces that this field provides, by the names of their modules in \
                 the ABI crate, such as `#[host(clock, kv)]`, `#[host(other_abi::log)]`, or \
                 `#[host(imports)]` for the functions that the world imports at its own level",
            ),
            M::HostNoAbi { interface } => write!(
                f,
                "which ABI is `{interface}` of? Write `#[host(abi = notes_abi)]` at the struct, with \
                 the path of the crate or module that `abi!` stands in, or the path here: \
                 `#[host(notes_abi::{interface})]`"
            ),
            M::HostTwice { interface, first } => write!(
                f,
                "`{interface}` is provided by the field `{first}` already; an interface has one \
                 provider"
            ),
            M::TypeIsUnion => f.write_str(
                "a union stands for no WIT type; `#[derive(Type)]` takes structs with named fields \
                 (WIT's records) and enums (WIT's variants and enums)",
            ),
            M::TypeWithParameters => f.write_str(
                "a type that stands for a WIT type has no parameters and no lifetimes, as WIT has \
                 none; derive `Type` for a type in which they are chosen",
            ),
            M::TypeWithoutNames => f.write_str(
                "a WIT record has named fields, and this struct has none; name them: \
                 `struct Point { x: f64, y: f64 }`",
            ),
            M::TypeWithoutCases => {
                f.write_str("a WIT enum or variant has at least one case, and this enum has none")
            }
            M::TypePayload => f.write_str(
                "a case of a WIT variant has one payload or none; put the fields into a struct that \
                 derives `Type` too, and let the case hold that",
            ),
            M::TypeDiscriminant => f.write_str(
                "the cases of a WIT type are counted from 0 and have no numbers of their own; leave \
                 the number away",
            ),
            M::TypePacked => f.write_str(
                "the fields of a packed type cannot be borrowed, and values are passed by borrowing; \
                 leave `packed` away",
            ),
            M::TypeAttribute => f.write_str(
                "expected `#[abide(name = \"name-in-wit\")]` at a field or case, or \
                 `#[abide(variant)]`, `#[abide(error)]` or `#[abide(crate = path)]` at the type",
            ),
            M::TypeOption { found } => write!(
                f,
                "unexpected `{found}`; at the type there are `variant` (an enum without payloads \
                 stands for a WIT variant), `error` (its `Display` is shown when a guest answers \
                 with it) and `crate = path` (where `abide` is, if it has another name)"
            ),
            M::TypeMemberOption { found } => write!(
                f,
                "unexpected `{found}`; at a field or case there is `name = \"name-in-wit\"`"
            ),
            M::TypeOptionTwice { name } => {
                write!(f, "the option `{name}` is given twice; keep one")
            }
            M::TypeVariantOnStruct => f.write_str(
                "a struct stands for a WIT record; `variant` is for enums whose cases have no payload",
            ),
            M::TypeNameGiven { found } => write!(
                f,
                "`{found}` is no name in WIT; names are words of letters and digits with hyphens \
                 between them, such as `not-found`"
            ),
            M::TypeNameMade { rust, made } => write!(
                f,
                "in WIT, `{rust}` would be `{made}`, which is no name there; say what WIT calls it: \
                 `#[abide(name = \"…\")]`"
            ),
            M::TypeGuestName {
                wit,
                rust,
                expected,
            } => write!(
                f,
                "on the guest side, what WIT calls `{wit}` has to be called `{expected}`, and it is \
                 called `{rust}`"
            ),
            M::TypeNameTwice { wit, first } => write!(
                f,
                "WIT would call this `{wit}`, and so it would `{first}`; names in one type differ"
            ),
        }
    }
}

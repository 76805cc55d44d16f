//! What the derives say: the part of the catalogue that belongs to `#[derive(abide::Host)]`.

use std::fmt;

/// One thing that is wrong with a use of a derive.
#[derive(Debug, Clone)]
pub(crate) enum DeriveMessage {
    /// The name of the derive, and what it was put on.
    HostOnOther {
        found: &'static str,
    },
    HostWithoutParts,
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
            M::HostOptionUnknown { found } => write!(
                f,
                "unknown option `{found}`; expected `abi = path`, the path of the crate or module \
                 that `abi!` stands in, such as `#[host(abi = notes_abi)]`"
            ),
            M::HostOptionTwice => f.write_str(
                "the option `abi` is given twice; keep one, and name interfaces of another ABI with \
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
        }
    }
}

//! What the attributes for plain modules say: the part of the catalogue that belongs to
//! `#[abide::module]` and `#[abide::module_exports]`.

use std::fmt;

/// One thing that is wrong with a use of an attribute.
#[derive(Debug, Clone)]
pub(crate) enum ModuleMessage {
    Imports,
    ImportOption {
        found: String,
    },
    Exports,
    ExportOption {
        found: String,
    },
    NotAnImpl,
    NoFunctions,
    NotATrait,
    NotAFunction,
    Generic,
    Async,
    NoSelf,
    Receiver,
    Body,
    Parameter,
    /// The name of a method that every handle has.
    Ours {
        found: String,
    },
}

impl fmt::Display for ModuleMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use ModuleMessage as M;
        match self {
            M::Imports => f.write_str(
                "expected `#[abide::module(\"env\")]`, with the name of the module that guests import \
                 from, and `refusal = Type` behind it where methods return no `Result`",
            ),
            M::ImportOption { found } => write!(
                f,
                "unknown option `{found}`; there are `refusal = Type` (what refuses bad arguments of \
                 methods that return no `Result`) and `crate = path` (where `abide` is, if it has \
                 another name)"
            ),
            M::Exports => f.write_str(
                "expected `#[abide::module_exports]`, or with options: `memory = \"memory\"`, \
                 `allocate = [\"malloc\"]`, `start = [\"_initialize\", \"_start\"]`, `init = []`",
            ),
            M::ExportOption { found } => write!(
                f,
                "unknown option `{found}`; there are `memory = \"…\"`, `allocate = [\"…\"]`, `start = \
                 [\"…\"]`, `init = [\"…\"]` (names that a guest may export) and `crate = path` (where \
                 `abide` is, if it has another name)"
            ),
            M::NotAnImpl => f.write_str(
                "the functions that a module imports are the methods of an `impl` block of a type, \
                 without a trait: `impl Env { fn log(&mut self, message: &str) { … } }`",
            ),
            M::NoFunctions => f.write_str(
                "this block has no methods, and guests import its methods; write one, or leave the \
                 attribute away",
            ),
            M::NotATrait => f.write_str(
                "the callbacks of an ABI are the functions of a trait: \
                 `pub trait Filter { fn on_request(id: u32) -> bool; }`",
            ),
            M::NotAFunction => {
                f.write_str("a module exports functions; leave away what is none")
            }
            M::Generic => f.write_str(
                "a function of a module has no type parameters, as there is one function in the \
                 module; write the types out",
            ),
            M::Async => f.write_str(
                "a function of a module is called and returns; leave `async` away",
            ),
            M::NoSelf => f.write_str(
                "the method of an import has `&mut self` first: the host's value for the instance",
            ),
            M::Receiver => f.write_str(
                "a callback has no `self`: it is a function of the guest's; leave it away",
            ),
            M::Body => f.write_str(
                "a callback has no body: the guest has one, or does not export it; leave it away",
            ),
            M::Parameter => f.write_str("a parameter of a callback is a name and a type"),
            M::Ours { found } => write!(
                f,
                "every handle has a method `{found}`, and a callback of that name would be another; \
                 there is no way to call such a callback yet"
            ),
        }
    }
}

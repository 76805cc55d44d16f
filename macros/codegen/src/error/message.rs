//! The catalogue of messages: everything that `abi!` can say.
//!
//! A message says what is wrong, where, what was expected and found, and what to do. Places in WIT
//! are text (`wit/notes.wit:3:5`), because a macro cannot point into a file it was not given.

use super::derive::DeriveMessage;
use super::module::ModuleMessage;
use std::fmt;

/// One thing that is wrong with a use of a macro.
#[derive(Debug, Clone)]
pub(crate) enum Message {
    /// The macro's input does not parse. The text is syn's.
    Syntax(String),
    UnknownOption {
        found: String,
    },
    OptionTwice {
        name: String,
    },
    OptionValue {
        name: String,
        expected: &'static str,
        example: &'static str,
    },
    NoSource,
    NotAModulePath {
        found: String,
    },
    WitMissing {
        path: String,
    },
    NoOutDir {
        path: String,
    },
    WitUnreadable {
        path: String,
        reason: String,
    },
    /// The same, where an item is used that is behind a feature.
    WitGated {
        rendered: String,
    },
    /// A rendered error of the WIT parser: it has its own file, line, column and snippet.
    WitInvalid {
        rendered: String,
    },
    NoWorld {
        package: String,
    },
    UnknownWorld {
        found: String,
        package: String,
        worlds: Vec<String>,
    },
    WorldNotNamed {
        package: String,
        worlds: Vec<String>,
    },
    Unsupported {
        at: String,
        what: String,
        instead: &'static str,
    },
    TooManyFlags {
        at: String,
        name: String,
        count: usize,
    },
    TooManyParams {
        at: String,
        name: String,
        count: usize,
        most: usize,
    },
    Empty {
        at: String,
        kind: &'static str,
        name: String,
    },
    TooDeep {
        at: String,
        name: String,
        most: usize,
    },
    TooLarge {
        at: String,
        name: String,
        most: usize,
    },
    /// For guests only.
    HandleMethod {
        at: String,
        path: String,
    },
    TypeGuest {
        at: String,
        path: String,
    },
    CFunction {
        at: String,
        name: String,
    },
    Memory {
        at: String,
    },
    /// One of those, where a host is compiled.
    GuestsOnly {
        message: String,
    },
    NameTaken {
        at: String,
        wit: String,
        rust: String,
        first: String,
    },
    FeatureUnknown {
        found: String,
        known: Vec<String>,
    },
    /// What wit-bindgen said, on the guest side.
    #[cfg_attr(
        not(feature = "guest"),
        expect(dead_code, reason = "only guests have bindings")
    )]
    Bindings {
        reason: String,
    },
    WithUnknown {
        found: String,
        known: Vec<String>,
    },
    WithRelative {
        found: String,
    },
    WithModule {
        found: String,
    },
    WithKind {
        found: String,
    },
    ImportUnknown {
        option: &'static str,
        found: String,
        known: Vec<String>,
    },
    /// Of a derive, not of `abi!`.
    Derive(DeriveMessage),
    Module(ModuleMessage),
}

impl From<ModuleMessage> for Message {
    fn from(message: ModuleMessage) -> Self {
        Self::Module(message)
    }
}

impl From<DeriveMessage> for Message {
    fn from(message: DeriveMessage) -> Self {
        Self::Derive(message)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Message as M;
        match self {
            M::Syntax(text) => f.write_str(text),
            M::Derive(message) => fmt::Display::fmt(message, f),
            M::Module(message) => fmt::Display::fmt(message, f),
            M::UnknownOption { found } => write!(
                f,
                "unknown option `{found}`; the options of `abi!` are `wit`, `world`, `inline`, \
                 `derives`, `trappable`, `borrowed`, `features`, `with` and `module`"
            ),
            M::OptionTwice { name } => write!(f, "the option `{name}` is given twice; keep one"),
            M::OptionValue {
                name,
                expected,
                example,
            } => write!(
                f,
                "the option `{name}` takes {expected}, such as `{name}: {example}`"
            ),
            M::NoSource => f.write_str(
                "no WIT given; write `abi!(\"wit\")` with the path of a WIT file or folder, or \
                 `abi!({ inline: \"package …\" })`",
            ),
            M::NotAModulePath { found } => write!(
                f,
                "expected the path of the module that `abi!` stands in, such as `\"plugins::v1\"` \
                 (without `crate::`), found `\"{found}\"`"
            ),
            M::WitMissing { path } => write!(
                f,
                "there is no WIT at `{path}`; the path is relative to the folder of the crate's \
                 Cargo.toml, and names a `.wit` file or a folder of them"
            ),
            M::NoOutDir { path } => write!(
                f,
                "`{path}` is in the folder that a build script writes to, and this crate has none; write \
                 a `build.rs` that puts the WIT there"
            ),
            M::WitUnreadable { path, reason } => {
                write!(f, "the WIT at `{path}` cannot be read: {reason}")
            }
            M::WitInvalid { rendered } => write!(f, "the WIT is not valid\n{rendered}"),
            M::WitGated { rendered } => write!(
                f,
                "the WIT is not valid without a feature; name it in `features: [\"…\"]`, or write \
                 `features: all`\n{rendered}"
            ),
            M::NoWorld { package } => write!(
                f,
                "package `{package}` has no world; an ABI is a world: add \
                 `world plugin {{ import …; export …; }}`. Cargo does not notice a file that was added, \
                 unless the crate has a `build.rs` with `abide_build::wit(\"wit\")`"
            ),
            M::UnknownWorld {
                found,
                package,
                worlds,
            } => write!(
                f,
                "package `{package}` has no world `{found}`; it has {}",
                listed(worlds)
            ),
            M::WorldNotNamed { package, worlds } => write!(
                f,
                "package `{package}` has several worlds, {}; say which one: \
                 `abi!({{ wit: \"…\", world: \"{}\" }})`",
                listed(worlds),
                worlds.first().map_or("", |world| world)
            ),
            M::Unsupported { at, what, instead } => {
                write!(f, "{at}: {what} is not supported; {instead}")
            }
            M::TooManyFlags { at, name, count } => write!(
                f,
                "{at}: flags `{name}` has {count} flags, and a component can have at most 32 in \
                 one type; split it in two"
            ),
            M::TooManyParams {
                at,
                name,
                count,
                most,
            } => write!(
                f,
                "{at}: function `{name}` has {count} parameters, and `abi!` takes at most {most}; \
                 put some of them in a record"
            ),
            M::Empty { at, kind, name } => write!(
                f,
                "{at}: `{name}` has no parts, and the types of a component have at least one; give the {kind} \
                 a part, or leave the type out"
            ),
            M::TooDeep { at, name, most } => write!(
                f,
                "{at}: the types of `{name}` are nested more than {most} deep, and a component's can be no \
                 deeper; pass a list of parts that refer to one another by index"
            ),
            M::TooLarge { at, name, most } => write!(
                f,
                "{at}: the types of `{name}`, each written out wherever it is used, have more than {most} \
                 parts, and a component's can have no more; use a type in fewer places, or lists"
            ),
            M::HandleMethod { at, path } => write!(
                f,
                "{at}: the world imports `{path}`, and handles on resources have a function of that name in a \
                 guest already; give it another name"
            ),
            M::TypeGuest { at, path } => write!(
                f,
                "{at}: the world exports the type `{path}`, and a trait in the code of guests has the name \
                 `Guest` already; give the type another name"
            ),
            M::CFunction { at, name } => write!(
                f,
                "{at}: the world exports `{name}` at its own level, and that is the name of a C function which \
                 the guest's standard library uses; export it in an interface, or under another name"
            ),
            M::Memory { at } => write!(
                f,
                "{at}: the world exports `memory` at its own level, and under that name the linker exports the \
                 guest's memory; export it in an interface, or under another name"
            ),
            M::GuestsOnly { message } => write!(
                f,
                "{message}. Hosts are not affected, but no guest that is written with Abide can be compiled"
            ),
            M::NameTaken {
                at,
                wit,
                rust,
                first,
            } => write!(
                f,
                "{at}: `{wit}` would be called `{rust}` in Rust, and so is `{first}`; rename one"
            ),
            M::FeatureUnknown { found, known } if known.is_empty() => write!(
                f,
                "`features` names `{found}`, and nothing in the WIT is `@unstable`; remove it"
            ),
            M::FeatureUnknown { found, known } => write!(
                f,
                "`features` names `{found}`, and nothing in the WIT is behind that feature; there are {}",
                listed(known)
            ),
            M::Bindings { reason } => write!(
                f,
                "wit-bindgen, which writes the guest's half of this world, cannot: {reason}; the host's \
                 half is not affected"
            ),
            M::WithUnknown { found, known } => write!(
                f,
                "`with` names `{found}`, and the world has nothing of that name that can be replaced; it \
                 has {}",
                listed(known)
            ),
            M::WithRelative { found } => write!(
                f,
                "the path for `{found}` is relative; begin it with `crate` or with the name of a crate"
            ),
            M::WithModule { found } => write!(
                f,
                "expected the module of the interface `{found}` beside its `abi!`, such as \
                 `shapes_abi::geometry`, found a path with one segment"
            ),
            M::WithKind { found } => write!(
                f,
                "`with` cannot replace `{found}`: a type of your own can stand for records, variants and \
                 enums without handles on resources"
            ),
            M::ImportUnknown {
                option,
                found,
                known,
            } => write!(
                f,
                "`{option}` names `{found}`, and the world imports no such function; it imports {}",
                listed(known)
            ),
        }
    }
}

/// `` `a`, `b` and `c` ``.
fn listed(names: &[String]) -> String {
    match names {
        [] => "none".to_owned(),
        [one] => format!("`{one}`"),
        [most @ .., last] => {
            let most: Vec<_> = most.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and `{last}`", most.join(", "))
        }
    }
}

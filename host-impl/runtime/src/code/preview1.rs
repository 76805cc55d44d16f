//! Core modules for WASI preview 1: telling them, and making components of them.

#[cfg(feature = "wasip1")]
use std::sync::Arc;

use wasmparser::{Parser, Payload};

use super::components::Failure;
#[cfg(feature = "wasip1")]
use super::depth;
#[cfg(feature = "wasip1")]
use crate::error::untrusted;

/// How much is told of why no component could be made, in bytes: names of the module may be in it.
#[cfg(feature = "wasip1")]
const LONGEST: usize = 2_000;

/// The module that functions of WASI preview 1 are imported from.
pub(crate) const PREVIEW1: &str = "wasi_snapshot_preview1";

/// The start of the names of sections in which a module says what it will be as a component.
#[cfg(feature = "wasip1")]
const WORLD: &str = "component-type";

/// Whether a core module imports functions of WASI preview 1.
pub(crate) fn imported(module: &[u8]) -> bool {
    payloads(module).any(|payload| match payload {
        Payload::ImportSection(section) => section
            .into_imports()
            .map_while(Result::ok)
            .any(|import| import.module == PREVIEW1),
        _ => false,
    })
}

/// The parts of a module up to the first that cannot be read, which others will complain about.
fn payloads(module: &[u8]) -> impl Iterator<Item = Payload<'_>> {
    Parser::new(0).parse_all(module).map_while(Result::ok)
}

/// Whether [`adapt`] can make something of a core module: it is for preview 1, or says what it will
/// be.
#[cfg(feature = "wasip1")]
pub(crate) fn is_adaptable(module: &[u8]) -> bool {
    let has_world = || {
        payloads(module).any(|payload| match payload {
            Payload::CustomSection(section) => section.name().starts_with(WORLD),
            _ => false,
        })
    };
    imported(module) || has_world()
}

/// The component of a core module, in which the adapter does over preview 2 what the module imports
/// of preview 1.
#[cfg(feature = "wasip1")]
pub(crate) fn adapt(module: &[u8]) -> Result<Vec<u8>, Failure> {
    use wasi_preview1_component_adapter_provider::{
        WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER as COMMAND,
        WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER as REACTOR,
    };

    // A component too, which the encoder reads like the compiler.
    for payload in payloads(module) {
        if let Payload::CustomSection(section) = payload
            && section.name().starts_with(WORLD)
        {
            depth::check(section.data())?;
        }
    }
    let adapter = match is_command(module) {
        true => COMMAND,
        false => REACTOR,
    };
    wit_component::ComponentEncoder::default()
        .module(module)
        .and_then(|encoder| encoder.adapter(PREVIEW1, adapter))
        // The compiler validates it again, and blames the guest for what only the encoder can have
        // done.
        .and_then(|encoder| encoder.validate(true).encode())
        .map_err(|error| {
            let told = untrusted::line(format_args!("{error:#}"), LONGEST);
            Failure::NotAdapted(Arc::from(told))
        })
}

/// Whether a module is a program with a `main`, and not a library.
#[cfg(feature = "wasip1")]
fn is_command(module: &[u8]) -> bool {
    payloads(module).any(|payload| match payload {
        Payload::ExportSection(section) => section
            .into_iter()
            .map_while(Result::ok)
            .any(|export| export.name == "_start"),
        _ => false,
    })
}

/// What a component that is made of a module depends on beside the module.
pub(crate) const ADAPTER: &str = concat!("adapted by abide ", env!("CARGO_PKG_VERSION"));

/// Without the feature `wasip1`, nothing can be made of any.
#[cfg(not(feature = "wasip1"))]
pub(crate) fn is_adaptable(_: &[u8]) -> bool {
    false
}

#[cfg(not(feature = "wasip1"))]
pub(crate) fn adapt(_: &[u8]) -> Result<Vec<u8>, Failure> {
    Err(Failure::NotAdapted("the feature `wasip1` is off".into()))
}

//! The model of an ABI: what `abi!` generates code for, and nothing about how that code looks.
//!
//! It has three layers. The facts of the WIT come first: `scope`, `types`, `resource`, and what
//! follows from them. `names`, `associated` and `view` say what things are called in Rust, and
//! `bindings` where wit-bindgen has them. The model knows neither `syn` nor `wasmtime`.

mod abi;
mod associated;
pub(crate) mod bindings;
mod build;
mod builder;
mod check;
mod define;
mod errors;
mod facts;
mod fingerprint;
mod functions;
mod gates;
mod guests;
mod ids;
mod join;
mod lent;
mod limits;
mod names;
pub(crate) mod naming;
mod resource;
mod scope;
mod shape;
mod types;
mod view;
mod wasi;
mod with;

pub(crate) use abi::{Abi, Source};
pub(crate) use associated::Associated;
pub(crate) use build::build;
pub(crate) use ids::{ResourceId, TypeId};
pub(crate) use resource::{Leaf, Resource};
pub(crate) use scope::{Function, FunctionKind, Import, ImportedFunction, Param, Scope};
pub(crate) use types::{Case, Field, Kind, Number, Type, TypeDef};
pub use wasi::PACKAGES as WASI_PACKAGES;

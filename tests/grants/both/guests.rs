//! The guest that asks for everything that Rust's standard library offers.

use std::sync::LazyLock;
use std::time::Duration;

use abide::{Limits, Wasi};
use abide_build::Target;

use super::Grants;
use crate::{NoHost, support};

/// The guest with some grants.
pub(crate) fn granted(wasi: Wasi) -> Grants {
    Grants::builder(NoHost)
        .wasi(wasi)
        .limits(Limits::new().deadline(Duration::from_secs(60)))
        .name("asking")
        .load(support::guest("grants", Target::Wasip2))
        .unwrap()
}

/// The guest as it is loaded without a word about grants.
pub(crate) fn default() -> &'static Grants {
    static DEFAULT: LazyLock<Grants> = LazyLock::new(|| {
        Grants::builder(NoHost)
            .limits(Limits::new().deadline(Duration::from_secs(60)))
            .name("asking")
            .load(support::guest("grants", Target::Wasip2))
            .unwrap()
    });
    &DEFAULT
}

//! The guest that is measured, as it is built and loaded. Knows its folder; how it is built is for
//! `abide_build` to know.

use std::path::{Path, PathBuf};
use std::time::Duration;

use abide::{Engine, Isolation, Limits};
use abide_build::Target;
use abide_dapr::host_async::Service;
use abide_dapr_host::Host;
use anyhow::{Context as _, Result};

/// Long enough for all that is done in one call.
const LONG: Duration = Duration::from_secs(120);

/// Builds it, which takes a minute the first time.
pub(crate) fn build() -> Result<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = package.with_file_name("guest");
    abide_build::guest(&folder)
        .target(Target::Wasip2)
        // Where `cargo xtask guests` builds: all guests of the repository share their standard library.
        .target_dir(package.join("../../../target/guests"))
        .show_output(true)
        .build()
        .with_context(|| format!("cannot build the guest in `{}`", folder.display()))
}

/// Loads it for a host.
pub(crate) async fn load(
    file: &Path,
    host: Host,
    isolation: impl Into<Isolation>,
) -> Result<Service> {
    let service = Service::builder(host)
        .engine(&Engine::builder().build()?)
        .limits(Limits::new().deadline(LONG).wait(LONG))
        .isolation(isolation)
        .load_async(file)
        .await?;
    Ok(service)
}

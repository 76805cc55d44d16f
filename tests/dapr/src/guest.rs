//! The guest of the tests, which does what they ask for.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use abide::{Limits, Warm};
use abide_build::Target;
use abide_dapr::host_async::Service;
use abide_dapr_host::Host;

/// Loads the guest for a host.
///
/// # Panics
///
/// It cannot be built or loaded.
pub async fn guest(host: Host) -> Service {
    let limits = Limits::new()
        .deadline(Duration::from_secs(60))
        .wait(Duration::from_secs(60));
    let builder = Service::builder(host).limits(limits).isolation(Warm::new());
    match builder.load_async(file()).await {
        Ok(service) => service,
        Err(error) => panic!("{error}"),
    }
}

fn file() -> &'static Path {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let guest = abide_build::guest(root.join("tests/fixtures/dapr/guest"));
        let guest = guest
            .target(Target::Wasip2)
            .target_dir(root.join("target/guests"));
        guest.build().unwrap_or_else(|error| panic!("{error}"))
    })
}

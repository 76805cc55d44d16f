//! How long a backend waits before it tries to reach its server again.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(25);
const MOST: Duration = Duration::from_secs(1);

/// The pause after so many failures in a row: it doubles, up to a second.
pub(crate) fn pause(failures: u32) -> Duration {
    let times = 1_u32 << failures.saturating_sub(1).min(16);
    FIRST.saturating_mul(times).min(MOST)
}

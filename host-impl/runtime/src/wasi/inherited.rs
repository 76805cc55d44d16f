//! The host's own outputs, written for guests: for no longer than a call may take.
//!
//! Who reads them may be slow, or not read at all. Then a write would wait for ever, where no
//! deadline reaches.

use std::io::{self, Write};
use std::time::Duration;

/// Writes to one of the host's outputs, a part at a time. `left` says how long it may still take,
/// and is asked again after that; `None` is for as long as it does. Fails with
/// [`TimedOut`](io::ErrorKind::TimedOut) if there is no time left.
pub(crate) fn write(
    output: &mut (impl Write + Output),
    bytes: &[u8],
    left: impl Fn() -> Option<Duration>,
) -> io::Result<()> {
    for part in bytes.chunks(PART) {
        wait(output, &left)?;
        output.write_all(part)?;
        output.flush()?;
    }
    Ok(())
}

/// How much a pipe takes without waiting once it takes anything: the least that `PIPE_BUF` may be
/// is 512, and on Linux it is this.
const PART: usize = if cfg!(target_os = "linux") { 4096 } else { 512 };

/// An output of the process.
#[cfg(unix)]
pub(crate) trait Output: std::os::fd::AsFd {}
#[cfg(unix)]
impl<T: std::os::fd::AsFd> Output for T {}

#[cfg(not(unix))]
pub(crate) trait Output {}
#[cfg(not(unix))]
impl<T> Output for T {}

/// Waits until there is room.
#[cfg(unix)]
fn wait(output: &impl Output, left: &impl Fn() -> Option<Duration>) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    loop {
        // Without a deadline the write may as well wait.
        let Some(left) = left() else {
            return Ok(());
        };
        // One that cannot be said is as good as none.
        let time = Timespec::try_from(left).ok();
        match poll(&mut [PollFd::new(output, PollFlags::OUT)], time.as_ref()) {
            Ok(0) if left.is_zero() => return Err(io::ErrorKind::TimedOut.into()),
            Ok(0) => {}
            // What else there is to say, the write says.
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Elsewhere nobody can be asked.
#[cfg(not(unix))]
fn wait(_: &impl Output, _: &impl Fn() -> Option<Duration>) -> io::Result<()> {
    Ok(())
}

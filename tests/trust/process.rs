//! What this process holds of the system, as far as the system tells.

/// A moment's figures.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// Bytes of memory that are in use; always 0 where the system does not tell.
    resident: usize,
    /// Open files; always 0 where the system does not tell.
    files: usize,
}

/// How much the process may grow while a fault happens again and again, in bytes: twice what one
/// instance of the guest touches, and far less than all of them would if they stayed.
const GROWTH: usize = 8 << 20;

impl Usage {
    pub(crate) fn now() -> Self {
        let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        let pages = pages.split(' ').nth(1).map(str::parse);
        let pages: usize = pages.and_then(Result::ok).unwrap_or(0);
        Self {
            resident: pages * 4096,
            files: std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count),
        }
    }

    /// What of it is more than it was.
    pub(crate) fn grown_since(self, before: Self) -> Vec<String> {
        let mut grown = Vec::new();
        let bytes = self.resident.saturating_sub(before.resident);
        if bytes > GROWTH {
            grown.push(format!("the process has grown by {} KiB", bytes / 1024));
        }
        if self.files > before.files {
            let (before, now) = (before.files, self.files);
            grown.push(format!("there were {before} open files and are {now}"));
        }
        grown
    }
}

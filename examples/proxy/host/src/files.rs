//! Sees when the files of a configuration change.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::config::Config;

/// What tells one state of a file from another.
type Mark = Option<(u64, SystemTime, u64)>;

/// The files of a configuration, and how they were when they were last looked at.
#[derive(Debug)]
pub(crate) struct Files {
    files: Vec<(PathBuf, Mark)>,
    is_changed: bool,
}

impl Files {
    /// The configuration's own file, and those of its filters.
    pub(crate) fn of(path: &Path, config: &Config) -> Self {
        let filters = config.filters.iter().map(|filter| filter.file.clone());
        let files = std::iter::once(path.to_owned()).chain(filters);
        Self {
            files: files.map(|path| (path.clone(), mark(&path))).collect(),
            is_changed: false,
        }
    }

    /// Whether they changed, and did not since they were last looked at: nobody writes any more.
    pub(crate) fn have_changed(&mut self) -> bool {
        let mut is_written = false;
        for (path, known) in &mut self.files {
            let mark = mark(path);
            is_written |= mark != *known;
            *known = mark;
        }
        let have_changed = self.is_changed && !is_written;
        self.is_changed = is_written;
        have_changed
    }
}

fn mark(path: &Path) -> Mark {
    use std::os::unix::fs::MetadataExt as _;
    let file = fs::metadata(path).ok()?;
    Some((file.len(), file.modified().ok()?, file.ino()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Files;
    use crate::config::Config;

    #[test]
    fn a_change_counts_when_it_is_over() {
        let folder = std::env::temp_dir().join(format!("filter-proxy-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("a.toml");
        fs::write(&path, "1").unwrap();
        let mut files = Files::of(&path, &Config::default());
        assert!(!files.have_changed());
        fs::write(&path, "22").unwrap();
        assert!(!files.have_changed());
        fs::write(&path, "333").unwrap();
        assert!(!files.have_changed());
        assert!(files.have_changed());
        assert!(!files.have_changed());
        fs::remove_dir_all(&folder).unwrap();
    }
}

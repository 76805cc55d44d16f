//! Which documents there are, and where their HTML goes. Reads folders, not files.

use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};

/// The repository that this program belongs to.
#[must_use]
pub fn repository() -> PathBuf {
    // Under cargo the variable tells where the package is now, which may not be where it was
    // compiled.
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .filter(|folder| folder.ends_with("examples/notes/host"))
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    package
        .ancestors()
        .nth(3)
        .map_or_else(|| package.clone(), Path::to_owned)
}

/// Every Markdown file in a folder and the folders in it, sorted. What is hidden, links to other
/// folders, and folders that cargo marked as its own are left out.
///
/// # Errors
///
/// A folder cannot be read.
pub fn find_markdown(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let cannot = || format!("cannot read the folder `{}`", folder.display());
        for entry in fs::read_dir(&folder).with_context(cannot)? {
            let entry = entry.with_context(cannot)?;
            let path = entry.path();
            let kind = entry.file_type().with_context(cannot)?;
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if kind.is_dir() && !hidden && !is_build_output(&path) {
                folders.push(path);
            } else if kind.is_file() && is_markdown(&path) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn is_build_output(folder: &Path) -> bool {
    folder.ends_with("target") || folder.join("CACHEDIR.TAG").exists()
}

fn is_markdown(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "md" || extension == "markdown")
}

/// Where the HTML of a document goes, below the output folder: the same path, but for its beginning
/// where that leads out of every folder, and its end.
pub(crate) fn output(document: &Path) -> PathBuf {
    let parts = document.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name),
        _ => None,
    });
    parts.collect::<PathBuf>().with_extension("html")
}

#[cfg(test)]
mod tests {
    use super::output;
    use std::path::Path;

    #[test]
    fn html_stays_below_the_output_folder() {
        for (document, expected) in [
            ("README.md", "README.html"),
            ("docs/a.b.md", "docs/a.b.html"),
            ("/tmp/x", "tmp/x.html"),
            ("../../x.md", "x.html"),
            ("./a/../b.markdown", "a/b.html"),
        ] {
            assert_eq!(output(Path::new(document)), Path::new(expected));
        }
    }
}

//! A binding for the files of a folder, as Dapr's local storage has it.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use abide_dapr::bindings::Answer;
use async_trait::async_trait;
use serde_json::json;

use crate::blocks::{Binding, Metadata};
use crate::cloud_event::new_id;
use crate::failure::{Error, Result, failed};
use crate::metadata;

/// The most bytes of a file that is read.
const MOST_BYTES: u64 = 16 << 20;
/// The most files that are listed, and how deep their folders may be.
const MOST_FILES: usize = 10_000;
const DEPTH: usize = 32;

/// The name of a file in metadata.
const FILE_NAME: &str = "fileName";

/// The files of a folder: `create`, `get`, `delete` and `list`, each with `fileName`. There is no
/// way out of the folder, not by links either.
#[derive(Debug, Clone)]
pub struct Folder {
    root: Arc<Path>,
}

impl Folder {
    /// A folder, which is made where there is none.
    ///
    /// # Errors
    ///
    /// It cannot be made or read.
    pub fn new(root: impl AsRef<Path>) -> io::Result<Self> {
        fs::create_dir_all(&root)?;
        let root = fs::canonicalize(root)?.into();
        Ok(Self { root })
    }

    fn run(&self, operation: &str, data: &[u8], name: Option<&str>) -> Result<Vec<u8>> {
        match operation {
            "create" => {
                let name = match name {
                    Some(name) => name.to_owned(),
                    None => new_id()?,
                };
                let path = self.path(&name)?;
                if let Some(folder) = path.parent() {
                    self.make(folder)?;
                }
                self.check_link(&name, &path)?;
                fs::write(&path, data).map_err(|error| told(&name, &error))?;
                Ok(json!({ "fileName": name }).to_string().into_bytes())
            }
            "get" => {
                let (name, path) = self.existing(name)?;
                read(&path).map_err(|error| told(name, &error))?
            }
            "delete" => {
                let (name, path) = self.existing(name)?;
                fs::remove_file(&path).map_err(|error| told(name, &error))?;
                Ok(Vec::new())
            }
            _ => {
                let (name, path) = match name {
                    Some(name) => self.existing(Some(name))?,
                    None => ("", self.root.to_path_buf()),
                };
                let mut files = Vec::new();
                list(&path, Path::new(""), DEPTH, &mut files)
                    .map_err(|error| told(name, &error))?;
                files.sort();
                Ok(json!(files).to_string().into_bytes())
            }
        }
    }

    /// Where a name is, by its words alone.
    fn path(&self, name: &str) -> Result<PathBuf> {
        let relative = name.trim_start_matches('/');
        let mut parts = Path::new(relative).components();
        let is_inside = parts.all(|part| matches!(part, Component::Normal(_)));
        if relative.is_empty() || !is_inside || relative.contains('\0') {
            return Err(Error::Invalid(format!("`{name}` is no name of a file")));
        }
        Ok(self.root.join(relative))
    }

    /// Where a file is that has to be there and in the folder, whatever links there are.
    fn existing<'a>(&self, name: Option<&'a str>) -> Result<(&'a str, PathBuf)> {
        let name = name.ok_or_else(|| Error::Invalid(format!("`{FILE_NAME}` is not given")))?;
        let path = fs::canonicalize(self.path(name)?).map_err(|error| told(name, &error))?;
        self.inside(name, &path)?;
        Ok((name, path))
    }

    /// Whoever writes to a link writes to what it leads to.
    fn check_link(&self, name: &str, path: &Path) -> Result<()> {
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_symlink() => {
                // One that leads nowhere would have a file made there.
                let real = fs::canonicalize(path).map_err(|error| told(name, &error))?;
                self.inside(name, &real)
            }
            _ => Ok(()),
        }
    }

    fn inside(&self, name: &str, path: &Path) -> Result<()> {
        match path.starts_with(&self.root) {
            true => Ok(()),
            false => Err(Error::Denied(format!("`{name}` leads out of the folder"))),
        }
    }

    /// Makes a folder inside, one part after another, so that no link on the way leads out of it.
    fn make(&self, folder: &Path) -> Result<()> {
        let relative = folder.strip_prefix(&self.root).unwrap_or(folder);
        let mut at = self.root.to_path_buf();
        for part in relative.components() {
            at.push(part);
            let name = at.display().to_string();
            match fs::create_dir(&at) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(told(&name, &error));
                }
                _ => {}
            }
            let real = fs::canonicalize(&at).map_err(|error| told(&name, &error))?;
            self.inside(&name, &real)?;
        }
        Ok(())
    }
}

fn read(path: &Path) -> io::Result<Result<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = fs::File::open(path)?
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)?;
    Ok(match read as u64 > MOST_BYTES {
        true => Err(Error::Invalid(format!(
            "the file has more than {MOST_BYTES} bytes"
        ))),
        false => Ok(bytes),
    })
}

fn list(folder: &Path, name: &Path, depth: usize, into: &mut Vec<String>) -> io::Result<()> {
    let Some(depth) = depth.checked_sub(1) else {
        return Ok(());
    };
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = name.join(entry.file_name());
        // A link is neither here.
        let kind = entry.file_type()?;
        if kind.is_dir() {
            list(&entry.path(), &name, depth, into)?;
        } else if kind.is_file() {
            into.push(name.to_string_lossy().into_owned());
        }
        if into.len() >= MOST_FILES {
            return Err(io::Error::other("there are too many files"));
        }
    }
    Ok(())
}

/// What the system says, without where the folder is.
fn told(name: &str, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => Error::NotFound(name.to_owned()),
        io::ErrorKind::PermissionDenied => Error::Denied(name.to_owned()),
        kind => failed("IO", format!("`{name}`: {kind}")),
    }
}

#[async_trait]
impl Binding for Folder {
    fn operations(&self) -> &'static [&'static str] {
        &["create", "get", "delete", "list"]
    }

    async fn invoke(&self, operation: &str, data: Vec<u8>, metadata: Metadata) -> Result<Answer> {
        let (folder, operation) = (self.clone(), operation.to_owned());
        let name = metadata::value(&metadata, FILE_NAME).map(str::to_owned);
        let done = tokio::task::spawn_blocking(move || {
            folder.run(
                &operation,
                &data,
                name.as_deref().filter(|name| !name.is_empty()),
            )
        });
        let done = done
            .await
            .unwrap_or_else(|error| Err(failed("INTERNAL", error)));
        Ok(Answer {
            data: done?,
            metadata: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Folder};

    #[test]
    fn there_is_no_way_out() {
        let root = std::env::temp_dir().join(format!("abide-folder-{}", std::process::id()));
        let folder = Folder::new(root.join("in")).unwrap();
        std::fs::write(root.join("secret"), "x").unwrap();
        for name in ["../secret", "/../secret", "a/../../secret", "a\0b", ".", ""] {
            let error = folder.run("create", b"", Some(name)).unwrap_err();
            assert!(matches!(error, Error::Invalid(_)), "{name}: {error}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&root, root.join("in/link")).unwrap();
            for operation in ["get", "delete", "create"] {
                let error = folder.run(operation, b"", Some("link/secret"));
                assert!(
                    matches!(error.unwrap_err(), Error::Denied(_)),
                    "{operation}"
                );
            }
            std::os::unix::fs::symlink(root.join("secret"), root.join("in/file")).unwrap();
            std::os::unix::fs::symlink(root.join("new"), root.join("in/nowhere")).unwrap();
            for name in ["file", "nowhere"] {
                let error = folder.run("create", b"y", Some(name)).unwrap_err();
                let is_refused = matches!(error, Error::Denied(_) | Error::NotFound(_));
                assert!(is_refused, "{name}: {error}");
            }
            assert_eq!(std::fs::read(root.join("secret")).unwrap(), b"x");
            assert!(!root.join("new").exists());
        }
        folder.run("create", b"hello", Some("a/b.txt")).unwrap();
        assert_eq!(folder.run("get", b"", Some("/a/b.txt")).unwrap(), b"hello");
        assert_eq!(folder.run("list", b"", None).unwrap(), br#"["a/b.txt"]"#);
        folder.run("delete", b"", Some("a/b.txt")).unwrap();
        let error = folder.run("get", b"", Some("a/b.txt")).unwrap_err();
        assert_eq!(error, Error::NotFound("a/b.txt".to_owned()));
        std::fs::remove_dir_all(root).unwrap();
    }
}

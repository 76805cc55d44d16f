//! The photos that are sent, and what is on them. `cargo xtask recognise` gets them.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::guests::target;

/// Each file, and what the model of Google's own runtime says of it.
const KNOWN: [(&str, &str); 4] = [
    ("chelsea.png", "Egyptian cat"),
    ("coffee.png", "espresso"),
    ("camera.png", "tripod"),
    ("rocket.jpg", "missile"),
];

/// A photo.
#[derive(Debug, Clone)]
pub struct Photo {
    /// The file's name.
    pub name: &'static str,
    /// What is on it.
    pub label: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Where the model and the photos are.
pub(crate) fn fetched() -> PathBuf {
    target().join("recognise")
}

/// The model.
pub(crate) fn model() -> PathBuf {
    fetched().join("efficientnet_lite0.tflite")
}

/// All of them.
///
/// # Errors
///
/// One has not been fetched.
pub fn photos() -> Result<Vec<Photo>> {
    let photos = KNOWN.into_iter().map(|(name, label)| {
        let path = fetched().join("photos").join(name);
        let bytes = fs::read(&path).with_context(|| {
            format!(
                "cannot read `{}`; `cargo xtask recognise` gets it",
                path.display()
            )
        })?;
        Ok(Photo { name, label, bytes })
    });
    photos.collect()
}

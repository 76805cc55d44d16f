//! The filters of a proxy that are measured, and what passes them. Knows none of the ways of running
//! them, and no proxy.

use std::fs;
use std::path::{Path, PathBuf};

use abide_build::Target;
use anyhow::{Context as _, Result};

/// Which of the filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Logs every field of a request and of its response.
    Headers,
    /// Adds a field to a request, reads another one, and logs it.
    Add,
    /// Blots a word out of a response's body.
    Body,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Headers, Self::Add, Self::Body];

    /// Its configuration.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Add => "add",
            Self::Body => "body",
        }
    }

    /// Whether it is measured with the headers of a response.
    pub(crate) const fn sees_response(self) -> bool {
        matches!(self, Self::Headers | Self::Body)
    }

    /// Whether it is measured with the body of a response.
    pub(crate) const fn sees_body(self) -> bool {
        matches!(self, Self::Body)
    }

    /// How many messages it logs of a request that is measured.
    pub(crate) const fn messages(self) -> u64 {
        match self {
            Self::Headers => (REQUEST.len() + RESPONSE.len() + 1) as u64,
            Self::Add => 1,
            Self::Body => 0,
        }
    }
}

/// The fields of a request.
pub(crate) const REQUEST: [(&str, &str); 8] = [
    (":authority", "example.org"),
    (":path", "/notes"),
    (":method", "GET"),
    (":scheme", "http"),
    ("user-agent", "curl/7.88.1"),
    ("accept", "*/*"),
    ("x-request-id", "8a9172a9-5ac0-4e77-9d8d-6ee7ab5ce1a1"),
    ("x-forwarded-proto", "http"),
];

/// The fields of its response.
pub(crate) const RESPONSE: [(&str, &str); 5] = [
    (":status", "200"),
    ("server", "upstream"),
    ("content-type", "text/plain"),
    ("cache-control", "no-store"),
    CONTENT_LENGTH,
];

/// What a filter that changes the body takes away.
pub(crate) const CONTENT_LENGTH: (&str, &str) = ("content-length", "1024");

/// What the word is in the body's place of it.
const SECRET: &str = "secret";
pub(crate) const BLOT: &str = "******";

/// The body of its response: 1 KiB, with the word in two places.
pub(crate) fn body() -> Vec<u8> {
    let line = "Of what a page of text has there are many more lines than this one.\n";
    let mut body: Vec<u8> = line.bytes().cycle().take(1024).collect();
    for at in [100, 900] {
        body[at..at + SECRET.len()].copy_from_slice(SECRET.as_bytes());
    }
    body
}

/// How long the body is.
pub(crate) const BODY: u32 = 1024;

/// The body, as it comes out.
pub(crate) fn blotted() -> Vec<u8> {
    let text = String::from_utf8_lossy(&body()).replace(SECRET, BLOT);
    text.into_bytes()
}

/// The files of the filters.
#[derive(Debug)]
pub(crate) struct Files {
    /// A module of the SDK of proxy-wasm, which is all of them.
    pub(crate) module: PathBuf,
    /// Components over the WIT of `abide-proxy`, in the order of the kinds.
    components: [PathBuf; 3],
}

impl Files {
    /// Builds them, which takes a minute the first time.
    pub(crate) fn build() -> Result<Self> {
        Ok(Self {
            module: build("module", &[])?,
            components: [
                component(Kind::Headers)?,
                component(Kind::Add)?,
                component(Kind::Body)?,
            ],
        })
    }

    /// The component of a filter.
    pub(crate) fn component(&self, kind: Kind) -> &Path {
        &self.components[kind as usize]
    }
}

/// The bytes of a file.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))
}

/// Builds a component, and puts it where the next one does not take its place.
fn component(kind: Kind) -> Result<PathBuf> {
    let built = build("guest", &[kind.name()])?;
    let folder = target().join("bench-filters");
    let file = folder.join(kind.name()).with_extension("wasm");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::copy(&built, &file))
        .with_context(|| format!("cannot write `{}`", file.display()))?;
    Ok(file)
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")
}

fn build(folder: &str, features: &[&str]) -> Result<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = package.with_file_name("filters").join(folder);
    let guest = abide_build::guest(&folder)
        .target(Target::Unknown)
        .features(features.iter().copied())
        .target_dir(target().join("guests"))
        .show_output(true);
    let guest = match folder.ends_with("module") {
        true => guest.module(),
        false => guest,
    };
    let built = guest.build();
    built.with_context(|| format!("cannot build the filters in `{}`", folder.display()))
}

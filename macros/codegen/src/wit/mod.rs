//! WIT files → `Resolve`: the only place of this crate that reads files.
//!
//! Errors come with `file:line:column`, the file as the user would name it: relative to the crate.

use crate::args::Args;
use crate::error::{Errors, Message};
use std::path::{Path, PathBuf};
use wit_parser::{PackageId, Resolve, WorldId};

/// A package that was read, and the world in it that the macro is about.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) resolve: Resolve,
    pub(crate) id: PackageId,
    pub(crate) world: WorldId,
    /// Every file that was read, absolute: rustc has to know, so that it sees changes.
    pub(crate) files: Vec<PathBuf>,
    /// The folder of the crate's Cargo.toml: what paths in messages are relative to.
    root: PathBuf,
}

impl Package {
    /// `wit/notes.wit:3:5`.
    pub(crate) fn location(&self, span: wit_parser::Span) -> String {
        relative(&self.resolve.render_location(span), &self.root)
    }

    /// A file's path as the user would write it.
    pub(crate) fn shown(&self, file: &Path) -> String {
        relative(&file.display().to_string(), &self.root)
    }
}

/// Reads the WIT that `args` names and picks the world.
pub(crate) fn load(args: &Args) -> Result<Package, Errors> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut resolve = Resolve::default();
    let mut files = Vec::new();
    let mut id = None;
    if let Some(path) = &args.wit {
        let full = root.join(path.value());
        if !full.exists() {
            let path_text = path.value();
            return Err((path.span(), Message::WitMissing { path: path_text }).into());
        }
        match resolve.push_path(&full) {
            Ok((package, sources)) => {
                id = Some(package);
                files.extend(sources.paths().map(Path::to_owned));
            }
            Err(error) => {
                let message = parse_message(&resolve, &error, &path.value(), &root);
                return Err((path.span(), message).into());
            }
        }
    }
    if let Some(text) = &args.inline {
        match resolve.push_source("inline", &text.value()) {
            Ok(package) => id = Some(package),
            Err(error) => {
                let message = parse_message(&resolve, &error, "inline", &root);
                return Err((text.span(), message).into());
            }
        }
    }
    let Some(id) = id else {
        return Err((args.span, Message::NoSource).into());
    };
    let world = select_world(&resolve, id, args)?;
    Ok(Package {
        resolve,
        id,
        world,
        files,
        root,
    })
}

/// What the parser said, with its place in the text where it has one.
fn parse_message(resolve: &Resolve, error: &anyhow::Error, path: &str, root: &Path) -> Message {
    let causes: Vec<_> = error.chain().collect();
    if let Some(io) = causes.iter().position(|cause| cause.is::<std::io::Error>()) {
        // The cause above the operating system's names the file, which may be one of many.
        let told = &causes[io.saturating_sub(1)..=io];
        let told: Vec<_> = told.iter().map(ToString::to_string).collect();
        return Message::WitUnreadable {
            path: path.to_owned(),
            reason: relative(&told.join(": "), root),
        };
    }
    let rendered = relative(&resolve.render_error(error), root);
    Message::WitInvalid { rendered }
}

fn select_world(resolve: &Resolve, id: PackageId, args: &Args) -> Result<WorldId, Errors> {
    let package = &resolve.packages[id];
    let worlds: Vec<String> = package.worlds.keys().cloned().collect();
    let package_name = package.name.to_string();
    let message = match &args.world {
        None => match package.worlds.len() {
            1 => return Ok(package.worlds[0]),
            0 => Message::NoWorld {
                package: package_name,
            },
            _ => Message::WorldNotNamed {
                package: package_name,
                worlds,
            },
        },
        Some(name) => {
            // A world of another package is named in full, `ns:pkg/world`.
            if let Ok(world) = resolve.select_world(&[id], Some(&name.value())) {
                return Ok(world);
            }
            Message::UnknownWorld {
                found: name.value(),
                package: package_name,
                worlds,
            }
        }
    };
    Err((args.world_span(), message).into())
}

fn relative(text: &str, root: &Path) -> String {
    text.replace(&format!("{}/", root.display()), "")
}

//! WIT files → `Resolve`: the only place of this crate that reads files.
//!
//! Errors come with `file:line:column`, the file as the user would name it: relative to the crate.

mod features;

use crate::args::{Args, Features};
use crate::error::{Errors, Message};
use std::fs;
use std::path::{Path, PathBuf};
use syn::LitStr;
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
    match &args.features {
        Features::All => resolve.all_features = true,
        Features::Some(names) => resolve.features.extend(names.iter().map(LitStr::value)),
    }
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
    let mut errors = check_features(&files, args);
    let world = match select_world(&resolve, id, args) {
        Ok(world) => world,
        Err(message) => {
            errors.push(args.world_span(), message);
            return Err(errors);
        }
    };
    errors.finish()?;
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
    let mut rendered = relative(&resolve.render_error(error), root);
    // What is about a package as a whole, such as a missing header, comes without a place.
    if !rendered.contains(" --> ") && !rendered.contains(path) {
        rendered = format!("{}\n --> {path}", rendered.trim_end());
    }
    // The parser has no kind of its own for this error.
    match rendered.contains("excluded due to its feature") {
        true => Message::WitGated { rendered },
        false => Message::WitInvalid { rendered },
    }
}

/// Refuses features that the WIT does not name.
fn check_features(files: &[PathBuf], args: &Args) -> Errors {
    let mut errors = Errors::default();
    let names = match &args.features {
        Features::Some(names) if !names.is_empty() => names,
        _ => return errors,
    };
    // They were read a moment ago; one that is gone by now names no features.
    let mut texts: Vec<String> = files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok())
        .collect();
    texts.extend(args.inline.iter().map(LitStr::value));
    let known = features::named(texts.iter().map(String::as_str));
    for name in names.iter().filter(|name| !known.contains(&name.value())) {
        let (found, known) = (name.value(), known.iter().cloned().collect());
        errors.push(name.span(), Message::FeatureUnknown { found, known });
    }
    errors
}

fn select_world(resolve: &Resolve, id: PackageId, args: &Args) -> Result<WorldId, Message> {
    let package = &resolve.packages[id];
    let worlds: Vec<String> = package.worlds.keys().cloned().collect();
    let package_name = package.name.to_string();
    Err(match &args.world {
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
            // By its name as it is: what is looked up below is WIT, where some names stand behind a `%`.
            if let Some(world) = package.worlds.get(&name.value()) {
                return Ok(*world);
            }
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
    })
}

fn relative(text: &str, root: &Path) -> String {
    text.replace(&format!("{}/", root.display()), "")
}

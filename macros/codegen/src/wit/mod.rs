//! WIT files → `Resolve`: the only place of this crate that reads files.
//!
//! Errors come with `file:line:column`, the file as the user would name it: relative to the crate,
//! or below `$OUT_DIR`.

mod features;
mod files;

use crate::args::{Args, Features};
use crate::error::{Errors, Message};
use std::fs;
use std::path::{Path, PathBuf};
use syn::LitStr;
use wit_parser::{PackageId, Resolve, SourceMap, WorldId};

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
        let read = read(&mut resolve, &path.value(), &root);
        let (package, of_path) = read.map_err(|message| (path.span(), message))?;
        id = Some(package);
        files = of_path;
    }
    if let Some(text) = &args.inline {
        match resolve.push_source("inline", &text.value()) {
            Ok(package) => id = Some(package),
            Err(error) => {
                let message = parse_message(resolve.render_error(&error), "inline", &root);
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

/// Reads the WIT at `path`, which is relative to `root` or to the folder of the build script;
/// returns its files, too.
fn read(
    resolve: &mut Resolve,
    path: &str,
    root: &Path,
) -> Result<(PackageId, Vec<PathBuf>), Message> {
    let full = place(path, root)?;
    if !full.exists() {
        let path = path.to_owned();
        return Err(Message::WitMissing { path });
    }
    let sources = files::read(&full).map_err(|unreadable| {
        let reason = unreadable.error.to_string();
        Message::WitUnreadable {
            path: relative(&unreadable.path.display().to_string(), root),
            reason,
        }
    })?;
    let parse = |sources: SourceMap| {
        let parsed = sources.parse();
        parsed.map_err(|(sources, error)| parse_message(error.render(&sources), path, root))
    };
    let main = parse(sources.main)?;
    let deps = sources
        .deps
        .into_iter()
        .map(parse)
        .collect::<Result<_, _>>()?;
    match resolve.push_groups(main, deps) {
        Ok(package) => Ok((package, sources.files)),
        Err(error) => {
            let rendered = resolve.render_error(&error.into());
            Err(parse_message(rendered, path, root))
        }
    }
}

/// How the folder that the crate's build script writes to is called in paths.
const OUT_DIR: &str = "$OUT_DIR";

/// Where `path` is: below the crate's folder, or below the folder of its build script.
fn place(path: &str, root: &Path) -> Result<PathBuf, Message> {
    match path.strip_prefix(OUT_DIR) {
        Some(below) if below.is_empty() || below.starts_with('/') => {
            let out = out_dir().ok_or_else(|| Message::NoOutDir {
                path: path.to_owned(),
            })?;
            Ok(out.join(below.trim_start_matches('/')))
        }
        _ => Ok(root.join(path)),
    }
}

fn out_dir() -> Option<PathBuf> {
    std::env::var_os("OUT_DIR").map(PathBuf::from)
}

/// What the parser said, with its place in the text where it has one.
fn parse_message(rendered: String, path: &str, root: &Path) -> Message {
    let mut rendered = relative(&rendered, root);
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
            // By its name as it is: what is looked up below is WIT, where some names stand behind a
            // `%`.
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

/// `text` with paths as the user would write them.
fn relative(text: &str, root: &Path) -> String {
    // Cargo's target folder is most often below the crate's own.
    let text = match out_dir() {
        Some(out) => text.replace(&format!("{}/", out.display()), &format!("{OUT_DIR}/")),
        None => text.to_owned(),
    };
    text.replace(&format!("{}/", root.display()), "")
}

//! The worlds of a WIT, and worlds of our own for packages that are there for their interfaces.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use proc_macro2::TokenStream;
use quote::quote;
use wit_parser::{PackageId, PackageName, Resolve, Stability, WorldId, WorldItem, WorldKey};

use crate::beyond;
use crate::files::WitFile;

/// The package that worlds of our own are in. (WIT has no way to put them into somebody else's.)
const OWN_PACKAGE: &str = "abide:corpus";

/// One world of the corpus.
#[derive(Debug, Clone)]
pub struct World {
    /// The crate that ships the WIT, `wit-component 0.258.3`.
    pub source: String,
    /// The folder of that crate.
    pub root: PathBuf,
    /// The WIT file or folder, below `root`.
    pub wit: String,
    /// The world in full, `wasi:cli/command@0.2.12`. For a world of our own it says which.
    pub id: String,
    /// The interfaces that the world exports, as components name them.
    pub exported: Vec<String>,
    /// What it has that `abi!` has to refuse: `async`, `stream` and the like.
    pub beyond: BTreeSet<&'static str>,
    /// A Rust module for it, unlike those of all other worlds of the corpus.
    pub module: String,
    /// What `world:` says.
    world: String,
    /// The text of a world of our own.
    inline: Option<String>,
    /// Features to ask for; without them there is no world.
    features: Vec<String>,
}

impl World {
    /// The options of `abi!` for this world, as tokens.
    pub(crate) fn options(&self) -> TokenStream {
        let path = self.root.join(&self.wit).display().to_string();
        let (world, module) = (&self.world, &self.module);
        let inline = self.inline.as_ref().map(|text| quote!(inline: #text,));
        let features = &self.features;
        let features = (!features.is_empty()).then(|| quote!(features: [#(#features),*],));
        quote!(wit: #path, #inline world: #world, #features module: #module)
    }
}

/// Every world of `file`: those it declares, and for packages that declare none, and for the
/// packages of WASI, one that imports all interfaces and one that exports them.
///
/// `seen` has the packages of WASI that another crate has shipped already.
pub(crate) fn of(file: &WitFile, seen: &mut HashSet<PackageName>) -> Result<Vec<World>> {
    let (resolve, main, features) = read(&file.path())?;
    let packages: Vec<PackageId> = if file.dependencies {
        resolve.packages.iter().map(|(id, _)| id).collect()
    } else {
        vec![main]
    };
    let mut worlds = Vec::new();
    for package in packages {
        let name = resolve.packages[package].name.clone();
        if file.dependencies && !seen.insert(name.clone()) {
            continue;
        }
        let declared: Vec<WorldId> = resolve.packages[package].worlds.values().copied().collect();
        for world in &declared {
            let world_name = resolve.worlds[*world].name.clone();
            let id = name.interface_id(&world_name);
            worlds.push(World {
                // Packages in `deps` have to be named; and the name of one may be a keyword.
                world: if package == main {
                    world_name
                } else {
                    id.clone()
                },
                ..described(file, &resolve, *world, id, &features)
            });
        }
        if declared.is_empty() || file.dependencies {
            worlds.extend(own(file, &resolve, package, &declared, &features)?);
        }
    }
    Ok(worlds)
}

/// Worlds of our own for one package: one with all imports, one with all exports, each unless a
/// world that the package declares has them all.
fn own(
    file: &WitFile,
    resolve: &Resolve,
    package: PackageId,
    declared: &[WorldId],
    features: &[String],
) -> Result<Vec<World>> {
    let package = &resolve.packages[package];
    let mut worlds = Vec::new();
    for (own, verb) in [("imports", "import"), ("exports", "export")] {
        let has_all = |world: &WorldId| {
            let world = &resolve.worlds[*world];
            let items = if own == "imports" {
                &world.imports
            } else {
                &world.exports
            };
            let mut interfaces = package.interfaces.values();
            interfaces.all(|id| items.contains_key(&WorldKey::Interface(*id)))
        };
        if package.interfaces.is_empty() || declared.iter().any(has_all) {
            continue;
        }
        let names = package.interfaces.keys();
        // A percent sign, because the name may be a keyword.
        let items = names.map(|interface| package.name.interface_id(&format!("%{interface}")));
        let items: Vec<String> = items.map(|id| format!("{verb} {id};")).collect();
        let text = format!(
            "package {OWN_PACKAGE}; world {own} {{ {} }}",
            items.join(" ")
        );
        // In a copy: the next world of our own is in the same package.
        let mut with_own = resolve.clone();
        let failed = || format!("the world `{text}` for `{}`", file.shown);
        let added = with_own.push_source("own", &text).with_context(failed)?;
        let world = with_own.packages[added].worlds[own];
        let id = format!("all {own} of {}", package.name);
        worlds.push(World {
            world: own.to_owned(),
            inline: Some(text),
            ..described(file, &with_own, world, id, features)
        });
    }
    Ok(worlds)
}

/// Reads a WIT, and says which features had to be asked for: none, or all where there is no world
/// without them, or a type that the rest uses is not there.
fn read(path: &Path) -> Result<(Resolve, PackageId, Vec<String>)> {
    let plain = parse(path, false);
    if let Ok((resolve, package)) = &plain
        && !resolve.packages[*package].worlds.is_empty()
    {
        return plain.map(|(resolve, package)| (resolve, package, Vec::new()));
    }
    let (all, package) = parse(path, true)?;
    match plain {
        Ok((resolve, main)) if all.packages[package].worlds.is_empty() => {
            Ok((resolve, main, Vec::new()))
        }
        _ => {
            let features = gates(&all);
            Ok((all, package, features))
        }
    }
}

fn parse(path: &Path, all_features: bool) -> Result<(Resolve, PackageId)> {
    let mut resolve = Resolve {
        all_features,
        ..Resolve::default()
    };
    match resolve.push_path(path) {
        Ok((package, _)) => Ok((resolve, package)),
        Err(error) => Err(anyhow!(resolve.render_error(&error)))
            .with_context(|| format!("cannot read the WIT at `{}`", path.display())),
    }
}

/// What can be said of a world whether it is our own or not.
fn described(
    file: &WitFile,
    resolve: &Resolve,
    world: WorldId,
    id: String,
    features: &[String],
) -> World {
    World {
        source: file.source.clone(),
        root: file.root.clone(),
        wit: file.shown.clone(),
        module: module(&if file.dependencies {
            id.clone()
        } else {
            format!("{} {id}", file.shown.trim_start_matches("tests/"))
        }),
        id,
        exported: exported(resolve, world),
        beyond: beyond::of(resolve, world),
        world: String::new(),
        inline: None,
        features: features.to_vec(),
    }
}

fn exported(resolve: &Resolve, world: WorldId) -> Vec<String> {
    let exports = resolve.worlds[world].exports.iter();
    let interfaces = exports.filter(|(_, item)| matches!(item, WorldItem::Interface { .. }));
    interfaces
        .map(|(key, _)| resolve.name_world_key(key))
        .collect()
}

/// Every feature that something in `resolve` is gated by.
fn gates(resolve: &Resolve) -> Vec<String> {
    let mut features = BTreeSet::new();
    let mut see = |stability: &Stability| {
        if let Stability::Unstable { feature, .. } = stability {
            features.insert(feature.clone());
        }
    };
    for (_, world) in &resolve.worlds {
        see(&world.stability);
        for item in world.imports.values().chain(world.exports.values()) {
            see(item.stability(resolve));
        }
    }
    for (_, interface) in &resolve.interfaces {
        see(&interface.stability);
        let functions = interface.functions.values();
        functions.for_each(|function| see(&function.stability));
    }
    for (_, ty) in &resolve.types {
        see(&ty.stability);
    }
    features.into_iter().collect()
}

/// A Rust name out of any text.
fn module(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("_").to_ascii_lowercase()
}

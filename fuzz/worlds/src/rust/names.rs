//! What the items of one world are called in Rust, where that depends on the other items.

use std::collections::HashSet;

use crate::model::{Interface, World};
use crate::names;

/// The names of a world's items; interfaces by their index.
#[derive(Debug)]
pub(crate) struct Names {
    /// The handle on the host, the trait on the guest.
    pub(super) world: String,
    pub(super) modules: Vec<String>,
    pub(super) traits: Vec<String>,
    /// The methods of the handle that give views.
    pub(super) accessors: Vec<String>,
    collision: Option<String>,
}

impl Names {
    pub(crate) fn of(world: &World) -> Self {
        let there = |interface: &&Interface| interface.sides.any();
        // The longest name that an interface may have is its last.
        let candidates: Vec<[String; 6]> = world
            .interfaces
            .iter()
            .map(|interface| candidates(world, interface))
            .collect();
        let unique = |this: usize| {
            let free = |length: &usize| {
                let others = candidates.iter().zip(&world.interfaces).enumerate();
                others
                    .filter(|(other, (_, interface))| *other != this && there(interface))
                    .all(|(_, (other, _))| other[*length] != candidates[this][*length])
            };
            &candidates[this][(0..5).find(free).unwrap_or(5)]
        };
        let kebab: Vec<&String> = (0..candidates.len()).map(unique).collect();
        let traits: Vec<String> = kebab.iter().map(|name| names::ty(name)).collect();

        let mut methods = HashSet::new();
        for own in world.functions.iter().filter(|own| own.sides.export) {
            methods.insert(names::method(&own.function.name, &methods));
        }
        let mut accessors = Vec::new();
        for (name, interface) in kebab.iter().zip(&world.interfaces) {
            let accessor = names::method(name, &methods);
            if interface.sides.export {
                methods.insert(accessor.clone());
            }
            accessors.push(accessor);
        }

        let mut own = names::ty(&world.name);
        let mut there_too = traits.iter().zip(&world.interfaces);
        if there_too.any(|(name, interface)| *name == own && there(&interface)) {
            own += "World";
        }
        let mut names = Self {
            world: own,
            modules: kebab.iter().map(|name| names::module(name)).collect(),
            traits,
            accessors,
            collision: None,
        };
        names.collision = names.first_collision(world);
        names
    }

    /// A name that two items share which must not: Abide refuses such a world.
    pub(crate) fn collide(&self) -> Option<&str> {
        self.collision.as_deref()
    }

    fn first_collision(&self, world: &World) -> Option<String> {
        let imports = format!("{}Imports", self.world);
        let mut modules = HashSet::new();
        let mut on_host = HashSet::from([&self.world, &imports]);
        let mut on_guest = HashSet::from([&self.world]);
        for (index, interface) in world.interfaces.iter().enumerate() {
            let (module, name) = (&self.modules[index], &self.traits[index]);
            let sides = interface.sides;
            let is_free = (!sides.any() || modules.insert(module))
                && (!sides.import || on_host.insert(name))
                && (!sides.export || on_guest.insert(name));
            if !is_free {
                return Some(name.clone());
            }
        }
        None
    }
}

/// What an interface may be called, the first first: its name, with its package in front, with its
/// namespace in front of that; and each of these with its version behind.
fn candidates(world: &World, interface: &Interface) -> [String; 6] {
    let own = &interface.name;
    let Some(package) = interface.package else {
        // Written inside the world: one that is exported has a word for a package.
        let exported = interface.sides.export && !interface.sides.import;
        let long = if exported {
            format!("exported-{own}")
        } else {
            own.clone()
        };
        return std::array::from_fn(|step| if step % 3 == 0 { own } else { &long }.clone());
    };
    let package = &world.packages[package];
    let version = package
        .version
        .map(|version| version.replace(['.', '-'], "_"));
    let version = version
        .map(|version| format!("-{version}"))
        .unwrap_or_default();
    let short = format!("{}-{own}", package.name);
    let long = format!("{}-{short}", package.namespace);
    let behind = [own, &short, &long].map(|name| format!("{name}{version}"));
    let [a, b, c] = behind;
    [own.clone(), short, long, a, b, c]
}

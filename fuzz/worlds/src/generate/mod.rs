//! A seed and a number → a random world.
//!
//! What Abide refuses by design is not made (`names` leaves out such names, `types` such types);
//! names that only turn out to collide when the whole world is there make the generator try again.

mod control;
mod resources;
mod sides;
mod types;

use abide_fuzz_values::Rng;

use crate::model::{
    Docs, Function, Interface, Kind, Member, Options, Owner, Package, Param, Role, Sides, Type,
    TypeDef, TypeId, World, WorldFunction,
};
use crate::names::{For, Scope};
use crate::rust::Names;
pub(crate) use resources::in_interface;

/// The world of a seed that has this number. Always the same.
pub(crate) fn world(seed: u64, number: u64) -> World {
    let mut attempt = 0;
    loop {
        let rng = Rng::new(&[seed, number, attempt]);
        let world = Generator::new(rng, seed, number).world();
        if Names::of(&world).collide().is_none() {
            return world;
        }
        attempt += 1;
    }
}

/// Lines that a writer of Rust has to treat with care.
const DOCS: &[&str] = &[
    "Plain words.",
    "",
    "A \"quote\", a \\ backslash, a `code`, a */ and a /* in one line.",
    "    indented as code is",
    "[a link](nowhere) and [`another`], <b>html</b>, {braces} and #hash",
    "\u{e9}\u{4e16}\u{1f980}",
    "- a list",
    "#[doc = \"no attribute\"]",
];

const VERSIONS: &[Option<&str>] = &[
    None,
    Some("0.1.0"),
    Some("0.2.0"),
    Some("1.0.0"),
    Some("1.1.0"),
    Some("2.0.0-rc.1"),
];

struct Generator {
    rng: Rng,
    world: World,
    /// The names at the world's own level.
    scope: Scope,
    next_id: u64,
}

impl Generator {
    fn new(mut rng: Rng, seed: u64, number: u64) -> Self {
        let derives: &[&[&str]] = &[&[], &[], &[], &["PartialOrd"], &["Eq", "PartialOrd", "Ord"]];
        let world = World {
            seed,
            number,
            packages: Vec::new(),
            interfaces: Vec::new(),
            types: Vec::new(),
            name: String::new(),
            docs: docs(&mut rng),
            functions: Vec::new(),
            options: Options {
                inline: rng.once_in(5),
                in_module: rng.once_in(2),
                trappable: rng.once_in(4),
                derives: rng.pick(derives).to_vec(),
                second_world: rng.once_in(4),
            },
        };
        Self {
            rng,
            world,
            scope: Scope::default(),
            next_id: 0,
        }
    }

    fn world(mut self) -> World {
        self.packages();
        // A scope of names for each package; the first one's has the world in it, too.
        let mut scopes: Vec<Scope> = Vec::new();
        scopes.resize_with(self.world.packages.len(), Scope::default);
        self.world.name = scopes[0].name(&mut self.rng, For::Interface);
        for _ in 0..1 + self.rng.below(3) {
            let package = (!self.rng.once_in(6)).then(|| self.rng.below(scopes.len()));
            let name = match package {
                Some(package) => self.interface_name(&mut scopes[package]),
                None => self.scope.name(&mut self.rng, For::Interface),
            };
            self.interface(package, name);
        }
        self.own_types();
        self.own_functions();
        self.control();
        self.follow_uses();
        self.drive();
        self.world
    }

    fn packages(&mut self) {
        for _ in 0..*self.rng.pick(&[1, 1, 2, 3]) {
            let known = &self.world.packages;
            let mut package = Package {
                namespace: Scope::default().name(&mut self.rng, For::Package),
                name: Scope::default().name(&mut self.rng, For::Package),
                version: *self.rng.pick(VERSIONS),
            };
            if let Some(other) = known.last() {
                // The same package in another version, or one of the same namespace or name.
                match self.rng.below(4) {
                    0 => {
                        package.namespace.clone_from(&other.namespace);
                        package.name.clone_from(&other.name);
                    }
                    1 => package.namespace.clone_from(&other.namespace),
                    2 => package.name.clone_from(&other.name),
                    _ => {}
                }
            }
            let lower = |package: &Package| {
                (
                    package.namespace.to_lowercase(),
                    package.name.to_lowercase(),
                    package.version,
                )
            };
            if known.iter().all(|other| lower(other) != lower(&package)) {
                self.world.packages.push(package);
            }
        }
    }

    /// A name for an interface; often one that another package has, too.
    fn interface_name(&mut self, scope: &mut Scope) -> String {
        if let Some(other) = self.world.interfaces.last()
            && self.rng.once_in(3)
            && scope.take(&other.name)
        {
            return other.name.clone();
        }
        scope.name(&mut self.rng, For::Interface)
    }

    fn interface(&mut self, package: Option<usize>, name: String) {
        let index = self.world.interfaces.len();
        let owner = Owner::Interface(index);
        let said = match (package, self.rng.below(6)) {
            (Some(_), 0) => Sides::default(),
            (_, 1) => Sides {
                import: true,
                export: false,
            },
            (_, 2) => Sides {
                import: false,
                export: true,
            },
            // One that is written in the world stands on one side: the other would be another one.
            (None, odd) => Sides {
                import: odd % 2 == 0,
                export: odd % 2 == 1,
            },
            (Some(_), _) => Sides {
                import: true,
                export: true,
            },
        };
        let mut scope = Scope::default();
        let mut types = self.uses(owner, package, &mut scope);
        for _ in 0..self.rng.below(4) {
            types.push(self.type_def(owner, &types, &mut scope));
        }
        let mut functions = Vec::new();
        if !self.rng.once_in(8) {
            for ty in &types {
                if self.has_to_return(*ty) || !self.rng.once_in(4) {
                    let name = scope.name(&mut self.rng, For::Value);
                    functions.push(self.round_trip(name, Type::Named(*ty)));
                }
            }
            for _ in 0..self.rng.below(2) {
                let name = scope.name(&mut self.rng, For::Value);
                functions.push(self.function(name, &types));
            }
        }
        if self.rng.once_in(3) {
            self.resource(owner, &mut types, &mut functions, &mut scope);
        }
        let docs = docs(&mut self.rng);
        self.world.interfaces.push(Interface {
            package,
            name,
            docs,
            types,
            functions,
            said,
            sides: said,
        });
    }

    /// Takes some types of interfaces that are there already into another one, or into the world.
    fn uses(&mut self, owner: Owner, package: Option<usize>, scope: &mut Scope) -> Vec<TypeId> {
        let mut taken = Vec::new();
        let interfaces = self.world.interfaces.iter();
        let known: Vec<TypeId> = interfaces
            // Packages must not use each other in a circle: none uses those before it.
            .filter(|interface| interface.package.is_some() && interface.package >= package)
            .flat_map(|interface| interface.types.iter().copied())
            // Handles stay in the interface of their resource.
            .filter(|id| !self.has_handle(*id))
            .collect();
        if known.is_empty() || self.rng.once_in(3) {
            return taken;
        }
        for _ in 0..1 + self.rng.below(3) {
            let other = *self.rng.pick(&known);
            let mut name = self.world.def(other).name.clone();
            if self.rng.once_in(3) || !scope.take(&name) {
                name = scope.name(&mut self.rng, For::Alias);
            }
            taken.push(self.push_type(owner, name, Kind::Use(other)));
        }
        taken
    }

    fn own_types(&mut self) {
        if self.rng.once_in(2) {
            return;
        }
        let mut scope = std::mem::take(&mut self.scope);
        let mut types = self.uses(Owner::World, None, &mut scope);
        for _ in 0..self.rng.below(3) {
            types.push(self.type_def(Owner::World, &types, &mut scope));
        }
        self.scope = scope;
    }

    /// Whether some function has to return the type. wit-bindgen makes of aliases that are only
    /// ever parameters something else than of others, which is not what is tested here.
    fn has_to_return(&self, id: TypeId) -> bool {
        let is_alias = matches!(self.world.def(id).kind, Kind::Alias(_) | Kind::Use(_));
        is_alias && self.world.has_list(&Type::Named(id))
    }

    fn own_functions(&mut self) {
        let types: Vec<TypeId> = self.world.own_types().collect();
        for ty in &types {
            if self.has_to_return(*ty) {
                let name = self.scope.name(&mut self.rng, For::Symbol);
                let function = self.round_trip(name, Type::Named(*ty));
                let sides = Sides {
                    import: true,
                    export: true,
                };
                self.world.functions.push(WorldFunction { function, sides });
            }
        }
        for _ in 0..self.rng.below(3) {
            let name = self.scope.name(&mut self.rng, For::Symbol);
            let function = if types.is_empty() || self.rng.once_in(2) {
                self.function(name, &types)
            } else {
                let ty = *self.rng.pick(&types);
                self.round_trip(name, Type::Named(ty))
            };
            let side = self.rng.below(3);
            let sides = Sides {
                import: side != 0,
                export: side != 1,
            };
            self.world.functions.push(WorldFunction { function, sides });
        }
    }

    fn new_function(&mut self, name: String, role: Role) -> Function {
        self.next_id += 1;
        Function {
            id: self.next_id,
            name,
            docs: docs(&mut self.rng),
            params: Vec::new(),
            result: None,
            role,
            of: Member::None,
        }
    }

    /// A function that takes one value and returns one of its type.
    fn round_trip(&mut self, name: String, ty: Type) -> Function {
        let mut function = self.new_function(name, Role::Test);
        let name = Scope::default().name(&mut self.rng, For::Value);
        function.params = vec![Param {
            name,
            ty: ty.clone(),
        }];
        function.result = Some(ty);
        function
    }

    /// A function of any shape.
    fn function(&mut self, name: String, types: &[TypeId]) -> Function {
        let mut function = self.new_function(name, Role::Test);
        let most = *self.rng.pick(&[2, 2, 2, 4, 4, 4, 9, 21]);
        let (mut scope, mut left) = (Scope::default(), self.budget());
        for _ in 0..self.rng.below(most) {
            let name = scope.name(&mut self.rng, For::Value);
            let ty = self.ty_within(&mut left, types, 2);
            function.params.push(Param { name, ty });
        }
        let mut left = self.budget();
        function.result = (!self.rng.once_in(4)).then(|| self.ty_within(&mut left, types, 3));
        function
    }

    fn push_type(&mut self, owner: Owner, name: String, kind: Kind) -> TypeId {
        let docs = docs(&mut self.rng);
        self.world.types.push(TypeDef {
            owner,
            name,
            docs,
            kind,
        });
        TypeId(self.world.types.len() - 1)
    }
}

fn docs(rng: &mut Rng) -> Docs {
    match rng.below(3) {
        0 => (0..1 + rng.below(3)).map(|_| *rng.pick(DOCS)).collect(),
        _ => Docs::new(),
    }
}

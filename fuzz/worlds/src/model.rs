//! A random world as data: what is written as WIT, and what both sides' Rust is written from.
//!
//! Names in here are WIT's. The model knows nothing of Rust; `names` and `rust` do.

/// A world, and everything in the packages around it.
#[derive(Debug)]
pub(crate) struct World {
    /// The seed and the number that it was made from.
    pub(crate) seed: u64,
    pub(crate) number: u64,
    /// The first is the world's own.
    pub(crate) packages: Vec<Package>,
    /// Each uses types of those before it only.
    pub(crate) interfaces: Vec<Interface>,
    /// All named types. Each refers to those before it only.
    pub(crate) types: Vec<TypeDef>,
    pub(crate) name: String,
    pub(crate) docs: Docs,
    /// Functions at the world's own level.
    pub(crate) functions: Vec<WorldFunction>,
    pub(crate) options: Options,
}

/// How the world is handed to `abi!`.
#[derive(Debug)]
pub(crate) struct Options {
    /// Whether the WIT stands in the macro, and not in files.
    pub(crate) inline: bool,
    /// Whether the guest has the macro in a module, and not at the crate's root.
    pub(crate) in_module: bool,
    pub(crate) trappable: bool,
    pub(crate) derives: Vec<&'static str>,
    /// Whether the package has another world, so that this one has to be named.
    pub(crate) second_world: bool,
}

/// Lines of documentation, without what marks them as such.
pub(crate) type Docs = Vec<&'static str>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) version: Option<&'static str>,
}

#[derive(Debug)]
pub(crate) struct Interface {
    /// An index into the world's packages; `None` for one that is written inside the world.
    pub(crate) package: Option<usize>,
    pub(crate) name: String,
    pub(crate) docs: Docs,
    pub(crate) types: Vec<TypeId>,
    pub(crate) functions: Vec<Function>,
    /// What the world says of the interface.
    pub(crate) said: Sides,
    /// What follows: an interface whose types are used is imported without a word in the world.
    pub(crate) sides: Sides,
}

/// On which sides of a world something stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sides {
    pub(crate) import: bool,
    pub(crate) export: bool,
}

impl Sides {
    pub(crate) fn any(self) -> bool {
        self.import || self.export
    }
}

#[derive(Debug)]
pub(crate) struct WorldFunction {
    pub(crate) function: Function,
    pub(crate) sides: Sides,
}

#[derive(Debug)]
pub(crate) struct Function {
    /// Unlike those of all other functions of the world.
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) docs: Docs,
    pub(crate) params: Vec<Param>,
    pub(crate) result: Option<Type>,
    pub(crate) role: Role,
    /// The resource that the function belongs to, and how.
    pub(crate) of: Member,
}

/// What a function is to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Member {
    None,
    Constructor(TypeId),
    Static(TypeId),
    Method(TypeId),
}

impl Member {
    /// The resource, where there is one.
    pub(crate) fn resource(self) -> Option<TypeId> {
        match self {
            Member::None => None,
            Member::Constructor(id) | Member::Static(id) | Member::Method(id) => Some(id),
        }
    }
}

/// What a function is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// To send values both ways.
    Test,
    /// An import that tells the guest the round.
    Round,
    /// An export that makes the guest call every import that nothing else calls.
    Drive,
    /// The constructor of a resource, which takes the number that tells it from others.
    Make,
    /// The method of a resource that tells this number.
    Label,
}

#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) name: String,
    pub(crate) ty: Type,
}

/// An index into the world's types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TypeId(pub(crate) usize);

#[derive(Debug)]
pub(crate) struct TypeDef {
    pub(crate) owner: Owner,
    pub(crate) name: String,
    pub(crate) docs: Docs,
    pub(crate) kind: Kind,
}

/// Where a type is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Interface(usize),
    World,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Record(Vec<Part>),
    Variant(Vec<Part>),
    Enum(Vec<Part>),
    Flags(Vec<Part>),
    Alias(Type),
    /// A type of another interface, under this name.
    Use(TypeId),
    Resource,
}

/// A field, a case or a flag. Fields have a type, cases may have one, others have none.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) docs: Docs,
    pub(crate) ty: Option<Type>,
}

/// A type where it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    /// A type without parts, by its name in WIT.
    Plain(&'static str),
    String,
    List(Box<Type>),
    Option(Box<Type>),
    Result(Option<Box<Type>>, Option<Box<Type>>),
    Tuple(Vec<Type>),
    Named(TypeId),
    /// A handle that goes to who is given it.
    Own(TypeId),
    /// A handle that is lent for the call.
    Borrow(TypeId),
}

impl World {
    pub(crate) fn def(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// The type behind all names that are only names.
    pub(crate) fn dealias<'a>(&'a self, mut ty: &'a Type) -> Dealiased<'a> {
        while let Type::Named(id) = ty {
            let mut id = *id;
            while let Kind::Use(other) = &self.def(id).kind {
                id = *other;
            }
            match &self.def(id).kind {
                Kind::Alias(of) => ty = of,
                kind => return Dealiased::Defined(kind),
            }
        }
        Dealiased::Plain(ty)
    }

    /// Whether memory of its own is somewhere in a type.
    pub(crate) fn has_list(&self, ty: &Type) -> bool {
        match ty {
            Type::Plain(_) | Type::Own(_) | Type::Borrow(_) => false,
            Type::String | Type::List(_) => true,
            Type::Option(of) => self.has_list(of),
            Type::Result(ok, err) => [ok, err].into_iter().flatten().any(|of| self.has_list(of)),
            Type::Tuple(of) => of.iter().any(|of| self.has_list(of)),
            Type::Named(id) => match &self.def(*id).kind {
                Kind::Record(parts) | Kind::Variant(parts) => parts
                    .iter()
                    .filter_map(|part| part.ty.as_ref())
                    .any(|of| self.has_list(of)),
                Kind::Enum(_) | Kind::Flags(_) | Kind::Resource => false,
                Kind::Alias(of) => self.has_list(of),
                Kind::Use(other) => self.has_list(&Type::Named(*other)),
            },
        }
    }

    /// How many values without parts are in a value of a type, lists and options counted as if they
    /// held one thing: what a compiler has to write code for.
    pub(crate) fn weight(&self, ty: &Type) -> usize {
        match ty {
            Type::Plain(_) | Type::String | Type::Own(_) | Type::Borrow(_) => 1,
            Type::List(of) | Type::Option(of) => 1 + self.weight(of),
            Type::Result(ok, err) => {
                let both = [ok, err].into_iter().flatten();
                1 + both.map(|of| self.weight(of)).sum::<usize>()
            }
            Type::Tuple(of) => of.iter().map(|of| self.weight(of)).sum(),
            Type::Named(id) => match &self.def(*id).kind {
                Kind::Record(parts) | Kind::Variant(parts) => {
                    let types = parts.iter().filter_map(|part| part.ty.as_ref());
                    1 + types.map(|of| self.weight(of)).sum::<usize>()
                }
                Kind::Enum(_) | Kind::Flags(_) | Kind::Resource => 1,
                Kind::Alias(of) => self.weight(of),
                Kind::Use(other) => self.weight(&Type::Named(*other)),
            },
        }
    }

    /// The resources that a type has handles on, each once, in the order of the WIT.
    pub(crate) fn handles(&self, ty: &Type) -> Vec<TypeId> {
        let mut found = Vec::new();
        self.collect_handles(ty, &mut found);
        found
    }

    fn collect_handles(&self, ty: &Type, found: &mut Vec<TypeId>) {
        match ty {
            Type::Plain(_) | Type::String => {}
            Type::List(of) | Type::Option(of) => self.collect_handles(of, found),
            Type::Result(ok, err) => {
                let both = [ok, err].into_iter().flatten();
                both.for_each(|of| self.collect_handles(of, found));
            }
            Type::Tuple(of) => of.iter().for_each(|of| self.collect_handles(of, found)),
            Type::Own(id) | Type::Borrow(id) => {
                if !found.contains(id) {
                    found.push(*id);
                }
            }
            Type::Named(id) => match &self.def(*id).kind {
                Kind::Record(parts) | Kind::Variant(parts) => {
                    let types = parts.iter().filter_map(|part| part.ty.as_ref());
                    types.for_each(|of| self.collect_handles(of, found));
                }
                Kind::Alias(of) => self.collect_handles(of, found),
                Kind::Use(other) => self.collect_handles(&Type::Named(*other), found),
                Kind::Enum(_) | Kind::Flags(_) | Kind::Resource => {}
            },
        }
    }

    /// Whether handles go through a function: what is handed on from export to import has none,
    /// because an import's resource is another one than the export's.
    pub(crate) fn has_handles(&self, function: &Function) -> bool {
        let params = function.params.iter().map(|param| &param.ty);
        let mut types = params.chain(&function.result);
        matches!(function.of, Member::Static(_) | Member::Method(_))
            || types.any(|ty| !self.handles(ty).is_empty())
    }

    /// Whether the guest's export of a function hands on what it is given to the import of that
    /// name.
    pub(crate) fn hands_on(&self, function: &Function, sides: Sides) -> bool {
        sides.import && !self.has_handles(function)
    }

    /// Every function with the interface it is in, and the sides it is on.
    pub(crate) fn functions(&self) -> impl Iterator<Item = (Option<usize>, &Function, Sides)> {
        let own = self
            .functions
            .iter()
            .map(|own| (None, &own.function, own.sides));
        let in_interfaces = self
            .interfaces
            .iter()
            .enumerate()
            .flat_map(|(index, interface)| {
                let functions = interface.functions.iter();
                functions.map(move |function| (Some(index), function, interface.sides))
            });
        own.chain(in_interfaces)
    }

    /// The imports that no export hands anything on to: something has to make the guest call them.
    pub(crate) fn driven(&self) -> impl Iterator<Item = (Option<usize>, &Function)> {
        let functions = self.functions();
        functions
            .filter(|(_, function, sides)| {
                let handed_on = sides.export && self.hands_on(function, *sides);
                function.role == Role::Test && sides.import && !handed_on
            })
            .map(|(interface, function, _)| (interface, function))
    }

    /// The types that are defined in the world itself.
    pub(crate) fn own_types(&self) -> impl Iterator<Item = TypeId> {
        let indexed = self.types.iter().enumerate();
        indexed
            .filter(|(_, def)| def.owner == Owner::World)
            .map(|(index, _)| TypeId(index))
    }

    /// The interfaces whose types an interface uses by name, itself excluded.
    pub(crate) fn used_by(&self, types: impl IntoIterator<Item = TypeId>) -> Vec<usize> {
        let mut used = Vec::new();
        for id in types {
            if let Kind::Use(other) = &self.def(id).kind
                && let Owner::Interface(index) = self.def(*other).owner
                && !used.contains(&index)
            {
                used.push(index);
            }
        }
        used
    }
}

/// A type without its aliases.
#[derive(Debug)]
pub(crate) enum Dealiased<'a> {
    /// One that has no definition of its own.
    Plain(&'a Type),
    /// A record, variant, enum or flags type.
    Defined(&'a Kind),
}

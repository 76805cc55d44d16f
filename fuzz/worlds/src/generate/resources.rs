//! Random resources: one in an interface, with functions of its own, types that hold it, and
//! functions that pass it around.

use super::{Generator, docs};
use crate::model::{Function, Kind, Member, Owner, Param, Part, Role, Type, TypeId};
use crate::names::{self, For, Scope};

impl Generator {
    /// Whether a type is a resource, or has handles in it.
    pub(super) fn has_handle(&self, id: TypeId) -> bool {
        matches!(self.world.def(id).kind, Kind::Resource)
            || !self.world.handles(&Type::Named(id)).is_empty()
    }

    /// Adds a resource to an interface in the making. What is in `types` has no handles before.
    pub(super) fn resource(
        &mut self,
        owner: Owner,
        types: &mut Vec<TypeId>,
        functions: &mut Vec<Function>,
        scope: &mut Scope,
    ) {
        // What wit-bindgen makes of another name for a list depends on where else it stands.
        let is_list = |id: &TypeId| {
            let alias = matches!(self.world.def(*id).kind, Kind::Alias(_));
            alias && self.world.has_list(&Type::Named(*id))
        };
        let plain: Vec<TypeId> = types.iter().copied().filter(|id| !is_list(id)).collect();
        let name = scope.name(&mut self.rng, For::Alias);
        let id = self.push_type(owner, name.clone(), Kind::Resource);
        types.push(id);

        // In Rust, constructors and static functions stand among those of the interface.
        let mut members = Scope::default();
        members.take("new");
        // Every handle has a function of that name on guests.
        members.take("handle");
        // A component has no static function with the name of its resource.
        members.take(&name);
        scope.take(&format!("{name}-new"));
        let label = |name: &str| Param {
            name: name.to_owned(),
            ty: Type::Plain("u64"),
        };
        let mut make = self.new_function(String::new(), Role::Make);
        make.of = Member::Constructor(id);
        make.params.push(label("label"));
        let mut tell = self.new_function("label-of".to_owned(), Role::Label);
        members.take("label-of");
        tell.of = Member::Method(id);
        tell.result = Some(Type::Plain("u64"));
        functions.extend([make, tell]);

        for _ in 0..self.rng.below(3) {
            let name = members.name(&mut self.rng, For::Value);
            let mut function = self.function(name, &plain);
            function.of = Member::Method(id);
            if self.rng.once_in(2) {
                function.result = Some(self.owned_handle(id, &plain));
            }
            if self.rng.once_in(3) {
                let lent = self.lent_handle(id);
                function.params = self.params(&[lent]);
            }
            // A method has a parameter of that name already.
            let mut scope = Scope::default();
            scope.take("self");
            self.rename(&mut function.params, scope);
            functions.push(function);
        }
        if self.rng.once_in(2) {
            let own = members.name(&mut self.rng, For::Value);
            if scope.take(&format!("{name}-{own}")) {
                let mut function = self.function(own, &plain);
                function.of = Member::Static(id);
                function.result = Some(self.owned_handle(id, &plain));
                functions.push(function);
            }
        }

        let mut holders = vec![Type::Own(id)];
        for _ in 0..self.rng.below(3) {
            let holder = self.holder(owner, id, &plain, scope);
            types.push(holder);
            holders.push(Type::Named(holder));
        }
        for _ in 0..1 + self.rng.below(3) {
            let name = scope.name(&mut self.rng, For::Value);
            let mut function = self.function(name, &plain);
            let given = match self.rng.below(3) {
                0 => self.lent_handle(id),
                1 => self.owned_handle(id, &plain),
                _ => self.rng.pick(&holders).clone(),
            };
            function.params.extend(self.params(&[given]));
            function.params.truncate(12);
            self.rename(&mut function.params, Scope::default());
            if self.rng.once_in(2) {
                function.result = Some(self.rng.pick(&holders).clone());
            }
            functions.push(function);
        }
    }

    /// A type with an own handle in it.
    fn owned_handle(&mut self, id: TypeId, plain: &[TypeId]) -> Type {
        let own = Box::new(Type::Own(id));
        match self.rng.below(7) {
            0 => Type::List(own),
            1 => Type::Option(own),
            2 => Type::Result(Some(own), None),
            3 => Type::Result(Some(own), Some(Box::new(self.ty(plain, 1)))),
            4 => Type::Tuple(vec![self.ty(plain, 1), *own.clone(), *own]),
            _ => *own,
        }
    }

    /// A type that lends.
    fn lent_handle(&mut self, id: TypeId) -> Type {
        let lent = Box::new(Type::Borrow(id));
        match self.rng.below(6) {
            0 => Type::List(lent),
            1 => Type::Option(lent),
            2 => Type::Tuple(vec![Type::Plain("u16"), *lent]),
            _ => *lent,
        }
    }

    /// Defines a record or a variant that holds the resource.
    fn holder(&mut self, owner: Owner, id: TypeId, plain: &[TypeId], scope: &mut Scope) -> TypeId {
        let mut names = Scope::default();
        let is_record = self.rng.once_in(2);
        let of = if is_record { For::Value } else { For::Case };
        let count = 1 + self.rng.below(3);
        let holds = self.rng.below(count);
        let parts = (0..count).map(|index| Part {
            name: names.name(&mut self.rng, of),
            docs: docs(&mut self.rng),
            ty: Some(match index {
                _ if index == holds => self.owned_handle(id, plain),
                _ => self.ty(plain, 1),
            }),
        });
        let parts = parts.collect();
        let kind = if is_record {
            Kind::Record(parts)
        } else {
            Kind::Variant(parts)
        };
        let name = scope.name(&mut self.rng, For::Alias);
        self.push_type(owner, name, kind)
    }

    fn params(&mut self, types: &[Type]) -> Vec<Param> {
        let mut scope = Scope::default();
        let types = types.iter().cloned();
        types
            .map(|ty| Param {
                name: scope.name(&mut self.rng, For::Value),
                ty,
            })
            .collect()
    }

    /// Gives parameters that come from several places names that differ.
    fn rename(&mut self, params: &mut [Param], mut scope: Scope) {
        for param in params {
            if !scope.take(&param.name) {
                param.name = scope.name(&mut self.rng, For::Value);
            }
        }
    }
}

/// What a constructor or a static function is called where it stands among an interface's
/// functions.
pub(crate) fn in_interface(resource: &str, function: &str) -> String {
    names::snake(&format!("{resource}-{function}"))
}

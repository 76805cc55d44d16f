//! What host and guest need beside the functions that are tested: who tells the round, and who
//! makes the guest call its imports.

use super::Generator;
use crate::model::{Docs, Function, Interface, Role, Sides, Type, WorldFunction};
use crate::names::For;

impl Generator {
    /// The import that tells the round, at the world's own level or in an interface inside the
    /// world.
    pub(super) fn control(&mut self) {
        let name = self.scope.name(&mut self.rng, For::Symbol);
        let mut function = self.new_function(name, Role::Round);
        function.result = Some(Type::Plain("u64"));
        self.place(
            function,
            Sides {
                import: true,
                export: false,
            },
        );
    }

    /// The export that has every import called which nothing else calls.
    pub(super) fn drive(&mut self) {
        if self.world.driven().next().is_some() {
            let name = self.scope.name(&mut self.rng, For::Symbol);
            let function = self.new_function(name, Role::Drive);
            self.place(
                function,
                Sides {
                    import: false,
                    export: true,
                },
            );
        }
    }

    fn place(&mut self, function: Function, sides: Sides) {
        if self.rng.once_in(2) {
            self.world.functions.push(WorldFunction { function, sides });
        } else {
            let name = self.scope.name(&mut self.rng, For::Interface);
            self.world.interfaces.push(Interface {
                package: None,
                name,
                docs: Docs::new(),
                types: Vec::new(),
                functions: vec![function],
                said: sides,
                sides,
            });
        }
    }
}

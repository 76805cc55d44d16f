//! Which interfaces a world has, and on which sides: more than it names, because it has those whose
//! types are used, too.

use std::collections::HashSet;

use super::Generator;
use crate::model::TypeId;

impl Generator {
    /// Imports what is used, as the rules of WIT have it.
    pub(super) fn follow_uses(&mut self) {
        let world = &mut self.world;
        let uses: Vec<Vec<usize>> = world
            .interfaces
            .iter()
            .map(|interface| world.used_by(interface.types.iter().copied()))
            .collect();
        let mut needed = vec![HashSet::new(); uses.len()];
        for (index, used) in uses.iter().enumerate() {
            for other in used {
                let (before, this) = needed.split_at_mut(index);
                this[0].insert(*other);
                this[0].extend(before[*other].iter().copied());
            }
        }
        // An export's types are those of exports where there are such. What stands between two
        // exported interfaces has to be exported, too: its types cannot be the imported ones' and
        // those of an export at once.
        loop {
            let is_exported = |index: &usize| world.interfaces[*index].said.export;
            let between = (0..uses.len())
                .filter(is_exported)
                .flat_map(|index| &needed[index]);
            let mut between = between.filter(|index| !is_exported(index));
            let Some(between) = between.find(|index| needed[**index].iter().any(is_exported))
            else {
                break;
            };
            let between = &mut world.interfaces[*between];
            between.said.export = true;
            between.sides.export = true;
        }
        let own: Vec<TypeId> = world.own_types().collect();
        for index in world.used_by(own) {
            world.interfaces[index].sides.import = true;
        }
        // From the last to the first, because each uses those before it.
        for index in (0..uses.len()).rev() {
            let sides = world.interfaces[index].sides;
            for other in &uses[index] {
                let other = &mut world.interfaces[*other].sides;
                if sides.import || (sides.export && !other.export) {
                    other.import = true;
                }
            }
        }
    }
}

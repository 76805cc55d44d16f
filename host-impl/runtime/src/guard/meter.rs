//! Counts what an instance takes of memory and tables, and refuses what is over its limits.
//!
//! It remembers the last refusal: a guest that is refused memory usually stops a moment later, and
//! the refusal is the reason that its caller wants to read.

use wasmtime::ResourceLimiter;

use super::limits::Limits;
use crate::error::kinds::LimitKind;

/// A request that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) what: LimitKind,
    pub(crate) limit: u64,
    pub(crate) wanted: u64,
}

/// The counts of one instance.
#[derive(Debug)]
pub(crate) struct Meter {
    memory: Count,
    table_elements: Count,
    instances: usize,
    memories: usize,
    tables: usize,
    refused: Option<Refusal>,
}

/// One sum and its limit.
#[derive(Debug)]
struct Count {
    what: LimitKind,
    used: usize,
    limit: usize,
}

impl Count {
    fn new(what: LimitKind, limit: usize) -> Self {
        Self {
            what,
            used: 0,
            limit,
        }
    }

    /// The sum after a growth, or why it must not be.
    fn after(&self, current: usize, desired: usize) -> Result<usize, Refusal> {
        let wanted = self.used.saturating_add(desired.saturating_sub(current));
        match wanted > self.limit {
            true => Err(Refusal {
                what: self.what,
                limit: self.limit as u64,
                wanted: wanted as u64,
            }),
            false => Ok(wanted),
        }
    }
}

impl Meter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            memory: Count::new(LimitKind::Memory, limits.memory),
            table_elements: Count::new(LimitKind::TableElements, limits.table_elements),
            instances: limits.instances,
            memories: limits.memories,
            tables: limits.tables,
            refused: None,
        }
    }

    /// The linear memory that the instance has, in bytes.
    #[inline]
    pub(crate) fn memory(&self) -> u64 {
        self.memory.used as u64
    }

    /// The last request that was refused in this call. A smaller one that was granted after it does
    /// not count: a guest that gives up may still ask for a little, to say so.
    pub(crate) fn refused(&self) -> Option<Refusal> {
        self.refused
    }

    /// Forgets the last refusal: the guest coped with it.
    pub(crate) fn forgive(&mut self) {
        self.refused = None;
    }

    /// Answers a growth to `desired`, which the item's own type bounds by `maximum`.
    ///
    /// A growth that is allowed here and then fails for lack of real memory stays counted. The sum
    /// can so be too high, never too low.
    fn answer(
        count: &mut Count,
        refused: &mut Option<Refusal>,
        (current, desired, maximum): (usize, usize, Option<usize>),
    ) -> bool {
        match count.after(current, desired) {
            Ok(_) if maximum.is_some_and(|maximum| desired > maximum) => {
                // The engine would refuse this too, but after it was counted.
                false
            }
            Ok(used) => {
                count.used = used;
                true
            }
            // Also where it is over its maximum as well: the engine has one for tables, which a
            // guest does not know of.
            Err(refusal) => {
                *refused = Some(refusal);
                false
            }
        }
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let growth = (current, desired, maximum);
        Ok(Self::answer(&mut self.memory, &mut self.refused, growth))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let growth = (current, desired, maximum);
        Ok(Self::answer(
            &mut self.table_elements,
            &mut self.refused,
            growth,
        ))
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn tables(&self) -> usize {
        self.tables
    }

    fn memories(&self) -> usize {
        self.memories
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_counted_over_all_memories() -> wasmtime::Result<()> {
        let mut meter = Meter::new(&Limits::new().memory(100));
        assert!(meter.memory_growing(0, 60, None)?);
        assert!(!meter.memory_growing(0, 60, None)?);
        assert_eq!(
            meter.refused(),
            Some(Refusal {
                what: LimitKind::Memory,
                limit: 100,
                wanted: 120
            })
        );
        assert!(meter.memory_growing(60, 100, None)?);
        assert!(meter.refused().is_some());
        meter.forgive();
        assert_eq!(meter.refused(), None);
        Ok(())
    }

    #[test]
    fn a_growth_over_the_own_maximum_does_not_count() -> wasmtime::Result<()> {
        let mut meter = Meter::new(&Limits::new().memory(100));
        assert!(!meter.memory_growing(0, 90, Some(80))?);
        assert_eq!(meter.refused(), None);
        assert!(meter.memory_growing(0, 100, Some(100))?);
        Ok(())
    }

    #[test]
    fn a_growth_over_both_is_told_as_one_over_the_limit() -> wasmtime::Result<()> {
        let mut meter = Meter::new(&Limits::new().table_elements(100));
        assert!(!meter.table_growing(0, 120, Some(100))?);
        assert_eq!(
            meter.refused(),
            Some(Refusal {
                what: LimitKind::TableElements,
                limit: 100,
                wanted: 120
            })
        );
        assert!(meter.table_growing(0, 100, Some(100))?);
        Ok(())
    }
}

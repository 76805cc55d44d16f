//! A value whose type is forgotten, and asked for again on the path of a call.
//!
//! `dyn Any` has the id of its type handed up, in two halves that are put down one by one and read as a
//! whole at once. A processor waits for that, as long as half of an import of a plain module takes. Here
//! the id that is asked for is handed down, by reference.

use std::any::TypeId;
use std::ptr;

/// A value that knows its type.
pub trait Erased: 'static {
    /// Whether it is of a type.
    fn is(&self, of: &'static TypeId) -> bool;
}

impl<T: 'static> Erased for T {
    #[inline]
    fn is(&self, of: &'static TypeId) -> bool {
        *of == TypeId::of::<T>()
    }
}

/// A value, if it is of type `T`.
#[inline(always)]
pub(crate) fn restored<T: 'static, E: Erased + ?Sized>(value: &E) -> Option<&T> {
    if !E::is(value, const { &TypeId::of::<T>() }) {
        return None;
    }
    // SAFETY: it has just said that `T` is its type, by the only implementation that there is.
    Some(unsafe { &*ptr::from_ref(value).cast() })
}

/// A value to be changed, if it is of type `T`.
#[inline(always)]
pub(crate) fn restored_mut<T: 'static, E: Erased + ?Sized>(value: &mut E) -> Option<&mut T> {
    if !E::is(value, const { &TypeId::of::<T>() }) {
        return None;
    }
    // SAFETY: as above.
    Some(unsafe { &mut *ptr::from_mut(value).cast() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_itself_and_no_other() {
        let mut erased: Box<dyn Erased> = Box::new(7_u32);
        assert_eq!(restored::<u32, _>(&*erased), Some(&7));
        assert_eq!(restored::<i32, _>(&*erased), None);
        if let Some(number) = restored_mut::<u32, _>(&mut *erased) {
            *number += 1;
        }
        assert_eq!(restored::<u32, _>(&*erased), Some(&8));
        assert!(restored_mut::<Box<u32>, _>(&mut *erased).is_none());
        // The box has a type of its own.
        assert!(restored::<u32, _>(&erased).is_none());
    }
}

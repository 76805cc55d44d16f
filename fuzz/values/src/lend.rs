//! Values as a guest passes them to an import where they have another name in WIT: whether
//! wit-bindgen then takes the vector or the slice depends on where else the name stands, and the
//! compiler knows.

/// What can be lent as `B`.
pub trait Lend<B: ?Sized> {
    /// Lends it.
    fn lend(&self) -> &B;
}

impl Lend<String> for String {
    fn lend(&self) -> &String {
        self
    }
}

impl Lend<str> for String {
    fn lend(&self) -> &str {
        self
    }
}

impl<T> Lend<Vec<T>> for Vec<T> {
    fn lend(&self) -> &Vec<T> {
        self
    }
}

impl<T> Lend<[T]> for Vec<T> {
    fn lend(&self) -> &[T] {
        self
    }
}

/// Lends a value as whatever is expected.
pub fn lend<A: Lend<B>, B: ?Sized>(value: &A) -> &B {
    value.lend()
}

//! Types of the user's own that stand for types of WIT.
//!
//! `#[derive(abide::Type)]` makes a mirror of such a type, with the engine's derives on it, and
//! says how to get from one to the other. What is here passes the engine's traits on to the mirror.

use wasmtime::component::__internal::CanonicalAbiInfo;
use wasmtime::component::{ComponentType, Lift, Lower};

/// A type with a mirror. Implemented by `#[derive(abide::Type)]`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not derive `abide::Type`",
    label = "needs `#[derive(abide::Type)]`"
)]
pub trait Mirrored: Sized + Send + Sync + 'static {
    /// The mirror, with everything that the type has.
    type Owned: Lift;

    /// The same mirror with references. It is lowered to the same values as `Owned`.
    type Lent<'lent>: Lower + ComponentType<Lower = <Self::Owned as ComponentType>::Lower>;

    fn take(mirror: Self::Owned) -> Self;

    fn lend(&self) -> Self::Lent<'_>;
}

/// Whether two layouts are the same.
#[doc(hidden)]
#[must_use]
pub const fn same_layout(one: &CanonicalAbiInfo, other: &CanonicalAbiInfo) -> bool {
    let counts = match (one.flat_count, other.flat_count) {
        (Some(one), Some(other)) => one == other,
        (None, None) => true,
        _ => false,
    };
    counts
        && one.size32 == other.size32
        && one.align32 == other.align32
        && one.size64 == other.size64
        && one.align64 == other.align64
}

/// Implements the engine's traits for a [`Mirrored`] type.
#[doc(hidden)]
#[macro_export]
macro_rules! component_mirrored {
    ($name:ty) => {
        const _: () = {
            use ::core::mem::MaybeUninit;
            use $crate::__private::wasmtime::Result;
            use $crate::__private::wasmtime::component::__internal::{
                CanonicalAbiInfo, InstanceType, InterfaceType, LiftContext, LowerContext,
            };
            use $crate::__private::wasmtime::component::{ComponentType, Lift, Lower};
            use $crate::__private::{Mirrored, same_layout};

            type Owned = <$name as Mirrored>::Owned;
            type Lent<'lent> = <$name as Mirrored>::Lent<'lent>;

            const _: () = ::core::assert!(
                same_layout(
                    &<Owned as ComponentType>::ABI,
                    &<Lent<'static> as ComponentType>::ABI
                ),
                "a mirror and the mirror of references are laid out alike",
            );

            // SAFETY: `Lower` and `ABI` are those of the mirror that values are lifted from, and,
            // by the bound on `Lent` and the assertion above, also of the one that is lowered. Both
            // check the type before either is used.
            unsafe impl ComponentType for $name {
                type Lower = <Owned as ComponentType>::Lower;

                const ABI: CanonicalAbiInfo = <Owned as ComponentType>::ABI;
                const MAY_REQUIRE_REALLOC: bool = <Owned as ComponentType>::MAY_REQUIRE_REALLOC
                    || <Lent<'static> as ComponentType>::MAY_REQUIRE_REALLOC;

                #[inline]
                fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
                    <Owned as ComponentType>::typecheck(ty, types)?;
                    <Lent<'static> as ComponentType>::typecheck(ty, types)
                }
            }

            // SAFETY: a value is lowered as its mirror of references is, by the engine's own
            // derive, and the check of the type has asked that mirror.
            unsafe impl Lower for $name {
                #[inline]
                fn linear_lower_to_flat<T>(
                    &self,
                    cx: &mut LowerContext<'_, T>,
                    ty: InterfaceType,
                    dst: &mut MaybeUninit<Self::Lower>,
                ) -> Result<()> {
                    Mirrored::lend(self).linear_lower_to_flat(cx, ty, dst)
                }

                #[inline]
                fn linear_lower_to_memory<T>(
                    &self,
                    cx: &mut LowerContext<'_, T>,
                    ty: InterfaceType,
                    offset: usize,
                ) -> Result<()> {
                    Mirrored::lend(self).linear_lower_to_memory(cx, ty, offset)
                }
            }

            // SAFETY: a value is made from its mirror, which the engine's own derive lifts, and the
            // check of the type has asked that mirror.
            unsafe impl Lift for $name {
                #[inline]
                fn linear_lift_from_flat(
                    cx: &mut LiftContext<'_>,
                    ty: InterfaceType,
                    src: &Self::Lower,
                ) -> Result<Self> {
                    let mirror = <Owned as Lift>::linear_lift_from_flat(cx, ty, src)?;
                    ::core::result::Result::Ok(Mirrored::take(mirror))
                }

                #[inline]
                fn linear_lift_from_memory(
                    cx: &mut LiftContext<'_>,
                    ty: InterfaceType,
                    bytes: &[u8],
                ) -> Result<Self> {
                    let mirror = <Owned as Lift>::linear_lift_from_memory(cx, ty, bytes)?;
                    ::core::result::Result::Ok(Mirrored::take(mirror))
                }
            }
        };
    };
}

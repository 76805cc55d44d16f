//! The WebAssembly targets that a guest can be built for.

use std::fmt;
use std::str::FromStr;

/// The WebAssembly target that a guest is built for.
///
/// ```
/// use abide_build::Target;
///
/// assert_eq!(Target::default(), Target::Wasip2);
/// assert_eq!("wasm32-unknown-unknown".parse(), Ok(Target::Unknown));
/// assert_eq!(Target::Wasip2.to_string(), "wasm32-wasip2");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Target {
    /// `wasm32-wasip2`: the whole standard library. The component imports what it uses of WASI.
    #[default]
    Wasip2,
    /// `wasm32-unknown-unknown`: a component without any WASI import. Time, files, environment and
    /// output are not there for the guest.
    Unknown,
    /// `wasm32-wasip1`: a plain module, for hosts of older ABIs such as proxy-wasm.
    Wasip1,
}

impl Target {
    /// Every target that components are built for, in the order in which they are worth trying.
    pub const ALL: [Target; 2] = [Target::Wasip2, Target::Unknown];

    /// The name that rustc gives the target.
    #[must_use]
    pub const fn triple(self) -> &'static str {
        match self {
            Target::Wasip2 => "wasm32-wasip2",
            Target::Unknown => "wasm32-unknown-unknown",
            Target::Wasip1 => "wasm32-wasip1",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.triple())
    }
}

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|target| target.triple() == text)
            .ok_or_else(|| UnknownTarget {
                found: text.to_owned(),
            })
    }
}

/// A name that is not one of the targets in [`Target::ALL`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownTarget {
    found: String,
}

impl fmt::Display for UnknownTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a target that guests can be built for: expected `{}` or `{}`",
            self.found,
            Target::Wasip2,
            Target::Unknown
        )
    }
}

impl std::error::Error for UnknownTarget {}

impl UnknownTarget {
    /// The name as it was given.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn names_round_trip() {
        for target in Target::ALL {
            assert_eq!(target.to_string().parse(), Ok(target));
        }
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let error = "wasm32-wasip1".parse::<Target>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`wasm32-wasip1` is not a target that guests can be built for: \
             expected `wasm32-wasip2` or `wasm32-unknown-unknown`"
        );
    }
}

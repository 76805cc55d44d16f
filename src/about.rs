//! What an ABI says of itself: the one type that is the same on both sides without being in WIT.

/// The identity of an ABI: the constant `ABI` that `abi!` generates.
///
/// ```standalone_crate
/// abide::abi!({ inline: "package demo:empty@1.2.0; world empty {}" });
///
/// fn main() {
///     assert_eq!(ABI.package, "demo:empty");
///     assert_eq!(ABI.version, Some("1.2.0"));
///     assert_eq!(ABI.to_string(), "demo:empty/empty@1.2.0");
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Abi {
    /// The package of the world, without its version: `demo:notes`.
    pub package: &'static str,
    /// The world's name: `notes`.
    pub world: &'static str,
    /// The package's version, where it has one.
    pub version: Option<&'static str>,
    /// Changes when names or types change that a component can see. Not a cryptographic hash.
    pub fingerprint: u64,
    /// The WIT files that the ABI was made from.
    pub wit: &'static [WitFile],
}

/// A WIT file of an ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WitFile {
    /// The path, relative to the ABI crate; `inline` where the text stands in the macro.
    pub path: &'static str,
    /// The text.
    pub text: &'static str,
}

/// The world in full: `demo:notes/notes@0.1.0`.
impl std::fmt::Display for Abi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.package, self.world)?;
        match self.version {
            Some(version) => write!(f, "@{version}"),
            None => Ok(()),
        }
    }
}

//! Which versions of an interface go with one another.

use super::signature::unversioned;

/// The name of the same interface in a version that does not go with `interface`, if there is one.
pub(crate) fn other_version<'a>(
    interface: &str,
    mut names: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    names.find(|name| {
        !interface.is_empty()
            && unversioned(name) == unversioned(interface)
            && !same_track(name, interface)
    })
}

/// Whether two names mean the same interface in versions that go with each other: by the rules of
/// semantic versions, as the engine's own linker applies them.
pub(crate) fn same_track(a: &str, b: &str) -> bool {
    a == b || matches!((track(a), track(b)), (Some(a), Some(b)) if a == b)
}

/// An interface's name and the part of its version that must be equal, if any version but the very
/// same goes with it.
fn track(interface: &str) -> Option<(&str, &str)> {
    let (name, version) = interface.split_once('@')?;
    let release = version
        .split_once('+')
        .map_or(version, |(release, _)| release);
    if release.contains('-') {
        // Nothing goes with a pre-release.
        return None;
    }
    let (major, rest) = release.split_once('.')?;
    let (minor, _) = rest.split_once('.')?;
    let significant = match (major, minor) {
        ("0", "0") => return None,
        ("0", _) => &release[..major.len() + 1 + minor.len()],
        _ => major,
    };
    Some((name, significant))
}

#[cfg(test)]
mod tests {
    use super::same_track;

    #[test]
    fn versions_go_together_as_in_the_engines_linker() {
        for (a, b, together) in [
            ("x:y/z", "x:y/z", true),
            ("x:y/z", "x:y/w", false),
            ("x:y/z@0.1.0", "x:y/z@0.1.3", true),
            ("x:y/z@0.1.0", "x:y/z@0.2.0", false),
            ("x:y/z@0.0.1", "x:y/z@0.0.2", false),
            ("x:y/z@0.0.1", "x:y/z@0.0.1", true),
            ("x:y/z@1.0.0", "x:y/z@1.7.2+build.5", true),
            ("x:y/z@1.0.0", "x:y/z@2.0.0", false),
            ("x:y/z@1.0.0", "x:y/z@10.0.0", false),
            ("x:y/z@1.0.0-rc.1", "x:y/z@1.0.0", false),
            ("x:y/z@1.0.0", "x:y/z", false),
            ("", "", true),
        ] {
            assert_eq!(same_track(a, b), together, "{a} and {b}");
        }
    }
}

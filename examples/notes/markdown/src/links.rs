//! What kind of place a link leads to. Knows how destinations are written, not what is there.

/// Where a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// To an anchor in the same document; the text behind the `#`.
    Anchor(String),
    /// To another file, by its path as it stands in the document.
    File(String),
    /// To the web, or to anything else with a scheme.
    Url(String),
}

impl Link {
    /// Tells by its form what a link's destination is.
    pub(crate) fn to(destination: &str) -> Self {
        match destination.strip_prefix('#') {
            Some(anchor) => Self::Anchor(anchor.to_owned()),
            // Without a scheme, two slashes begin the name of a server.
            None if has_scheme(destination) || destination.starts_with("//") => {
                Self::Url(destination.to_owned())
            }
            // Nothing at all leads to the document itself.
            None if destination.is_empty() => Self::Anchor(String::new()),
            None => Self::File(destination.to_owned()),
        }
    }
}

/// Whether there is a scheme as in RFC 3986 before the first colon.
fn has_scheme(destination: &str) -> bool {
    let Some((scheme, _)) = destination.split_once(':') else {
        return false;
    };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character))
}

#[cfg(test)]
mod tests {
    use super::Link;

    #[test]
    fn the_form_decides() {
        for (destination, expected) in [
            ("#", Link::Anchor(String::new())),
            ("", Link::Anchor(String::new())),
            ("a/b.md?c#d", Link::File("a/b.md?c#d".to_owned())),
            ("/a:b", Link::File("/a:b".to_owned())),
            (":b", Link::File(":b".to_owned())),
            ("a:b", Link::Url("a:b".to_owned())),
            ("svn+ssh://x", Link::Url("svn+ssh://x".to_owned())),
            ("//x/y", Link::Url("//x/y".to_owned())),
        ] {
            assert_eq!(Link::to(destination), expected, "{destination}");
        }
    }
}

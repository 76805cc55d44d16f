//! What keys, topics and groups are called at a server.

use std::fmt::Write as _;

use crate::failure::{Error, Result};

/// What stands between the parts of a key, and what Dapr makes of it here.
const SEPARATOR: &str = "||";

/// A key in a bucket: what may not stand there is written as `=` and two digits. Keys of letters
/// and digits are as Dapr has them.
pub(super) fn key(key: &str) -> String {
    let parts = key.split(SEPARATOR).map(|part| match part {
        // Nothing at all cannot stand there.
        "" => "=".to_owned(),
        part => escaped(part, |byte| matches!(byte, b'-' | b'_' | b'/')),
    });
    parts.collect::<Vec<_>>().join(".")
}

/// The name of a stream, of a consumer or of an application among subjects.
pub(super) fn name(name: &str) -> String {
    escaped(name, |byte| matches!(byte, b'-' | b'_'))
}

fn escaped(text: &str, is_plain: impl Fn(u8) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte.is_ascii_alphanumeric() || is_plain(byte) {
            true => escaped.push(char::from(byte)),
            // Writing to a text does not fail.
            false => drop(write!(escaped, "={byte:02X}")),
        }
    }
    escaped
}

/// That a topic can be a subject, as which it stands at the server.
pub(super) fn check_topic(topic: &str) -> Result<()> {
    let is_bad = |character: char| {
        character.is_whitespace() || character.is_control() || matches!(character, '*' | '>')
    };
    let has_gap = topic.split('.').any(str::is_empty);
    if has_gap || topic.starts_with('$') || topic.contains(is_bad) {
        return Err(Error::Invalid(format!("`{topic}` is no subject of NATS")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{check_topic, key, name};

    #[test]
    fn keys_are_as_dapr_has_them_and_all_are_different() {
        for (plain, escaped) in [
            ("shop||order-7", "shop.order-7"),
            ("shop||a.b", "shop.a=2Eb"),
            ("shop||a=b", "shop.a=3Db"),
            ("shop||", "shop.="),
            ("shop||ä c", "shop.=C3=A4=20c"),
            ("a/b", "a/b"),
        ] {
            assert_eq!(key(plain), escaped);
        }
        assert_eq!(name("a.b/c-d"), "a=2Eb=2Fc-d");
    }

    #[test]
    fn topics_are_subjects() {
        for good in ["orders", "orders.new", "bücher"] {
            check_topic(good).unwrap();
        }
        for bad in ["", "a b", "a.*", ">", "a..b", ".a", "$JS.API", "a\n"] {
            check_topic(bad).unwrap_err();
        }
    }
}

//! The metadata of a component, asked for item by item. What nobody asked for is refused.

use std::path::Path;
use std::time::Duration;

use super::declared::Declared;
use super::problem::Problems;
use crate::components::KeyPrefix;

/// The metadata of a component. Names are the same in whichever case they are written.
pub(super) struct Settings<'a> {
    declared: &'a Declared,
    /// Name, line and value, and whether somebody has asked for it.
    values: Vec<(String, usize, String, bool)>,
    problems: &'a mut Problems,
}

impl<'a> Settings<'a> {
    pub(super) fn new(
        declared: &'a Declared,
        values: Vec<(String, usize, String)>,
        problems: &'a mut Problems,
    ) -> Self {
        let values = values.into_iter();
        let values = values.map(|(name, line, value)| (name, line, value, false));
        Self {
            declared,
            values: values.collect(),
            problems,
        }
    }

    /// Says that something is wrong with the component as a whole.
    pub(super) fn wrong(&mut self, text: String) {
        self.problems
            .add(&self.declared.file, self.declared.line, text);
    }

    fn take(&mut self, wanted: &str) -> Option<(usize, String)> {
        let mut values = self.values.iter_mut();
        let value = values.find(|value| value.0.eq_ignore_ascii_case(wanted))?;
        value.3 = true;
        Some((value.1, value.2.clone()))
    }

    /// A text, if there is one.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.take(name).map(|(_, value)| value)
    }

    /// A text that has to be there.
    pub(super) fn required(&mut self, name: &str) -> Option<String> {
        let text = self.text(name).filter(|text| !text.is_empty());
        if text.is_none() {
            let type_ = &self.declared.type_;
            self.wrong(format!("`{type_}` needs `{name}`"));
        }
        text
    }

    /// What a function understands of a text.
    pub(super) fn parsed<T>(
        &mut self,
        name: &str,
        what: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let (line, value) = self.take(name)?;
        let parsed = parse(&value);
        if parsed.is_none() {
            let text = format!("`{name}` is `{value}` and not {what}");
            self.problems.add(&self.declared.file, line, text);
        }
        parsed
    }

    /// A truth.
    pub(super) fn truth(&mut self, name: &str) -> Option<bool> {
        self.parsed(name, "`true` or `false`", |value| {
            match value.to_ascii_lowercase().as_str() {
                "true" | "yes" | "y" | "1" | "on" => Some(true),
                "false" | "no" | "n" | "0" | "off" => Some(false),
                _ => None,
            }
        })
    }

    /// A whole number.
    #[cfg_attr(not(any(feature = "redis", feature = "nats")), allow(dead_code))]
    pub(super) fn number(&mut self, name: &str) -> Option<u64> {
        self.parsed(name, "a whole number", |value| value.parse().ok())
    }

    /// A time such as `30s`, or a number of seconds.
    #[cfg_attr(not(any(feature = "redis", feature = "nats")), allow(dead_code))]
    pub(super) fn time(&mut self, name: &str) -> Option<Duration> {
        self.parsed(name, "a time such as `30s`", time)
    }

    /// A path, from the folder of the file.
    pub(super) fn path(&mut self, name: &str) -> Option<std::path::PathBuf> {
        let path = self.required(name)?;
        let folder = self.declared.file.parent().unwrap_or(Path::new(""));
        Some(folder.join(path))
    }

    /// Who shares keys, for the types that have keys.
    pub(super) fn key_prefix(&mut self) -> KeyPrefix {
        let has_keys = ["state.", "lock."];
        if !has_keys
            .iter()
            .any(|kind| self.declared.type_.starts_with(kind))
        {
            return KeyPrefix::App;
        }
        let prefix = self.parsed("keyPrefix", "a prefix without `||`", |value| {
            Some(match value {
                _ if value.contains("||") => return None,
                _ if value.eq_ignore_ascii_case("appid") => KeyPrefix::App,
                _ if value.eq_ignore_ascii_case("name") => KeyPrefix::Name,
                _ if value.eq_ignore_ascii_case("none") => KeyPrefix::None,
                _ => KeyPrefix::Custom(value.to_owned()),
            })
        });
        prefix.unwrap_or_default()
    }

    /// Refuses what nobody has asked for.
    pub(super) fn finish(self) {
        let type_ = &self.declared.type_;
        for (name, line, _, asked) in self.values {
            if !asked {
                let text = format!("`{type_}` has no `{name}` here");
                self.problems.add(&self.declared.file, line, text);
            }
        }
    }
}

/// A time such as `30s`, or a number of seconds.
#[cfg_attr(not(any(feature = "redis", feature = "nats")), allow(dead_code))]
pub(super) fn time(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let unit = value.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = value.split_at(unit);
    let unit = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    let seconds = number.parse::<f64>().ok()? * unit;
    Duration::try_from_secs_f64(seconds).ok()
}

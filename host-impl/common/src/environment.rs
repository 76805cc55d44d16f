//! The provider of `abide:common/environment`: variables that the host chose.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use abide_common::host;

/// Variables for guests. There are none but those that the host puts there.
///
/// ```
/// use abide_common::host::Environment as _;
/// use abide_common_host::Environment;
///
/// // `LANG` of the host's own environment if it is set, and one that is only for guests.
/// let mut environment = Environment::inherit_only(["LANG"]).var("MODE", "strict");
/// assert_eq!(environment.get("MODE").as_deref(), Some("strict"));
/// assert_eq!(environment.get("PATH"), None);
/// ```
///
/// `Debug` shows the names and not the values, which may be secrets.
#[derive(Clone, Default)]
pub struct Environment {
    /// Shared among the instances of a guest, which cannot change them.
    variables: Arc<BTreeMap<String, String>>,
}

impl Environment {
    /// No variables.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The named variables of the host's own environment, as they are now.
    ///
    /// A variable that is not set, or whose value is not Unicode, is left out: a guest could not be
    /// given it.
    #[must_use]
    pub fn inherit_only<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> Self {
        let names = names.into_iter();
        let set = names.filter_map(|name| {
            let name = name.as_ref();
            // Asked for such a name, the system's function may panic.
            if name.is_empty() || name.contains(['=', '\0']) {
                return None;
            }
            let value = std::env::var(name).ok()?;
            Some((name.to_owned(), value))
        });
        set.collect()
    }

    /// The same with one variable more, or with another value for it.
    #[must_use]
    pub fn var(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.variables).insert(name.into(), value.into());
        self
    }
}

/// Variables from pairs of a name and a value. The last value of a name counts.
impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let variables = variables.into_iter();
        let variables = variables.map(|(name, value)| (name.into(), value.into()));
        Self {
            variables: Arc::new(variables.collect()),
        }
    }
}

impl host::Environment for Environment {
    fn get(&mut self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn all(&mut self) -> Vec<(String, String)> {
        let variables = self.variables.iter();
        variables
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Environment;
    use abide_common::host::Environment as _;

    #[test]
    fn only_what_was_named_is_inherited() {
        let path = std::env::var("PATH").unwrap();
        assert!(std::env::vars_os().count() > 1);
        let names = ["PATH", "ABIDE_NOT_SET", "", "A=B", "A\0B"];
        let mut environment = Environment::inherit_only(names);
        assert_eq!(environment.all(), [("PATH".to_owned(), path)]);
        assert_eq!(environment.get("path"), None);
    }

    #[test]
    fn a_variable_can_be_added_and_replaced_without_touching_clones() {
        let first: Environment = [("B", "1"), ("A", "2"), ("B", "3")].into_iter().collect();
        let mut second = first.clone().var("B", "4").var("C", "");
        let pairs = |environment: &mut Environment| {
            let all = environment.all().into_iter();
            all.map(|(name, value)| name + "=" + &value)
                .collect::<Vec<_>>()
        };
        assert_eq!(pairs(&mut first.clone()), ["A=2", "B=3"]);
        assert_eq!(pairs(&mut second), ["A=2", "B=4", "C="]);
        assert_eq!(second.get("C").as_deref(), Some(""));
    }

    #[test]
    fn values_are_not_shown() {
        let environment = Environment::new().var("TOKEN", "secret");
        assert_eq!(format!("{environment:?}"), r#"{"TOKEN"}"#);
    }
}

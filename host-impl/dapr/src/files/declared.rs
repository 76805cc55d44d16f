//! What a file declares, before anything is made of it. Knows the form of components, and no type.

use std::path::{Path, PathBuf};

use super::problem::Problems;
use super::yaml::{self, Node, Value as Yaml};

/// A component as it is declared.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) file: PathBuf,
    /// The line of its type, for what is wrong with it as a whole.
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) type_: String,
    pub(super) version: String,
    pub(super) metadata: Vec<(String, usize, Value)>,
    pub(super) scopes: Vec<String>,
    pub(super) secret_store: Option<String>,
    /// It is left out if it cannot be had.
    pub(super) ignore_errors: bool,
}

/// What an item of metadata is.
#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    Secret { name: String, key: String },
    Environment(String),
}

/// Reads the components of a file.
pub(super) fn parse(file: &Path, text: &str, problems: &mut Problems) -> Vec<Declared> {
    let documents = problems.keep(yaml::parse(file, text));
    let mut all = Vec::new();
    for document in documents.unwrap_or_default() {
        // Nothing between two `---`, as templates leave it.
        if !matches!(document.value, Yaml::Nothing) {
            all.extend(Reader { file, problems }.component(document));
        }
    }
    all
}

struct Reader<'a> {
    file: &'a Path,
    problems: &'a mut Problems,
}

/// The parts of a map that are known, in the order in which they are asked for.
type Parts<const N: usize> = (usize, [Option<Node>; N]);

impl Reader<'_> {
    fn wrong<T>(&mut self, line: usize, text: String) -> Option<T> {
        self.problems.add(self.file, line, text);
        None
    }

    /// The known parts of a map. Others are refused.
    fn map<const N: usize>(
        &mut self,
        what: &str,
        node: Node,
        known: [&str; N],
        others: &[&str],
    ) -> Option<Parts<N>> {
        let Yaml::Map(pairs) = node.value else {
            let is = node.value.what();
            return self.wrong(node.line, format!("{what} is {is} and not a map"));
        };
        let mut parts = [const { None }; N];
        for (name, line, value) in pairs {
            match known.iter().position(|known| *known == name) {
                Some(at) => parts[at] = Some(value),
                None if others.contains(&&*name) => {}
                None => {
                    self.wrong::<()>(line, format!("{what} has no `{name}`"));
                }
            }
        }
        Some((node.line, parts))
    }

    fn text(&mut self, what: &str, line: usize, node: Option<Node>) -> Option<String> {
        match node {
            None => self.wrong(line, format!("{what} is missing")),
            Some(Node {
                value: Yaml::Text(text),
                ..
            }) => Some(text),
            Some(node) => {
                let is = node.value.what();
                self.wrong(node.line, format!("{what} is {is} and not a text"))
            }
        }
    }

    fn list(&mut self, what: &str, node: Option<Node>) -> Vec<Node> {
        match node {
            None => Vec::new(),
            Some(Node {
                value: Yaml::List(all),
                ..
            }) => all,
            Some(Node {
                value: Yaml::Nothing,
                ..
            }) => Vec::new(),
            Some(node) => {
                let is = node.value.what();
                self.wrong::<()>(node.line, format!("{what} is {is} and not a list"));
                Vec::new()
            }
        }
    }

    fn component(&mut self, node: Node) -> Option<Declared> {
        let known = ["apiVersion", "kind", "metadata", "spec", "scopes", "auth"];
        let (line, [api, kind, metadata, spec, scopes, auth]) =
            self.map("a component", node, known, &[])?;
        let api = self.text("`apiVersion`", line, api)?;
        if api != "dapr.io/v1alpha1" {
            self.wrong::<()>(
                line,
                format!("`apiVersion` is `{api}` and not `dapr.io/v1alpha1`"),
            );
        }
        let kind = self.text("`kind`", line, kind)?;
        if kind != "Component" {
            return self.wrong(line, format!("the kind `{kind}` is not known here"));
        }
        let name = match metadata {
            None => self.wrong(line, "`metadata` is missing".to_owned()),
            Some(node) => {
                let others = ["namespace", "labels", "annotations"];
                let (line, [name]) = self.map("`metadata`", node, ["name"], &others)?;
                self.text("`metadata.name`", line, name)
            }
        };
        let Some(spec) = spec else {
            return self.wrong(line, "`spec` is missing".to_owned());
        };
        let known = ["type", "version", "metadata", "ignoreErrors"];
        let (line, [type_, version, metadata, ignore]) =
            self.map("`spec`", spec, known, &["initTimeout"])?;
        let line = type_.as_ref().map_or(line, |type_| type_.line);
        let type_ = self.text("`spec.type`", line, type_);
        let version = match version {
            None => Some("v1".to_owned()),
            version => self.text("`spec.version`", line, version),
        };
        let ignore_errors = match ignore {
            None => false,
            ignore => self.text("`spec.ignoreErrors`", line, ignore)? == "true",
        };
        let metadata = self.list("`spec.metadata`", metadata);
        let metadata = metadata
            .into_iter()
            .filter_map(|node| self.item(node))
            .collect();
        let secret_store = match auth {
            None => None,
            Some(auth) => {
                let (line, [store]) = self.map("`auth`", auth, ["secretStore"], &[])?;
                self.text("`auth.secretStore`", line, store)
            }
        };
        let scopes = self.list("`scopes`", scopes).into_iter();
        let scopes = scopes
            .filter_map(|scope| self.text("a scope", line, Some(scope)))
            .collect();
        Some(Declared {
            file: self.file.to_owned(),
            line,
            name: name?,
            type_: type_?,
            version: version?,
            metadata,
            scopes,
            secret_store,
            ignore_errors,
        })
    }

    fn item(&mut self, node: Node) -> Option<(String, usize, Value)> {
        let known = ["name", "value", "secretKeyRef", "envRef"];
        let (line, [name, value, secret, environment]) =
            self.map("an item of metadata", node, known, &[])?;
        let name = self.text("the name of an item", line, name)?;
        let what = format!("the value of `{name}`");
        let value = match (value, secret, environment) {
            (
                Some(Node {
                    value: Yaml::Nothing,
                    ..
                }),
                None,
                None,
            ) => Value::Text(String::new()),
            (Some(value), None, None) => Value::Text(self.text(&what, line, Some(value))?),
            (None, Some(secret), None) => {
                let (line, [name, key]) = self.map(&what, secret, ["name", "key"], &[])?;
                let name = self.text("the name of a secret", line, name)?;
                let key = match key {
                    None => name.clone(),
                    key => self.text("the key of a secret", line, key)?,
                };
                Value::Secret { name, key }
            }
            (None, None, Some(name)) => Value::Environment(self.text(&what, line, Some(name))?),
            _ => return self.wrong(line, format!("{what} is not said, or twice")),
        };
        Some((name, line, value))
    }
}

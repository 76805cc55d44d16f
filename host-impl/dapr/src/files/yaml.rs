//! YAML as trees of texts with their lines. Knows nothing of components.

use std::path::Path;

use saphyr::{LoadableYamlNode as _, MarkedYaml, Scalar, YamlData};

use super::problem::Problem;

/// How deep values may nest.
const DEPTH: usize = 64;

/// A value with the line that it begins on.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    Nothing,
    /// As it is written: numbers and truths are texts, too.
    Text(String),
    List(Vec<Node>),
    /// Names with their lines.
    Map(Vec<(String, usize, Node)>),
}

impl Value {
    /// What it is, for messages.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

/// The documents of a file.
pub(super) fn parse(file: &Path, text: &str) -> Result<Vec<Node>, Problem> {
    let documents = MarkedYaml::load_from_str(text).map_err(|error| {
        let line = error.marker().line();
        Problem::new(file, line, format!("this is no YAML: {}", error.info()))
    })?;
    let documents = documents.iter().map(|document| node(document, text, DEPTH));
    documents
        .collect::<Result<_, _>>()
        .map_err(|(line, text)| Problem::new(file, line, text.to_owned()))
}

fn node(yaml: &MarkedYaml<'_>, source: &str, depth: usize) -> Result<Node, (usize, &'static str)> {
    let line = yaml.span.start.line();
    let depth = depth.checked_sub(1).ok_or((line, "this is too deep"))?;
    let written = || {
        let (start, end) = (yaml.span.start.index(), yaml.span.end.index());
        let text = source.chars().skip(start).take(end.saturating_sub(start));
        Value::Text(text.collect::<String>().trim().to_owned())
    };
    let value = match &yaml.data {
        YamlData::Value(Scalar::Null) => Value::Nothing,
        YamlData::Value(Scalar::String(text)) => Value::Text(text.to_string()),
        YamlData::Value(Scalar::Boolean(truth)) => Value::Text(truth.to_string()),
        // A version such as `1.10` is no number.
        YamlData::Value(_) => written(),
        YamlData::Representation(text, ..) => Value::Text(text.to_string()),
        YamlData::Sequence(all) => {
            let all = all.iter().map(|one| node(one, source, depth));
            Value::List(all.collect::<Result<_, _>>()?)
        }
        YamlData::Mapping(map) => {
            let mut pairs = Vec::new();
            for (key, value) in map {
                let key = node(key, source, depth)?;
                let Value::Text(name) = key.value else {
                    return Err((key.line, "a name is no text"));
                };
                pairs.push((name, key.line, node(value, source, depth)?));
            }
            Value::Map(pairs)
        }
        _ => return Err((line, "tags and aliases like this are not known here")),
    };
    Ok(Node { line, value })
}

//! Components: which backend a name stands for, and for whom.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use crate::blocks::{Binding, ConfigurationStore, LockStore, PubSub, SecretStore, StateStore};
use crate::failure::{Error, Result};

/// What stands between the parts of a key.
const SEPARATOR: &str = "||";

/// A kind of building block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BlockKind {
    /// State stores.
    State,
    /// Brokers.
    PubSub,
    /// Secret stores.
    Secrets,
    /// Bindings.
    Binding,
    /// Lock stores.
    Lock,
    /// Configuration stores.
    Configuration,
}

/// A backend of some kind.
#[derive(Debug, Clone)]
pub enum Block {
    /// A state store.
    State(Arc<dyn StateStore>),
    /// A broker.
    PubSub(Arc<dyn PubSub>),
    /// A secret store.
    Secrets(Arc<dyn SecretStore>),
    /// A binding.
    Binding(Arc<dyn Binding>),
    /// A lock store.
    Lock(Arc<dyn LockStore>),
    /// A configuration store.
    Configuration(Arc<dyn ConfigurationStore>),
}

impl Block {
    /// Which kind it is.
    pub fn kind(&self) -> BlockKind {
        match self {
            Self::State(_) => BlockKind::State,
            Self::PubSub(_) => BlockKind::PubSub,
            Self::Secrets(_) => BlockKind::Secrets,
            Self::Binding(_) => BlockKind::Binding,
            Self::Lock(_) => BlockKind::Lock,
            Self::Configuration(_) => BlockKind::Configuration,
        }
    }
}

/// Who shares keys of state and locks with whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KeyPrefix {
    /// Each application has its own.
    #[default]
    App,
    /// All that use the component share them.
    Name,
    /// All that use the backend share them; keys stand there as they are.
    None,
    /// All share them that say this.
    Custom(String),
}

/// A backend with its name.
#[derive(Debug, Clone)]
pub struct Component {
    pub(crate) name: String,
    pub(crate) block: Block,
    pub(crate) type_: String,
    pub(crate) version: String,
    pub(crate) prefix: KeyPrefix,
    pub(crate) scopes: Vec<String>,
}

impl Component {
    /// A backend with its name.
    pub fn new(name: impl Into<String>, block: Block) -> Self {
        let type_ = match block.kind() {
            BlockKind::State => "state.custom",
            BlockKind::PubSub => "pubsub.custom",
            BlockKind::Secrets => "secretstores.custom",
            BlockKind::Binding => "bindings.custom",
            BlockKind::Lock => "lock.custom",
            BlockKind::Configuration => "configuration.custom",
        };
        Self {
            name: name.into(),
            block,
            type_: type_.to_owned(),
            version: "v1".to_owned(),
            prefix: KeyPrefix::default(),
            scopes: Vec::new(),
        }
    }

    /// A state store.
    pub fn state(name: impl Into<String>, store: impl StateStore + 'static) -> Self {
        Self::new(name, Block::State(Arc::new(store)))
    }

    /// A broker.
    pub fn pubsub(name: impl Into<String>, broker: impl PubSub + 'static) -> Self {
        Self::new(name, Block::PubSub(Arc::new(broker)))
    }

    /// A secret store.
    pub fn secrets(name: impl Into<String>, store: impl SecretStore + 'static) -> Self {
        Self::new(name, Block::Secrets(Arc::new(store)))
    }

    /// A binding.
    pub fn binding(name: impl Into<String>, binding: impl Binding + 'static) -> Self {
        Self::new(name, Block::Binding(Arc::new(binding)))
    }

    /// A lock store.
    pub fn lock(name: impl Into<String>, store: impl LockStore + 'static) -> Self {
        Self::new(name, Block::Lock(Arc::new(store)))
    }

    /// A configuration store.
    pub fn configuration(
        name: impl Into<String>,
        store: impl ConfigurationStore + 'static,
    ) -> Self {
        Self::new(name, Block::Configuration(Arc::new(store)))
    }

    /// What it is called in component files, such as `state.redis`, and in which version.
    #[must_use]
    pub fn of_type(mut self, type_: impl Into<String>, version: impl Into<String>) -> Self {
        self.type_ = type_.into();
        self.version = version.into();
        self
    }

    /// Who shares its keys.
    #[must_use]
    pub fn key_prefix(mut self, prefix: KeyPrefix) -> Self {
        self.prefix = prefix;
        self
    }

    /// The ids of the applications that may use it; without one, all may.
    #[must_use]
    pub fn scopes(mut self, apps: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = apps.into_iter().map(Into::into).collect();
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is called in component files.
    pub fn type_name(&self) -> &str {
        &self.type_
    }

    /// Its type's version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The backend.
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// Whether an application may use it.
    pub fn is_for(&self, app: &str) -> bool {
        self.scopes.is_empty() || self.scopes.iter().any(|scope| scope == app)
    }

    /// A key of state as the backend has it.
    pub(crate) fn state_key(&self, app: &str, key: &str) -> Result<String> {
        let key = plain(key)?;
        Ok(match &self.prefix {
            KeyPrefix::None => key.to_owned(),
            KeyPrefix::App => format!("{app}{SEPARATOR}{key}"),
            KeyPrefix::Name => format!("{}{SEPARATOR}{key}", self.name),
            KeyPrefix::Custom(prefix) => format!("{prefix}{SEPARATOR}{key}"),
        })
    }

    /// A lock as the backend has it.
    pub(crate) fn lock_key(&self, app: &str, resource: &str) -> Result<String> {
        Ok(format!("lock{SEPARATOR}{}", self.state_key(app, resource)?))
    }
}

/// A key must not look as if it had a prefix.
fn plain(key: &str) -> Result<&str> {
    if key.contains(SEPARATOR) {
        return Err(Error::Invalid(format!(
            "a key cannot have `{SEPARATOR}` in it"
        )));
    }
    Ok(key)
}

/// Who has components of names that nobody has said, such as a sidecar.
pub trait Provider: Debug + Send + Sync {
    /// The component of that name.
    fn component(&self, kind: BlockKind, name: &str) -> Option<Component>;
}

/// All of them, by kind and name.
#[derive(Debug, Default)]
pub(crate) struct Components {
    named: BTreeMap<BlockKind, BTreeMap<String, Arc<Component>>>,
    provider: Option<Arc<dyn Provider>>,
}

impl Components {
    /// Adds one. False is that there is one of that kind and name.
    pub(crate) fn add(&mut self, component: Component) -> bool {
        let of_kind = self.named.entry(component.block.kind()).or_default();
        let name = component.name.clone();
        of_kind.insert(name, Arc::new(component)).is_none()
    }

    pub(crate) fn provided_by(&mut self, provider: Arc<dyn Provider>) {
        self.provider = Some(provider);
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Component> {
        let all = self.named.values().flat_map(BTreeMap::values);
        all.map(|component| &**component)
    }

    /// The one that an application means by a name.
    pub(crate) fn find(&self, kind: BlockKind, app: &str, name: &str) -> Result<Arc<Component>> {
        let named = self.named.get(&kind);
        let found = match named.and_then(|of_kind| of_kind.get(name)) {
            Some(component) => component.is_for(app).then(|| Arc::clone(component)),
            None => {
                let provider = self.provider.as_ref();
                let component = provider.and_then(|provider| provider.component(kind, name));
                component.map(Arc::new)
            }
        };
        found.ok_or_else(|| Error::NoComponent(name.to_owned()))
    }
}

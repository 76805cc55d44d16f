//! What one configuration makes of a worker: its filters and its upstreams. A worker has a new one
//! when all was loaded anew; streams keep the one in which they began.

use std::rc::Rc;
use std::sync::Arc;

use abide_proxy::types::Field;
use abide_proxy_wasm::Keeper;
use metrics::gauge;
use tokio::task::spawn_local;

use crate::config::Config;
use crate::fields::text;
use crate::filter::{self, Filter};
use crate::load::Seed;
use crate::stream::Figures;
use crate::upstream::{Upstream, Upstreams};

/// A generation.
pub(crate) struct Generation {
    pub(crate) config: Arc<Config>,
    /// In the order in which requests pass them.
    pub(crate) filters: Vec<Rc<Filter>>,
    upstreams: Rc<Upstreams>,
    pub(crate) figures: Figures,
}

impl Generation {
    /// Begins with what was loaded.
    pub(crate) fn new(seed: Seed) -> Rc<Self> {
        gauge!("proxy_generations").increment(1);
        let upstreams = Rc::new(Upstreams::new(&seed.config, seed.tls));
        let filters = seed.plugins.into_iter().map(|loaded| {
            let keeper = Keeper::new(loaded.plugin, loaded.configuration, loaded.keep);
            let filter = Filter::new(
                loaded.name,
                loaded.body_before_headers,
                keeper,
                loaded.notes,
                Rc::clone(&upstreams),
            );
            filter.start();
            spawn_local(filter::look_after(Rc::downgrade(&filter)));
            filter
        });
        Rc::new(Self {
            filters: filters.collect(),
            config: seed.config,
            upstreams,
            figures: Figures::new(),
        })
    }

    /// Who is asked for a request of these fields.
    pub(crate) fn choose(&self, fields: &[Field]) -> Option<Rc<Upstream>> {
        let path = text(fields, ":path").unwrap_or_default();
        let authority = text(fields, ":authority").unwrap_or_default();
        let host = without_port(authority);
        let mut routes = self.config.routes.iter();
        let route = routes.find(|route| {
            let is_host = |wanted: &String| wanted.eq_ignore_ascii_case(host);
            path.starts_with(&route.prefix) && route.host.as_ref().is_none_or(is_host)
        })?;
        self.upstreams.get(&route.upstream)
    }

    /// Ends its filters, and with them the streams that there are.
    pub(crate) fn end(&self) {
        for filter in &self.filters {
            filter.end();
        }
    }
}

/// The last stream is through.
impl Drop for Generation {
    fn drop(&mut self) {
        self.end();
        gauge!("proxy_generations").decrement(1);
    }
}

fn without_port(authority: &str) -> &str {
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    match authority.rsplit_once(':') {
        Some((host, port)) if is_port(port) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::without_port;

    #[test]
    fn a_host_may_have_a_port() {
        assert_eq!(without_port("a.b:80"), "a.b");
        assert_eq!(without_port("a.b"), "a.b");
        assert_eq!(without_port("[::1]:80"), "[::1]");
        assert_eq!(without_port("[::1]"), "[::1]");
    }
}

//! The program beside the sidecar, as an application: called over HTTP or gRPC, where it listens.

mod grpc;
mod http;

use std::sync::Arc;
use std::time::Duration;

use abide_dapr::app::Subscription;
use abide_dapr_host::{App, Block};
use anyhow::{Context as _, Result};
use tokio::net::TcpStream;
use tokio::time::sleep;
use tracing::info;

use crate::api::{Api, Listed, Subscribed};
use crate::options::{Options, Protocol};
use crate::token::Shown;

/// How often it is looked whether it listens.
const LOOK: Duration = Duration::from_millis(50);

/// The application, when it listens.
///
/// # Errors
///
/// It says things that make no sense.
pub(crate) async fn app(options: &Options, port: u16, api: &Api) -> Result<Arc<dyn App>> {
    let address = format!("127.0.0.1:{port}");
    while TcpStream::connect(&address).await.is_err() {
        sleep(LOOK).await;
    }
    info!("the application listens on {address}");
    let deadline = options.deadline;
    Ok(match options.app_protocol {
        Protocol::Http => {
            let inputs = api
                .dapr
                .components()
                .filter(|component| match component.block() {
                    Block::Binding(binding) => {
                        component.is_for(api.id()) && binding.operations().is_empty()
                    }
                    _ => false,
                });
            let inputs = inputs.map(|component| component.name().to_owned());
            let token = options.app_token.clone();
            Arc::new(http::Http::new(address, deadline, token, inputs.collect()))
        }
        Protocol::Grpc => {
            let shown = Shown::new(options.app_token.as_ref());
            let app = grpc::Grpc::new(&address, deadline, api.max_body, shown);
            Arc::new(app.context("the application's address")?)
        }
    })
}

/// Puts what it subscribes to on the list, for as long as what is returned is kept.
///
/// # Errors
///
/// It does not say what it subscribes to.
pub(crate) async fn list(api: &Arc<Api>, app: &dyn App) -> Result<Vec<Listed>> {
    let subscriptions = app.subscriptions().await.context("its subscriptions")?;
    Ok(subscriptions
        .into_iter()
        .map(|of| api.list(listed(of)))
        .collect())
}

fn listed(of: Subscription) -> Subscribed {
    let rules = of.rules.into_iter().map(|rule| (rule.matching, rule.path));
    let default = (!of.path.is_empty()).then(|| (String::new(), of.path));
    Subscribed {
        pubsub: of.pubsub,
        topic: of.topic,
        dead_letter: of.dead_letter,
        rules: rules.chain(default).collect(),
        streaming: false,
    }
}

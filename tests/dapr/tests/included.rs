//! Worlds that include those of Dapr share its types and its host.

use abide::HostedBy;
use abide_dapr::client::host_async::Client;
use abide_dapr::host_async::Service;
use abide_dapr_host::{App, Host, app};

/// The world of a shop.
pub mod shop {
    abide::abi!({
        wit: "wit",
        module: "shop",
        with: {
            "abide:dapr": abide_dapr,
        },
    });
}

use shop::host_async::Shop;

fn is_hosted<W: HostedBy<Host>>() {}

/// What a host does with a shop. It is here to be compiled.
fn run(shop: Shop) -> std::sync::Arc<dyn App> {
    app!(Shop, shop)
}

#[test]
fn one_host_serves_them_all() {
    is_hosted::<Service>();
    is_hosted::<Client>();
    is_hosted::<Shop>();
    let _ = run;
    let dapr = abide_dapr_host::Dapr::builder().build().unwrap();
    let error = Shop::builder(dapr.host("shop"))
        .load("shop.wasm")
        .unwrap_err();
    assert!(error.to_string().contains("shop.wasm"), "{error}");
}

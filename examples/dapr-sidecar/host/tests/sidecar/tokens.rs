//! Tokens: what clients have to show, and what the program beside the sidecar is shown.

use std::sync::Arc;

use abide_dapr::host_async::State as _;
use abide_dapr::state::Consistency;
use abide_dapr_host::sidecar::Sidecar as Backing;
use abide_dapr_host::{Dapr, Error};
use abide_dapr_tests::block_on;
use dapr::client::ClientOptions;

use crate::client::Client;
use crate::sdks::start_with;

const TOKEN: (&str, &str) = ("DAPR_API_TOKEN", "open sesame");
const FIELD: &str = "dapr-api-token";

#[test]
fn over_http() {
    let (sidecar, _) = start_with("token-http", &[], &[TOKEN]);
    let client = Client(sidecar.http);
    let path = "/v1.0/state/statestore/none";
    for fields in [
        &[][..],
        &[(FIELD, "open")],
        &[(FIELD, "")],
        &[("authorization", TOKEN.1)],
    ] {
        let answer = client.ask_with("GET", path, fields, "");
        assert_eq!(
            (answer.status, answer.body.trim()),
            (401, "invalid api token")
        );
    }
    // Neither another path nor another method is a way around it.
    for (method, path) in [
        ("POST", "/v1.0/shutdown"),
        ("GET", "/echo"),
        ("PUT", "/v1.0//healthz"),
    ] {
        let answer = client.ask_with(method, path, &[("dapr-app-id", "orders")], "");
        assert_eq!(answer.status, 401, "{method} {path}");
    }
    let shown = [(FIELD, TOKEN.1)];
    assert_eq!(client.ask_with("GET", path, &shown, "").status, 204);
    assert_eq!(client.ask("GET", "/v1.0/healthz", "").status, 204);
    let echo = client.ask_with("POST", "/v1.0/invoke/orders/method/echo", &shown, "hello");
    assert_eq!((echo.status, &*echo.body), (200, "hello"));
}

#[test]
fn over_grpc() {
    let (sidecar, _) = start_with("token-grpc", &[], &[TOKEN]);
    block_on(async {
        let get = async |backing: Backing| {
            let dapr = Dapr::builder().provider(Arc::new(backing)).build().unwrap();
            let any = Consistency::Unspecified;
            let mut host = dapr.host("any");
            host.get("statestore", "none", any, Vec::new()).await
        };
        let backing = || Backing::builder(sidecar.address());
        assert_eq!(
            get(backing().token(TOKEN.1).build().unwrap()).await,
            Ok(None)
        );
        for without in [backing(), backing().token("open")] {
            let refused = get(without.build().unwrap()).await;
            assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
        }
        // The SDK for Rust shows it, too.
        let options = ClientOptions::new().with_address(sidecar.address());
        let mut client = dapr::Client::from_options(options.clone().with_api_token(TOKEN.1))
            .await
            .unwrap();
        let found = client.get_state("statestore", "none", None).await.unwrap();
        assert!(found.data.is_empty());
        let mut client = dapr::Client::from_options(options.without_api_token())
            .await
            .unwrap();
        let refused = client
            .get_state("statestore", "none", None)
            .await
            .unwrap_err();
        assert!(refused.to_string().contains("token"), "{refused}");
    });
}

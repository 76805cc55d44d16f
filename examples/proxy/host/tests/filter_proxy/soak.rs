//! Many requests, with traps and reloads among them: none is lost, none is answered wrongly, and the
//! process does not grow. `FILTER_PROXY_REQUESTS` says how many.

use std::env;

use tokio::task::JoinHandle;

use crate::frames::Frames;
use crate::{COMPONENT, MODULE, Proxy, Upstream, filter, folder, run, to, until};

/// How many clients there are at a time.
const CLIENTS: usize = 8;

/// The most that a process may grow by, in KiB, whatever it is asked.
const GROWTH: u64 = 24 << 10;

/// Asks so often, with a trap among a hundred. The filter's streams go on without it then: each
/// client says how many of its requests no filter has seen.
async fn ask(proxy: &Proxy, requests: usize) -> Vec<JoinHandle<usize>> {
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        let mut client = proxy.client().await;
        clients.push(tokio::spawn(async move {
            let mut unseen = 0;
            for at in 0..requests / CLIENTS {
                let is_trap = at % 100 == 12 * number + 6;
                let path = if is_trap { "/panic" } else { "/a" };
                let answer = client.post(path, Frames::text("body")).await.unwrap();
                assert_eq!(answer.status, 200, "{answer:?}");
                let echoed = answer.echoed().trim_end_matches('!').to_ascii_lowercase();
                assert_eq!(echoed, "body");
                let filters = answer.body.matches("x-filter: ").count();
                assert!(filters <= 2, "{answer:?}");
                unseen += usize::from(filters == 0);
            }
            unseen
        }));
    }
    clients
}

async fn ended(clients: Vec<JoinHandle<usize>>) -> usize {
    let mut unseen = 0;
    for client in clients {
        unseen += client.await.unwrap();
    }
    unseen
}

#[test]
fn nothing_is_lost_and_nothing_grows() {
    let requests = env::var("FILTER_PROXY_REQUESTS").map_or(8_000, |text| text.parse().unwrap());
    run(async {
        let upstream = Upstream::start().await;
        let open = "on_failure = 'open'\nvm_streams = 5_000";
        let text = |round: usize| {
            let name = format!("n{round}");
            let filters = filter(&name, &COMPONENT, open) + &filter("module", &MODULE, open);
            format!(
                "workers = 2\naccess_log = false\n{}{filters}",
                to(&upstream)
            )
        };
        let proxy = Proxy::start(&folder("soak"), &text(0), &[]).unwrap();
        let mut unseen = ended(ask(&proxy, requests / 4).await).await;
        let before = proxy.resident_kib();
        for round in 1..=3 {
            proxy.configure(&text(round));
            let reloads = format!("\"reloads\":{round}}}");
            let is_loaded = async || proxy.told("/healthz").await.contains(&reloads);
            // Asked meanwhile, too.
            let asked = ask(&proxy, requests / 4).await;
            until("it is loaded anew", is_loaded).await;
            unseen += ended(asked).await;
        }
        // Where several traps come in a row, a VM is not started at once.
        assert!(unseen < requests / 4, "{unseen}");
        let grown = proxy.resident_kib().saturating_sub(before);
        assert!(grown < GROWTH, "it has grown by {grown} KiB");
        until("nothing is left", async || {
            proxy.metric("proxy_streams", &[]).await == 0.0
        })
        .await;
        let answered = ["status=\"200\"", "by=\"upstream\""];
        let answered = proxy.metric("proxy_requests_total", &answered).await;
        assert_eq!(answered as usize, requests / 4 / CLIENTS * CLIENTS * 4);
        assert_eq!(proxy.metric("proxy_requests_total", &[]).await, answered);
        let failed = proxy.metric("proxy_filter_vms_failed_total", &[]).await;
        assert!(failed >= requests as f64 / 100.0, "{failed}");
    });
}

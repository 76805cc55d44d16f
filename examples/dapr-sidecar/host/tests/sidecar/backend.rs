//! The backend `sidecar`, before this sidecar: with all that every backend has to do, and with a
//! sidecar that goes and comes again.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use abide_dapr::host_async::{Configuration, State};
use abide_dapr::state::Consistency;
use abide_dapr_host::sidecar::Sidecar as Backing;
use abide_dapr_host::{BlockKind, Builder, Component, Dapr, Error, Host, Limits};
use abide_dapr_tests::{Backend, Can, Configure, block_on, suite};

use crate::Sidecar;
use crate::sidecar::write;

/// A sidecar that no other test has.
fn start(arguments: &[&str]) -> Sidecar {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = crate::folder(&format!("backend-{}-{next}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let settings = folder.join("settings.json");
    write(&settings, "{}");
    let settings = settings.to_str().unwrap().to_owned();
    let arguments = [arguments, &["--settings", &settings]].concat();
    Sidecar::started_in(folder, &arguments).unwrap()
}

/// Components of a sidecar, under the names of the suite.
fn components(backing: &Backing) -> Vec<Component> {
    let names = [
        (BlockKind::State, "store", "statestore"),
        (BlockKind::PubSub, "pubsub", "pubsub"),
        (BlockKind::Lock, "lock", "lockstore"),
        (BlockKind::Configuration, "configuration", "configstore"),
    ];
    let component = |(kind, name, there)| {
        let block = backing.component(kind, there).block().clone();
        Component::new(name, block)
    };
    names.map(component).into_iter().collect()
}

/// Changes the file, and waits until the sidecar has read it.
fn configure(settings: PathBuf, host: Host) -> Arc<Configure> {
    let items = Arc::new(parking_lot::Mutex::new(BTreeMap::new()));
    Arc::new(move |key: String, value: String| {
        let text = {
            let mut items = items.lock();
            items.insert(key.clone(), value.clone());
            serde_json::to_string(&*items).unwrap()
        };
        write(&settings, &text);
        let mut host = host.clone();
        Box::pin(async move {
            loop {
                let keys = vec![key.clone()];
                let items = Configuration::get(&mut host, "configuration", keys, Vec::new()).await;
                if items.unwrap().iter().any(|(_, item)| item.value == value) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
    })
}

async fn sidecar(builder: Builder) -> Option<Backend> {
    let sidecar = start(&["--max-body-size", "32Mi"]);
    let backing = Backing::builder(sidecar.address())
        .groups("consumerID")
        .build()
        .unwrap();
    let dapr = builder.components(components(&backing)).build().unwrap();
    let can = Can {
        configure: Some(configure(
            sidecar.folder.join("settings.json"),
            dapr.host("any"),
        )),
        ..Can::everything()
    };
    Some(Backend {
        dapr,
        can,
        keep: Box::new(sidecar),
    })
}

suite!(a_sidecar, sidecar);

/// A sidecar that does not answer is told, in time; one that is there again is used again.
#[test]
fn a_sidecar_that_goes_is_told_and_found_again() {
    block_on(async {
        let sidecar = start(&[]);
        let deadline = Duration::from_secs(1);
        let backing = Backing::builder(sidecar.address()).deadline(deadline);
        let dapr = Dapr::builder()
            .provider(Arc::new(backing.build().unwrap()))
            .limits(Limits::new().deadline(2 * deadline))
            .build()
            .unwrap();
        let mut host = dapr.host("any");
        let mut get = async || {
            let any = Consistency::Unspecified;
            State::get(&mut host, "statestore", "k", any, Vec::new()).await
        };
        assert_eq!(get().await, Ok(None));
        sidecar.signal("STOP");
        let begun = std::time::Instant::now();
        assert_eq!(get().await, Err(Error::Timeout));
        assert!(begun.elapsed() < 3 * deadline, "{:?}", begun.elapsed());
        sidecar.signal("CONT");
        assert_eq!(get().await, Ok(None));
        let (port, folder) = (sidecar.grpc.port().to_string(), sidecar.folder.clone());
        drop(sidecar);
        let gone = get().await;
        assert!(matches!(gone, Err(Error::Unavailable(_))), "{gone:?}");
        let _again = Sidecar::started_in(folder, &["--dapr-grpc-port", &port]).unwrap();
        assert_eq!(get().await, Ok(None));
    });
}

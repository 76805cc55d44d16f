//! The backends of this process.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use abide_dapr_host::embedded::{Broker, File, Locks, Memory, Settings};
use abide_dapr_host::{Builder, Component};
use abide_dapr_tests::{Backend, Can, suite};

fn can(settings: Settings) -> Can {
    Can {
        configure: Some(Arc::new(move |key, value| {
            settings.set(&key, &value);
            Box::pin(std::future::ready(()))
        })),
        ..Can::everything()
    }
}

async fn memory(builder: Builder) -> Option<Backend> {
    let settings = Settings::new();
    let dapr = builder
        .component(Component::state("store", Memory::new()))
        .component(Component::pubsub("pubsub", Broker::new()))
        .component(Component::lock("lock", Locks::new()))
        .component(Component::configuration("configuration", settings.clone()))
        .build();
    Some(Backend {
        dapr: dapr.unwrap(),
        can: can(settings),
        keep: Box::new(()),
    })
}

/// A path that no other test has.
fn path() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dapr");
    std::fs::create_dir_all(&folder).unwrap();
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    folder.join(format!("{}-{next}.redb", std::process::id()))
}

/// Removes a file in the end.
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn file(builder: Builder) -> Option<Backend> {
    let (path, settings) = (path(), Settings::new());
    let file = File::open(&path).unwrap();
    let dapr = builder
        .component(Component::pubsub("pubsub", file.broker().unwrap()))
        .component(Component::state("store", file))
        .component(Component::lock("lock", Locks::new()))
        .component(Component::configuration("configuration", settings.clone()))
        .build();
    Some(Backend {
        dapr: dapr.unwrap(),
        can: can(settings),
        keep: Box::new(Removed(path)),
    })
}

suite!(in_memory, memory);
suite!(in_a_file, file);

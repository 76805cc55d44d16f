//! Sessions and their resources on other threads than those they were made on, and in other tasks.

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_threads/test.wit", module: "resource_threads" });

#[derive(Clone, Default)]
struct App(Alive);

struct Job(u64, #[expect(dead_code, reason = "counts the value")] One);

impl host_async::Jobs for App {
    type Job = Job;

    async fn job_new(&mut self, seed: u64) -> Job {
        Job(seed, self.0.one(&seed.to_string()))
    }
}

impl host_async::jobs::Job for Job {
    async fn step(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005) + 1;
        self.0
    }
}

/// What a worker does, done here.
fn work(seed: u64, rounds: u32) -> u64 {
    (0..rounds).fold(seed, |value, _| {
        value.wrapping_mul(6_364_136_223_846_793_005) + 1
    })
}

#[cfg(sync)]
mod on_threads {
    use std::sync::mpsc;
    use std::thread;

    use super::host_async::exports::workers::Worker;
    use super::{App, host_async, work};

    #[test]
    fn a_session_moves_with_what_it_has() {
        let app = App::default();
        let session = load!(host_async::ResourceThreads, app.clone())
            .session()
            .unwrap();
        let worker = session.workers().worker_new(1).unwrap();
        assert_eq!(worker.work(1).unwrap(), work(1, 1));
        let (session, worker) = thread::spawn(move || {
            assert_eq!(worker.work(2).unwrap(), work(1, 3));
            (session, worker)
        })
        .join()
        .unwrap();
        assert_eq!(worker.work(1).unwrap(), work(1, 4));
        // Dropped elsewhere than used.
        thread::spawn(move || drop(worker)).join().unwrap();
        assert_eq!(session.workers().alive().unwrap(), 0);
        assert_eq!(app.0.count(), 0);
    }

    #[test]
    fn threads_share_a_session_with_a_resource_each() {
        let app = App::default();
        let session = load!(host_async::ResourceThreads, app.clone())
            .session()
            .unwrap();
        thread::scope(|scope| {
            for seed in 0..4 {
                let session = &session;
                scope.spawn(move || {
                    for round in 0..25 {
                        let seed = seed * 100 + round;
                        let worker = session.workers().worker_new(seed).unwrap();
                        assert_eq!(worker.work(3).unwrap(), work(seed, 3));
                    }
                });
            }
        });
        assert_eq!(session.workers().alive().unwrap(), 0);
        assert_eq!((app.0.made(), app.0.count()), (100, 0));
    }

    #[test]
    fn threads_share_a_resource() {
        let session = load!(host_async::ResourceThreads, App::default())
            .session()
            .unwrap();
        let worker = session.workers().worker_new(7).unwrap();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..25).for_each(|_| _ = worker.work(1).unwrap()));
            }
        });
        assert_eq!(worker.work(1).unwrap(), work(7, 101));
    }

    #[test]
    fn what_one_thread_makes_another_drops_meanwhile() {
        let app = App::default();
        let session = load!(host_async::ResourceThreads, app.clone())
            .session()
            .unwrap();
        let (sender, receiver) = mpsc::channel::<Worker>();
        thread::scope(|scope| {
            scope.spawn(move || receiver.into_iter().for_each(drop));
            for seed in 0..200 {
                sender
                    .send(session.workers().worker_new(seed).unwrap())
                    .unwrap();
            }
            drop(sender);
        });
        // Some were dropped while the instance was in use: they went right after.
        assert_eq!(session.workers().alive().unwrap(), 0);
        assert_eq!((app.0.made(), app.0.count()), (200, 0));
    }
}

#[cfg(not(sync))]
mod in_tasks {
    use std::future::Future;
    use std::sync::Arc;

    use tokio::runtime::Builder;
    use tokio::sync::mpsc;

    use super::host_async::exports::workers::Worker;
    use super::{App, host_async, work};

    /// Runs a test on several threads.
    fn on_several(test: impl Future<Output = ()>) {
        let runtime = Builder::new_multi_thread()
            .worker_threads(4)
            .enable_time()
            .build();
        runtime.unwrap().block_on(test);
    }

    async fn session(app: &App) -> abide::Session<host_async::ResourceThreads> {
        let guest = load!(host_async::ResourceThreads, app.clone());
        guest.session().await.unwrap()
    }

    #[test]
    fn a_session_moves_with_what_it_has() {
        on_several(async {
            let app = App::default();
            let session = session(&app).await;
            let worker = session.workers().worker_new(1).await.unwrap();
            assert_eq!(worker.work(1).await.unwrap(), work(1, 1));
            let task = tokio::spawn(async move {
                assert_eq!(worker.work(2).await.unwrap(), work(1, 3));
                (session, worker)
            });
            let (session, worker) = task.await.unwrap();
            assert_eq!(worker.work(1).await.unwrap(), work(1, 4));
            // Dropped elsewhere than used: released at the next call, and not before.
            tokio::spawn(async move { drop(worker) }).await.unwrap();
            assert_eq!(app.0.count(), 1);
            assert_eq!(session.workers().alive().await.unwrap(), 0);
            assert_eq!(app.0.count(), 0);
            // Or at once, by whoever waits for it.
            let worker = session.workers().worker_new(1).await.unwrap();
            assert_eq!(app.0.count(), 1);
            let released = tokio::spawn(abide::release(worker)).await;
            released.unwrap().unwrap();
            assert_eq!(app.0.count(), 0);
        });
    }

    #[test]
    fn tasks_share_a_session_with_a_resource_each() {
        on_several(async {
            let app = App::default();
            let session = Arc::new(session(&app).await);
            let tasks = (0..4).map(|seed| {
                let session = Arc::clone(&session);
                tokio::spawn(async move {
                    for round in 0..25 {
                        let seed = seed * 100 + round;
                        let worker = session.workers().worker_new(seed).await.unwrap();
                        assert_eq!(worker.work(3).await.unwrap(), work(seed, 3));
                    }
                })
            });
            for task in tasks.collect::<Vec<_>>() {
                task.await.unwrap();
            }
            assert_eq!(session.workers().alive().await.unwrap(), 0);
            assert_eq!((app.0.made(), app.0.count()), (100, 0));
        });
    }

    #[test]
    fn tasks_share_a_resource() {
        on_several(async {
            let session = session(&App::default()).await;
            let worker = Arc::new(session.workers().worker_new(7).await.unwrap());
            let tasks = (0..4).map(|_| {
                let worker = Arc::clone(&worker);
                tokio::spawn(async move {
                    for _ in 0..25 {
                        worker.work(1).await.unwrap();
                    }
                })
            });
            for task in tasks.collect::<Vec<_>>() {
                task.await.unwrap();
            }
            assert_eq!(worker.work(1).await.unwrap(), work(7, 101));
        });
    }

    #[test]
    fn what_one_task_makes_another_drops_meanwhile() {
        on_several(async {
            let app = App::default();
            let session = session(&app).await;
            let (sender, mut receiver) = mpsc::unbounded_channel::<Worker>();
            let other = tokio::spawn(async move {
                while let Some(worker) = receiver.recv().await {
                    drop(worker);
                }
            });
            for seed in 0..200 {
                let worker = session.workers().worker_new(seed).await.unwrap();
                sender.send(worker).unwrap();
            }
            drop(sender);
            other.await.unwrap();
            // Those that nobody called after are gone with this call.
            assert_eq!(session.workers().alive().await.unwrap(), 0);
            assert_eq!((app.0.made(), app.0.count()), (200, 0));
        });
    }
}

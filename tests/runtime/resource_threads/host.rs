//! Sessions and their resources on other threads than those they were made on.

use std::sync::mpsc;
use std::thread;

use crate::alive::{Alive, One};

abide::abi!({ wit: "resource_threads/test.wit", module: "resource_threads" });

use host::exports::workers::Worker;

#[derive(Clone, Default)]
struct App(Alive);

struct Job(u64, #[expect(dead_code, reason = "counts the value")] One);

impl host::Jobs for App {
    type Job = Job;

    fn job_new(&mut self, seed: u64) -> Job {
        Job(seed, self.0.one(&seed.to_string()))
    }
}

impl host::jobs::Job for Job {
    fn step(&mut self) -> u64 {
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

#[test]
fn a_session_moves_with_what_it_has() {
    let app = App::default();
    let session = load!(host::ResourceThreads, app.clone()).session().unwrap();
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
    let session = load!(host::ResourceThreads, app.clone()).session().unwrap();
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
    let session = load!(host::ResourceThreads, App::default())
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
    let session = load!(host::ResourceThreads, app.clone()).session().unwrap();
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

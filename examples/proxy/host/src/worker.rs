//! A worker: a thread with connections, streams and filters of its own. It shares nothing with
//! other workers but what filters share.

use std::cell::RefCell;
use std::future::poll_fn;
use std::net::TcpListener;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::thread::{Builder, JoinHandle};

use anyhow::{Context as _, Result};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{sleep, timeout};
use tokio_rustls::rustls::ServerConfig;
use tracing::{error, warn};

use crate::config::ms;
use crate::connection::Taker;
use crate::generation::Generation;
use crate::load::Seed;

/// What a worker is told.
pub(crate) enum Order {
    /// New streams get what was loaded anew.
    Replace(Seed),
    /// To take no more connections, and to end when its streams are through.
    End,
}

/// A worker, as whoever started it has it. It ends when it is told to, or when this is dropped.
pub(crate) struct Worker {
    orders: UnboundedSender<Order>,
    thread: JoinHandle<()>,
}

impl Worker {
    /// Starts one.
    ///
    /// # Errors
    ///
    /// There is no thread for it.
    pub(crate) fn start(
        number: usize,
        listener: TcpListener,
        tls: Option<Arc<ServerConfig>>,
        seed: Seed,
    ) -> Result<Self> {
        let (orders, received) = unbounded_channel();
        let thread = Builder::new()
            .name(format!("worker {number}"))
            .spawn(move || {
                if let Err(failure) = run(listener, tls, seed, received) {
                    error!("a worker cannot begin: {failure:#}");
                }
            });
        Ok(Self {
            orders,
            thread: thread.context("cannot start a worker")?,
        })
    }

    /// Tells it something. One that has ended does not hear.
    pub(crate) fn tell(&self, order: Order) {
        let _ = self.orders.send(order);
    }

    /// Waits until it has ended.
    pub(crate) fn join(self) {
        drop(self.orders);
        if self.thread.join().is_err() {
            error!("a worker panicked");
        }
    }
}

/// The generation of new streams.
pub(crate) struct Current(RefCell<Rc<Generation>>);

impl Current {
    pub(crate) fn get(&self) -> Rc<Generation> {
        Rc::clone(&self.0.borrow())
    }

    /// Puts another in its place. The old one is there as long as it has streams, within a bound.
    fn replace(&self, seed: Seed) {
        let old = self.0.replace(Generation::new(seed));
        let bound = ms(old.config.limits.drain_ms);
        let old = Rc::downgrade(&old);
        spawn_local(async move {
            sleep(bound).await;
            if let Some(old) = old.upgrade() {
                warn!("some streams are given up: their filters were replaced");
                old.end();
            }
        });
    }
}

fn run(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    seed: Seed,
    orders: UnboundedReceiver<Order>,
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, async {
        let current = Rc::new(Current(RefCell::new(Generation::new(seed))));
        let config = Arc::clone(&current.get().config);
        let taker = Taker::new(listener, tls, &config, Rc::clone(&current))?;
        work(taker, &current, orders).await;
        current.get().end();
        Ok(())
    })
}

/// Takes connections until it is told to end, and then waits for what was begun.
async fn work(taker: Taker, current: &Current, mut orders: UnboundedReceiver<Order>) {
    {
        let mut taking = pin!(taker.take_all());
        poll_fn(|cx| {
            while let Poll::Ready(order) = orders.poll_recv(cx) {
                match order {
                    Some(Order::Replace(seed)) => current.replace(seed),
                    Some(Order::End) | None => return Poll::Ready(()),
                }
            }
            taking.as_mut().poll(cx)
        })
        .await;
    }
    // With it goes the listener, so nobody connects any more.
    let graceful = taker.end();
    let bound = ms(current.get().config.limits.drain_ms);
    if timeout(bound, graceful.shutdown()).await.is_err() {
        warn!("some streams are given up: they are not through in time");
    }
}

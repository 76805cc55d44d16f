//! One filter on one worker: every call of it goes through here. When a call has returned, what was
//! noted is done, and streams whose VM is gone are told.
//!
//! Nothing waits while a filter is called, and nothing calls one from inside of a call.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use abide_proxy::callout::Request;
use abide_proxy::plugin::Phases;
use abide_proxy_wasm::{
    Broken, Failure, FilterVm, Keeper, KeeperStats, OnFailure, Stream as Id, StreamId,
};
use metrics::{Gauge, counter, gauge};
use tokio::task::{AbortHandle, spawn_local};
use tracing::{debug, warn};

use crate::answer::Answer;
use crate::app::App;
use crate::callout;
use crate::exchange::{Ending, Exchange};
use crate::grpc::{self, Told};
use crate::notes::{Made, Notes};
use crate::refusal::Refusal;
use crate::upstream::Upstreams;

/// One filter on one worker.
pub(crate) struct Filter {
    pub(crate) name: Arc<str>,
    /// Whether it is shown the body while it holds back the headers.
    pub(crate) body_before_headers: bool,
    /// None when it has ended.
    keeper: RefCell<Option<Keeper<App>>>,
    notes: Arc<Notes>,
    streams: RefCell<HashMap<Id, Exchange>>,
    /// Requests of the filter's own that are under way.
    calls: RefCell<HashMap<u32, AbortHandle>>,
    upstreams: Rc<Upstreams>,
    memory: Memory,
    this: Weak<Filter>,
}

/// What Prometheus is told of a filter's memory.
struct Memory {
    gauge: Gauge,
    /// What it was told of this worker.
    told: Cell<f64>,
}

impl Memory {
    fn of(filter: &str) -> Self {
        let gauge = gauge!("proxy_filter_memory_bytes", "filter" => filter.to_owned());
        // It is there even while there is nothing to tell.
        gauge.increment(0.0);
        let told = Cell::new(0.0);
        Self { gauge, told }
    }

    /// Tells how much memory there is, of all workers together.
    fn has(&self, bytes: usize) {
        let bytes = bytes as f64;
        self.gauge.increment(bytes - self.told.replace(bytes));
    }
}

/// Whose a request is: that of a stream, or of the plugin itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Caller {
    vm: u64,
    stream: Option<StreamId>,
}

impl From<Id> for Caller {
    fn from(id: Id) -> Self {
        Self {
            vm: id.vm(),
            stream: Some(id.id()),
        }
    }
}

impl Filter {
    pub(crate) fn new(
        name: Arc<str>,
        body_before_headers: bool,
        keeper: Keeper<App>,
        notes: Arc<Notes>,
        upstreams: Rc<Upstreams>,
    ) -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            memory: Memory::of(&name),
            name,
            body_before_headers,
            keeper: RefCell::new(Some(keeper)),
            notes,
            streams: RefCell::default(),
            calls: RefCell::default(),
            upstreams,
            this: this.clone(),
        })
    }

    /// Starts its VM, so that it ticks before there are requests. One that does not start is tried
    /// again with the first of them.
    pub(crate) fn start(&self) {
        let _ = self.enter(|keeper| {
            let vm = keeper.start()?;
            self.send(Caller { vm, stream: None });
            Ok(())
        });
    }

    /// A request has begun. What the filter wants to be told of it; none if it does not
    /// work, of which the stream knows.
    pub(crate) fn open(&self, exchange: &Exchange) -> Option<(Id, Phases)> {
        let opened = self.enter(|keeper| {
            let id = keeper.open(exchange.clone())?;
            // What was asked for while a VM started, the plugin itself asked for.
            self.send(Caller {
                vm: id.vm(),
                stream: None,
            });
            let phases = keeper.call(id, |vm, _| Ok(vm.phases()))?;
            Ok((id, phases))
        });
        let opened = opened.map_err(|broken| exchange.lose(self.ending(&broken)));
        let (id, phases) = opened.ok()?;
        self.streams.borrow_mut().insert(id, exchange.clone());
        Some((id, phases))
    }

    /// Calls the filter for one of its streams; none if it failed, of which the stream knows.
    pub(crate) fn call<R>(
        &self,
        id: Id,
        exchange: &Exchange,
        call: impl FnOnce(&mut dyn FilterVm<App>, StreamId) -> Result<R, Failure>,
    ) -> Option<R> {
        let result = self.enter(|keeper| keeper.call(id, call));
        self.send(id.into());
        result
            .map_err(|broken| exchange.lose(self.ending(&broken)))
            .ok()
    }

    /// A stream is through, and the filter logs it.
    pub(crate) fn log(&self, id: Id, exchange: &Exchange) {
        if self.streams.borrow().contains_key(&id) {
            self.call(id, exchange, |vm, id| vm.log(id));
        }
    }

    /// The filter is done with a stream. What it has asked others for goes on, and is answered to the
    /// plugin.
    pub(crate) fn close(&self, id: Id) {
        if self.streams.borrow_mut().remove(&id).is_none() {
            return;
        }
        let _ = self.enter(|keeper| keeper.close(id));
        self.send(id.into());
    }

    /// The period has passed that the plugin chose.
    fn tick(&self) {
        self.each(|_, vm| vm.tick());
    }

    /// There is something in a queue that the plugin opened.
    fn queue_ready(&self, queue: u32) {
        self.each(|_, vm| vm.queue_ready(queue));
    }

    fn each(&self, mut call: impl FnMut(u64, &mut dyn FilterVm<App>) -> Result<(), Failure>) {
        let _ = self.enter(|keeper| {
            keeper.each(|number, vm| {
                let result = call(number, vm);
                self.send(Caller {
                    vm: number,
                    stream: None,
                });
                result
            });
            Ok(())
        });
        self.lose_streams();
    }

    fn answered(&self, who: Caller, call: u32, answer: Answer) {
        if self.calls.borrow_mut().remove(&call).is_none() {
            return;
        }
        self.notes.over(call);
        let _ = self.enter(|keeper| keeper.answered(who.vm, who.stream, call, answer));
        self.send(who);
    }

    /// Ends VMs that are to end.
    fn tend(&self) {
        let Some(keeper) = &mut *self.keeper.borrow_mut() else {
            return;
        };
        keeper.tend();
        let mut memory = 0;
        keeper.each(|_, vm| {
            memory += vm.memory()?;
            Ok(())
        });
        self.memory.has(memory);
    }

    /// Ends the filter: its streams are told, and go on without it or not at all.
    pub(crate) fn end(&self) {
        if let Some(mut keeper) = self.keeper.take() {
            // A plugin that wants time has had it.
            keeper.each(|_, vm| vm.finish().map(drop));
        }
        let streams: Vec<Exchange> = self.streams.take().into_values().collect();
        for exchange in streams {
            exchange.lose(Some(Ending::Refused(Refusal::Filter(Arc::clone(
                &self.name,
            )))));
        }
        for (_, call) in self.calls.take() {
            call.abort();
        }
        self.memory.has(0);
        self.notes.wake();
    }

    fn enter<R>(
        &self,
        work: impl FnOnce(&mut Keeper<App>) -> Result<R, Broken>,
    ) -> Result<R, Broken> {
        let result = match &mut *self.keeper.borrow_mut() {
            Some(keeper) => {
                let before = keeper.stats();
                let result = work(keeper);
                self.tell(&before, &keeper.stats());
                result
            }
            None => Err(Broken {
                cause: "it was replaced, and had its time".into(),
                on_failure: OnFailure::Closed,
            }),
        };
        if let Err(broken) = &result {
            debug!(filter = &*self.name, "does not work: {broken}");
            self.lose_streams();
        }
        result
    }

    /// Counts what happened to VMs.
    fn tell(&self, before: &KeeperStats, now: &KeeperStats) {
        if before == now {
            return;
        }
        for (name, before, now) in [
            (
                "proxy_filter_vms_started_total",
                before.started,
                now.started,
            ),
            ("proxy_filter_vms_failed_total", before.failed, now.failed),
            (
                "proxy_filter_vms_recycled_total",
                before.recycled,
                now.recycled,
            ),
        ] {
            counter!(name, "filter" => self.name.to_string()).increment(now - before);
        }
        if before.failed != now.failed {
            warn!(filter = &*self.name, "a VM of a filter ended");
        }
    }

    /// What becomes of a stream without this filter, if it does not go on.
    fn ending(&self, broken: &Broken) -> Option<Ending> {
        let refusal = Refusal::Filter(Arc::clone(&self.name));
        match broken.on_failure {
            OnFailure::Closed => Some(Ending::Refused(refusal)),
            OnFailure::Open => None,
        }
    }

    /// Tells streams whose VM is no longer there.
    fn lose_streams(&self) {
        let keeper = self.keeper.borrow();
        let Some(keeper) = &*keeper else {
            return;
        };
        self.streams.borrow_mut().retain(|id, exchange| {
            let broken = keeper.broken(*id);
            if let Some(broken) = &broken {
                exchange.lose(self.ending(broken));
            }
            broken.is_none()
        });
    }

    /// Makes the requests that a call has asked for.
    fn send(&self, who: Caller) {
        let (sent, cancelled) = self.notes.take_calls();
        for (number, made) in sent {
            let (upstreams, this) = (Rc::clone(&self.upstreams), self.this.clone());
            // What comes of gRPC comes to the plugin itself.
            let task = match made {
                Made::Request(request) => spawn_local(ask(upstreams, this, who, number, request)),
                Made::Grpc(begin) => {
                    let tell = move |told| {
                        if let Some(filter) = this.upgrade() {
                            filter.told(who.vm, number, told);
                        }
                    };
                    spawn_local(grpc::make(upstreams, begin, tell))
                }
            };
            self.calls.borrow_mut().insert(number, task.abort_handle());
        }
        for number in cancelled {
            if let Some(call) = self.calls.borrow_mut().remove(&number) {
                call.abort();
                self.notes.over(number);
            }
        }
    }

    /// Tells the plugin, if its VM is still there, what has come of a call of gRPC.
    fn told(&self, vm: u64, call: u32, told: Told) {
        if let Told::Closed(..) = &told {
            if self.calls.borrow_mut().remove(&call).is_none() {
                return;
            }
            self.notes.over(call);
        }
        let mut told = Some(told);
        self.each(|number, root| match told.take_if(|_| number == vm) {
            None => Ok(()),
            Some(Told::Metadata { fields, trailing }) => root.grpc_metadata(call, fields, trailing),
            Some(Told::Message(message)) => root.grpc_message(call, message),
            Some(Told::Closed(status, message)) => root.grpc_closed(call, status, message),
        });
    }
}

async fn ask(
    upstreams: Rc<Upstreams>,
    filter: Weak<Filter>,
    who: Caller,
    call: u32,
    request: Request,
) {
    let answer = callout::ask(&upstreams, request).await;
    if let Some(filter) = filter.upgrade() {
        filter.answered(who, call, answer);
    }
}

/// How often what has to end is looked for.
const TENDED: Duration = Duration::from_secs(1);

/// Calls the plugin itself when it is time, or when there is something in a queue of its, until it
/// has ended.
pub(crate) async fn look_after(filter: Weak<Filter>) {
    let Some(notes) = filter.upgrade().map(|filter| Arc::clone(&filter.notes)) else {
        return;
    };
    let mut next_tick = None;
    let mut period = 0;
    loop {
        let now = tokio::time::Instant::now();
        if notes.period() != period {
            period = notes.period();
            let every = Duration::from_millis(period.into());
            next_tick = (period != 0).then(|| now + every);
        }
        let wake = next_tick.unwrap_or(now + TENDED).min(now + TENDED);
        // Its end counts as a change: nobody waits for a filter that is gone.
        let _ = tokio::time::timeout_at(wake, notes.changed()).await;
        let Some(filter) = filter.upgrade() else {
            return;
        };
        if filter.keeper.borrow().is_none() {
            return;
        }
        for queue in notes.take_ready() {
            filter.queue_ready(queue);
        }
        let now = tokio::time::Instant::now();
        if let Some(at) = next_tick
            && at <= now
        {
            filter.tick();
            // Ticks that were missed are not made up for, and streams have half of the time.
            let every = Duration::from_millis(period.into());
            let end = tokio::time::Instant::now();
            next_tick = Some((at + every).max(end + (end - now)));
        }
        filter.tend();
    }
}

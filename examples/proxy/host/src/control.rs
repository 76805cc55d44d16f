//! Who tells the workers: begins with a configuration, loads it anew, and ends.

use std::cell::Cell;
use std::future::poll_fn;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use anyhow::{Context as _, Result};
use metrics::counter;
use tokio::net::TcpListener;
use tokio::task::{spawn_blocking, spawn_local};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, info, warn};

use crate::admin::{self, Admin};
use crate::config::Config;
use crate::files::Files;
use crate::load::{Loader, Seed};
use crate::options::Options;
use crate::shutdown::{Said, Signals};
use crate::worker::{Order, Worker};
use crate::{echo, listen, recorded, tls};

/// How often files are looked at.
const LOOK: Duration = Duration::from_millis(250);

/// Runs the proxy until it is told to end. Its addresses are the first lines on standard output.
///
/// # Errors
///
/// It cannot begin.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let mut signals = Signals::listen().context("cannot listen for signals")?;
    let recorded = recorded::start()?;
    let config = read(options)?;
    let mut files = Files::of(&options.config, &config);
    let loader = Arc::new(Loader::new(&config, options.trace.as_deref())?);
    let begun = config.clone();
    let admin = Rc::new(Admin {
        recorded,
        shared: Arc::clone(&loader.shared),
        reloads: Cell::new(0),
        is_ending: Cell::new(false),
    });
    let seeds = load(&loader, config).await?;
    let workers = start(&begun, seeds, options, &admin).await?;

    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let said = poll_fn(|cx| {
            if let Poll::Ready(said) = signals.poll_next(cx) {
                return Poll::Ready(Some(said));
            }
            ticks.poll_tick(cx).map(|_| None)
        });
        match said.await {
            Some(Said::End) => break,
            Some(Said::Reload) => {}
            None if files.have_changed() => {}
            None => continue,
        }
        // What was written while this loads is seen afterwards.
        let seeds = match read(options) {
            Ok(config) => {
                files = Files::of(&options.config, &config);
                warn_of_fixed(&begun, &config);
                load(&loader, config).await
            }
            Err(error) => Err(error),
        };
        reload(seeds, &workers, &admin);
    }

    info!("ending: what was begun is finished");
    admin.is_ending.set(true);
    spawn_local(signals.last());
    for worker in &workers {
        worker.tell(Order::End);
    }
    for worker in workers {
        spawn_blocking(move || worker.join()).await?;
    }
    info!("ended");
    Ok(())
}

fn read(options: &Options) -> Result<Config> {
    let mut config = Config::read(&options.config)?;
    config.listen = options.listen.unwrap_or(config.listen);
    config.admin = options.admin.unwrap_or(config.admin);
    Ok(config)
}

/// Compiling takes a while, which nobody shall wait for.
async fn load(loader: &Arc<Loader>, config: Config) -> Result<Vec<Seed>> {
    let loader = Arc::clone(loader);
    spawn_blocking(move || loader.load(config)).await?
}

/// Listens, and starts the workers.
async fn start(
    config: &Config,
    seeds: Vec<Seed>,
    options: &Options,
    admin: &Rc<Admin>,
) -> Result<Vec<Worker>> {
    let tls = config
        .tls
        .as_ref()
        .map(tls::server)
        .transpose()?
        .map(Arc::new);
    if let Some(address) = options.echo {
        spawn_local(echo::serve(bind(address).await?));
    }
    let listener = bind(config.admin).await?;
    let told = listener.local_addr()?;
    spawn_local(admin::serve(listener, Rc::clone(admin)));
    let sockets = listen::sockets(config.listen, seeds.len())?;
    let address = sockets
        .first()
        .map_or(Ok(config.listen), |socket| socket.local_addr())?;
    let workers = sockets.into_iter().zip(seeds).enumerate();
    let workers =
        workers.map(|(number, (socket, seed))| Worker::start(number, socket, tls.clone(), seed));
    let workers = workers.collect::<Result<_>>()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    // Whoever started this may not read it.
    let _ = writeln!(
        io::stdout(),
        "listening on {scheme}://{address}\nadmin on http://{told}"
    );
    info!("listening on {scheme}://{address}, admin on http://{told}");
    Ok(workers)
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.with_context(|| format!("cannot listen on {address}"))
}

/// Hands out what was loaded, or leaves all as it is.
fn reload(seeds: Result<Vec<Seed>>, workers: &[Worker], admin: &Admin) {
    let outcome = match seeds {
        Ok(seeds) => {
            for (worker, seed) in workers.iter().zip(seeds) {
                worker.tell(Order::Replace(seed));
            }
            admin.reloads.set(admin.reloads.get() + 1);
            info!("loaded anew");
            "ok"
        }
        Err(error) => {
            error!("all stays as it was: {error:#}");
            "failed"
        }
    };
    counter!("proxy_reloads_total", "outcome" => outcome).increment(1);
}

/// Says what a new configuration changes in vain.
fn warn_of_fixed(begun: &Config, new: &Config) {
    let is_as_it_was = (begun.listen, begun.admin, begun.workers)
        == (new.listen, new.admin, new.workers)
        && begun.tls == new.tls;
    if !is_as_it_was {
        warn!("`listen`, `admin`, `workers` and `tls` are as they were until the next start");
    }
}

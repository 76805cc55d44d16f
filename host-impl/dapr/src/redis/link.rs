//! The way to a server: one connection for all who call, found again when it is lost. Every call
//! has the deadline of the options, whatever becomes of the server.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::{MultiplexedConnection, PubSub};
use redis::{
    AsyncConnectionConfig, Cmd, FromRedisValue, Pipeline, Script, ScriptInvocation, Value,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::error::error;
use super::options::RedisOptions;
use crate::backoff;
use crate::failure::{Error, Result, within};

/// The way to a server.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) options: Arc<RedisOptions>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    open: Option<Open>,
    /// How often connecting failed since it last did not.
    failures: u32,
    /// Nobody tries before that, so that a server that is down is not asked all the time.
    shut: Option<(Instant, Error)>,
    /// Which connection this is.
    number: u64,
}

#[derive(Debug)]
struct Open {
    connection: MultiplexedConnection,
    /// It ends when the connection is lost.
    driver: JoinHandle<()>,
}

impl Link {
    pub(super) fn new(options: Arc<RedisOptions>) -> Self {
        Self {
            options,
            state: Mutex::default(),
        }
    }

    /// A command.
    pub(super) async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T> {
        self.call(async |mut connection| command.query_async(&mut connection).await)
            .await
    }

    /// Commands at once, each with its answer.
    pub(super) async fn pipeline(&self, commands: &Pipeline) -> Result<Vec<Value>> {
        let count = commands.len();
        self.call(async |mut connection| connection.send_packed_commands(commands, 0, count).await)
            .await
    }

    /// A script. The server is told of it if it does not know it.
    pub(super) async fn script<T: FromRedisValue>(
        &self,
        script: &Script,
        keys: &[&str],
        arguments: &[&[u8]],
    ) -> Result<T> {
        let invocation = prepared(script, keys, arguments);
        self.call(async |mut connection| invocation.invoke_async(&mut connection).await)
            .await
    }

    /// Several things, on one connection and within one deadline.
    pub(super) async fn call<T>(
        &self,
        call: impl AsyncFnOnce(MultiplexedConnection) -> redis::RedisResult<T>,
    ) -> Result<T> {
        let mut used = None;
        let answer = timeout(self.options.deadline, async {
            let (connection, number) = self.connection().await?;
            used = Some(number);
            call(connection).await.map_err(error)
        });
        let answer = answer.await.unwrap_or(Err(Error::Timeout));
        if let (Some(number), Err(Error::Timeout | Error::Unavailable(_))) = (used, &answer) {
            self.suspect(number).await;
        }
        answer
    }

    /// The connection, and which it is.
    async fn connection(&self) -> Result<(MultiplexedConnection, u64)> {
        let mut state = self.state.lock().await;
        let is_open = |open: &&Open| !open.driver.is_finished();
        if let Some(open) = state.open.as_ref().filter(is_open) {
            return Ok((open.connection.clone(), state.number));
        }
        state.open = None;
        if let Some((until, why)) = &state.shut
            && Instant::now() < *until
        {
            return Err(why.clone());
        }
        // What a call may take is seen to by whoever calls; this is for what has gone astray.
        let patience = self.options.deadline.saturating_mul(2);
        match connect(&self.options, patience).await {
            Ok((connection, driver)) => {
                let open = Open {
                    connection: connection.clone(),
                    driver,
                };
                let number = state.number + 1;
                *state = State {
                    open: Some(open),
                    failures: 0,
                    shut: None,
                    number,
                };
                Ok((connection, number))
            }
            Err(why) => {
                state.failures = state.failures.saturating_add(1);
                let until = Instant::now() + backoff::pause(state.failures);
                state.shut = Some((until, why.clone()));
                Err(why)
            }
        }
    }

    /// Has the next call connect anew: a server that does not answer may be at the end of a cut
    /// line, which nobody tells of.
    async fn suspect(&self, number: u64) {
        let mut state = self.state.lock().await;
        if state.number == number {
            state.open = None;
        }
    }

    /// A connection of one's own, for what waits at the server. Answers may take that long.
    pub(super) async fn own(&self, patience: Duration) -> Result<MultiplexedConnection> {
        let (connection, _driver) = connect(&self.options, patience).await?;
        Ok(connection)
    }

    /// A connection of one's own, for what the server tells by itself.
    pub(super) async fn told(&self) -> Result<PubSub> {
        within(self.options.connecting, async {
            let stream = reach(&self.options).await?;
            let greeting = self.options.greeting();
            PubSub::new(&greeting, stream).await.map_err(error)
        })
        .await
    }
}

/// A script with what it is called with.
pub(super) fn prepared<'a>(
    script: &'a Script,
    keys: &[&str],
    arguments: &[&[u8]],
) -> ScriptInvocation<'a> {
    let mut invocation = script.prepare_invoke();
    for key in keys {
        invocation.key(*key);
    }
    for argument in arguments {
        invocation.arg(*argument);
    }
    invocation
}

/// What bytes go over: as they are, or in TLS.
trait Line: AsyncRead + AsyncWrite + Send + Unpin {}

impl<L: AsyncRead + AsyncWrite + Send + Unpin> Line for L {}

async fn reach(options: &RedisOptions) -> Result<Box<dyn Line>> {
    let stream = TcpStream::connect(&options.address).await;
    let stream = stream.and_then(|stream| stream.set_nodelay(true).map(|()| stream));
    let stream = stream
        .map_err(|error| Error::Unavailable(format!("Redis at {}: {error}", options.address)))?;
    #[cfg(feature = "tls")]
    if let Some(tls) = &options.tls {
        return Ok(Box::new(tls.connect(options.host(), stream).await?));
    }
    Ok(Box::new(stream))
}

async fn connect(
    options: &RedisOptions,
    patience: Duration,
) -> Result<(MultiplexedConnection, JoinHandle<()>)> {
    within(options.connecting, async {
        let stream = reach(options).await?;
        let config = AsyncConnectionConfig::new().set_response_timeout(Some(patience));
        let greeting = options.greeting();
        let opened = MultiplexedConnection::new_with_config(&greeting, stream, config).await;
        let (connection, driver) = opened.map_err(error)?;
        Ok((connection, tokio::spawn(driver)))
    })
    .await
}

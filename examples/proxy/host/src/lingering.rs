//! A connection that is shut down as a client needs it that still sends: what it was answered would be
//! lost if the system found unread bytes when the connection is closed, and told it by a reset.
//!
//! It knows bytes and a clock.

use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// How long a client may go on sending after it was told that nothing more comes, as in Envoy.
const LINGER: Duration = Duration::from_secs(1);

/// A connection. When it was shut down it reads on for a while, and forgets what it reads.
#[derive(Debug)]
pub(crate) struct Lingering<I> {
    io: I,
    /// When it ends in any case, from when it was shut down.
    end: Option<Pin<Box<Sleep>>>,
}

impl<I> Lingering<I> {
    pub(crate) fn new(io: I) -> Self {
        Self { io, end: None }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Lingering<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<I: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let this = self.get_mut();
        let end = match &mut this.end {
            Some(end) => end,
            none => {
                ready!(Pin::new(&mut this.io).poll_shutdown(cx))?;
                none.insert(Box::pin(sleep(LINGER)))
            }
        };
        if end.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Ok(()));
        }
        let mut forgotten = [0; 8192];
        loop {
            let mut buf = ReadBuf::new(&mut forgotten);
            match ready!(Pin::new(&mut this.io).poll_read(cx, &mut buf)) {
                Ok(()) if !buf.filled().is_empty() => {}
                // It is closed, one way or another.
                _ => return Poll::Ready(Ok(())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream as Client;
    use std::thread;

    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;
    use tokio::runtime::Builder;

    use super::Lingering;

    /// Answers the first client that comes, and ends the connection.
    fn answered(client: impl FnOnce(Client) + Send + 'static) {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let client = thread::spawn(move || client(Client::connect(address).unwrap()));
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = Lingering::new(stream);
            stream.write_all(b"too large").await.unwrap();
            stream.shutdown().await.unwrap();
            drop(stream);
            client.join().unwrap();
        });
    }

    #[test]
    fn who_still_sends_has_the_answer() {
        answered(|mut client| {
            // More than buffers hold.
            client.write_all(&vec![0; 16 << 20]).unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).unwrap();
            assert_eq!(answer, "too large");
        });
    }

    #[test]
    fn nobody_is_waited_for_for_ever() {
        answered(|mut client| {
            let mut answer = Vec::new();
            // This ends when the other side closes its half, and this side is open still.
            client.read_to_end(&mut answer).unwrap();
            // Until the other side is gone.
            while client.write_all(&[0]).is_ok() {
                thread::yield_now();
            }
        });
    }
}

//! What is told of a stream when it is through: a line in the log, and figures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use abide_proxy::types::Field;
use tracing::info;

use super::figures::Figures;
use crate::fields::text;
use crate::refusal::Refusal;

/// Status of a stream whose client has gone; no server sends it.
const GONE: u16 = 499;

/// What is told of a stream.
#[derive(Debug)]
pub(crate) struct Access {
    start: Instant,
    client: SocketAddr,
    is_logged: bool,
    method: String,
    path: String,
    pub(crate) status: u16,
    /// Who is asked, if anybody was.
    pub(crate) upstream: Option<Arc<str>>,
    /// Who answered: the upstream, a filter, or the proxy with a cause.
    pub(crate) by: &'static str,
}

impl Access {
    /// A request has begun.
    pub(crate) fn new(fields: &[Field], client: SocketAddr, is_logged: bool) -> Self {
        let word = |name| match is_logged {
            true => text(fields, name).unwrap_or_default().to_owned(),
            false => String::new(),
        };
        Self {
            start: Instant::now(),
            client,
            is_logged,
            method: word(":method"),
            path: word(":path"),
            status: GONE,
            upstream: None,
            by: "nobody",
        }
    }

    /// The proxy answers.
    pub(crate) fn refused(&mut self, refusal: &Refusal) {
        self.status = refusal.status();
        self.by = refusal.cause();
    }

    /// It is through.
    pub(crate) fn tell(&mut self, figures: &Figures, received: u64, sent: u64) {
        let took = self.start.elapsed();
        figures.through(self.status, self.by, took);
        if self.is_logged {
            info!(
                client = %self.client,
                method = self.method,
                path = self.path,
                status = self.status,
                by = self.by,
                upstream = self.upstream.as_deref().unwrap_or_default(),
                received,
                sent,
                duration_us = took.as_micros() as u64,
                "answered"
            );
        }
    }
}

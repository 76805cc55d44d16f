//! A binding at which something happens by the clock.

mod schedule;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Local;
use tracing::warn;

use self::schedule::Schedule;
pub use self::schedule::ScheduleError;
use crate::blocks::{Binding, Listener};
use crate::failure::Result;
use crate::running::Running;

/// Tells whoever listens when it is time. What was missed while nobody listened, or while the one
/// before was still being handled, is not told afterwards.
#[derive(Debug, Clone)]
pub struct Cron {
    schedule: Schedule,
}

impl Cron {
    /// By a schedule: `@every 15m`, `@daily` and the like, or the five fields of cron in the time
    /// zone of this process, with seconds before them where they are six.
    ///
    /// # Errors
    ///
    /// What is not understood of it.
    pub fn new(schedule: &str) -> Result<Self, ScheduleError> {
        let schedule = Schedule::parse(schedule)?;
        Ok(Self { schedule })
    }
}

#[async_trait]
impl Binding for Cron {
    async fn listen(&self, listener: Arc<dyn Listener>) -> Result<Running> {
        let schedule = self.schedule.clone();
        Ok(Running::spawn(|mut stopping| async move {
            loop {
                let now = Local::now();
                let Some(next) = schedule.after(&now) else {
                    warn!("it will never be time any more");
                    return;
                };
                // The clock may be set meanwhile, so this does not sleep for longer than that.
                let pause = (next - now).to_std().unwrap_or_default();
                if stopping.or(tokio::time::sleep(pause)).await.is_none() {
                    return;
                }
                let time = next.to_rfc3339();
                let metadata = vec![("readTimeUTC".to_owned(), next.to_utc().to_rfc3339())];
                if let Err(error) = listener.happened(Vec::new(), metadata).await {
                    warn!(
                        time,
                        "what was to happen by the clock was not handled: {error}"
                    );
                }
            }
        }))
    }
}

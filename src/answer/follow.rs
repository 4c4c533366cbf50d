//! A collection that other processes write to, followed while questions are answered.

use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::Desk;
use super::error::tell_chain;

/// How often the collection is brought up to what other processes wrote.
const SYNCHRONIZE_EVERY: Duration = Duration::from_millis(300);

/// How often it is looked whether a first generation is published, and how many times.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const LOOKS: usize = 40;

impl Desk {
    /// Brings the collection up to what other processes write to it, again and again. It never ends by
    /// itself.
    pub async fn follow_collection(self) {
        let mut ticks = interval(SYNCHRONIZE_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told = String::new();
        let collection = self.clone();
        // Made ready before the first question asks for it; nobody waits for this.
        drop(spawn_blocking(move || collection.collection().warm_up()));
        let mut surveying: Option<JoinHandle<()>> = None;
        let mut surveyed = None;
        loop {
            ticks.tick().await;
            let desk = self.clone();
            let failure = match spawn_blocking(move || desk.collection().synchronize()).await {
                Ok(Ok(_)) => String::new(),
                Ok(Err(error)) => tell_chain(&error),
                Err(error) => tell_chain(&error),
            };
            // Said once, not three times a second.
            if failure != told && !failure.is_empty() {
                tracing::error!(cause = failure, "the collection cannot be brought up to date");
            }
            told = failure;
            let newest = self.newest().ok().filter(|newest| surveyed != Some(newest.generation.number));
            if let Some(newest) = newest
                && surveying.as_ref().is_none_or(JoinHandle::is_finished)
            {
                surveyed = Some(newest.generation.number);
                let desk = self.clone();
                // A thread that a shutdown does not wait for; whoever asks is told what went wrong.
                surveying = Builder::new().spawn(move || drop(desk.prepare_survey(&newest))).ok();
            }
        }
    }

    /// Waits until questions can be answered, but not for a long rebuild: two seconds at most.
    pub async fn await_first(&self) {
        for _ in 0..LOOKS {
            if self.newest().is_ok() {
                return;
            }
            sleep(LOOK_EVERY).await;
        }
    }
}

//! Admission: so many questions are answered at once, so many wait, and the rest is turned away at once.
//! A machine that is asked too much stays quick for those that it lets in.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::{AnswerError, Desk};

/// How much is answered at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Questions that are answered at once, 1 and more.
    pub concurrency: usize,
    /// Questions that may wait.
    pub queue: usize,
    /// How long one question may take, and how long it may wait before.
    pub time: Duration,
}

impl Default for Limits {
    /// As many questions at once as there are cores, 128 waiting, 10 seconds.
    fn default() -> Self {
        let cores = available_parallelism().map_or(2, std::num::NonZero::get);
        Self { concurrency: cores, queue: 128, time: Duration::from_secs(10) }
    }
}

/// The questions that are answered and those that wait.
#[derive(Debug)]
pub struct Queue {
    limits: Limits,
    slots: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// The turn of one question: the next begins when it is dropped.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "it is held, not read")] OwnedSemaphorePermit);

/// Counts one who waits, and no more when dropped: a client may go away meanwhile.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Queue {
    /// An empty queue.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let slots = limits.concurrency.clamp(1, Semaphore::MAX_PERMITS);
        Self { limits, slots: Arc::new(Semaphore::new(slots)), waiting: AtomicUsize::new(0) }
    }

    /// Its limits.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// How many questions wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// How many are being answered.
    #[must_use]
    pub fn running(&self) -> usize {
        self.limits.concurrency.max(1).saturating_sub(self.slots.available_permits())
    }

    /// Waits for a turn, first come, first served.
    ///
    /// # Errors
    /// [`AnswerError::Overloaded`] if too many wait already, or none comes in time.
    pub async fn wait(&self) -> Result<Turn, AnswerError> {
        if let Ok(permit) = Arc::clone(&self.slots).try_acquire_owned() {
            return Ok(Turn(permit));
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        if before >= self.limits.queue {
            return Err(AnswerError::Overloaded);
        }
        match timeout(self.limits.time, Arc::clone(&self.slots).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Turn(permit)),
            _ => Err(AnswerError::Overloaded),
        }
    }
}

impl Desk {
    /// Asks, when it is the question's turn, on a thread that may block: it reads files and computes.
    ///
    /// # Errors
    /// [`AnswerError::Overloaded`] if its turn does not come, or what the question says.
    pub async fn ask_in_turn<T, F>(self, question: F) -> Result<T, AnswerError>
    where
        T: Send + 'static,
        F: AsyncFnOnce(&Self) -> Result<T, AnswerError> + Send + 'static,
    {
        let turn = self.queue.wait().await?;
        let runtime = Handle::current();
        let answering = spawn_blocking(move || {
            // A client that goes away leaves its question behind: the turn lasts as long as the work.
            let _turn = turn;
            runtime.block_on(question(&self))
        });
        answering.await.map_err(|failed| AnswerError::Background { source: io::Error::other(failed) })?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(waiting: usize) -> Queue {
        Queue::new(Limits { concurrency: 1, queue: waiting, time: Duration::from_secs(60) })
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_turned_away_at_once() {
        let queue = queue(1);
        let first = queue.wait().await.expect("a turn");
        assert_eq!((queue.running(), queue.waiting()), (1, 0));
        let mut second = Box::pin(queue.wait());
        assert!(futures_util::poll!(&mut second).is_pending());
        assert_eq!(queue.waiting(), 1);
        assert!(matches!(queue.wait().await, Err(AnswerError::Overloaded)));
        assert_eq!(queue.waiting(), 1);
        drop(first);
        let second = second.await.expect("its turn");
        assert_eq!((queue.running(), queue.waiting()), (1, 0));
        drop(second);
        assert_eq!(queue.running(), 0);
    }

    #[tokio::test]
    async fn who_goes_away_waits_no_more() {
        let queue = queue(1);
        let _first = queue.wait().await.expect("a turn");
        let mut second = Box::pin(queue.wait());
        assert!(futures_util::poll!(&mut second).is_pending());
        drop(second);
        assert_eq!(queue.waiting(), 0);
    }
}

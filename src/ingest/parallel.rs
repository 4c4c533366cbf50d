//! Work spread over threads, with its results in the order of what it was done to.

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// How many pieces of work lie before each thread: what is under way is bounded by that.
const AHEAD: usize = 2;

/// How many threads work is spread over.
#[must_use]
pub fn count_workers() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// One thread's work on a piece.
pub type Work<'a, T, U> = Box<dyn FnMut(T) -> U + 'a>;

/// Takes pieces from `next` until there is none, does the work of `begin` on them in `workers` threads,
/// and hands the results to `take` in the order of the pieces. `next` and `take` run on the calling
/// thread. At most three pieces a thread are under way at a time. With one worker, all of it is done on
/// the calling thread.
///
/// # Errors
/// The first of `next` and `take`; what is under way then is dropped.
pub fn work_in_order<'a, T: Send, U: Send, E>(
    workers: usize,
    mut next: impl FnMut() -> Result<Option<T>, E>,
    begin: impl Fn() -> Work<'a, T, U> + Sync,
    mut take: impl FnMut(U) -> Result<(), E>,
) -> Result<(), E> {
    if workers <= 1 {
        let mut work = begin();
        while let Some(piece) = next()? {
            take(work(piece))?;
        }
        return Ok(());
    }
    thread::scope(|scope| {
        let lanes: Vec<(SyncSender<T>, Receiver<U>)> = (0..workers)
            .map(|_| {
                let (send_piece, pieces) = sync_channel::<T>(AHEAD);
                let (send_result, results) = sync_channel::<U>(AHEAD);
                let begin = &begin;
                scope.spawn(move || {
                    let mut work = begin();
                    // Whoever hung up has no use for the rest.
                    for piece in pieces {
                        if send_result.send(work(piece)).is_err() {
                            break;
                        }
                    }
                });
                (send_piece, results)
            })
            .collect();
        let mut under_way: usize = 0;
        let (mut given, mut taken) = (0, 0);
        let mut ended = false;
        loop {
            while !ended && under_way < workers * AHEAD {
                let Some(piece) = next()? else {
                    ended = true;
                    break;
                };
                let lane = lanes.get(given % workers);
                if lane.is_none_or(|(pieces, _)| pieces.send(piece).is_err()) {
                    // Its thread is gone, by a panic that the scope passes on.
                    return Ok(());
                }
                given += 1;
                under_way += 1;
            }
            if under_way == 0 {
                return Ok(());
            }
            let Some(Ok(result)) = lanes.get(taken % workers).map(|(_, results)| results.recv()) else {
                return Ok(());
            };
            taken += 1;
            under_way -= 1;
            take(result)?;
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn square(
        workers: usize,
        count: usize,
        fail_at: Option<usize>,
    ) -> (Vec<usize>, usize, Result<(), usize>) {
        let (mut pieces, mut squares, mut most) = (0..count, Vec::new(), 0);
        let under_way = AtomicUsize::new(0);
        let result = work_in_order(
            workers,
            || {
                let piece = pieces.next();
                most = most.max(under_way.fetch_add(usize::from(piece.is_some()), Ordering::Relaxed));
                Ok(piece)
            },
            || Box::new(|piece: usize| piece * piece),
            |square| {
                under_way.fetch_sub(1, Ordering::Relaxed);
                squares.push(square);
                if fail_at == Some(square) { Err(square) } else { Ok(()) }
            },
        );
        (squares, most, result)
    }

    #[test]
    fn results_come_in_order_and_few_are_under_way() {
        let expected: Vec<usize> = (0..1_000).map(|number| number * number).collect();
        for workers in [1, 2, 5] {
            let (squares, most, result) = square(workers, 1_000, None);
            assert_eq!((squares, result), (expected.clone(), Ok(())), "{workers}");
            assert!(most <= workers * AHEAD, "{most} under way with {workers}");
        }
        assert_eq!(square(3, 0, None), (Vec::new(), 0, Ok(())));
    }

    #[test]
    fn an_error_ends_it() {
        for workers in [1, 3] {
            let (squares, _, result) = square(workers, 1_000, Some(25));
            assert_eq!((squares.len(), result), (6, Err(25)), "{workers}");
        }
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_is_passed_on() {
        let mut pieces = 0..9;
        let work = || -> Work<'_, usize, usize> {
            Box::new(|piece| {
                assert!(piece != 5, "five");
                piece
            })
        };
        let _ = work_in_order(2, || Ok::<_, ()>(pieces.next()), work, |_| Ok(()));
    }
}

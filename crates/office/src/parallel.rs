//! Work on many things side by side, on a few threads.

use std::{num::NonZero, panic, thread};

/// How many threads at most: what is done here waits for disks more than for processors.
const MOST_THREADS: usize = 8;
/// Fewer things than this are not worth a thread.
const WORTH_IT: usize = 16;

/// Does the same with each of many things and gives the results in their order. Returns when all is done.
pub(crate) fn side_by_side<T: Send, R: Send>(things: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    let share = things.len().div_ceil(threads).max(WORTH_IT);
    if things.len() <= share {
        return things.into_iter().map(work).collect();
    }
    let mut things = things.into_iter();
    let work = &work;
    thread::scope(|scope| {
        let shares: Vec<_> = std::iter::from_fn(|| {
            let share: Vec<T> = things.by_ref().take(share).collect();
            (!share.is_empty()).then(|| scope.spawn(move || share.into_iter().map(work).collect::<Vec<R>>()))
        })
        .collect();
        let done = shares.into_iter().flat_map(|share| match share.join() {
            Ok(done) => done,
            Err(panicked) => panic::resume_unwind(panicked),
        });
        done.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn everything_is_done_once_and_stays_in_order() {
        for count in [0, 1, 15, 16, 17, 33, 1000] {
            let doubled: Vec<usize> = (0..count).map(|n| n * 2).collect();
            assert_eq!(side_by_side((0..count).collect(), |n: usize| n * 2), doubled, "{count}");
        }
    }
}

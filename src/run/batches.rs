//! Many inputs side by side, and large ones on all threads.
//!
//! Inputs are handed out in batches. A thread does the small ones of its batch one after
//! the other, ahead of their turn; what comes of batches is taken in by the order of inputs.
//! An input that is large, or no regular file, or an archive, or has too much to say to wait,
//! is done when everything before it is taken in, by all threads of a second executor;
//! those of the first go on with the inputs behind it for as long as the window of results
//! has room.

use crate::{
    error::Result,
    exec::{Commit, Executor, Flow, Stop, Turn},
};

/// How many inputs a thread takes at a time at most: enough that it seldom meets the
/// others, few enough that they all have something to do.
pub const BATCH: usize = 16;

/// What is done with inputs.
pub trait Operator: Sync {
    /// An input, or what else comes along in the order of inputs.
    type Item: Send;
    /// What a thread keeps between inputs.
    type Worker;
    /// What came of some items.
    type Batch: Send;

    /// What a thread begins with.
    fn worker(&self) -> Self::Worker;

    /// What came of no item.
    fn batch(&self) -> Self::Batch;

    /// Does the next item on the thread at hand, as far as that can be done ahead of its turn.
    fn ahead(
        &self,
        worker: &mut Self::Worker,
        item: Self::Item,
        batch: &mut Self::Batch,
    ) -> Ahead<Self::Item>;
}

/// What became of an item that was to be done ahead of its turn.
#[derive(Debug)]
pub enum Ahead<T> {
    /// It is in the batch.
    Done,
    /// It is in the batch, which has enough to be taken in.
    Enough,
    /// It is to be done in its turn.
    InTurn(T),
    /// The run is to end: nothing more is done.
    Stopped,
}

/// What takes in what came of items, in their order.
pub trait Reducer<O: Operator>: Commit<O::Batch> + Send {
    /// Does an item whose turn it is, on all threads.
    fn in_turn(&mut self, item: O::Item) -> Flow;
}

/// Does all items that are claimed, and gives back what took them in.
///
/// # Errors
/// When threads cannot be started.
pub fn side_by_side<O: Operator, R: Reducer<O>>(
    executor: &Executor,
    stop: &Stop,
    claim: impl FnMut() -> Option<Vec<O::Item>> + Send,
    operator: &O,
    reducer: R,
) -> Result<R> {
    let scan = |worker: &mut O::Worker, items: Vec<O::Item>, turn: Turn<'_, O::Batch, R>| {
        let mut batch = operator.batch();
        let mut items = items.into_iter();
        let mut late = None;
        for item in items.by_ref() {
            match operator.ahead(worker, item, &mut batch) {
                Ahead::Done => {}
                Ahead::Enough => break,
                Ahead::InTurn(item) => {
                    late = Some(item);
                    break;
                }
                Ahead::Stopped => return turn.deposit(batch),
            }
        }
        if late.is_none() && items.len() == 0 {
            return turn.deposit(batch);
        }
        let Some(mut reducer) = turn.take() else {
            return;
        };
        let mut flow = reducer.commit(batch);
        for item in late.into_iter().chain(items) {
            if flow == Flow::Continue {
                flow = reducer.in_turn(item);
            }
        }
        reducer.finish(flow);
    };
    executor.run(stop, claim, || operator.worker(), scan, reducer)
}

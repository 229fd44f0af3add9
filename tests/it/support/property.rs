//! Property tests of the service.

use std::{any::Any, fmt::Debug, panic::AssertUnwindSafe};

use futures_util::{
    FutureExt as _,
    future::{JoinAll, join_all},
};
use proptest::{
    prelude::{ProptestConfig, Strategy},
    test_runner::{TestCaseError, TestRunner},
};
use tokio::{
    sync::{mpsc, oneshot},
    task::{coop::Unconstrained, coop::unconstrained},
};

/// Tests a property with this many cases, one after the other in the task that calls this. A case
/// fails by a panic.
pub async fn for_all<T: Debug + Send + 'static>(
    cases: u32,
    strategy: impl Strategy<Value = T> + Send + 'static,
    mut case: impl AsyncFnMut(T),
) {
    let (sender, mut receiver) = mpsc::channel(1);
    let tested = tokio::task::spawn_blocking(move || {
        let config = ProptestConfig { cases, failure_persistence: None, ..Default::default() };
        let tested = TestRunner::new(config).run(&strategy, |value| {
            let (outcome, receiver) = oneshot::channel();
            sender.blocking_send((value, outcome)).expect("the test goes on");
            receiver.blocking_recv().expect("the case ends")
        });
        tested.map_err(|failure| failure.to_string())
    });
    while let Some((value, outcome)) = receiver.recv().await {
        let executed = AssertUnwindSafe(case(value)).catch_unwind().await;
        let _ = outcome.send(executed.map_err(|panic| TestCaseError::fail(text(&*panic))));
    }
    let tested = tested.await.expect("the runner does not panic");
    tested.unwrap_or_else(|failure| panic!("{failure}"));
}

/// The message of a panic.
fn text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message").to_owned()
}

/// Sends requests together: on a runtime of one thread, up to 30 are polled until they wait before
/// any task is run that they start. So all that wait for the commit queue are there before its first
/// batch is chosen.
pub fn together<F: Future>(requests: impl IntoIterator<Item = F>) -> Unconstrained<JoinAll<F>> {
    unconstrained(join_all(requests))
}

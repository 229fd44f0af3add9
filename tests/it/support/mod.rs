//! Clients, the service under test, and its databases.

mod app;
pub mod catalogue;
mod client;
mod creation;
mod documents;
mod event_stream;
mod invariants;
mod postgres;
mod property;
mod rejected;
mod samples;
mod server;
mod socket;
mod subscriber;

pub use self::{
    app::{App, Empty, KEYS, Kind},
    client::{Client, STEP_FIELDS, TestResponse, in_input, violations},
    creation::{Answer, Creation, Form},
    documents::{hash, pages_sending, trusted},
    event_stream::{EventStream, ServerSent},
    invariants::check_invariants,
    property::{for_all, together},
    rejected::{RECORD, Rejected},
    samples::{Sample, sample, samples},
    server::{Server, command},
    socket::{Received, Socket},
    subscriber::{Subscriber, Subscriptions},
};

/// Runs each test once on SQLite and once on PostgreSQL. A test is an `async fn(App)`; after
/// `T:` it is an `async fn(T)`, run by `T::run`; after `one thread:` its runtime has one thread.
macro_rules! on_both_databases {
    (@ $flavor:tt $environment:ident: $($test:ident),+ $(,)?) => {$(
        mod $test {
            use crate::support::Kind;

            #[tokio::test(flavor = $flavor)]
            async fn sqlite() {
                super::$environment::run(Kind::Sqlite, super::$test).await;
            }

            #[tokio::test(flavor = $flavor)]
            async fn postgres() {
                super::$environment::run(Kind::Postgres, super::$test).await;
            }
        }
    )+};
    (one thread: $($test:ident),+ $(,)?) => {
        $crate::support::on_both_databases!(@ "current_thread" App: $($test),+);
    };
    ($environment:ident: $($test:ident),+ $(,)?) => {
        $crate::support::on_both_databases!(@ "multi_thread" $environment: $($test),+);
    };
    ($($test:ident),+ $(,)?) => {
        $crate::support::on_both_databases!(App: $($test),+);
    };
}
pub(crate) use on_both_databases;

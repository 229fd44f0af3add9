//! Clients, the service under test, and its databases.

mod app;
pub mod catalogue;
mod client;
mod creation;
mod invariants;
mod postgres;
mod server;

pub use self::{
    app::{App, Empty, KEYS, Kind},
    client::{Client, STEP_FIELDS, TestResponse, in_input, violations},
    creation::{Answer, Creation, Form},
    invariants::check_invariants,
    server::{Server, command},
};

/// Runs each test once on SQLite and once on PostgreSQL. A test is an `async fn(App)`; after
/// `T:` it is an `async fn(T)`, run by `T::run`.
macro_rules! on_both_databases {
    ($environment:ident: $($test:ident),+ $(,)?) => {$(
        mod $test {
            use crate::support::Kind;

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$environment::run(Kind::Sqlite, super::$test).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                super::$environment::run(Kind::Postgres, super::$test).await;
            }
        }
    )+};
    ($($test:ident),+ $(,)?) => {
        $crate::support::on_both_databases!(App: $($test),+);
    };
}
pub(crate) use on_both_databases;

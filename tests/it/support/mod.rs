//! Clients, the service under test, and its databases.

mod app;
pub mod catalogue;
mod client;
mod postgres;
mod server;

pub use self::{
    app::{App, KEYS, Kind, Place},
    client::{Client, STEP_FIELDS, TestResponse, violations},
    server::{Server, command},
};

/// Runs each test, an `async fn(App)`, once on SQLite and once on PostgreSQL.
macro_rules! on_both_databases {
    ($($test:ident),+ $(,)?) => {$(
        mod $test {
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                crate::support::App::run(crate::support::Kind::Sqlite, super::$test).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                crate::support::App::run(crate::support::Kind::Postgres, super::$test).await;
            }
        }
    )+};
}
pub(crate) use on_both_databases;

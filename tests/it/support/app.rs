//! The service in this process, on a database of its own.

use std::{
    net::SocketAddr,
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use axum::Router;
use chrono::{DateTime, Utc};
use crm_steps::{
    config::{Cli, HttpConfig},
    db::{Database, Engine},
    demo,
    domain::{
        access_token::{AccessToken, Scope},
        clock::Clock,
        secret::Keyring,
        url::WebhookHosts,
    },
    entity::{
        access_token, agent, change, crm_scenario, crm_step, crm_step_assignee, crm_step_tag,
        deleted_crm_scenario, deleted_crm_step, idempotency_key, membership, organization,
    },
    graphql::Environment,
    http::{Application, Draining, Pages, PersistedQueries},
    store,
};
use futures_util::FutureExt as _;
use migration::Migrator;
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use sea_orm_migration::MigratorTrait as _;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::OnceCell};
use url::Url;

use super::{
    catalogue::{self, Tables},
    client::Client,
    postgres,
};

/// The key that seals secrets in all tests.
pub const KEYS: &str = "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// The service, with a clock fixed at [`App::now`].
#[derive(Clone)]
pub struct App {
    pub database: Database,
    pub url: String,
    /// Ends the streams of the service.
    pub draining: Draining,
    router: Router,
}

impl App {
    /// Runs a test on a new, migrated database, and removes the database.
    pub async fn run<F: Future<Output = ()>>(kind: Kind, test: impl FnOnce(App) -> F) {
        let Some(location) = Location::migrated(kind).await else { return };
        let (url, engine) = (location.url(), location.engine());
        location.run(async { test(Self::open(&url, engine).await).await }).await;
    }

    /// Opens the service on a database, which other replicas may have opened too.
    pub async fn open(url: &str, engine: Engine) -> Self {
        Self::open_with(url, engine, WebhookHosts::Public).await
    }

    /// The same with these hosts allowed for webhooks.
    pub async fn open_with(url: &str, engine: Engine, webhook_hosts: WebhookHosts) -> Self {
        let keys = KEYS.parse().expect("the keys are valid");
        let database = Database::open(url, engine, 5, keys).await.expect("the database opens");
        Self::new(url, database, Clock::fixed(Self::now()), webhook_hosts)
    }

    fn new(url: &str, database: Database, clock: Clock, webhook_hosts: WebhookHosts) -> Self {
        let environment = Environment::new(database.clone(), clock, webhook_hosts);
        let documents = PersistedQueries::automatic(10_000);
        let application = application(environment, HttpConfig::default(), documents);
        let (draining, router) = (application.draining.clone(), application.router());
        Self { database, url: url.to_owned(), draining, router }
    }

    /// The same service on another handle of the database.
    pub fn on(&self, database: Database) -> Self {
        Self::new(&self.url, database, Clock::fixed(Self::now()), WebhookHosts::Public)
    }

    /// A client of this service with the token of a client of another one.
    pub fn with_token_of(&self, client: &Client) -> Client {
        client.at(self.router.clone())
    }

    /// The same service, configured by these flags.
    pub fn set_up(&self, flags: &[&str]) -> Self {
        self.executing(PersistedQueries::automatic(10_000), flags)
    }

    /// The same service, configured by these flags, with these persisted documents.
    pub fn executing(&self, documents: PersistedQueries, flags: &[&str]) -> Self {
        let clock = Clock::fixed(Self::now());
        let flags = ["crm-steps"].iter().chain(flags).map(Into::into);
        let cli = Cli::read(flags).expect("the flags are valid");
        let environment = Environment {
            max_steps: cli.serve.rules.max_steps_per_scenario,
            are_deleted_restorable: cli.serve.retention.restore_days > 0,
            ..Environment::new(self.database.clone(), clock, WebhookHosts::Public)
        };
        let application = application(environment, cli.serve.http, documents);
        let (draining, router) = (application.draining.clone(), application.router());
        Self { draining, router, ..self.clone() }
    }

    /// The same service with the pages of this folder.
    pub fn with_pages(&self, folder: &Path) -> Self {
        let clock = Clock::fixed(Self::now());
        let environment = Environment::new(self.database.clone(), clock, WebhookHosts::Public);
        let documents = PersistedQueries::automatic(10_000);
        let application = application(environment, HttpConfig::default(), documents);
        let pages = Some(Pages { folder: Some(folder.to_owned()) });
        Self { router: Application { pages, ..application }.router(), ..self.clone() }
    }

    /// The same service at another time.
    pub fn at(&self, time: DateTime<Utc>) -> Self {
        self.by(Clock::fixed(time))
    }

    /// The same service with another clock.
    pub fn by(&self, clock: Clock) -> Self {
        Self::new(&self.url, self.database.clone(), clock, WebhookHosts::Public)
    }

    /// The same service, which calls `observe` with every statement that it has executed.
    pub fn observed(&self, observe: impl Fn(&str) + Clone + Send + Sync + 'static) -> Self {
        let clock = Clock::fixed(Self::now());
        let database = self.database.clone().observed(observe);
        Self::new(&self.url, database, clock, WebhookHosts::Public)
    }

    /// The same service, configured by these flags, which calls `observe` with every statement.
    pub fn set_up_and_observed(
        &self,
        flags: &[&str],
        observe: impl Fn(&str) + Clone + Send + Sync + 'static,
    ) -> Self {
        let database = self.database.clone().observed(observe);
        Self { database, ..self.clone() }.set_up(flags)
    }

    /// The same service, and a record of all statements that it executes.
    pub fn recorded(&self) -> (Arc<Mutex<Vec<String>>>, Self) {
        let executed = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&executed);
        let observed = self.observed(move |statement| {
            record.lock().expect("no thread panicked").push(statement.to_owned());
        });
        (executed, observed)
    }

    /// Executes a statement in a transaction, without the service.
    pub async fn execute(&self, statement: &str) {
        let transaction = self.database.write().await.expect("a transaction begins");
        transaction.execute_unprepared(statement).await.expect(statement);
        transaction.commit().await.expect("the transaction commits");
    }

    /// Gives the first two steps of each scenario ranks between which no other is free.
    pub async fn leave_no_room(&self) {
        let number = "(SELECT min(rank) FROM crm_step AS other
                       WHERE other.scenario_id = crm_step.scenario_id)";
        let suffix = format!("{}1", "0".repeat(999));
        let update = format!(
            "UPDATE crm_step SET rank = {number}, rank_suffix = '{suffix}' WHERE \"index\" = 1"
        );
        self.execute(&update).await;
    }

    /// On PostgreSQL: waits until a transaction waits for a lock.
    pub async fn until_a_lock_is_awaited(&self) {
        self.until_locks_are_awaited(1).await;
    }

    /// On PostgreSQL: waits until this many transactions wait for locks.
    pub async fn until_locks_are_awaited(&self, count: u64) {
        let waits = "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
                     WHERE NOT granted AND datname = current_database()";
        let db = self.database.read();
        while db.execute_unprepared(waits).await.expect("it answers").rows_affected() < count {
            tokio::task::yield_now().await;
        }
    }

    /// The same service with other layers around it.
    pub fn within(&self, layers: impl FnOnce(Router) -> Router) -> Self {
        Self { router: layers(self.router.clone()), ..self.clone() }
    }

    /// Serves over a TCP socket; returns its address.
    pub async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = listener.local_addr().expect("the socket has an address");
        let service = self.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        address
    }

    /// Revokes the token of a client.
    pub async fn revoke(&self, client: &Client) {
        let query = "{ viewer { tokenId } }";
        let viewer = client.query(query).await["viewer"].clone();
        let id = viewer["tokenId"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let transaction = self.database.write().await.expect("a transaction begins");
        let exists = store::access_token::revoke(&transaction, id, Self::now()).await;
        assert!(exists.expect("the token is revoked"));
        transaction.commit().await.expect("the transaction commits");
    }

    /// Another replica on the same database.
    pub async fn replica(&self) -> Self {
        Self::open(&self.url, self.database.engine()).await
    }

    /// The time of the fixed clock.
    pub fn now() -> DateTime<Utc> {
        "2026-11-22T18:20:00.123456Z".parse().expect("the time is valid")
    }

    /// A client of the organization with this name, whose token has all scopes.
    pub async fn member_of(&self, organization: &str) -> Client {
        self.bearer(organization, &[Scope::Read, Scope::Write, Scope::Secrets]).await
    }

    /// A client with the token of the demo, which is loaded into the database without organizations.
    pub async fn demo(&self) -> Client {
        let loaded = demo::load(&self.database, &Clock::fixed(Self::now())).await;
        self.with_token(loaded.expect("it loads").expect("it is new").reveal())
    }

    /// A client of the organization with this name, whose token has these scopes.
    pub async fn bearer(&self, organization: &str, scopes: &[Scope]) -> Client {
        let token = AccessToken::generate();
        let transaction = self.database.write().await.expect("a transaction begins");
        let organization =
            store::organization::find_or_create(&transaction, organization, Self::now())
                .await
                .expect("the organization is stored");
        let (scopes, hash) = (scopes.iter().copied().collect(), token.hash());
        store::access_token::create(
            organization,
            &transaction,
            "test",
            &scopes,
            None,
            &hash,
            Self::now(),
        )
        .await
        .expect("the token is stored");
        transaction.commit().await.expect("the transaction commits");
        self.with_token(token.reveal())
    }

    /// A client that sends this token, which need not exist.
    pub fn with_token(&self, token: &str) -> Client {
        Client::new(self.router.clone(), Some(format!("Bearer {token}")))
    }

    /// A client that sends this Authorization header, or none.
    pub fn with_authorization(&self, authorization: Option<&str>) -> Client {
        Client::new(self.router.clone(), authorization.map(str::to_owned))
    }
}

macro_rules! tables {
    ($($table:ident),+ $(,)?) => {
        impl App {
            /// The tables that [`contents`](Self::contents) reads, as the entities define them.
            pub fn tables() -> Tables {
                [$(catalogue::table::<$table::Entity>()),+].into()
            }

            /// All rows of all tables, to compare: equal contents mean that nothing was changed.
            pub async fn contents(&self) -> String {
                let db = self.database.read();
                [$(catalogue::rows::<$table::Entity>(db).await),+].join("\n")
            }
        }
    };
}

tables!(
    organization,
    access_token,
    agent,
    membership,
    crm_scenario,
    crm_step,
    crm_step_assignee,
    crm_step_tag,
    deleted_crm_scenario,
    deleted_crm_step,
    change,
    idempotency_key,
);

/// Migrates a new database as the program does, and closes its connection.
pub(super) async fn migrate(url: &str) {
    let connection = sea_orm::Database::connect(url).await.expect("the database opens");
    let transaction = connection.begin().await.expect("a transaction begins");
    Migrator::up(&transaction, None).await.expect("a new database can be migrated");
    transaction.commit().await.expect("the transaction commits");
    connection.close().await.expect("the connection closes");
}

fn application(
    environment: Environment,
    config: HttpConfig,
    documents: PersistedQueries,
) -> Application {
    let pages = (!config.no_pages).then(Pages::default);
    let draining = Draining::default();
    Application { environment, config, documents, metrics: None, draining, pages }
}

/// A new, empty database, not migrated.
pub struct Empty {
    pub url: String,
    pub engine: Engine,
}

impl Empty {
    /// Runs a test on a new, empty database, and removes the database.
    pub async fn run<F: Future<Output = ()>>(kind: Kind, test: impl FnOnce(Empty) -> F) {
        let Some(location) = Location::new(kind).await else { return };
        let empty = Self { url: location.url(), engine: location.engine() };
        location.run(test(empty)).await;
    }

    /// Opens the database, without keys for secrets.
    pub async fn open(&self) -> Database {
        Database::open(&self.url, self.engine, 5, Keyring::default()).await.expect("it opens")
    }
}

/// The location of the database of a test.
enum Location {
    Folder(TempDir),
    Server(Url),
}

impl Location {
    /// A location for a new database; `None` for PostgreSQL if the machine has none.
    async fn new(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Sqlite => Some(Self::Folder(tempfile::tempdir().expect("a folder is made"))),
            Kind::Postgres => postgres::create_database().await.map(Self::Server),
        }
    }

    /// A location with a new, migrated database; `None` likewise.
    async fn migrated(kind: Kind) -> Option<Self> {
        /// A migrated database that is copied, because migrating takes much longer.
        static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
        if kind == Kind::Postgres {
            return postgres::create_migrated_database().await.map(Self::Server);
        }
        let template = TEMPLATE.get_or_init(async || {
            let location = Self::Folder(tempfile::tempdir().expect("a folder is made"));
            migrate(&format!("{}?mode=rwc", location.url())).await;
            std::fs::read(location.file()).expect("the file can be read")
        });
        let location = Self::Folder(tempfile::tempdir().expect("a folder is made"));
        std::fs::write(location.file(), template.await).expect("the file is written");
        Some(location)
    }

    /// The file of a SQLite database.
    fn file(&self) -> PathBuf {
        match self {
            Self::Folder(folder) => folder.path().join("test.db"),
            Self::Server(url) => panic!("{url} is not a file"),
        }
    }

    fn url(&self) -> String {
        match self {
            Self::Folder(_) => format!("sqlite://{}", self.file().display()),
            Self::Server(url) => url.to_string(),
        }
    }

    fn engine(&self) -> Engine {
        match self {
            Self::Folder(_) => Engine::Sqlite,
            Self::Server(_) => Engine::Postgres,
        }
    }

    /// Runs a test, and removes the database.
    async fn run(self, test: impl Future<Output = ()>) {
        let outcome = AssertUnwindSafe(test).catch_unwind().await;
        self.remove().await;
        if let Err(panic) = outcome {
            std::panic::resume_unwind(panic);
        }
    }

    async fn remove(self) {
        match self {
            Self::Folder(folder) => folder.close().expect("the folder is removed"),
            Self::Server(url) => postgres::drop_database(&url).await,
        }
    }
}

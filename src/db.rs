//! Opens the database, SQLite or PostgreSQL, with the settings that each needs, and migrates it.

mod commits;
mod folded;

use std::{sync::Arc, time::Duration};

use migration::Migrator;
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbErr,
    EntityTrait as _, IsolationLevel, RuntimeErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait as _,
    sqlx::{
        Connection as _,
        error::DatabaseError,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use sea_orm_migration::{MigratorTrait as _, seaql_migrations};

use self::commits::Commits;
pub(crate) use self::folded::TEXT_BOUND;
pub use self::{
    commits::{Commit, Listener},
    folded::Folded,
};
use crate::domain::secret::Keyring;

/// How long a SQLite connection waits while another process writes, such as the `token` command,
/// whose writes take milliseconds.
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a connection to PostgreSQL may be idle before it is tested when it is used again. A
/// test each time would take as long as a short statement.
const TESTED_AFTER: Duration = Duration::from_secs(1);

/// The advisory lock that serializes the migrations of replicas that start together. Any number
/// will do, as long as all versions use the same one.
const MIGRATION_LOCK: i64 = 0x0063_726d_5f73_7465;

/// How long a migration waits for a table of PostgreSQL that other transactions use. They wait for it
/// meanwhile, and some for a table that it has locked; PostgreSQL looks for such a deadlock after a
/// second, and would let one of them fail.
const TABLE_LOCK_TIMEOUT: Duration = Duration::from_millis(500);

/// How often a migration begins again after that, and how long it pauses before.
const MIGRATION_ATTEMPTS: (u32, Duration) = (60, Duration::from_millis(500));

/// The kind of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file on this machine.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

impl Engine {
    /// The engine that `url` is for, or none.
    #[must_use]
    pub fn of(url: &str) -> Option<Self> {
        let (scheme, _) = url.split_once(':')?;
        match scheme {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            _ => None,
        }
    }
}

/// An open database. Clones share it.
#[derive(Debug, Clone)]
pub struct Database(Arc<Opened>);

/// The parts of an open database, behind one pointer, as each request clones it several times.
#[derive(Debug, Clone)]
struct Opened {
    engine: Engine,
    keys: Keyring,
    /// The maximum number of connections of a pool.
    connections: u32,
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    /// A connection of its own for health checks, so that they do not wait for a connection of the
    /// pool.
    probe: DatabaseConnection,
    commits: Arc<Commits>,
}

impl Database {
    /// Opens the database that `url` names, with at most `connections` connections; secrets in it
    /// are sealed with `keys`. A missing SQLite file is created.
    pub async fn open(
        url: &str,
        engine: Engine,
        connections: u32,
        keys: Keyring,
    ) -> Result<Self, DbErr> {
        let connect = |connections| sea_orm::Database::connect(options(url, engine, connections));
        // SQLite has one writer at a time. A pool of one connection serves waiting writers in order;
        // several would find the database busy and retry after a sleep. The writer comes first: it
        // creates the file and turns on the write-ahead log, with which readers do not wait for
        // writers.
        let (writer, reader) = match engine {
            Engine::Sqlite => (connect(1).await?, connect(connections).await?),
            Engine::Postgres => {
                let pool = connect(connections).await?;
                (pool.clone(), pool)
            }
        };
        let probe = connect(1).await?;
        let commits = Arc::new(Commits::new());
        Ok(Self(Arc::new(Opened { engine, keys, connections, reader, writer, probe, commits })))
    }

    /// Calls `observe` with the SQL of every statement that is executed through this database and
    /// through clones made of it from now on.
    #[must_use]
    pub fn observed(self, observe: impl Fn(&str) + Clone + Send + Sync + 'static) -> Self {
        let of_writer = observe.clone();
        let mut opened = Arc::unwrap_or_clone(self.0);
        opened.reader.set_metric_callback(move |info| observe(&info.statement.sql));
        opened.writer.set_metric_callback(move |info| of_writer(&info.statement.sql));
        Self(Arc::new(opened))
    }

    /// The kind of the database.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// The keys of the secrets in it.
    #[must_use]
    pub fn keys(&self) -> &Keyring {
        &self.0.keys
    }

    /// The pools of connections: each with its name, its number of connections, and how many of
    /// them are idle.
    #[must_use]
    pub fn pools(&self) -> Vec<(&'static str, u32, u32)> {
        let idle = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        match self.0.engine {
            Engine::Sqlite => [("reader", &self.0.reader), ("writer", &self.0.writer)]
                .map(|(name, pool)| (name, pool.get_sqlite_connection_pool()))
                .map(|(name, pool)| (name, pool.size(), idle(pool.num_idle())))
                .to_vec(),
            Engine::Postgres => {
                let pool = self.0.reader.get_postgres_connection_pool();
                vec![("all", pool.size(), idle(pool.num_idle()))]
            }
        }
    }

    /// The pool for single statements that only read.
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.0.reader
    }

    /// Begins a transaction whose reads all see what was committed before the first of them.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        let isolation_level = match self.0.engine {
            // Its transactions are like that.
            Engine::Sqlite => None,
            Engine::Postgres => Some(IsolationLevel::RepeatableRead),
        };
        let options = TransactionOptions { isolation_level, ..TransactionOptions::default() };
        self.0.reader.begin_with_options(options).await
    }

    /// Begins a transaction that may write. Dropped without a commit, it is rolled back.
    pub async fn write(&self) -> Result<DatabaseTransaction, DbErr> {
        // Immediate, as a transaction that reads first and writes later would otherwise fail at
        // once when another one wrote in between. PostgreSQL ignores it.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        // Connections to a server that has been restarted fail at their first statement, one by
        // one. Nothing has been written by then, so another connection is tried.
        let mut left = match self.0.engine {
            Engine::Sqlite => 1,
            Engine::Postgres => self.0.connections,
        };
        loop {
            left -= 1;
            match self.0.writer.begin_with_options(options).await {
                Err(
                    DbErr::Exec(RuntimeErr::SqlxError(_)) | DbErr::Query(RuntimeErr::SqlxError(_)),
                ) if left > 0 => {}
                begun => return begun,
            }
        }
    }

    /// Copies an SQLite database, as it is at one moment, into a file that is new or empty. Reads
    /// and writes continue meanwhile. The copy is not yet synchronized with the disk. PostgreSQL
    /// rejects the statement.
    pub async fn copy_into(&self, file: &str) -> Result<(), DbErr> {
        let backend = self.0.reader.get_database_backend();
        let copy = Statement::from_sql_and_values(backend, "VACUUM INTO ?", [file.into()]);
        self.0.reader.execute_raw(copy).await?;
        Ok(())
    }

    /// Removes what is left of rows of these tables after they were deleted, while the service runs:
    /// on SQLite from the whole file, which is written anew, and from its log.
    pub async fn vacuum(&self, tables: impl Iterator<Item = &'static str>) -> Result<(), DbErr> {
        let statement = match self.0.engine {
            Engine::Sqlite => "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)".to_owned(),
            Engine::Postgres => format!("VACUUM {}", tables.collect::<Vec<_>>().join(", ")),
        };
        self.0.writer.execute_unprepared(&statement).await?;
        Ok(())
    }

    /// Migrates the database to this version: first the tables, in one transaction that replicas
    /// execute one after the other, then, in portions, the columns that only the program can
    /// compute. Interrupted at any point, it continues the next time.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        self.migrate_tables().await?;
        self.fold_all().await
    }

    async fn migrate_tables(&self) -> Result<(), DbErr> {
        if matches!(self.is_migrated().await, Ok(true)) {
            return Ok(());
        }
        let (mut left, pause) = MIGRATION_ATTEMPTS;
        loop {
            left -= 1;
            let transaction = self.write().await?;
            if self.0.engine == Engine::Postgres {
                let lock = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
                transaction.execute_unprepared(&lock).await?;
                let timeout = TABLE_LOCK_TIMEOUT.as_millis();
                let timeout = format!("SET LOCAL lock_timeout = '{timeout}ms'");
                transaction.execute_unprepared(&timeout).await?;
            }
            match Migrator::up(&transaction, None).await {
                Err(error) if left > 0 && is_lock_timeout(&error) => {
                    transaction.rollback().await?;
                    tracing::warn!("a table is in use; the migration begins again");
                    tokio::time::sleep(pause).await;
                }
                migrated => {
                    migrated?;
                    return transaction.commit().await;
                }
            }
        }
    }

    /// Whether all migrations of this version are applied. A database that a newer version has
    /// migrated further counts too, so that old replicas go on serving while new ones start.
    pub async fn is_migrated(&self) -> Result<bool, DbErr> {
        let applied = seaql_migrations::Entity::find().all(&self.0.probe).await?;
        Ok(Migrator::migrations()
            .iter()
            .all(|migration| applied.iter().any(|applied| applied.version == migration.name())))
    }
}

/// Whether a statement of PostgreSQL waited too long for a lock.
fn is_lock_timeout(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
        error
    else {
        return false;
    };
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| code == "55P03")
}

fn options(url: &str, engine: Engine, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).sqlx_logging(false);
    if engine == Engine::Postgres {
        return options.test_before_acquire_if_idle_for(TESTED_AFTER).to_owned();
    }
    // Without a test of the connection, as a file does not disconnect. But when a disk is full,
    // SQLite ends a transaction by itself, which the driver does not notice: later commits on that
    // connection would belong to a transaction that never ends. Such a connection is discarded.
    options.test_before_acquire(false).map_sqlx_sqlite_pool_opts(|options| {
        options.before_acquire(|connection, _idle| {
            Box::pin(async move { Ok(!connection.is_in_transaction()) })
        })
    });
    options.map_sqlx_sqlite_opts(|options| {
        options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // With FULL the log is on the disk before a commit returns, so acknowledged changes
            // survive a loss of power.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(SQLITE_BUSY_TIMEOUT)
    });
    options
}

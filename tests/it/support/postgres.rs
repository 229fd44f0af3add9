//! A PostgreSQL server for the tests: the one that `TEST_DATABASE_URL` names, or a throwaway one
//! from the machine's own `initdb`, which ends with the test process.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _, stderr},
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::OnceLock,
};

use crm_steps::domain::id::new_id;
use sea_orm::{ConnectionTrait as _, Database};
use tokio::sync::OnceCell;
use url::Url;

/// A server on which tests make databases.
struct Server {
    url: Url,
    /// The pipe that stops the throwaway server when it closes.
    alive: Option<ChildStdin>,
}

/// The server, or the reason for its absence.
static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();

/// A new, empty database; `None` if the machine has no PostgreSQL and `REQUIRE_POSTGRES` is not set.
pub(super) async fn create_database() -> Option<Url> {
    let server = server().await?;
    Some(create(server, "").await)
}

/// A new, migrated database; `None` likewise.
pub(super) async fn create_migrated_database() -> Option<Url> {
    /// A migrated database to copy, because migrating takes much longer. It ends with the server.
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let server = server().await?;
    if server.alive.is_none() {
        let url = create(server, "").await;
        super::app::migrate(url.as_str()).await;
        return Some(url);
    }
    let template = TEMPLATE.get_or_init(async || {
        let url = create(server, "").await;
        super::app::migrate(url.as_str()).await;
        url.path().trim_start_matches('/').to_owned()
    });
    Some(create(server, &format!("TEMPLATE {}", template.await)).await)
}

async fn server() -> Option<&'static Server> {
    let server = tokio::task::spawn_blocking(|| SERVER.get_or_init(find_server)).await;
    match server.expect("the search for a server does not panic") {
        Ok(server) => Some(server),
        Err(why) => none(why),
    }
}

/// Creates a database with these options.
async fn create(server: &Server, options: &str) -> Url {
    let name = format!("crm_steps_test_{}", new_id().simple());
    execute(&server.url, &format!("CREATE DATABASE {name} {options}")).await;
    let mut url = server.url.clone();
    url.set_path(&name);
    url
}

/// Drops a database that [`create_database`] made.
pub(super) async fn drop_database(url: &Url) {
    let Some(Ok(server)) = SERVER.get() else { return };
    let name = url.path().trim_start_matches('/');
    execute(&server.url, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

async fn execute(server: &Url, statement: &str) {
    let connection = Database::connect(server.as_str()).await.expect("the server answers");
    connection.execute_unprepared(statement).await.expect("the user may create databases");
    connection.close().await.expect("the connection closes");
}

/// Reports once that tests are left out: straight to standard error, which the test runner does not
/// capture.
fn none<T>(why: &str) -> Option<T> {
    static SAID: OnceLock<()> = OnceLock::new();
    let required = std::env::var("REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
    assert!(!required, "REQUIRE_POSTGRES=1, but {why}");
    SAID.get_or_init(|| {
        let _ = writeln!(stderr(), "\nTHE POSTGRESQL HALF OF THE TESTS DOES NOT RUN: {why}\n");
    });
    None
}

fn find_server() -> Result<Server, String> {
    if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
        let url = Url::parse(&url).map_err(|error| format!("TEST_DATABASE_URL: {error}"))?;
        return Ok(Server { url, alive: None });
    }
    let bin = find_bin().ok_or("there is neither TEST_DATABASE_URL nor an installed initdb")?;
    start_throwaway(&bin)
}

/// The folder with `initdb`: on `PATH`, or where Debian and Fedora install it outside of `PATH`.
fn find_bin() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    folders.push("/usr/pgsql/bin".into());
    // `PATH` may have links to single programs; the server is in the folder of the real initdb.
    folders
        .into_iter()
        .filter_map(|folder| fs::canonicalize(folder.join("initdb")).ok())
        .find_map(|initdb| initdb.parent().map(Path::to_owned))
}

fn start_throwaway(bin: &Path) -> Result<Server, String> {
    let folder = tempfile::Builder::new().prefix("crm-steps-pg").tempdir().map_err(text)?.keep();
    // PostgreSQL does not run as root, so root gives the folder to an unprivileged user.
    let owner = is_root().then_some(UNPRIVILEGED);
    if let Some((user, group)) = owner {
        chown(&folder, Some(user), Some(group)).map_err(text)?;
    }
    let data = folder.join("data");
    let initdb = as_owner(Command::new(bin.join("initdb")), owner)
        .args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"])
        .arg("--pgdata")
        .arg(&data)
        .current_dir(&folder)
        .output()
        .map_err(text)?;
    if !initdb.status.success() {
        return Err(format!("initdb failed: {}", String::from_utf8_lossy(&initdb.stderr)));
    }
    let alive = start_supervised(bin, &folder, &data, owner)?;
    // No port, which could be in use: the server listens only on a socket in the folder.
    let folder = folder.to_str().ok_or("the temporary folder's name is not text")?;
    let mut url = Url::parse("postgres://postgres@localhost/postgres").map_err(text)?;
    url.query_pairs_mut().append_pair("host", folder);
    Ok(Server { url, alive: Some(alive) })
}

/// Starts the server under a shell that waits for the end of its standard input, which comes when this
/// process exits or is killed. The shell then stops the server and removes the folder.
fn start_supervised(
    bin: &Path,
    folder: &Path,
    data: &Path,
    owner: Option<(u32, u32)>,
) -> Result<ChildStdin, String> {
    const WATCH: &str = r#"
        trap '' INT
        "$1/pg_ctl" start -w -t 60 -D "$2" -l "$3/log" \
            -o "-k '$3' -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=500" >/dev/null \
            && echo ready
        cat >/dev/null
        "$1/pg_ctl" stop -m immediate -D "$2" >/dev/null
        rm -rf "$3"
    "#;
    let mut shell: Child = as_owner(Command::new("sh"), owner)
        .args(["-c", WATCH, "watch"])
        .args([bin, data, folder])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(text)?;
    let alive = shell.stdin.take().ok_or("the shell has no standard input")?;
    let output = shell.stdout.take().ok_or("the shell has no standard output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).map_err(text)?;
    if line.trim() == "ready" {
        return Ok(alive);
    }
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    Err(format!("the throwaway server did not start: {log}"))
}

/// The unprivileged user and group `nobody`.
const UNPRIVILEGED: (u32, u32) = (65_534, 65_534);

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

fn as_owner(mut command: Command, owner: Option<(u32, u32)>) -> Command {
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

//! A throwaway PostgreSQL with default settings, and pgbench.

use std::{
    fs,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

/// A running server, stopped and deleted on drop.
pub struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    /// The unprivileged user of the folder if this process is root, as which PostgreSQL does not run.
    owner: Option<(u32, u32)>,
}

impl Postgres {
    /// Starts a server that listens on a socket in its folder.
    pub fn start() -> Self {
        /// The unprivileged user and group `nobody`.
        const NOBODY: (u32, u32) = (65_534, 65_534);
        let folder = tempfile::Builder::new().prefix("crm-steps-bench").tempdir();
        let folder = folder.expect("a folder");
        let id = Command::new("id").arg("-u").output().expect("there is id").stdout;
        let owner = (id.trim_ascii() == b"0").then_some(NOBODY);
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group)).expect("root may do that");
        }
        let server = Self { programs: programs(), folder, owner };
        let data = server.path("data");
        server.run(
            "initdb",
            &["--auth=trust", "--username=postgres", "--encoding=UTF8", "-D", &data],
        );
        let options =
            format!("-k '{}' -c listen_addresses= -c max_connections=200", server.path(""));
        let log = server.path("log");
        server.run("pg_ctl", &["start", "-w", "-D", &data, "-l", &log, "-o", &options]);
        server.run("createdb", &["-h", &server.path(""), "-U", "postgres", DATABASE]);
        server
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("it is text").to_owned()
    }

    /// The URL for the service.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/{DATABASE}?host={}", self.path(""))
    }

    /// Copies the database, adds this many scenarios with the steps of one, and returns the URL of the
    /// copy. The database must have no connections.
    pub fn grown(&self, scenarios: u32) -> String {
        const LARGE: &str = "bench_large";
        let socket = self.path("");
        self.run("createdb", &["-h", &socket, "-U", "postgres", "-T", DATABASE, LARGE]);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/grow.sql");
        let sql = fs::read_to_string(script).expect("it is there");
        let scenarios = format!("scenarios={scenarios}");
        // psql replaces variables only in scripts that it reads from a file.
        let file = self.folder.path().join("grow.sql");
        fs::write(&file, sql).expect("there is room");
        let file = file.to_str().expect("it is text");
        self.run(
            "psql",
            &[
                "-h",
                &socket,
                "-U",
                "postgres",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-v",
                &scenarios,
                "-f",
                file,
                LARGE,
            ],
        );
        format!("postgres://postgres@localhost/{LARGE}?host={socket}")
    }

    /// Executes SQL; returns the selected rows as text.
    pub fn execute(&self, sql: &str) -> String {
        let socket = self.path("");
        self.run("psql", &["-h", &socket, "-U", "postgres", "-qAt", "-c", sql, DATABASE])
    }

    /// The executions per second of a script by pgbench.
    pub fn pgbench(
        &self,
        script: &str,
        variables: &[(&str, &str)],
        connections: usize,
        time: Duration,
    ) -> f64 {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql").join(script);
        let copy = self.folder.path().join("script.sql");
        fs::copy(script, &copy).expect("there is room");
        let (socket, copy) = (self.path(""), copy.to_str().expect("it is text").to_owned());
        let (connections, time) = (connections.to_string(), time.as_secs().to_string());
        let mut arguments = vec!["-h", &socket, "-U", "postgres", "-n", "-M", "prepared"];
        arguments.extend(["-c", &connections, "-T", &time, "-f", &copy]);
        let defined: Vec<String> =
            variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        arguments.extend(defined.iter().flat_map(|definition| ["-D", definition]));
        arguments.push(DATABASE);
        let report = self.run("pgbench", &arguments);
        let rate = report.lines().find_map(|line| line.strip_prefix("tps = "));
        let rate = rate.and_then(|rate| rate.split(' ').next()).expect("pgbench prints the rate");
        rate.parse().expect("it is a number")
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(self.programs.join(program));
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        // The server would keep a pipe open.
        if program == "pg_ctl" {
            command.stdout(Stdio::null());
        }
        let output = command.output().expect("PostgreSQL is installed");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program}: {errors}");
        String::from_utf8(output.stdout).expect("it is text").trim().to_owned()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.run("pg_ctl", &["stop", "-m", "immediate", "-D", &self.path("data")]);
    }
}

/// The name of the database.
const DATABASE: &str = "bench";

/// The folder with `initdb`: on `PATH`, or where Debian installs it outside of `PATH`.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    std::env::split_paths(&path)
        .chain(versions.map(|version| version.path().join("bin")))
        .filter_map(|folder| fs::canonicalize(folder.join("initdb")).ok())
        .find_map(|initdb| initdb.parent().map(Path::to_owned))
        .expect("PostgreSQL is installed")
}

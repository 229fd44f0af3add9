//! The service as in production: the release binary with default settings.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    load::{self, Target},
    requests::{self, World},
};

/// The organization of all resources.
pub const ORGANIZATION: &str = "Bench";

/// A running service, stopped on drop.
pub struct Service {
    child: Child,
    /// Host and port.
    pub address: String,
    /// The time from its start until it logged that it listens.
    pub started_in: Duration,
}

impl Service {
    /// Starts the service on a database, through `runner` if that is not empty.
    pub fn start(program: &Path, database: &str, keys: &str, runner: &[&str]) -> Self {
        let start = Instant::now();
        let mut words = runner.iter().map(Path::new).chain([program]);
        let mut child = command(words.next().expect("there is the program"), database, keys)
            .args(words)
            .args(["serve", "--listen", "127.0.0.1:0", "--no-demo"])
            .args(["--rate-limit-per-minute", "0"])
            // Earlier versions have no flags of these names.
            .env("MAX_STEPS_PER_SCENARIO", i32::MAX.to_string())
            .env("MAX_SOCKETS_PER_TOKEN", "2000")
            .env("MAX_STREAMS_PER_TOKEN", "2000")
            .stderr(Stdio::piped())
            .spawn()
            .expect("the service can be started");
        let mut log = BufReader::new(child.stderr.take().expect("it is a pipe")).lines();
        let address = log.by_ref().map_while(Result::ok).find_map(|line| {
            line.split_once("listening on http://").map(|(_, address)| address.to_owned())
        });
        let started_in = start.elapsed();
        // The log has to be read, or the service would block on a full pipe.
        std::thread::spawn(move || log.for_each(drop));
        Self { child, address: address.expect("the service listens"), started_in }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its peak memory so far, in MiB.
    pub fn peak_memory(&self) -> u64 {
        self.kibibytes("VmHWM:") / 1024
    }

    /// The memory that it has now, in KiB.
    pub fn memory(&self) -> u64 {
        self.kibibytes("VmRSS:")
    }

    fn kibibytes(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("it still runs");
        let value = status.lines().find_map(|line| line.strip_prefix(name));
        let value = value.and_then(|value| value.trim().strip_suffix(" kB"));
        value.and_then(|number| number.parse().ok()).expect("Linux says so")
    }

    /// Posts one GraphQL request; returns its data.
    pub fn ask(&self, token: &str, body: &str) -> Value {
        let text = load::answer(&self.target(&[token], &|_| body.to_owned(), ""));
        let answer: Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(answer.get("errors"), None, "{answer:#}");
        answer["data"].clone()
    }

    /// The service as the target of a load.
    pub fn target<'a>(
        &'a self,
        tokens: &'a [&'a str],
        body: &'a dyn Fn(u64) -> String,
        expected: &'a str,
    ) -> Target<'a> {
        Target { address: &self.address, path: "/graphql", tokens, body, expected }
    }

    /// Creates the resources that steps refer to.
    pub fn fill(&self, token: String, scenarios: usize) -> World {
        let named = |kind: &str, count: usize| -> Vec<Value> {
            (0..count).map(|n| json!({ "name": format!("{kind} {n}") })).collect()
        };
        let members: Vec<Value> = (0..10)
            .map(|n| json!({ "name": "Ana", "email": format!("ana{n}@example.com"), "role": "USER" }))
            .collect();
        World {
            scenarios: self.create(&token, "createCrmScenario", &named("Vendas", scenarios)),
            agents: self.create(&token, "createAgent", &named("Sofia", 10)),
            memberships: self.create(&token, "createMembership", &members),
            token,
        }
    }

    fn create(&self, token: &str, field: &str, inputs: &[Value]) -> Vec<String> {
        /// Half of the limit on root fields of a document.
        const AT_ONCE: usize = 10;
        let ids = inputs.chunks(AT_ONCE).flat_map(|inputs| {
            let data = self.ask(token, &requests::nouns(field, inputs));
            let data = data.as_object().expect("an object").clone();
            data.into_iter().map(|(_, payload)| {
                let noun = payload.as_object().and_then(|payload| payload.values().next().cloned());
                noun.expect("the thing")["id"].as_str().expect("its id").to_owned()
            })
        });
        ids.collect()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // SIGTERM, after which callgrind writes its counts when the process ends.
        let id = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        let _ = self.child.wait();
    }
}

fn command(program: &Path, database: &str, keys: &str) -> Command {
    let mut command = Command::new(program);
    command.env("DATABASE_URL", database).env("SECRET_KEYS", keys).stdout(Stdio::piped());
    command
}

/// Creates a token, and the organization if it does not exist.
pub fn token(program: &Path, database: &str, keys: &str) -> String {
    token_of(ORGANIZATION, program, database, keys)
}

/// Creates a token of this organization, which is created if it does not exist.
pub fn token_of(organization: &str, program: &Path, database: &str, keys: &str) -> String {
    let mut token = command(program, database, keys);
    token.args(["token", "create", "--organization", organization]).stderr(Stdio::null());
    let output = token.output().expect("the service can be started");
    assert!(output.status.success(), "a token can be created");
    String::from_utf8(output.stdout).expect("it is text").trim().to_owned()
}

/// Builds the service; returns the path of the program.
pub fn build(repository: &Path) -> PathBuf {
    let status = cargo(repository).args(["build", "--release", "--locked"]).status();
    assert!(status.expect("there is cargo").success(), "the service can be built");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(repository.join("target"), Into::into);
    target.join("release/crm-steps")
}

/// A command of cargo for the workspace of the service.
pub fn cargo(repository: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(repository);
    // The variables that cargo sets for this package would change the build of some packages.
    let of_this_package =
        |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars().filter(|(name, _)| of_this_package(name)) {
        cargo.env_remove(name);
    }
    cargo
}

//! The program, run as a child process.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use super::KEYS;

/// The program, to run in this folder without the configuration of this process.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crm-steps"));
    command.current_dir(folder);
    command.env("SECRET_KEYS", KEYS);
    for name in [
        "CLICOLOR_FORCE",
        "CONFIG_FILE",
        "CRM_STEPS_TOKEN",
        "CRM_STEPS_URL",
        "DATABASE_CONNECTIONS",
        "DATABASE_URL",
        "LISTEN_ADDR",
        "NO_COLOR",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command
}

/// A running server; killed when dropped.
pub struct Server {
    process: Child,
    pub url: String,
    /// The log up to the line that says where the server listens.
    pub log_at_start: String,
    log: BufReader<std::process::ChildStderr>,
}

impl Server {
    /// Starts `serve` on a free port and waits until it listens.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_with(folder, arguments, &[])
    }

    /// The same with these environment variables.
    pub fn start_with(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut process = command(folder)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut log = BufReader::new(process.stderr.take().expect("it is piped"));
        let mut log_at_start = String::new();
        let url = loop {
            let mut line = String::new();
            let read = log.read_line(&mut line).expect("the log is text");
            log_at_start.push_str(&line);
            assert!(read > 0, "the server ended before it listened: {log_at_start}");
            if let Some((_, url)) = line.split_once("listening on ") {
                // A log line in JSON continues after the URL.
                break url.split('"').next().unwrap_or(url).trim().to_owned();
            }
        };
        Self { process, url, log_at_start, log }
    }

    /// Executes a document; returns the body of the response.
    pub async fn graphql(&self, token: &str, query: &str) -> reqwest::Result<Value> {
        reqwest::Client::new()
            .post(format!("{}/graphql", self.url))
            .bearer_auth(token)
            .json(&json!({ "query": query }))
            .send()
            .await?
            .json()
            .await
    }

    /// Kills the process, like a loss of power, and waits for its end.
    pub fn kill(mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }

    /// Stops the process; returns its output and its log.
    pub fn stop(mut self) -> (String, String) {
        self.terminate();
        self.wait()
    }

    /// Sends SIGTERM, as service managers do.
    pub fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(status.expect("kill runs").success());
    }

    /// Waits for a line of the log that contains this text.
    pub fn read_log_until(&mut self, text: &str) {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            let read = self.log.read_line(&mut line).expect("the log is text");
            assert!(read > 0, "the server ended before it logged {text:?}");
        }
    }

    /// Waits for the end of the process; returns its output and its log.
    pub fn wait(&mut self) -> (String, String) {
        let (mut output, mut log) = (String::new(), String::new());
        self.log.read_to_string(&mut log).expect("the log is text");
        let stdout = self.process.stdout.as_mut().expect("it is piped");
        stdout.read_to_string(&mut output).expect("the output is text");
        assert!(self.process.wait().expect("it ends").success(), "{log}");
        (output, log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

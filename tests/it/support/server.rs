//! The program itself, as a process of its own.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use super::KEYS;

/// The program, to be run in this folder with nothing of this process's configuration.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crm-steps"));
    command.current_dir(folder);
    command.env("SECRET_KEYS", KEYS);
    for name in ["LISTEN_ADDR", "DATABASE_URL", "DATABASE_CONNECTIONS", "RUST_LOG", "CONFIG_FILE"] {
        command.env_remove(name);
    }
    command
}

/// A running server; killed when dropped.
pub struct Server {
    process: Child,
    pub url: String,
    /// What the log said before the server listened.
    pub said_at_start: String,
    log: BufReader<std::process::ChildStderr>,
}

impl Server {
    /// Starts `serve` on a free port and waits until it says that it listens.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_with(folder, arguments, &[])
    }

    /// The same with these variables in its environment.
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
        let mut said = String::new();
        let url = loop {
            let mut line = String::new();
            let read = log.read_line(&mut line).expect("the log is text");
            said.push_str(&line);
            assert!(read > 0, "the server ended before it listened: {said}");
            if let Some((_, url)) = line.split_once("listening on ") {
                // In a line of JSON more follows.
                break url.split('"').next().unwrap_or(url).trim().to_owned();
            }
        };
        Self { process, url, said_at_start: said, log }
    }

    /// Sends a document and answers with the body.
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

    /// Kills it, as a loss of power would, and waits until it is gone.
    pub fn kill(mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }

    /// Asks it to stop, and waits until it has; answers with what it printed and with its log.
    pub fn stop(mut self) -> (String, String) {
        self.ask_to_stop();
        self.wait()
    }

    /// Asks it to stop, as service managers do.
    pub fn ask_to_stop(&self) {
        let status = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(status.expect("kill runs").success());
    }

    /// Waits for a line of the log that has this in it.
    pub fn read_log_until(&mut self, text: &str) {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            let read = self.log.read_line(&mut line).expect("the log is text");
            assert!(read > 0, "the server ended before it said {text:?}");
        }
    }

    /// Waits until it has stopped; answers with what it printed and with its log.
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

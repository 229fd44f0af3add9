//! The commands `pipeline export`, `plan` and `apply`: the program as a client of a service.

mod applying;
mod exporting;
mod failing;
mod planning;

use std::{
    fs,
    process::{Command, Output},
};

use axum::Router;
use tempfile::TempDir;
use tokio::{net::TcpListener, task::block_in_place};

use crate::support::{App, Client, command};

/// A folder in which commands are run, for a service and with a token.
struct Shell {
    folder: TempDir,
    url: String,
    token: String,
}

impl Shell {
    /// For this service, with the token of this client.
    async fn new(app: &App, client: &Client) -> Self {
        let url = format!("http://{}", app.listen().await);
        let token = client.authorization().strip_prefix("Bearer ").expect("a token");
        Self::at(&url, token)
    }

    /// For something else that answers requests.
    async fn of(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = listener.local_addr().expect("the socket has an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self::at(&format!("http://{address}"), "crm_token")
    }

    fn at(url: &str, token: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder is made");
        Self { folder, url: url.to_owned(), token: token.to_owned() }
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        fs::write(path, text).expect("it is written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).expect("it is there")
    }

    /// The names of the files in a folder.
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join(folder)).into_iter().flatten();
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry.expect("an entry").file_name().into_string().expect("text")
        };
        let mut names: Vec<_> = entries.map(name).collect();
        names.sort();
        names
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(self.folder.path());
        command.env("CRM_STEPS_URL", &self.url).env("CRM_STEPS_TOKEN", &self.token);
        command.arg("pipeline").args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        output(self.command(arguments))
    }

    /// What a command prints on standard output and standard error, and its exit status.
    fn all(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let status = output.status.code().expect("it ends by itself");
        let printed = text(&output.stdout) + &text(&output.stderr);
        assert!(!printed.contains(&self.token), "no token is printed: {printed}");
        format!("{}exit status {status}", printed.replace(&self.url, "URL"))
    }

    fn status(&self, arguments: &[&str]) -> Option<i32> {
        self.run(arguments).status.code()
    }
}

fn output(mut command: Command) -> Output {
    // The service runs in this process.
    block_in_place(|| command.output()).expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

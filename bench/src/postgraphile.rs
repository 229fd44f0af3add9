//! A peer: PostGraphile on the same tables.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::json;

/// A running PostGraphile, stopped on drop.
pub struct Postgraphile {
    child: Child,
    /// Host and port.
    pub address: String,
}

impl Postgraphile {
    /// Installs PostGraphile, and starts it on a database.
    pub fn start(database: &str) -> Self {
        let folder = folder();
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder);
        assert!(npm.status().expect("npm is installed").success(), "PostGraphile can be installed");
        let mut child = Command::new(folder.join("node_modules/.bin/node"))
            .arg("server.mjs")
            .current_dir(&folder)
            .env("DATABASE_URL", database)
            .env("NODE_ENV", "production")
            .env("GRAPHILE_ENV", "production")
            .stdout(Stdio::piped())
            .spawn()
            .expect("it can be started");
        let lines = BufReader::new(child.stdout.take().expect("it is a pipe")).lines();
        let mut addresses = lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        let address = addresses.next().expect("it listens");
        Self { child, address }
    }
}

impl Drop for Postgraphile {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("postgraphile")
}

/// The query of [`requests::list`](crate::requests::list) in the schema of PostGraphile.
pub fn list(organization: &str, scenario: &str) -> String {
    let query = "query Steps($organization: UUID!, $id: UUID!) {
      crmScenarioByOrganizationIdAndRowId(organizationId: $organization, rowId: $id) {
        rowId
        name
        crmStepsByOrganizationIdAndScenarioId(first: 50, orderBy: [RANK_ASC]) {
          nodes {
            rowId index createdAt updatedAt version name scenarioId agentId trigger prompt
            initialMessage autoNextTime autoNextTimeUnit defaultStatus defaultPriority
            defaultAiControl assigneeLogicType isRequired defaultTags webhookUrl
            agentByOrganizationIdAndAgentId { rowId name iconUrl }
          }
        }
      }
    }";
    let variables = json!({ "organization": organization, "id": scenario });
    json!({ "query": query, "variables": variables }).to_string()
}

//! A peer: PostGraphile on the same tables.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::json;

use crate::{
    load::Target,
    requests::{self, World},
};

/// A running PostGraphile, stopped on drop.
pub struct Postgraphile {
    child: Child,
    /// Host and port.
    address: String,
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

    /// PostGraphile as the target of a load.
    pub fn target<'a>(&'a self, body: &'a dyn Fn(u64) -> String, expected: &'a str) -> Target<'a> {
        Target { address: &self.address, path: "/graphql", tokens: &[""], body, expected }
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

/// The query of [`requests::list`] in the schema of PostGraphile.
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

/// The mutation of [`requests::create`] in the schema of PostGraphile. It inserts a row of `crm_step`, and
/// nothing else: no candidates, tags, history or counters. The number is the index of the step, so nothing
/// else may create steps in these scenarios.
///
/// `header` is the value that the service stores, which is sealed.
pub fn create(
    organization: &str,
    header: &str,
    world: &World,
    number: u64,
    scenarios: usize,
) -> String {
    let query = "mutation Create($input: CrmStepInput!) {
      createCrmStep(input: { crmStep: $input }) {
        crmStep {
          rowId index organizationId createdAt updatedAt version name scenarioId agentId trigger
          prompt initialMessage autoNextStepId autoNextTime autoNextTimeUnit defaultStatus
          defaultPriority defaultAiControl assigneeLogicType isRequired isConversationRemovalStep
          defaultTags defaultTagsToRemove requestContact zapiAgentId zapiPhoneNumber zapiMessage
          whatsappTemplateAgentId whatsappTemplateName whatsappTemplateLanguageCode
          whatsappTemplateText webhookUrl webhookHeader
          agentByOrganizationIdAndAgentId { rowId name iconUrl }
          crmScenarioByOrganizationIdAndScenarioId { rowId name description }
        }
      }
    }";
    let now = "2026-11-26T00:00:00Z";
    let mut input = requests::input(world, number, scenarios);
    let folded = input["name"].as_str().expect("it is text").to_lowercase();
    let columns = json!({
        "organizationId": organization,
        // In the order of their creation, like those of the service.
        "rowId": format!("50000000-0000-7000-8000-{number:012}"),
        "createdAt": now,
        "updatedAt": now,
        "index": number,
        "rank": number.to_string(),
        "nameFolded": folded,
        "nameCaseless": folded,
        "webhookHeader": header,
    });
    let input = input.as_object_mut().expect("it is an object");
    input.remove("selectedMembershipIdsForAssignee");
    input.extend(columns.as_object().expect("it is one").clone());
    json!({ "query": query, "variables": { "input": input } }).to_string()
}

/// A text in the response to every successful create.
pub const CREATED: &str = r#"{"data":{"createCrmStep":{"crmStep":{"rowId":""#;

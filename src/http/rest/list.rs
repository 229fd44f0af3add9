//! The handlers that list objects: all pages of a GraphQL list as one.

use std::collections::HashSet;

use serde_json::{Value as Json, json};

use super::{
    operation::{Operation, found},
    problem::{FieldError, Rejection},
};
use crate::{
    domain::{access_token::Scope, id::parse_id},
    graphql::error::ErrorCode,
    http::error::Problem,
};

type ListResponse = Result<axum::Json<Vec<Json>>, Rejection>;

/// Lists the steps of the scenario `scenarioId` by their index; with an `agentId` only those in
/// which this agent takes over.
pub(super) async fn steps(operation: Operation) -> ListResponse {
    let Some(scenario_id) = operation.parameter("scenarioId") else {
        return Err(FieldError::required(&["scenarioId".to_owned()]).into());
    };
    let mut steps = pages(&operation, "ListCrmSteps", json!({ "scenarioId": scenario_id })).await?;
    if let Some(agent_id) = operation.parameter("agentId") {
        // In the form of a response. No step has an agent whose id is malformed.
        let wanted = parse_id(&agent_id).map(|id| id.to_string()).unwrap_or_default();
        steps.retain(|step| step["agentId"] == wanted.as_str());
    }
    Ok(axum::Json(steps))
}

/// Lists scenarios, oldest first; with an `agentId` only those in which this agent takes over in some
/// step.
pub(super) async fn scenarios(operation: Operation) -> ListResponse {
    let mut scenarios = pages(&operation, "ListCrmScenarios", json!({})).await?;
    if let Some(agent_id) = operation.parameter("agentId") {
        let by_agent = json!({ "agentId": agent_id });
        let steps = pages(&operation, "ListStepsOfAgent", by_agent).await?;
        let ids = steps.into_iter().map(|mut step| step["scenarioId"].take());
        let wanted: HashSet<Json> = ids.collect();
        scenarios.retain(|scenario| wanted.contains(&scenario["id"]));
    }
    Ok(axum::Json(scenarios))
}

/// Largest list, in bytes of its texts: a response has no pages, so its size needs a limit.
const LIST_BYTES_MAX: usize = 50_000_000;

/// The approximate size of a value, in bytes.
fn text_bytes(value: &Json) -> usize {
    /// Size of the smallest value.
    const LEAST: usize = 8;
    LEAST
        + match value {
            Json::String(text) => text.len(),
            Json::Array(elements) => elements.iter().map(text_bytes).sum(),
            Json::Object(fields) => {
                fields.iter().map(|(name, field)| name.len() + text_bytes(field)).sum()
            }
            _ => 0,
        }
}

/// Executes a query for each page of its `list` and returns all elements. Only the list of a scenario's
/// steps may be missing. If the steps are renumbered between two pages, it starts again, once.
async fn pages(
    operation: &Operation,
    name: &str,
    mut variables: Json,
) -> Result<Vec<Json>, Rejection> {
    let (mut elements, mut bytes, mut is_again) = (Vec::new(), 0, false);
    loop {
        let data = operation.execute(Scope::Read, name, variables.clone()).await;
        let is_of_a_cursor = matches!(&data, Err(rejection) if rejection.is_of_a_cursor());
        if is_of_a_cursor && !is_again && !elements.is_empty() {
            (elements, bytes, is_again) = (Vec::new(), 0, true);
            variables["after"] = Json::Null;
            continue;
        }
        let mut data = data?;
        let page = match data["crmScenario"]["list"].take() {
            Json::Null => data["list"].take(),
            page => page,
        };
        let mut page = found(page, "scenarioId")?;
        if let Json::Array(nodes) = page["nodes"].take() {
            bytes += nodes.iter().map(text_bytes).sum::<usize>();
            elements.extend(nodes);
        }
        if bytes > LIST_BYTES_MAX {
            let message = "The list is too long for one response; GraphQL has it in pages.";
            return Err(Problem::new(ErrorCode::QueryTooLarge, message).into());
        }
        if page["pageInfo"]["hasNextPage"] != true {
            return Ok(elements);
        }
        variables["after"] = page["pageInfo"]["endCursor"].take();
    }
}

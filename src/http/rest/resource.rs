//! The resources of the REST API, and the GraphQL documents that their requests are executed as.

use std::sync::Arc;

use axum::extract::FromRef;
use serde_json::{Value as Json, json};

use super::{
    contract::Contract,
    nested::{self, NestedObjects},
};
use crate::{graphql::engine::Document, http::SharedEndpoint};

/// What differs between the resources.
pub(super) struct Kind {
    /// The resource's GraphQL type.
    pub(super) type_name: &'static str,
    /// The field of queries that has this type.
    field: &'static str,
    /// The fields of a response, as a selection of the type.
    pub(super) selection: &'static str,
    /// The objects of a body whose fields are fields of the resource.
    pub(super) nested: NestedObjects,
    /// The query for a page of the list, whose arguments and selection are `page`.
    list: fn(page: &str) -> String,
    /// The response to an update.
    pub(super) updated: fn(Json) -> Json,
    /// Whether a deletion also deletes steps, and names their count.
    has_steps: bool,
}

/// `/crm/step`, with the 35 fields that the API reference has in a response.
pub(super) static STEP: Kind = Kind {
    type_name: "CrmStep",
    field: "crmStep",
    selection: "{
        id name index scenarioId organizationId agentId trigger prompt initialMessage
        autoNextStepId autoNextTime autoNextTimeUnit defaultStatus defaultPriority defaultAiControl
        assigneeLogicType selectedMembershipIdsForAssignee isRequired isConversationRemovalStep
        defaultTags defaultTagsToRemove requestContact { name email phone }
        zapiAgentId zapiPhoneNumber zapiMessage
        whatsappTemplateAgentId whatsappTemplateName whatsappTemplateLanguageCode whatsappTemplateText
        webhookUrl webhookHeader createdAt updatedAt
        agent { id name iconUrl }
        scenario { id name description organizationId createdAt updatedAt }
    }",
    nested: nested::OF_STEP,
    list: |page| {
        format!(
            "query($id: ID!, $after: String) {{ owner: crmScenario(id: $id) {{ list: steps{page} }} }}"
        )
    },
    updated: |step| step,
    has_steps: false,
};

/// `/crm/scenario`, with the six fields that the API reference has in a response.
pub(super) static SCENARIO: Kind = Kind {
    type_name: "CrmScenario",
    field: "crmScenario",
    selection: "{ id name description organizationId createdAt updatedAt }",
    nested: &[],
    list: |page| format!("query($after: String) {{ list: crmScenarios{page} }}"),
    updated: |scenario| json!({ "message": "Scenario updated", "scenario": scenario }),
    has_steps: true,
};

/// What the handlers of a resource work with.
#[derive(Clone, FromRef)]
pub(super) struct Resource {
    endpoint: SharedEndpoint,
    pub(super) contract: Arc<Contract>,
    pub(super) documents: Arc<Documents>,
    #[from_ref(skip)]
    pub(super) kind: &'static Kind,
}

impl Resource {
    /// # Panics
    /// When the schema lacks something that a document names.
    pub(super) fn new(
        kind: &'static Kind,
        endpoint: &SharedEndpoint,
        contract: &Arc<Contract>,
    ) -> Self {
        Self {
            endpoint: Arc::clone(endpoint),
            contract: Arc::clone(contract),
            documents: Arc::new(Documents::new(kind, endpoint)),
            kind,
        }
    }
}

/// The documents of a resource, parsed and validated. `object` is the alias of the resource in their
/// results, `payload` that of a mutation.
pub(super) struct Documents {
    pub(super) read: Document,
    pub(super) list: Document,
    /// The scenarios of the steps of an agent.
    pub(super) steps_of_agent: Document,
    pub(super) create: Write,
    pub(super) update: Write,
    /// The resource as it is before its deletion, and the count of its steps.
    pub(super) before_deletion: Document,
    pub(super) delete: Document,
}

/// A mutation that takes the fields of a body.
pub(super) struct Write {
    pub(super) input_type: String,
    pub(super) document: Document,
}

impl Documents {
    fn new(kind: &Kind, endpoint: &SharedEndpoint) -> Self {
        let Kind { type_name, field, selection, has_steps, .. } = kind;
        let document = |text: &str| {
            let read = endpoint.read_own(text);
            read.unwrap_or_else(|rejected| panic!("{text} is not valid: {rejected:?}"))
        };
        let page = |filter: &str, nodes: &str| {
            format!(
                "(first: 100, after: $after{filter}) {{ nodes {nodes} pageInfo {{ hasNextPage endCursor }} }}"
            )
        };
        let mutation = |variables: &str, name: &str, arguments: &str, selected: &str| {
            document(&format!(
                "mutation({variables}, $key: String) {{ payload: {name}{type_name}({arguments}, \
                 idempotencyKey: $key) {{ {selected} \
                 userErrors {{ field code message params {{ name value }} }} }} }}"
            ))
        };
        let write = |verb: &str, input: &str, [variable, argument]: [&str; 2]| {
            let input_type = format!("{input}{type_name}Input");
            let document = mutation(
                &format!("{variable}$input: {input_type}!"),
                verb,
                &format!("{argument}input: $input"),
                &format!("object: {field} {selection}"),
            );
            Write { input_type, document }
        };
        let query = format!("object: {field}(id: $id) {selection}");
        let (count_variable, count_argument, count) = if *has_steps {
            let count = format!("count: {field}(id: $id) {{ steps {{ totalCount }} }}");
            (", $count: Int!", ", expectedStepCount: $count", count)
        } else {
            ("", "", String::new())
        };
        Self {
            read: document(&format!("query($id: ID!) {{ {query} }}")),
            list: document(&(kind.list)(&page("", selection))),
            steps_of_agent: document(&format!(
                "query($agentId: ID!, $after: String) {{ list: crmSteps{} }}",
                page(", filter: { agentId: { eq: $agentId } }", "{ scenarioId }")
            )),
            create: write("create", "Create", ["", ""]),
            update: write("update", "Update", ["$id: ID!, ", "id: $id, "]),
            before_deletion: document(&format!("query($id: ID!) {{ {query} {count} }}")),
            delete: mutation(
                &format!("$id: ID!{count_variable}"),
                "delete",
                &format!("id: $id{count_argument}"),
                "",
            ),
        }
    }
}

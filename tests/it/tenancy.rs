//! An id of another organization is treated exactly as an id that does not exist.

mod shared;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// An id of no row.
const UNKNOWN: &str = "019a0000-0000-7000-8000-00000000ffff";

/// The fields of a new step that take ids.
async fn id_fields(client: &Client) -> Vec<String> {
    let of_type = "type { name ofType { name ofType { name ofType { name } } } }";
    let query = format!(
        "{{ __type(name: \"CreateCrmStepInput\") {{ inputFields {{ name {of_type} }} }} }}"
    );
    let fields = client.query(&query).await["__type"]["inputFields"].clone();
    let fields = fields.as_array().expect("fields").iter();
    let of_ids = fields.filter(|field| field["type"].to_string().contains("\"ID\""));
    of_ids.map(|field| field["name"].as_str().expect("a name").to_owned()).collect()
}

async fn ids_of_another_organization_are_unknown_in_every_field(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let scenario = eve.scenario("Eve's").await;
    let bruno = ana.membership("Bruno").await;
    let theirs = ana.scenario("Ana's").await;
    let agent = ana.agent("Sofia").await;
    let step = ana.crm_step(&json!({ "scenarioId": theirs, "name": "A", "prompt": "b" })).await;
    let step = step["id"].as_str().expect("an id").to_owned();
    let before = app.contents().await;

    let fields = |id: &dyn Fn(&str) -> String| {
        [
            json!({ "scenarioId": id(&theirs) }),
            json!({ "agentId": id(&agent) }),
            json!({ "autoNextStepId": id(&step), "autoNextTime": 1 }),
            json!({ "zapiAgentId": id(&agent), "zapiPhoneNumber": "12345678", "zapiMessage": "a" }),
            json!({
                "whatsappTemplateAgentId": id(&agent), "whatsappTemplateName": "a",
                "whatsappTemplateLanguageCode": "en",
            }),
            json!({
                "assigneeLogicType": "random_selected",
                "selectedMembershipIdsForAssignee": [id(&bruno)],
            }),
        ]
    };
    let foreign = fields(&|id| id.to_owned());
    let tried: BTreeSet<String> = foreign
        .iter()
        .flat_map(|fields| fields.as_object().expect("an object").keys().cloned())
        .collect();
    let missing = id_fields(&eve).await.into_iter().filter(|field| !tried.contains(field));
    assert_eq!(missing.collect::<Vec<_>>(), ["id"], "the id of the step itself is a new one");
    let unknown = fields(&|_| UNKNOWN.to_owned());
    for (foreign, unknown) in foreign.into_iter().zip(unknown) {
        let input = |fields: &Value| {
            let mut input = json!({ "scenarioId": scenario, "name": "A", "prompt": "b" });
            let fields = fields.as_object().expect("an object").clone();
            input.as_object_mut().expect("an object").extend(fields);
            input
        };
        let of_foreign = eve.create_crm_step(&input(&foreign)).await;
        let of_unknown = eve.create_crm_step(&input(&unknown)).await;
        assert_eq!(of_foreign.violations().len(), 1, "{foreign}");
        assert_eq!(of_foreign.violations()[0].1, "NOT_FOUND", "{foreign}");
        assert_eq!(of_foreign.text, of_unknown.text, "{foreign}");
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn rows_of_another_organization_cannot_be_read(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let of_nothing = eve.query("{ changesCursor }").await["changesCursor"].clone();
    let scenario = ana.scenario("Ana's").await;
    let step = ana.crm_step(&json!({ "scenarioId": scenario, "name": "A", "prompt": "b" })).await;
    ana.agent("Sofia").await;
    ana.membership("Bruno").await;
    let query = format!(
        "{{ crmStep(id: {}) {{ id }} crmScenario(id: \"{scenario}\") {{ id }}
            crmScenarios {{ totalCount nodes {{ id }} }} agents {{ totalCount nodes {{ id }} }}
            memberships {{ totalCount nodes {{ id }} }} viewer {{ organization {{ name }} }}
            crmSteps {{ totalCount nodes {{ id }} }} node(id: \"{scenario}\") {{ id }}
            nodes(ids: [\"{scenario}\"]) {{ id }} deletionImpact(id: \"{scenario}\") {{ isAllowed }}
            simulateCrmScenario(input: {{ scenarioId: \"{scenario}\" }}) {{ end {{ reason }} }}
            inputRules(inputs: []) {{ input }} changesCursor }}",
        step["id"]
    );
    let nothing = json!({ "totalCount": 0, "nodes": [] });
    let found = eve.query(&query).await;
    let asked: BTreeSet<String> = found.as_object().expect("an object").keys().cloned().collect();
    assert_eq!(asked, eve.fields_of("Query").await, "each query that there is");
    assert_eq!(
        found,
        json!({
            "changesCursor": of_nothing,
            "crmStep": null, "crmScenario": null, "crmScenarios": nothing, "agents": nothing,
            "memberships": nothing, "crmSteps": nothing, "node": null, "nodes": [null],
            "deletionImpact": null, "simulateCrmScenario": { "end": null }, "inputRules": [],
            "viewer": { "organization": { "name": "Evil" } },
        })
    );
}

on_both_databases!(
    ids_of_another_organization_are_unknown_in_every_field,
    rows_of_another_organization_cannot_be_read,
);

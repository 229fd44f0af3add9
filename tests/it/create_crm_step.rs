//! createCrmStep: each rule accepted and refused, and what comes back.

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// Somebody with one of everything that a step can name.
struct Desk {
    ana: Client,
    scenario: String,
    agent: String,
    bruno: String,
    carla: String,
    step: String,
    /// A step of another scenario.
    elsewhere: String,
}

impl Desk {
    async fn new(app: &App) -> Self {
        let ana = app.member_of("Horizonte").await;
        let scenario = ana.scenario("Sales").await;
        let other = ana.scenario("Support").await;
        let step = |scenario: &str| json!({ "scenarioId": scenario, "name": "A", "trigger": "b" });
        let id = |step: Value| step["id"].as_str().expect("an id").to_owned();
        Self {
            agent: ana.agent("Sofia").await,
            bruno: ana.membership("Bruno").await,
            carla: ana.membership("Carla").await,
            step: id(ana.crm_step(&step(&scenario)).await),
            elsewhere: id(ana.crm_step(&step(&other)).await),
            scenario,
            ana,
        }
    }

    /// A step that keeps all rules, with these fields in it.
    fn input(&self, fields: &Value) -> Value {
        let mut input = json!({ "scenarioId": self.scenario, "name": "Lead", "prompt": "Greet." });
        let entries = fields.as_object().expect("an object").clone();
        input.as_object_mut().expect("an object").extend(entries);
        input
    }

    /// The step is created, and every field comes back as it was sent.
    async fn takes(&self, fields: Value) {
        let input = self.input(&fields);
        let step = self.ana.crm_step(&input).await;
        for (field, sent) in fields.as_object().expect("an object") {
            assert_eq!(step[field], *sent, "{field} of {fields:#}");
        }
    }

    /// The step is refused for these reasons and no others.
    async fn refuses(&self, fields: Value, expected: &[(&str, &str)]) {
        let input = self.input(&fields);
        let answer = self.ana.create_crm_step(&input).await;
        let violations = answer.violations();
        let violations: Vec<(&str, &str)> = violations
            .iter()
            .map(|(path, code)| (path.strip_prefix("input.").expect("in the input"), code.as_str()))
            .collect();
        assert_eq!(violations, expected, "{fields:#}");
        let payload = &answer.data()["createCrmStep"];
        assert_eq!(payload["crmStep"], Value::Null);
        assert_eq!(payload["crmStepEdge"], Value::Null);
        let validated = self.ana.validate_crm_step(&input).await;
        assert_eq!(validated.data(), answer.data(), "validateOnly answers the same");
    }
}

/// A text of this many characters, each of two bytes.
fn long(characters: usize) -> String {
    "é".repeat(characters)
}

async fn a_step_comes_back_whole(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let input = json!({ "scenarioId": scenario, "name": "  Lead ", "prompt": "Greet." });
    let step = ana.crm_step(&input).await;
    insta::allow_duplicates! {
        insta::assert_json_snapshot!(step, {
            ".id" => "[id]", ".organizationId" => "[id]", ".scenarioId" => "[id]",
            ".scenario.id" => "[id]", ".scenario.organizationId" => "[id]",
        }, @r#"
        {
          "id": "[id]",
          "index": 0,
          "organizationId": "[id]",
          "createdAt": "2026-11-22T18:20:00.123456Z",
          "updatedAt": "2026-11-22T18:20:00.123456Z",
          "name": "Lead",
          "scenarioId": "[id]",
          "agentId": null,
          "trigger": null,
          "prompt": "Greet.",
          "initialMessage": null,
          "autoNextStepId": null,
          "autoNextTime": null,
          "autoNextTimeUnit": null,
          "defaultStatus": null,
          "defaultPriority": null,
          "defaultAiControl": null,
          "assigneeLogicType": null,
          "selectedMembershipIdsForAssignee": null,
          "isRequired": null,
          "isConversationRemovalStep": null,
          "defaultTags": null,
          "defaultTagsToRemove": null,
          "requestContact": null,
          "zapiAgentId": null,
          "zapiPhoneNumber": null,
          "zapiMessage": null,
          "whatsappTemplateAgentId": null,
          "whatsappTemplateName": null,
          "whatsappTemplateLanguageCode": null,
          "whatsappTemplateText": null,
          "webhookUrl": null,
          "webhookHeader": null,
          "autoNextDelaySeconds": null,
          "agent": null,
          "scenario": {
            "id": "[id]",
            "name": "Sales",
            "description": null,
            "organizationId": "[id]"
          },
          "autoNextStep": null,
          "zapiAgent": null,
          "whatsappTemplateAgent": null,
          "selectedMembershipsForAssignee": null
        }
        "#)
    };
}

async fn a_name_is_one_line_with_something_to_see(app: App) {
    let desk = Desk::new(&app).await;
    desk.takes(json!({ "name": "Lead 🌞 — «x»" })).await;
    desk.takes(json!({ "name": long(255) })).await;
    let trimmed = desk.ana.crm_step(&desk.input(&json!({ "name": " \t Lead \n" }))).await;
    assert_eq!(trimmed["name"], "Lead");
    for drawn in ["\u{600}", "\u{6dd}", "\u{70f}", "\u{8e2}", "\u{110bd}"] {
        desk.takes(json!({ "name": drawn, "trigger": drawn, "prompt": null })).await;
    }
    let before = app.contents().await;
    for blank in [
        "",
        "   ",
        "\u{200b}\u{feff}",
        "\u{3164}",
        "\u{2800}",
        "\u{1d159}",
        "\u{13441} \u{13442}",
        "\u{16fe4}",
        "\u{ad}",
        "\u{e0001}",
    ] {
        desk.refuses(json!({ "name": blank }), &[("name", "BLANK")]).await;
    }
    desk.refuses(json!({ "name": long(256) }), &[("name", "TOO_LONG")]).await;
    for broken in ["a\nb", "a\u{0}b", "a\u{7f}b", "a\u{85}b", "a\u{2028}b"] {
        desk.refuses(json!({ "name": broken }), &[("name", "INVALID_CHARACTER")]).await;
    }
    let both = format!("{}\n{}", long(200), long(200));
    let expected = [("name", "INVALID_CHARACTER"), ("name", "TOO_LONG")];
    desk.refuses(json!({ "name": both }), &expected).await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn a_trigger_or_a_prompt_is_needed(app: App) {
    let desk = Desk::new(&app).await;
    desk.takes(json!({ "trigger": "Asks for a price.", "prompt": null })).await;
    desk.takes(json!({ "trigger": null, "prompt": "Greet." })).await;
    desk.takes(json!({ "trigger": "  ", "prompt": "Greet.\n\tTwice." })).await;
    desk.takes(json!({ "trigger": long(2_000), "prompt": long(20_000) })).await;
    let before = app.contents().await;
    for (trigger, prompt) in [
        (json!(null), json!(null)),
        (json!(" "), json!("\u{200b}")),
        (json!("\u{1d159}"), json!("\u{13441}\u{16fe4}")),
    ] {
        let fields = json!({ "trigger": trigger, "prompt": prompt });
        desk.refuses(fields, &[("trigger", "TRIGGER_OR_PROMPT_REQUIRED")]).await;
    }
    desk.refuses(json!({ "trigger": long(2_001) }), &[("trigger", "TOO_LONG")]).await;
    desk.refuses(json!({ "prompt": long(20_001) }), &[("prompt", "TOO_LONG")]).await;
    desk.refuses(json!({ "trigger": "a\u{0}" }), &[("trigger", "INVALID_CHARACTER")]).await;
    desk.refuses(json!({ "prompt": "a\u{0}" }), &[("prompt", "INVALID_CHARACTER")]).await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn an_initial_message_is_as_long_as_whatsapp_takes(app: App) {
    let desk = Desk::new(&app).await;
    desk.takes(json!({ "initialMessage": long(4_096) })).await;
    desk.takes(json!({ "initialMessage": "" })).await;
    let before = app.contents().await;
    desk.refuses(json!({ "initialMessage": long(4_097) }), &[("initialMessage", "TOO_LONG")]).await;
    desk.refuses(json!({ "initialMessage": "\u{0}" }), &[("initialMessage", "INVALID_CHARACTER")])
        .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

/// Each text that the schema has, so none is forgotten.
async fn texts_end_somewhere_and_have_no_nul(app: App) {
    let desk = Desk::new(&app).await;
    let query = "{ __type(name: \"CreateCrmStepInput\") {
        inputFields { name type { name ofType { name } } } } }";
    let fields = desk.ana.query(query).await["__type"]["inputFields"].clone();
    let is_text = |field: &&Value| field["type"].to_string().contains("\"String\"");
    let texts: Vec<&Value> = fields.as_array().expect("fields").iter().filter(is_text).collect();
    assert!(texts.len() > 5, "{texts:?}");
    for field in texts {
        let name = field["name"].as_str().expect("a name");
        for text in ["a\u{0}".to_owned(), long(20_001)] {
            let answer = desk.ana.create_crm_step(&desk.input(&json!({ name: text }))).await;
            let path = format!("input.{name}");
            assert!(
                answer.violations().iter().any(|(broken, _)| *broken == path),
                "{}",
                answer.text
            );
        }
    }
}

async fn ids_name_what_exists(app: App) {
    let desk = Desk::new(&app).await;
    desk.takes(json!({ "agentId": desk.agent })).await;
    let before = app.contents().await;
    let unknown = "019a0000-0000-7000-8000-00000000ffff";
    let braced = format!("{{{}}}", desk.agent);
    for id in [unknown, "", "nonsense", "'; DROP TABLE agent", "a\u{0}b", &desk.scenario, &braced] {
        desk.refuses(json!({ "agentId": id }), &[("agentId", "NOT_FOUND")]).await;
    }
    for id in [unknown, "", "nonsense", &desk.agent] {
        desk.refuses(json!({ "scenarioId": id }), &[("scenarioId", "NOT_FOUND")]).await;
    }
    for id in [unknown, "", "nonsense", &desk.agent] {
        let timer = json!({ "autoNextStepId": id, "autoNextTime": 1 });
        desk.refuses(timer, &[("autoNextStepId", "NOT_FOUND")]).await;
    }
    desk.refuses(json!({ "agentId": 7 }), &[("agentId", "NOT_FOUND")]).await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn an_id_may_be_written_in_capitals(app: App) {
    let desk = Desk::new(&app).await;
    let step =
        desk.ana.crm_step(&desk.input(&json!({ "agentId": desk.agent.to_uppercase() }))).await;
    assert_eq!(step["agentId"], *desk.agent);
}

async fn a_timer_has_a_time_and_leads_to_another_step_of_the_scenario(app: App) {
    let desk = Desk::new(&app).await;
    let timer = json!({ "autoNextStepId": desk.step, "autoNextTime": 20, "autoNextTimeUnit": "h" });
    desk.takes(timer).await;
    for (time, unit, seconds) in [
        (1, json!(null), 1),
        (31_536_000, json!(null), 31_536_000),
        (525_600, json!("m"), 31_536_000),
        (8_760, json!("h"), 31_536_000),
        (365, json!("d"), 31_536_000),
    ] {
        let timer = json!({ "autoNextTime": time, "autoNextTimeUnit": unit });
        let step = desk.ana.crm_step(&desk.input(&timer)).await;
        assert_eq!(step["autoNextDelaySeconds"], seconds);
    }
    let before = app.contents().await;
    for (time, unit) in [
        (0, json!(null)),
        (-1, json!("d")),
        (31_536_001, json!(null)),
        (525_601, json!("m")),
        (8_761, json!("h")),
        (366, json!("d")),
        (i32::MAX, json!("d")),
        (i32::MIN, json!(null)),
    ] {
        let timer = json!({ "autoNextTime": time, "autoNextTimeUnit": unit });
        desk.refuses(timer, &[("autoNextTime", "OUT_OF_RANGE")]).await;
    }
    let step = desk.step.clone();
    desk.refuses(json!({ "autoNextStepId": step }), &[("autoNextTime", "AUTO_NEXT_INCOMPLETE")])
        .await;
    desk.refuses(
        json!({ "autoNextStepId": step, "autoNextTimeUnit": "m" }),
        &[("autoNextTime", "AUTO_NEXT_INCOMPLETE"), ("autoNextTimeUnit", "UNIT_WITHOUT_TIME")],
    )
    .await;
    desk.refuses(json!({ "autoNextTimeUnit": "m" }), &[("autoNextTimeUnit", "UNIT_WITHOUT_TIME")])
        .await;
    desk.refuses(
        json!({ "autoNextStepId": desk.elsewhere, "autoNextTime": 1 }),
        &[("autoNextStepId", "STEP_NOT_IN_SCENARIO")],
    )
    .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn a_timer_without_a_target_leads_to_the_following_step(app: App) {
    let desk = Desk::new(&app).await;
    let waiting = desk.ana.crm_step(&desk.input(&json!({ "autoNextTime": 5 }))).await;
    assert_eq!(waiting["autoNextStep"], Value::Null, "as long as it is the last");
    let following = desk.ana.crm_step(&desk.input(&json!({ "name": "Following" }))).await;
    let query =
        format!("{{ crmStep(id: {}) {{ autoNextStepId autoNextStep {{ id }} }} }}", waiting["id"]);
    let expected = json!({ "autoNextStepId": null, "autoNextStep": { "id": following["id"] } });
    assert_eq!(desk.ana.query(&query).await["crmStep"], expected);
    assert_eq!(following["autoNextStep"], Value::Null, "without a timer nothing follows by itself");
}

async fn a_removal_step_has_no_timer(app: App) {
    let desk = Desk::new(&app).await;
    desk.takes(json!({ "isConversationRemovalStep": true, "isRequired": false })).await;
    desk.takes(json!({ "isConversationRemovalStep": false, "autoNextTime": 1 })).await;
    let before = app.contents().await;
    let conflict = ("isConversationRemovalStep", "REMOVAL_STEP_CONFLICT");
    desk.refuses(json!({ "isConversationRemovalStep": true, "autoNextTime": 1 }), &[conflict])
        .await;
    desk.refuses(
        json!({ "isConversationRemovalStep": true, "autoNextStepId": desk.step }),
        &[("autoNextTime", "AUTO_NEXT_INCOMPLETE"), conflict],
    )
    .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn defaults_are_kept_in_all_their_states(app: App) {
    let desk = Desk::new(&app).await;
    for status in ["RESOLVED", "UNRESOLVED", "HUMAN_REQUESTED"] {
        desk.takes(json!({ "defaultStatus": status })).await;
    }
    for priority in ["LOW", "MEDIUM", "HIGH"] {
        desk.takes(json!({ "defaultPriority": priority })).await;
    }
    for state in [json!(true), json!(false), json!(null)] {
        desk.takes(json!({
            "defaultAiControl": state, "isRequired": state, "isConversationRemovalStep": state,
            "requestContact": { "name": state, "email": null, "phone": true },
        }))
        .await;
    }
    desk.takes(json!({ "defaultStatus": null, "defaultPriority": null, "requestContact": null }))
        .await;
    let empty = desk.ana.crm_step(&desk.input(&json!({ "requestContact": {} }))).await;
    assert_eq!(empty["requestContact"], json!({ "name": null, "email": null, "phone": null }));
}

async fn candidates_fit_the_logic_that_chooses_among_them(app: App) {
    const FIELD: &str = "selectedMembershipIdsForAssignee";
    let desk = Desk::new(&app).await;
    let (bruno, carla) = (&desk.bruno, &desk.carla);
    for logic in [json!(null), json!("none"), json!("clear")] {
        for nobody in [json!(null), json!([])] {
            desk.takes(json!({ "assigneeLogicType": logic, FIELD: nobody })).await;
        }
    }
    desk.takes(json!({ "assigneeLogicType": "single_user", FIELD: [bruno] })).await;
    for logic in ["random_selected", "fair_distribution_selected"] {
        desk.takes(json!({ "assigneeLogicType": logic, FIELD: [bruno] })).await;
        desk.takes(json!({ "assigneeLogicType": logic, FIELD: [carla, bruno] })).await;
    }
    let before = app.contents().await;
    for logic in [json!(null), json!("none"), json!("clear")] {
        let fields = json!({ "assigneeLogicType": logic, FIELD: [bruno] });
        desk.refuses(fields, &[(FIELD, "ASSIGNEES_NOT_ALLOWED")]).await;
    }
    for logic in ["single_user", "random_selected", "fair_distribution_selected"] {
        for nobody in [json!(null), json!([])] {
            let fields = json!({ "assigneeLogicType": logic, FIELD: nobody });
            desk.refuses(fields, &[(FIELD, "ASSIGNEES_REQUIRED")]).await;
        }
    }
    desk.refuses(
        json!({ "assigneeLogicType": "single_user", FIELD: [bruno, carla] }),
        &[(FIELD, "ASSIGNEE_COUNT")],
    )
    .await;
    desk.refuses(
        json!({ "assigneeLogicType": "random_selected", FIELD: [bruno, "nobody", bruno.to_uppercase(), desk.agent] }),
        &[
            ("selectedMembershipIdsForAssignee.1", "NOT_FOUND"),
            ("selectedMembershipIdsForAssignee.2", "DUPLICATE_VALUE"),
            ("selectedMembershipIdsForAssignee.3", "NOT_FOUND"),
        ],
    )
    .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn candidates_are_at_most_a_hundred(app: App) {
    const FIELD: &str = "selectedMembershipIdsForAssignee";
    let desk = Desk::new(&app).await;
    let mut hundred = vec![];
    for number in 0..100 {
        hundred.push(desk.ana.membership(&format!("Member {number}")).await);
    }
    hundred.reverse();
    desk.takes(json!({ "assigneeLogicType": "fair_distribution_selected", FIELD: hundred })).await;
    let before = app.contents().await;
    hundred.push(desk.bruno.clone());
    desk.refuses(
        json!({ "assigneeLogicType": "fair_distribution_selected", FIELD: hundred }),
        &[(FIELD, "TOO_MANY")],
    )
    .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn tags_are_trimmed_and_each_stands_once(app: App) {
    let desk = Desk::new(&app).await;
    let fifty: Vec<String> = (0..50).map(|number| format!("tag-{number}")).collect();
    desk.takes(json!({ "defaultTags": fifty, "defaultTagsToRemove": [long(64)] })).await;
    desk.takes(json!({ "defaultTags": [], "defaultTagsToRemove": [] })).await;
    desk.takes(json!({ "defaultTags": null, "defaultTagsToRemove": null })).await;
    let trimmed =
        desk.ana.crm_step(&desk.input(&json!({ "defaultTags": [" lead ", "\tvip"] }))).await;
    assert_eq!(trimmed["defaultTags"], json!(["lead", "vip"]));
    let before = app.contents().await;
    for field in ["defaultTags", "defaultTagsToRemove"] {
        let at = |index: usize| format!("{field}.{index}");
        desk.refuses(json!({ field: ["a", " "] }), &[(&at(1), "BLANK")]).await;
        desk.refuses(json!({ field: [long(65)] }), &[(&at(0), "TOO_LONG")]).await;
        desk.refuses(json!({ field: ["a\u{0}"] }), &[(&at(0), "INVALID_CHARACTER")]).await;
        desk.refuses(json!({ field: ["a", "\u{1d159}"] }), &[(&at(1), "BLANK")]).await;
        desk.refuses(json!({ field: ["a", "b", " a "] }), &[(&at(2), "DUPLICATE_VALUE")]).await;
        desk.refuses(
            json!({ field: ["Vip", "é", "b", " VIP ", "É", "vip"] }),
            &[
                (&at(3), "DUPLICATE_VALUE"),
                (&at(4), "DUPLICATE_VALUE"),
                (&at(5), "DUPLICATE_VALUE"),
            ],
        )
        .await;
        for (one, same) in
            [("VIP", "vip"), ("ẞ", "SS"), ("São", " SA\u{303}O "), ("İ", "i\u{307}"), ("σ", "ς")]
        {
            desk.refuses(json!({ field: [one, "b", same] }), &[(&at(2), "DUPLICATE_VALUE")]).await;
        }
        let many: Vec<String> = (0..51).map(|number| format!("tag-{number}")).collect();
        desk.refuses(json!({ field: many }), &[(field, "TOO_MANY")]).await;
    }
    desk.refuses(
        json!({ "defaultTags": ["VIP", "É"], "defaultTagsToRemove": ["old", " vip ", "é"] }),
        &[("defaultTagsToRemove", "TAGS_OVERLAP")],
    )
    .await;
    desk.refuses(
        json!({ "defaultTags": ["ẞ"], "defaultTagsToRemove": ["old", "ss"] }),
        &[("defaultTagsToRemove", "TAGS_OVERLAP")],
    )
    .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
    // Others are other tags, and are stored as they were sent.
    let others = json!(["i", "ı", "É", "e", "a\u{323}", "Sa\u{303}o"]);
    let stored = desk.ana.crm_step(&desk.input(&json!({ "defaultTags": others }))).await;
    assert_eq!(stored["defaultTags"], others);
}

async fn a_zapi_message_is_whole_or_absent(app: App) {
    let desk = Desk::new(&app).await;
    let agent = &desk.agent;
    let (phone, message) = ("+55 (11) 95555-0102", "Hello");
    desk.takes(json!({ "zapiAgentId": agent, "zapiPhoneNumber": phone, "zapiMessage": message }))
        .await;
    let blank = json!({ "zapiAgentId": "", "zapiPhoneNumber": "", "zapiMessage": "" });
    assert_eq!(desk.ana.crm_step(&desk.input(&blank)).await["zapiAgentId"], Value::Null);
    desk.takes(json!({ "zapiAgentId": null, "zapiPhoneNumber": "", "zapiMessage": "  " })).await;
    for phone in [
        "+55\u{a0}(11)\u{202f}95555\u{2011}0102",
        "\u{202a}+55 11 95555-0102\u{202c}",
        "\u{2068}(+55) 11/95555.0102\u{2069}",
        " 030\u{2013}1234\u{ad}567 ",
        "12\u{200b}34\u{feff}56\u{2212}78",
    ] {
        desk.takes(
            json!({ "zapiAgentId": agent, "zapiPhoneNumber": phone, "zapiMessage": message }),
        )
        .await;
    }
    let before = app.contents().await;
    for (fields, missing) in [
        (json!({ "zapiAgentId": agent }), vec!["zapiPhoneNumber", "zapiMessage"]),
        (json!({ "zapiPhoneNumber": phone }), vec!["zapiAgentId", "zapiMessage"]),
        (json!({ "zapiMessage": message }), vec!["zapiAgentId", "zapiPhoneNumber"]),
        (
            json!({ "zapiAgentId": "", "zapiPhoneNumber": phone, "zapiMessage": message }),
            vec!["zapiAgentId"],
        ),
        (
            json!({ "zapiAgentId": agent, "zapiPhoneNumber": " ", "zapiMessage": message }),
            vec!["zapiPhoneNumber"],
        ),
    ] {
        let expected: Vec<_> =
            missing.into_iter().map(|field| (field, "ZAPI_INCOMPLETE")).collect();
        desk.refuses(fields, &expected).await;
    }
    let whole = |field: &str, value: &str| {
        let mut fields =
            json!({ "zapiAgentId": agent, "zapiPhoneNumber": phone, "zapiMessage": message });
        fields[field] = value.into();
        fields
    };
    desk.refuses(whole("zapiAgentId", "nobody"), &[("zapiAgentId", "NOT_FOUND")]).await;
    for (number, told) in [
        ("1234567", "needs 8 to 15 digits, with the country's code in front, and has 7."),
        ("1234567890123456", "needs 8 to 15 digits, with the country's code in front, and has 16."),
        ("call me", "has \"c\" in it"),
        ("+55+11955550102", "has \"+\" in it"),
        ("+5511955550102 ext. 7", "has \"e\" in it"),
        ("5511955550102@c.us", "has \"@\" in it"),
        ("5511955550102\n", "has U+000A in it"),
        ("55\t11955550102", "has U+0009 in it"),
        ("55\u{2800}11955550102", "has U+2800 in it"),
    ] {
        let fields = whole("zapiPhoneNumber", number);
        desk.refuses(fields.clone(), &[("zapiPhoneNumber", "INVALID_PHONE")]).await;
        let answer = desk.ana.create_crm_step(&desk.input(&fields)).await.data();
        let message = answer["createCrmStep"]["userErrors"][0]["message"].as_str().expect("text");
        assert!(message.starts_with(&format!("zapiPhoneNumber {told}")), "{message}");
    }
    desk.refuses(
        whole("zapiPhoneNumber", "12345678\u{0}"),
        &[("zapiPhoneNumber", "INVALID_CHARACTER")],
    )
    .await;
    desk.refuses(whole("zapiMessage", "a\u{0}"), &[("zapiMessage", "INVALID_CHARACTER")]).await;
    desk.refuses(whole("zapiMessage", &long(4_097)), &[("zapiMessage", "TOO_LONG")]).await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn a_whatsapp_template_is_whole_or_absent(app: App) {
    const AGENT: &str = "whatsappTemplateAgentId";
    const NAME: &str = "whatsappTemplateName";
    const LANGUAGE: &str = "whatsappTemplateLanguageCode";
    const TEXT: &str = "whatsappTemplateText";
    let desk = Desk::new(&app).await;
    let agent = &desk.agent;
    desk.takes(json!({ AGENT: agent, NAME: "welcome_2", LANGUAGE: "pt_BR", TEXT: "Olá!" })).await;
    desk.takes(json!({ AGENT: agent, NAME: "x", LANGUAGE: "fil", TEXT: null })).await;
    desk.takes(json!({ AGENT: null, NAME: "", LANGUAGE: " ", TEXT: "" })).await;
    let before = app.contents().await;
    for (fields, missing) in [
        (json!({ AGENT: agent }), vec![NAME, LANGUAGE]),
        (json!({ NAME: "x" }), vec![AGENT, LANGUAGE]),
        (json!({ LANGUAGE: "en" }), vec![AGENT, NAME]),
        (json!({ TEXT: "Hello" }), vec![AGENT, NAME, LANGUAGE]),
        (json!({ AGENT: agent, NAME: "x", LANGUAGE: "" }), vec![LANGUAGE]),
    ] {
        let expected: Vec<_> =
            missing.into_iter().map(|field| (field, "TEMPLATE_INCOMPLETE")).collect();
        desk.refuses(fields, &expected).await;
    }
    let whole = |field: &str, value: &str| {
        let mut fields = json!({ AGENT: agent, NAME: "x", LANGUAGE: "en", TEXT: "Hello" });
        fields[field] = value.into();
        fields
    };
    desk.refuses(whole(AGENT, "nobody"), &[(AGENT, "NOT_FOUND")]).await;
    for name in ["Welcome", "a b", "a-b", &"x".repeat(513)] {
        desk.refuses(whole(NAME, name), &[(NAME, "INVALID_TEMPLATE_NAME")]).await;
    }
    for code in ["english", "pt-BR", "PT_br", "e"] {
        desk.refuses(whole(LANGUAGE, code), &[(LANGUAGE, "INVALID_LANGUAGE_CODE")]).await;
    }
    desk.refuses(whole(NAME, "x\u{0}"), &[(NAME, "INVALID_CHARACTER")]).await;
    desk.refuses(whole(TEXT, "x\u{0}"), &[(TEXT, "INVALID_CHARACTER")]).await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn a_webhook_calls_a_public_url(app: App) {
    let desk = Desk::new(&app).await;
    for url in [
        "https://example.com/hook?a=b",
        "HTTP://EXAMPLE.com:8080",
        "https://example.com./{{lead}}",
        "https://bücher.example/",
        "",
        " ",
        "\u{16fe4}",
    ] {
        desk.takes(json!({ "webhookUrl": url })).await;
    }
    let longest = format!("https://example.com/{}", "a".repeat(2_048 - 20));
    desk.takes(json!({ "webhookUrl": longest })).await;
    let before = app.contents().await;
    for url in [
        "example.com",
        "ftp://example.com",
        "https://user:secret@example.com",
        "https://",
        "https://a..example.com/",
        "https://{{x}}.example.com/",
        "https://example.com:0/",
        "https://ex\u{200b}ample.com/",
        "https://metadata.goog../",
        "\u{600}",
    ] {
        desk.refuses(json!({ "webhookUrl": url }), &[("webhookUrl", "INVALID_URL")]).await;
    }
    for url in [
        "http://localhost/",
        "http://127.1/",
        "http://2130706433/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "http://metadata.google.internal/",
        "http://printer.local/",
        "http://metadata.goog/",
        "http://metadata.goog./",
        "http://metadata.tencentyun.com/",
        "http://kubernetes.default/",
        "http://api.prod.svc/",
        "http://localhost4.localdomain4/",
        "http://localhost6.localdomain6/",
        "http://x.localdomain4/",
        "http://x.localhost4/",
        "http://x.localhost6/",
        "http://nas.lan/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://１２７.0.0.1/",
    ] {
        desk.refuses(json!({ "webhookUrl": url }), &[("webhookUrl", "URL_NOT_ALLOWED")]).await;
    }
    desk.refuses(json!({ "webhookUrl": format!("{longest}a") }), &[("webhookUrl", "TOO_LONG")])
        .await;
    desk.refuses(
        json!({ "webhookUrl": "https://example.com/\u{0}" }),
        &[("webhookUrl", "INVALID_CHARACTER")],
    )
    .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn the_operator_may_let_webhooks_call_the_own_network(app: App) {
    use crm_steps::domain::url::WebhookHosts;
    let generous = App::open_with(&app.url, app.database.engine(), WebhookHosts::Any).await;
    let desk = Desk::new(&generous).await;
    desk.takes(json!({ "webhookUrl": "http://10.0.0.1:9000/hook" })).await;
    desk.refuses(json!({ "webhookUrl": "10.0.0.1:9000" }), &[("webhookUrl", "INVALID_URL")]).await;
}

async fn the_operator_may_let_webhooks_call_single_hosts_of_the_own_network(app: App) {
    use crm_steps::config::Cli;
    let flags =
        ["crm-steps", "--allow-webhook-hosts", "LAN,10.1.0.0/16", "--allow-webhook-hosts=db"];
    let config = Cli::read(flags.map(Into::into)).expect("these are flags").serve;
    let app = App::open_with(&app.url, app.database.engine(), config.webhook_hosts()).await;
    let desk = Desk::new(&app).await;
    for url in ["http://nas.lan/", "http://10.1.2.3/", "http://db:5984/", "https://example.com/"] {
        desk.takes(json!({ "webhookUrl": url })).await;
    }
    for url in ["http://xlan/", "http://nas.xlan.local/", "http://10.2.0.1/", "http://mydb/"] {
        desk.refuses(json!({ "webhookUrl": url }), &[("webhookUrl", "URL_NOT_ALLOWED")]).await;
    }
    desk.refuses(json!({ "webhookUrl": "http://a..lan/" }), &[("webhookUrl", "INVALID_URL")]).await;
}

async fn webhook_headers_are_headers(app: App) {
    const FIELD: &str = "webhookHeader";
    let desk = Desk::new(&app).await;
    let with = |header: Value| json!({ "webhookUrl": "https://example.com", FIELD: header });
    desk.takes(with(json!({ "X-Api-Key": "a b\tc", "Authorization": "Bearer x", "x-empty": "" })))
        .await;
    desk.takes(with(json!({}))).await;
    desk.takes(json!({ FIELD: {} })).await;
    let step = desk.ana.crm_step(&desk.input(&with(json!({ "Z": "1", "A": "2", "M": "3" })))).await;
    let order: Vec<_> = step[FIELD].as_object().expect("headers").keys().cloned().collect();
    assert_eq!(order, ["Z", "A", "M"], "in the order in which they were sent");
    let thirty: Value =
        (0..30).map(|n| (format!("X-{n}"), "v".into())).collect::<serde_json::Map<_, _>>().into();
    desk.takes(with(thirty)).await;
    desk.takes(with(json!({ "X": "v".repeat(8 * 1024 - 1) }))).await;

    let before = app.contents().await;
    desk.refuses(json!({ FIELD: { "X": "v" } }), &[(FIELD, "HEADERS_WITHOUT_URL")]).await;
    for header in [json!([]), json!("X: v"), json!(7), json!(true)] {
        desk.refuses(with(header), &[(FIELD, "INVALID_TYPE")]).await;
    }
    for name in ["", "a b", "é", "X:", "a\u{0}"] {
        let path = format!("{FIELD}.{name}");
        desk.refuses(with(json!({ name: "v" })), &[(&path, "INVALID_HEADER_NAME")]).await;
    }
    desk.refuses(
        with(json!({ "X-A": "v", "x-a": "v" })),
        &[("webhookHeader.x-a", "DUPLICATE_VALUE")],
    )
    .await;
    for value in [
        json!(7),
        json!(null),
        json!(true),
        json!(["v"]),
        json!({}),
        json!("a\r\nX-Evil: b"),
        json!("a\u{0}"),
        json!("a\u{1}"),
        json!("a\u{7f}"),
        json!("é"),
        json!("a\u{a0}b"),
        json!(" a"),
        json!("a "),
        json!("\ta"),
        json!("a\t"),
        json!(" "),
    ] {
        desk.refuses(with(json!({ "X": value })), &[("webhookHeader.X", "INVALID_HEADER_VALUE")])
            .await;
    }
    for name in [
        "Host",
        "content-length",
        "Content-Type",
        "TRANSFER-ENCODING",
        "Connection",
        "TE",
        "Trailer",
        "Upgrade",
        "Expect",
        "Keep-Alive",
        "Proxy-Authorization",
        "Webhook-Id",
        "webhook-timestamp",
        "WEBHOOK-SIGNATURE",
    ] {
        let path = format!("{FIELD}.{name}");
        desk.refuses(with(json!({ name: "v" })), &[(&path, "HEADER_NOT_ALLOWED")]).await;
    }
    let many: Value =
        (0..31).map(|n| (format!("X-{n}"), "v".into())).collect::<serde_json::Map<_, _>>().into();
    desk.refuses(with(many), &[(FIELD, "TOO_MANY")]).await;
    desk.refuses(with(json!({ "X": "v".repeat(8 * 1024) })), &[(FIELD, "TOO_LONG")]).await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn a_header_written_into_the_document_is_a_string_too(app: App) {
    let desk = Desk::new(&app).await;
    let create = |header: &str| {
        format!(
            "mutation {{ createCrmStep(input: {{ scenarioId: \"{}\", name: \"A\", prompt: \"b\",
                webhookUrl: \"https://example.com\", webhookHeader: {header} }}) {{
                crmStep {{ webhookHeader }} userErrors {{ field code }} }} }}",
            desk.scenario
        )
    };
    let taken = desk.ana.query(&create("{ X_Key: \"v\" }")).await;
    assert_eq!(taken["createCrmStep"]["crmStep"]["webhookHeader"], json!({ "X_Key": "v" }));
    let refused = desk.ana.graphql(&create("{ X_Key: v }"), json!({})).await;
    let expected = ("input.webhookHeader.X_Key".to_owned(), "INVALID_HEADER_VALUE".to_owned());
    assert_eq!(refused.violations(), [expected]);
    for literal in ["X_Key", "\"X\"", "7", "true", "[]", "[{ X: \"v\" }]"] {
        let refused = desk.ana.graphql(&create(literal), json!({})).await;
        let expected = ("input.webhookHeader".to_owned(), "INVALID_TYPE".to_owned());
        assert_eq!(refused.violations(), [expected], "{literal}");
    }
}

#[expect(clippy::too_many_lines, reason = "most of them are what comes back")]
async fn all_violations_come_back_together_with_sentences_and_numbers(app: App) {
    let desk = Desk::new(&app).await;
    let before = app.contents().await;
    let answer = desk
        .ana
        .create_crm_step(&json!({
            "scenarioId": "nonsense", "name": " ", "agentId": "nobody", "initialMessage": long(4_097),
            "autoNextTime": 0, "isConversationRemovalStep": true,
            "assigneeLogicType": "single_user", "defaultTags": ["vip", "vip"],
            "defaultTagsToRemove": ["VIP"], "zapiPhoneNumber": "7", "whatsappTemplateText": "Hi",
            "webhookUrl": "http://localhost", "webhookHeader": { "Host": "a" },
        }))
        .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
    insta::allow_duplicates! { insta::assert_json_snapshot!(answer.data(), @r#"
    {
      "createCrmStep": {
        "crmStep": null,
        "crmStepEdge": null,
        "userErrors": [
          {
            "field": [
              "input",
              "name"
            ],
            "code": "BLANK",
            "message": "name is blank; give it at least one visible character.",
            "params": []
          },
          {
            "field": [
              "input",
              "scenarioId"
            ],
            "code": "NOT_FOUND",
            "message": "scenarioId names nothing that exists in this organization.",
            "params": []
          },
          {
            "field": [
              "input",
              "agentId"
            ],
            "code": "NOT_FOUND",
            "message": "agentId names nothing that exists in this organization.",
            "params": []
          },
          {
            "field": [
              "input",
              "trigger"
            ],
            "code": "TRIGGER_OR_PROMPT_REQUIRED",
            "message": "A step needs a trigger or a prompt; fill in at least one of them.",
            "params": []
          },
          {
            "field": [
              "input",
              "initialMessage"
            ],
            "code": "TOO_LONG",
            "message": "initialMessage has 4097 characters; at most 4096 are allowed.",
            "params": [
              {
                "name": "max",
                "value": "4096"
              },
              {
                "name": "actual",
                "value": "4097"
              },
              {
                "name": "unit",
                "value": "characters"
              }
            ]
          },
          {
            "field": [
              "input",
              "autoNextTime"
            ],
            "code": "OUT_OF_RANGE",
            "message": "autoNextTime is 0; it must be between 1 and 31536000.",
            "params": [
              {
                "name": "min",
                "value": "1"
              },
              {
                "name": "max",
                "value": "31536000"
              },
              {
                "name": "actual",
                "value": "0"
              }
            ]
          },
          {
            "field": [
              "input",
              "isConversationRemovalStep"
            ],
            "code": "REMOVAL_STEP_CONFLICT",
            "message": "isConversationRemovalStep is true, so the conversation leaves the scenario here and the step cannot have a timer; drop autoNextStepId and autoNextTime, or isConversationRemovalStep.",
            "params": []
          },
          {
            "field": [
              "input",
              "selectedMembershipIdsForAssignee"
            ],
            "code": "ASSIGNEES_REQUIRED",
            "message": "selectedMembershipIdsForAssignee is empty; this assigneeLogicType needs memberships to choose from.",
            "params": []
          },
          {
            "field": [
              "input",
              "defaultTags",
              "1"
            ],
            "code": "DUPLICATE_VALUE",
            "message": "defaultTags[1] repeats an earlier value of the list.",
            "params": [
              {
                "name": "value",
                "value": "vip"
              }
            ]
          },
          {
            "field": [
              "input",
              "defaultTagsToRemove"
            ],
            "code": "TAGS_OVERLAP",
            "message": "defaultTagsToRemove and defaultTags both name VIP; a tag is either added or removed.",
            "params": [
              {
                "name": "tag",
                "value": "VIP"
              }
            ]
          },
          {
            "field": [
              "input",
              "zapiAgentId"
            ],
            "code": "ZAPI_INCOMPLETE",
            "message": "zapiAgentId is missing; zapiAgentId, zapiPhoneNumber and zapiMessage go together.",
            "params": []
          },
          {
            "field": [
              "input",
              "zapiMessage"
            ],
            "code": "ZAPI_INCOMPLETE",
            "message": "zapiMessage is missing; zapiAgentId, zapiPhoneNumber and zapiMessage go together.",
            "params": []
          },
          {
            "field": [
              "input",
              "zapiPhoneNumber"
            ],
            "code": "INVALID_PHONE",
            "message": "zapiPhoneNumber needs 8 to 15 digits, with the country's code in front, and has 1.",
            "params": [
              {
                "name": "min",
                "value": "8"
              },
              {
                "name": "max",
                "value": "15"
              },
              {
                "name": "actual",
                "value": "1"
              }
            ]
          },
          {
            "field": [
              "input",
              "whatsappTemplateAgentId"
            ],
            "code": "TEMPLATE_INCOMPLETE",
            "message": "whatsappTemplateAgentId is missing; a WhatsApp template needs its agent, name and language code together.",
            "params": []
          },
          {
            "field": [
              "input",
              "whatsappTemplateName"
            ],
            "code": "TEMPLATE_INCOMPLETE",
            "message": "whatsappTemplateName is missing; a WhatsApp template needs its agent, name and language code together.",
            "params": []
          },
          {
            "field": [
              "input",
              "whatsappTemplateLanguageCode"
            ],
            "code": "TEMPLATE_INCOMPLETE",
            "message": "whatsappTemplateLanguageCode is missing; a WhatsApp template needs its agent, name and language code together.",
            "params": []
          },
          {
            "field": [
              "input",
              "webhookUrl"
            ],
            "code": "URL_NOT_ALLOWED",
            "message": "webhookUrl leads to a local, private or metadata address; use a public host.",
            "params": []
          },
          {
            "field": [
              "input",
              "webhookHeader",
              "Host"
            ],
            "code": "HEADER_NOT_ALLOWED",
            "message": "webhookHeader[Host] is set by the service itself and cannot be chosen.",
            "params": []
          }
        ]
      }
    }
    "#) };
}

async fn validate_only_stores_nothing(app: App) {
    let desk = Desk::new(&app).await;
    let before = app.contents().await;
    let answer = desk.ana.validate_crm_step(&desk.input(&json!({ "name": "Lead" }))).await;
    assert_eq!(
        answer.data()["createCrmStep"],
        json!({ "crmStep": null, "crmStepEdge": null, "userErrors": [] })
    );
    assert_eq!(app.contents().await, before);
}

async fn two_aliases_create_two_steps(app: App) {
    let desk = Desk::new(&app).await;
    let query = "mutation($a: CreateCrmStepInput!, $b: CreateCrmStepInput!) {
        one: createCrmStep(input: $a) { crmStep { index } userErrors { code } }
        bad: createCrmStep(input: $b) { crmStep { index } userErrors { code } }
        two: createCrmStep(input: $a) { crmStep { index } userErrors { code } }
    }";
    let good = desk.input(&json!({}));
    let bad = desk.input(&json!({ "name": "" }));
    let answer = desk.ana.graphql(query, json!({ "a": good, "b": bad })).await;
    assert_eq!(
        answer.data(),
        json!({
            "one": { "crmStep": { "index": 1 }, "userErrors": [] },
            "bad": { "crmStep": null, "userErrors": [{ "code": "BLANK" }] },
            "two": { "crmStep": { "index": 2 }, "userErrors": [] },
        })
    );
}

on_both_databases!(
    a_step_comes_back_whole,
    a_name_is_one_line_with_something_to_see,
    a_trigger_or_a_prompt_is_needed,
    an_initial_message_is_as_long_as_whatsapp_takes,
    texts_end_somewhere_and_have_no_nul,
    ids_name_what_exists,
    an_id_may_be_written_in_capitals,
    a_timer_has_a_time_and_leads_to_another_step_of_the_scenario,
    a_timer_without_a_target_leads_to_the_following_step,
    a_removal_step_has_no_timer,
    defaults_are_kept_in_all_their_states,
    candidates_fit_the_logic_that_chooses_among_them,
    candidates_are_at_most_a_hundred,
    tags_are_trimmed_and_each_stands_once,
    a_zapi_message_is_whole_or_absent,
    a_whatsapp_template_is_whole_or_absent,
    a_webhook_calls_a_public_url,
    the_operator_may_let_webhooks_call_the_own_network,
    the_operator_may_let_webhooks_call_single_hosts_of_the_own_network,
    webhook_headers_are_headers,
    a_header_written_into_the_document_is_a_string_too,
    all_violations_come_back_together_with_sentences_and_numbers,
    validate_only_stores_nothing,
    two_aliases_create_two_steps,
);

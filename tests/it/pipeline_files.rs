//! Pipeline files: what is read, where problems are, and what is written.

use crm_steps::{
    domain::flow::spec::PipelineSpec,
    pipeline_file::{Format, PipelineFile, escaped, schema, to_json, to_yaml},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};

fn read(text: &str, format: Format) -> Result<PipelineSpec, String> {
    let file = PipelineFile::read(text, format);
    file.map(|file| file.value).map_err(|problems| {
        let lines = problems.iter().map(|problem| {
            let (line, column) = (problem.position.line, problem.position.column);
            format!("{line}:{column} {}", problem.message)
        });
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// The problems of a YAML file, a line for each.
fn problems(text: &str) -> String {
    read(text, Format::Yaml).expect_err("it is rejected")
}

/// A specification with these fields of its only step.
fn spec(step: &Value) -> PipelineSpec {
    serde_json::from_value(json!({ "name": "Vendas", "steps": [step] })).expect("a specification")
}

#[test]
fn yaml_and_json_give_the_same_specification() {
    let yaml = "
        # yaml-language-server: $schema=./pipeline.schema.json
        key: vendas
        name: Vendas — leads do WhatsApp
        steps:
          - key: novo-lead
            name: Novo lead
            prompt: |-
              Cumprimente.
              Pergunte o que a pessoa procura.
            autoNextTime: 36
            autoNextTimeUnit: h
            selectedMembershipEmails: [ana@example.com, bruno@example.com]
            isRequired: true
            description:
            webhookHeader: { X-Key: \"${KEY}\" }
    ";
    let json = json!({
        "key": "vendas",
        "name": "Vendas — leads do WhatsApp",
        "steps": [{
            "key": "novo-lead",
            "name": "Novo lead",
            "prompt": "Cumprimente.\nPergunte o que a pessoa procura.",
            "autoNextTime": 36,
            "autoNextTimeUnit": "h",
            "selectedMembershipEmails": ["ana@example.com", "bruno@example.com"],
            "isRequired": true,
            "webhookHeader": { "X-Key": "${KEY}" },
        }],
    });
    let yaml = yaml.replace("            description:\n", "");
    let expected = serde_json::from_value(json.clone()).expect("a specification");
    assert_eq!(read(&yaml, Format::Yaml), Ok(expected));
    assert_eq!(read(&json.to_string(), Format::Json), read(&yaml, Format::Yaml));
    assert_eq!(read(&yaml.replace('\n', "\r\n"), Format::Yaml), read(&yaml, Format::Yaml));
}

#[test]
fn null_is_the_same_as_no_value() {
    let read =
        read("name: A\ndescription:\nsteps: [{ name: B, prompt: ~, trigger: null }]", Format::Yaml);
    assert_eq!(read, Ok(PipelineSpec { name: "A".into(), ..spec(&json!({ "name": "B" })) }));
}

#[test]
fn all_problems_of_fields_are_found_at_their_places() {
    insta::assert_snapshot!(problems("
nam: Vendas
description: [a]
steps:
  - name: Novo lead
    autoNextTime: 36h
    autoNextTimeUnit: hours
    zapiPhoneNumber: 5511999998888
    isRequired: yes
    promt: Hi
    agent_name: Sofia
    colour: red
    defaultTags: [new, 1, no]
  - prompt: Oi
  - Lead frio
  - name: A
    autoNextTime: 99999999999
    requestContact: { nome: true, email: 1 }
"), @r#"
    2:1 nam is not a field; write name if you mean that.
    2:1 name is missing; add it.
    3:14 description is a list, and it must be text.
    6:19 steps[0].autoNextTime is the text "36h", and it must be a whole number.
    7:23 steps[0].autoNextTimeUnit is the text "hours", and it must be m, h or d.
    8:22 steps[0].zapiPhoneNumber is the number 5511999998888, and it must be text; put it in quotes.
    9:17 steps[0].isRequired is the text "yes", and it must be true or false.
    10:5 steps[0].promt is not a field; write prompt if you mean that.
    11:5 steps[0].agent_name is not a field; write agentName if you mean that.
    12:5 steps[0].colour is not a field; remove it, or see `crm-steps pipeline schema`.
    13:24 steps[0].defaultTags[1] is the number 1, and it must be text; put it in quotes.
    14:5 steps[1].name is missing; add it.
    15:5 steps[2] is the text "Lead frio", and it must be a map of fields.
    17:19 steps[3].autoNextTime is the number 99999999999, and it must be a whole number within its limits.
    18:23 steps[3].requestContact.nome is not a field; write name if you mean that.
    18:42 steps[3].requestContact.email is the number 1, and it must be true or false.
    "#);
}

#[test]
fn what_yaml_has_beyond_values_is_rejected() {
    insta::assert_snapshot!(problems("
name: &name Vendas
description: *name
key: !!str vendas
key: other
? [a]
: b
steps: *unknown
"), @"
    2:13 There is an anchor; remove it, as aliases are not allowed.
    3:14 There is an alias; write the value out, as each value is in one place.
    4:12 There is a tag; remove it, and put text that looks like another value in quotes.
    5:1 key is already in line 4; a map has each key once, so remove one.
    6:3 A list or a map is used as a key; the keys of a map are text.
    8:8 There is an alias; write the value out, as each value is in one place.
    ");
    insta::assert_snapshot!(problems("name: A\nsteps: []\n---\nname: B\nsteps: []\n"), @"3:1 There is a second document; put it into a file of its own, as each file has one pipeline.");
    insta::assert_snapshot!(problems(""), @"1:1 The file is empty; it has to contain one pipeline.");
    insta::assert_snapshot!(problems("# nothing"), @"1:1 The file is empty; it has to contain one pipeline.");
    insta::assert_snapshot!(problems("[vendas, Vendas, A, []]"), @"1:1 The file is a list, and it must be a map of fields.");
    insta::assert_snapshot!(problems("name: A\nsteps:\n\t- name: B\n"), @"3:2 This is not YAML: tabs disallowed within this context (block indentation).");
    insta::assert_snapshot!(problems("name: \"A\nsteps: []\n"), @"1:7 This is not YAML: unclosed quote.");
    insta::assert_snapshot!(problems("name: A: B\nsteps: []\n"), @"1:8 This is not YAML: mapping values are not allowed in this context.");
}

#[test]
fn a_json_file_is_not_read_as_yaml() {
    let problems = |text| read(text, Format::Json).expect_err("it is rejected");
    insta::assert_snapshot!(problems("name: A"), @"1:2 This is not JSON: expected ident.");
    insta::assert_snapshot!(problems("{ \"name\": \"é\", 'steps': [] }"), @"1:16 This is not JSON: key must be a string.");
    insta::assert_snapshot!(problems("{\n  \"name\": \"A\",\n}"), @"3:1 This is not JSON: key must be a string.");
    insta::assert_snapshot!(problems("{ \"name\": \"A\", \"steps\": [], \"name\": \"B\" }"), @"1:29 name is already in line 1; a map has each key once, so remove one.");
    insta::assert_snapshot!(problems("{"), @"1:1 This is not JSON: EOF while parsing an object.");
}

#[test]
fn positions_count_characters() {
    let file =
        PipelineFile::read("{ name: \"é🌞\", steps: [{ name: B }, { name: C }] }", Format::Yaml);
    let file = file.expect("it is read");
    let at = |path: &[&str]| file.position(path).column;
    assert_eq!(at(&["name"]), 9);
    assert_eq!(at(&["steps", "1", "name"]), 44);
    assert_eq!(at(&["steps", "1", "prompt"]), 36, "what is around a missing value");
    assert_eq!(at(&[]), 1);
}

#[test]
fn a_file_without_a_key_has_that_of_its_name() {
    let key = |text: &str, name: &str| {
        let file = PipelineFile::read(text, Format::Yaml).expect("it is read");
        let file = file.with_key(name.as_ref());
        file.map(|file| file.value.key.expect("a key")).map_err(|problem| problem.message)
    };
    let is = |key: &str| Ok(key.to_owned());
    assert_eq!(
        key("name: A\nsteps: []", "pipelines/Vendas São Paulo.yaml"),
        is("vendas-sao-paulo")
    );
    assert_eq!(key("name: A\nkey: vendas\nsteps: []", "🌞.yaml"), is("vendas"));
    let refused = "The file has no key, and its name has no letter or digit of which one could be made; add a key.";
    assert_eq!(key("name: A\nsteps: []", "🌞.yaml"), Err(refused.to_owned()));
}

#[test]
fn variables_stand_only_in_header_values() {
    let text = r#"
name: ${NAME}
steps:
  - name: A
    prompt: ${PROMPT}
    webhookHeader: { "${KEY}": "Bearer ${TOKEN}", B: "$1 $${TOKEN}" }
"#;
    let file = PipelineFile::read(text, Format::Yaml).expect("it is read");
    let file = file.with_variables(|name| (name == "TOKEN").then(|| "${x}".to_owned()));
    let (file, uses) = file.expect("it is set");
    let spec = file.value;
    assert_eq!(spec.name, "${NAME}");
    assert_eq!(spec.steps[0].prompt.as_deref(), Some("${PROMPT}"));
    let headers = json!({ "${KEY}": "Bearer ${x}", "B": "$1 ${TOKEN}" });
    assert_eq!(spec.steps[0].webhook_header, Some(headers));
    let uses = uses.iter().map(|it| [it.name.as_str(), &it.field]).collect::<Vec<_>>();
    assert_eq!(uses, [["TOKEN", "steps[0].webhookHeader[${KEY}]"]]);
}

#[test]
fn variables_that_are_not_set_are_named() {
    let text = "
name: A
steps:
  - name: B
    webhookHeader:
      X-Key: ${NOVO_LEAD_KEY}
      X-Two: a ${1} b
      X-Three: ${
";
    let file = PipelineFile::read(text, Format::Yaml).expect("it is read");
    let problems = file.with_variables(|_| None).expect_err("they are not set");
    let lines = problems.iter().map(|it| format!("{:?} {}", it.position, it.message));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @"
    Position { line: 6, column: 14 } steps[0].webhookHeader[X-Key] needs the environment variable NOVO_LEAD_KEY, which is not set; set it.
    Position { line: 7, column: 14 } steps[0].webhookHeader[X-Two] has ${ without the name of a variable and }; write $${ if it is no variable.
    Position { line: 8, column: 16 } steps[0].webhookHeader[X-Three] has ${ without the name of a variable and }; write $${ if it is no variable.
    ");
}

#[test]
fn no_file_reads_the_token_of_the_command() {
    for name in ["CRM_STEPS_TOKEN", "crm_steps_token"] {
        let text =
            format!("name: A\nsteps: [{{ name: B, webhookHeader: {{ X: \"a-${{{name}}}\" }} }}]");
        let file = PipelineFile::read(&text, Format::Yaml).expect("it is read");
        let problems =
            file.with_variables(|_| Some("secret".to_owned())).expect_err("it is refused");
        assert_eq!(problems.len(), 1);
        assert_eq!((problems[0].position.line, problems[0].position.column), (2, 40));
        assert_eq!(
            problems[0].message,
            "steps[0].webhookHeader[X] reads CRM_STEPS_TOKEN, the token of the command itself, which no \
             file may send anywhere; use another variable."
        );
    }
}

#[test]
fn a_written_file_has_its_fields_in_order_and_blocks_for_long_text() {
    let spec = serde_json::from_value(json!({
        "steps": [
            {
                "webhookHeader": { "X-Key": "***", "B": "1" },
                "webhookUrl": "https://hooks.example.com/novo",
                "defaultTags": ["no", "1:30", "2026-01-05", "on", "0x1F", "novo", "null", "~", "1e3", "é", "# a", "a: b", ""],
                "prompt": "Cumprimente.\n\nPergunte o que a pessoa procura.\n",
                "initialMessage": "Oi! Aqui é a Sofia, da Solaris 🌞 Posso calcular quanto você economizaria com energia solar?",
                "name": "Novo lead",
                "key": "novo-lead",
                "requestContact": { "phone": true },
                "selectedMembershipEmails": ["ana@example.com"],
                "autoNextTime": 36, "autoNextTimeUnit": "h",
            },
            { "name": "B", "defaultTags": [], "prompt": "  indented\nlines" },
        ],
        "name": "Vendas",
        "key": "vendas",
    }));
    let spec = spec.expect("a specification");
    insta::assert_snapshot!(to_yaml(&spec).expect("it is written"), @r##"
    key: vendas
    name: Vendas
    steps:
      - key: novo-lead
        name: Novo lead
        prompt: |
          Cumprimente.

          Pergunte o que a pessoa procura.
        initialMessage: >-
          Oi! Aqui é a Sofia, da Solaris 🌞 Posso calcular quanto você economizaria com
          energia solar?
        autoNextTime: 36
        autoNextTimeUnit: h
        selectedMembershipEmails:
          - ana@example.com
        defaultTags:
          - "no"
          - "1:30"
          - "2026-01-05"
          - "on"
          - "0x1F"
          - novo
          - "null"
          - "~"
          - "1e3"
          - é
          - "# a"
          - "a: b"
          - ""
        requestContact:
          phone: true
        webhookUrl: https://hooks.example.com/novo
        webhookHeader:
          X-Key: "***"
          B: "1"
      - name: B
        prompt: |2-
            indented
          lines
        defaultTags: []
    "##);
    let json = to_json(&spec).expect("it is written");
    assert!(
        json.starts_with("{\n  \"key\": \"vendas\",\n  \"name\": \"Vendas\",\n  \"steps\": [\n")
            && json.ends_with("}\n")
    );
}

/// Text that YAML could misread.
fn text() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "no",
        "On",
        "y",
        "null",
        "~",
        "true",
        "1:30",
        "190:20:30.15",
        "2026-01-05",
        "2026-1-5 1:2:3",
        "0x1f",
        "0o17",
        "017",
        "1_000",
        ".5",
        "1e3",
        ".inf",
        "+.NaN",
        "=",
        "<<",
        "-",
        "- a",
        "? a",
        "a: b",
        "a:",
        ": a",
        "# a",
        "a #b",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "\"a\"",
        "'a'",
        "{a",
        "[a]",
        "a, b",
        "---",
        "...",
        "--- a",
        "${A}",
        "$${A}",
        "***",
        " a",
        "a ",
        "\ta",
        "a\t",
        "\n",
        "a\n",
        "a\n\n",
        "\na",
        "\n\n a\nb",
        " a\n  b\n c",
        "a\n\n\nb",
        "a \nb",
        "a\n \nb",
        "a\r\nb",
        "a\rb",
        "\u{85}",
        "\u{2028}",
        "\u{feff}a",
        "\u{0}",
        "\u{7f}",
        "\u{1b}[31m",
        "\u{a0}",
        "\u{200d}",
        "\u{fffe}",
        "\u{10ffff}",
        "🌞",
        "é",
        "e\u{301}",
    ];
    let long = vec("[a-zé]{1,12}", 5..40).prop_map(|words| words.join(" "));
    let spaced = vec("[a-z]{1,30}", 5..20).prop_map(|words| words.join("  "));
    let lines = vec("[ ]{0,3}[a-z:#-]{0,8}[ ]{0,2}", 0..6).prop_map(|lines| lines.join("\n"));
    let any = prop_oneof![
        4 => select(WORDS).prop_map(str::to_owned),
        2 => ".{0,20}",
        1 => long,
        1 => spaced,
        2 => lines,
        1 => vec(any::<char>(), 0..8).prop_map(|all| all.into_iter().collect()),
    ];
    (any, option::weighted(0.3, select(WORDS)))
        .prop_map(|(text, more)| text + more.unwrap_or_default())
}

fn any_spec() -> impl Strategy<Value = PipelineSpec> {
    let step = (text(), option::of(text()), option::of(vec(text(), 0..3)), option::of(vec((text(), text()), 0..3)), option::of(any::<i32>()))
        .prop_map(|(name, prompt, tags, headers, time)| {
            let headers = headers.map(|all| all.into_iter().collect::<std::collections::BTreeMap<_, _>>());
            json!({ "name": name, "prompt": prompt, "defaultTags": tags, "webhookHeader": headers, "autoNextTime": time })
        });
    (text(), option::of(text()), vec(step, 0..3)).prop_map(|(name, description, steps)| {
        let spec = json!({ "name": name, "description": description, "steps": steps });
        serde_json::from_value(spec).expect("a specification")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_written_is_read_again(spec in any_spec()) {
        let yaml = to_yaml(&spec).expect("it is written");
        prop_assert_eq!(read(&yaml, Format::Yaml), Ok(spec.clone()), "{}", yaml);
        prop_assert_eq!(read(&to_json(&spec).expect("it is written"), Format::Json), Ok(spec));
    }

    #[test]
    fn escaped_variables_are_text(spec in any_spec()) {
        let text = to_yaml(&escaped(spec.clone())).expect("it is written");
        let file = PipelineFile::read(&text, Format::Yaml).expect("it is read");
        let read = file.with_variables(|_| None).map(|(file, _)| file.value);
        prop_assert_eq!(read, Ok(spec));
    }
}

#[test]
fn the_schema_has_the_fields_and_limits_of_a_specification() {
    let schema = schema(|_, _| None);
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["required"], json!(["name", "steps"]));
    assert_eq!(schema["properties"]["steps"]["maxItems"], 1_000);
    let step = &schema["definitions"]["StepSpec"];
    assert_eq!(step["additionalProperties"], false);
    assert_eq!(step["required"], json!(["name"]));
    let shown = [
        "key",
        "name",
        "prompt",
        "autoNextTime",
        "autoNextTimeUnit",
        "defaultTags",
        "selectedMembershipEmails",
        "webhookHeader",
    ];
    let shown = shown.map(|name| format!("{name}: {}", step["properties"][name]));
    insta::assert_snapshot!(shown.join("\n"), @r##"
    key: {"type":["string","null"],"maxLength":64,"pattern":"^([a-z0-9]-?){0,63}[a-z0-9]$"}
    name: {"type":"string","maxLength":255,"minLength":1}
    prompt: {"type":["string","null"],"maxLength":20000}
    autoNextTime: {"type":["integer","null"],"format":"int32","minimum":1,"maximum":31536000}
    autoNextTimeUnit: {"anyOf":[{"$ref":"#/definitions/TimeUnit"},{"type":"null"}]}
    defaultTags: {"type":["array","null"],"items":{"type":"string","maxLength":64,"minLength":1},"maxItems":50}
    selectedMembershipEmails: {"type":["array","null"],"items":{"type":"string"},"maxItems":100}
    webhookHeader: {"type":["object","null"],"additionalProperties":{"type":"string","pattern":"^([!-~]([\\t -~]*[!-~])?)?$"},"maxProperties":30,"propertyNames":{"pattern":"^[!#$%&'*+.^_`\\|~0-9A-Za-z\\-]+$"}}
    "##);
}

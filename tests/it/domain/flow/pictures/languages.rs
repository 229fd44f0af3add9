//! The flow in the languages of Mermaid and Graphviz.

use crm_steps::domain::flow::{Flow, FlowStep, dot::dot, mermaid::mermaid};
use insta::assert_snapshot;
use proptest::{prelude::ProptestConfig, prop_assert_eq, proptest};
use serde_json::json;

use super::{any_text, flow, named, removal, step, timer};

fn sales() -> Flow {
    let triggered = |name: &str, target| FlowStep {
        target,
        ..step(
            json!({ "name": name, "trigger": "They ask.", "autoNextTime": 36, "autoNextTimeUnit": "h" }),
        )
    };
    let won = step(json!({ "name": "Won", "defaultStatus": "RESOLVED" }));
    flow([timer(None), triggered("Price?", Some(0)), won, removal()])
}

#[test]
fn a_flow_in_mermaid() {
    assert_snapshot!(mermaid(&sales()), @r#"
    flowchart LR
      step0["1 Wait"]
      step1["⚡ 2 Price#63;"]
      step2(["3 Won"])
      step3["4 Leave"]
      step0 ~~~ step1
      step1 ~~~ step2
      step2 ~~~ step3
      start(( )) --> step0
      step0 -->|"1 h"| step1
      step1 -->|"36 h"| step0
      step3 --> removed3((( )))
    "#);
}

#[test]
fn a_flow_in_dot() {
    assert_snapshot!(dot(&sales()), @r#"
    digraph pipeline {
      rankdir=LR;
      node [shape=box];
      step0 [label="1 Wait"];
      step1 [label="⚡ 2 Price?"];
      step2 [label="3 Won", peripheries=2];
      step3 [label="4 Leave"];
      step0 -> step1 [style=invis, weight=10];
      step1 -> step2 [style=invis, weight=10];
      step2 -> step3 [style=invis, weight=10];
      start [shape=point, width=0.2];
      start -> step0;
      step0 -> step1 [label="1 h", constraint=false];
      step1 -> step0 [label="36 h", constraint=false];
      removed3 [shape=doublecircle, style=filled, fillcolor=black, width=0.15, label=""];
      step3 -> removed3;
    }
    "#);
}

#[test]
fn a_flow_without_steps() {
    assert_snapshot!(mermaid(&Flow::default()), @"flowchart LR");
    assert_snapshot!(dot(&Flow::default()), @"
    digraph pipeline {
      rankdir=LR;
      node [shape=box];
    }
    ");
}

#[test]
fn names_are_escaped() {
    let name = "end \"]; `**#quot;**` <b>&lt;\\N\\\" \u{8}\n%% x";
    let flow = flow([named(name)]);
    assert_snapshot!(mermaid(&flow).lines().nth(1).unwrap(), @r#"  step0["1 end #34;#93;#59; #96;#42;#42;#35;quot#59;#42;#42;#96; #60;b#62;#38;lt#59;#92;N#92;#34; � #37;#37; x"]"#);
    assert_snapshot!(dot(&flow).lines().nth(3).unwrap(), @r#"  step0 [label="1 end \"]; `**#quot;**` <b>&amp;lt;\\N\\\" � %% x"];"#);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn mermaid_reads_any_name_as_text(name in any_text()) {
        let text = mermaid(&flow([named(&name)]));
        let node = text.lines().nth(1).expect("a node");
        prop_assert_eq!(decoded(between("  step0[\"1 ", node, "\"]")), one_line(&name));
        prop_assert_eq!(text.lines().count(), 3);
    }

    #[test]
    fn graphviz_reads_any_name_as_text(name in any_text()) {
        let text = dot(&flow([named(&name)]));
        let node = text.lines().nth(3).expect("a node");
        prop_assert_eq!(unescaped(between("  step0 [label=\"1 ", node, "\"];")), one_line(&name));
        prop_assert_eq!(text.lines().count(), 7);
    }
}

/// What is between the beginning and the end of a line.
fn between<'a>(begin: &str, line: &'a str, end: &str) -> &'a str {
    let inside = line.strip_prefix(begin).and_then(|rest| rest.strip_suffix(end));
    inside.expect("the beginning and the end")
}

/// A name in one line, without control characters.
fn one_line(name: &str) -> String {
    let printable = |c: char| match c {
        _ if c.is_whitespace() => ' ',
        _ if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => '\u{fffd}',
        _ => c,
    };
    name.chars().map(printable).collect()
}

/// Reads a label of Mermaid: `#35;` is a character by its code, and nothing else may be markup.
fn decoded(label: &str) -> String {
    let mut parts = label.split('#');
    let mut text = parts.next().expect("a part").to_owned();
    assert_plain(&text);
    for part in parts {
        let (code, plain) = part.split_once(';').expect("the end of a code");
        text.extend(char::from_u32(code.parse().expect("a code")));
        assert_plain(plain);
        text.push_str(plain);
    }
    text
}

fn assert_plain(text: &str) {
    assert!(text.chars().all(|c| c == ' ' || c.is_ascii_alphanumeric() || !c.is_ascii()), "{text}");
}

/// Reads a label of Graphviz: `\"` and `\\` are characters, other backslashes begin escape
/// sequences.
fn unescaped(label: &str) -> String {
    let mut text = String::new();
    let mut characters = label.chars();
    while let Some(character) = characters.next() {
        assert_ne!(character, '"', "the string ends within the name");
        if character == '\\' {
            let escaped = characters.next().expect("an escaped character");
            assert!(matches!(escaped, '"' | '\\'), "an escape sequence: {label}");
            text.push(escaped);
        } else {
            text.push(character);
        }
    }
    assert_eq!(text.matches('&').count(), text.matches("&amp;").count());
    text.replace("&amp;", "&")
}

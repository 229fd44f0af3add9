//! Names that are long, wide, from right to left, or markup.

use crm_steps::domain::flow::{
    diagnostics::Severity,
    svg::{Badge, Theme, svg},
};
use insta::assert_debug_snapshot;
use proptest::{prelude::ProptestConfig, prop_assert, prop_assert_eq, proptest};

use super::{any_text, flow, named};

/// The lines in which the picture shows a name; those that are condensed in parentheses.
fn lines_of(name: &str) -> Vec<String> {
    let picture = svg(&flow([named(name)]), "", &[], Theme::Light);
    let (_, name) = picture.split_once("<svg x=").expect("the name");
    let (name, _) = name.split_once("</svg>").expect("the end of the name");
    let lines = name.lines().filter(|line| line.starts_with("<text"));
    let shown = |line: &str| {
        let text = line.split(['>', '<']).nth(2).expect("the text").to_owned();
        if line.contains("textLength") { format!("({text})") } else { text }
    };
    lines.map(shown).collect()
}

#[test]
fn names_are_broken_into_lines_that_fit() {
    let names = [
        "Lead",
        "Proposta enviada",
        "Encerrado por inatividade",
        "Confirmação de solução",
        "Donaudampfschifffahrtsgesellschaft",
        "A name that is far too long to be shown as a whole in a box",
        "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
        "見積もりを送信しました",
        "שלום עולם",
        "مرحبا بالعالم",
        "🇧🇷🇵🇹🇦🇴🇲🇿",
        "👨‍👩‍👧‍👦👨‍👩‍👧‍👦",
    ];
    assert_debug_snapshot!(names.map(|name| lines_of(name).join(" | ")), @r#"
    [
        "Lead",
        "Proposta | enviada",
        "(Encerrado) | por | (inatividade)",
        "(Confirmação) | de | solução",
        "Donaud- | ampfsc- | hifffahrt- | sgesel…",
        "A name | that is | far too | long to…",
        "WWWW- | WWWW- | WWWW- | WWW…",
        "見積もり | を送信し | ました",
        "שלום | עולם",
        "مرحبا | بالعالم",
        "🇧🇷🇵🇹🇦🇴 | 🇲🇿",
        "👨\u{200d}👩\u{200d}👧\u{200d}👦 | 👨\u{200d}👩\u{200d}👧\u{200d}👦",
    ]
    "#);
}

#[test]
fn a_letter_is_not_parted_from_its_marks() {
    let decomposed = "e\u{301}\u{302}".repeat(30);
    assert_eq!(lines_of(&decomposed)[0], format!("{}-", "e\u{301}\u{302}".repeat(6)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_name_makes_well_formed_xml(name in any_text(), title in any_text()) {
        let mut step = named(&name);
        step.key.clone_from(&title);
        let badge = Badge { step_index: 0, severity: Severity::Error, title: title.clone() };
        let picture = svg(&flow([step, named(&title)]), &name, &[badge], Theme::Auto);
        prop_assert_eq!(check_xml(&picture), Ok(()), "{}", picture);
    }

    #[test]
    fn markup_in_a_name_makes_no_elements(name in "[]<>&\"'!/=a-z -]{0,40}") {
        let picture = svg(&flow([named(&name)]), &name, &[], Theme::Light);
        let plain = svg(&flow([named("")]), "", &[], Theme::Light);
        prop_assert_eq!(elements_but_text(&picture), elements_but_text(&plain));
        prop_assert_eq!(check_xml(&picture), Ok(()), "{}", picture);
    }

    #[test]
    fn the_title_has_the_whole_name(name in "\\w{1,255}") {
        let picture = svg(&flow([named(&name)]), "", &[], Theme::Light);
        let title = format!("<title>1 {name}\n");
        prop_assert!(picture.contains(&title));
        prop_assert!(lines_of(&name).len() <= 4);
    }
}

/// The elements that begin, without those for lines of text.
fn elements_but_text(xml: &str) -> Vec<&str> {
    let tags = xml.split('<').skip(1);
    let names = tags.filter_map(|tag| tag.split([' ', '>', '/']).next());
    names.filter(|name| !name.is_empty() && *name != "text").collect()
}

/// Checks that an XML 1.0 document without comments and CDATA is well-formed.
fn check_xml(document: &str) -> Result<(), String> {
    let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    if let Some(forbidden) = document.chars().find(|c| !is_allowed(*c)) {
        return Err(format!("{forbidden:?} is no character of XML"));
    }
    let mut open = Vec::new();
    let mut rest = document;
    while let Some((text, after)) = rest.split_once('<') {
        check_entities(text)?;
        let (tag, after) = after.split_once('>').ok_or("a tag does not end")?;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> ends another element"));
            }
        } else {
            let (name, attributes) = tag.trim_end_matches('/').split_once(' ').unwrap_or((tag, ""));
            check_attributes(attributes)?;
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        rest = after;
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} are not closed")) }
}

fn check_attributes(attributes: &str) -> Result<(), String> {
    let mut rest = attributes;
    while !rest.is_empty() {
        let (name, after) =
            rest.split_once("=\"").ok_or_else(|| format!("no attributes: {rest}"))?;
        let (value, after) = after.split_once('"').ok_or_else(|| format!("{name} has no end"))?;
        if !name.chars().all(|c| c.is_ascii_alphabetic() || c == '-') {
            return Err(format!("{name} is no name"));
        }
        check_entities(value)?;
        rest = after.trim_start();
    }
    Ok(())
}

fn check_entities(text: &str) -> Result<(), String> {
    let entities = ["amp;", "lt;", "gt;", "quot;", "#39;"];
    let mut after_ampersands = text.split('&').skip(1);
    if after_ampersands.all(|after| entities.iter().any(|entity| after.starts_with(entity))) {
        Ok(())
    } else {
        Err(format!("an entity is unknown: {text}"))
    }
}

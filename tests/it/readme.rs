//! The README's tour: each document answers what stands below it.

use crm_steps::{demo, domain::clock::Clock};
use serde_json::{Value, json};

use crate::support::{App, on_both_databases};

const README: &str = include_str!("../../README.md");

/// The text between two marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect("the mark is there");
    rest.split_once(end).expect("the mark is there").0
}

/// The documents of the tour, each with the answer that is shown right below it, if there is one.
fn tour() -> Vec<(&'static str, Option<Value>)> {
    let tour = between(README, "## A tour\n", "\n## ");
    let answer = |text: &'static str| {
        let shown = text.trim_start().strip_prefix("```json\n")?;
        let (answer, _) = shown.split_once("```").expect("the block ends");
        Some(serde_json::from_str(answer).expect("the answer is JSON"))
    };
    tour.split("```graphql\n")
        .skip(1)
        .map(|part| part.split_once("```").expect("the block ends"))
        .map(|(document, rest)| (document, answer(rest)))
        .collect()
}

async fn the_tour_answers_what_it_shows(app: App) {
    let clock = Clock::fixed(App::now());
    let token = demo::load(&app.database, &clock).await.expect("it loads").expect("it is new");
    let reader = app.with_token(token.reveal());
    // Who takes the tour has created the first step.
    let first = between(README, "  -d '", "  }'\n");
    let answer = reader.post(format!("{first}  }}")).await;
    assert_eq!(answer.violations(), []);
    let tour = tour();
    assert!(tour.iter().filter(|(_, answer)| answer.is_some()).count() > 8, "it is a tour");
    for (document, expected) in tour {
        let mut answer = reader.graphql(document, json!({})).await.json();
        // What it cost is not shown each time.
        let extensions = answer.as_object_mut().and_then(|answer| answer.remove("extensions"));
        assert!(extensions.is_some(), "{answer}");
        match expected {
            Some(expected) => assert_eq!(answer, expected, "{document}\n{answer}"),
            None => assert!(answer.get("errors").is_none(), "{document}\n{answer}"),
        }
    }
}

on_both_databases!(the_tour_answers_what_it_shows);

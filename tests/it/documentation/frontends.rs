//! docs/frontends.md: its code is that of the clients that the tests run, and its requests have the
//! responses that it shows.

use std::{fs, path::Path};

use super::follow;
use crate::support::{App, on_both_databases};

const FRONTENDS: &str = include_str!("../../../docs/frontends.md");

/// The fenced blocks, each with the path of the file from which it is: the link at the end of the paragraph
/// before it. A block without one is a request or its response.
fn blocks() -> Vec<(Option<&'static str>, &'static str)> {
    let parts: Vec<&str> = FRONTENDS.split("\n```").collect();
    let blocks = parts.chunks_exact(2).map(|part| {
        let paragraph = part[0].trim_end().rsplit("\n\n").next().unwrap_or_default();
        let link = paragraph.strip_suffix("):").and_then(|text| text.rsplit_once("](../"));
        (link.map(|(_, path)| path), part[1])
    });
    blocks.collect()
}

#[test]
fn the_code_is_that_of_the_tested_clients() {
    let mut compared = 0;
    for (file, block) in blocks() {
        let Some(file) = file else { continue };
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = fs::read_to_string(path).expect("the file can be read");
        let (_, code) = block.split_once('\n').expect("a language, and code below it");
        assert!(text.contains(code), "not in {file}:\n{code}");
        compared += 1;
    }
    assert!(compared > 8, "{compared}");
}

async fn the_requests_have_the_shown_responses(app: App) {
    let requests = blocks().into_iter().filter(|(file, _)| file.is_none());
    let requests: Vec<&str> = requests.map(|(_, block)| block).collect();
    let is_request = |block: &&&str| block.starts_with("graphql\n") || block.starts_with("json\n");
    let others: Vec<_> = requests.iter().filter(|block| !is_request(block)).collect();
    assert_eq!(others, [&""; 0], "neither of a file nor a request");
    let texts: Vec<_> = requests.iter().map(|block| format!("\n```{block}\n```")).collect();
    let text = texts.concat();
    let asked = text.matches("\n```graphql\n").count();
    assert_eq!(follow(&text, &app.demo().await).await, asked);
    assert!(asked > 6, "{asked}");
}

on_both_databases!(the_requests_have_the_shown_responses);

//! Instructions of requests whose documents the service has cached.

use std::{cell::Cell, path::Path};

use crate::{callgrind::Counted, load, requests, rounds::print_row, service};

/// Requests before the counted ones, so that there are 50 steps to list.
const FIRST: u64 = 50;

/// The requests that are counted, each with its target in thousands (`bench/RESULTS.md`).
const COUNTED: [(&str, &str); 3] = [
    ("Instructions of a create, thousands", "≤ 1,400"),
    ("Instructions of a list, thousands", "≤ 7,000"),
    ("Instructions of { __typename }, thousands", "≤ 70"),
];

/// Limits in thousands of instructions. They depend on the build, so they are passed with the program.
#[derive(Debug, Clone, clap::Args)]
pub struct Most {
    /// Most thousands of instructions of a create
    #[arg(long, default_value_t = 1_700)]
    most_of_a_create: u64,
    /// Most thousands of instructions of a list
    #[arg(long, default_value_t = 6_160)]
    most_of_a_list: u64,
    /// Most thousands of instructions of { __typename }
    #[arg(long, default_value_t = 92)]
    most_of_a_typename: u64,
}

/// Counts the instructions of one request, SQLite included: a create, a list and `{ __typename }`. Returns
/// whether all are within their limits.
pub fn count(program: &Path, keys: &str, most: &Most) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("bench.db").display());
    let token = service::token(program, &url, keys);
    let counted = Counted::start(program, &url, keys);
    let service = &counted.service;
    let world = service.fill(token, 1);
    let numbers = Cell::new(0);
    let per_request = |body: &dyn Fn(u64) -> String, expected: &str, count: u64| {
        let tokens = [world.token.as_str()];
        let target = service.target(&tokens, body, expected);
        // Afterwards the document is cached, and the connections are open.
        load::send(&target, 1, FIRST, &numbers);
        let ((), instructions) = counted.during(|| load::send(&target, 1, count, &numbers));
        instructions / count / 1000
    };
    let create = |number| requests::create(&world, number, 1);
    let list = |_number| requests::list(&world.scenarios[0]);
    let typename = |_number| requests::typename();
    let counts = [
        per_request(&create, requests::CREATED, 100),
        per_request(&list, requests::LISTED_ALL, 20),
        // Enough requests that periodic work of the service is negligible.
        per_request(&typename, "Query", 1_000),
    ];
    let most = [most.most_of_a_create, most.most_of_a_list, most.most_of_a_typename];
    for (((what, aim), most), count) in COUNTED.into_iter().zip(most).zip(counts) {
        print_row(what, aim, format!("{count} (at most {most})"));
    }
    most.into_iter().zip(counts).all(|(most, count)| count <= most)
}

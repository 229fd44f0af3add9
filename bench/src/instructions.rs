//! Instructions of a request, counted by callgrind: a figure without noise.

use std::{cell::Cell, fs, path::Path};

use crate::{
    load::{self, Target},
    requests,
    rounds::line,
    service::{self, Service},
};

/// What is counted, and what `bench/RESULTS.md` aims at, in thousands.
const COUNTED: [(&str, &str); 3] = [
    ("Instructions of a create, thousands", "≤ 620"),
    ("Instructions of a list, thousands", "≤ 7,000"),
    ("Instructions of { __typename }, thousands", "≤ 70"),
];

/// The most thousands of instructions that a request may take: each as it is compiled, so the figures
/// come with the program.
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

/// Counts what one more request takes, SQLite included: creates, lists and next to nothing.
/// Answers whether that is no more than it may be.
pub fn count(program: &Path, keys: &str, most: &Most) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("bench.db").display());
    let service = Service::start(program, &url, keys, &[]);
    let world = service.fill(service::token(program, &url, keys), 1);
    let create = |number| requests::create(&world, number, 1);
    let target = service.target(&world.token, &create, requests::CREATED);
    load::send(&target, 1, 50, &Cell::new(0));
    drop(service);
    let per_request = |body: &dyn Fn(u64) -> String, expected: &str, count: u64| {
        let of = |count| {
            let output = folder.path().join("callgrind.out");
            let out_file = format!("--callgrind-out-file={}", output.display());
            let runner = ["valgrind", "--tool=callgrind", &out_file];
            let service = Service::start(program, &url, keys, &runner);
            let target = Target {
                address: &service.address,
                ..service.target(&world.token, body, expected)
            };
            load::send(&target, 1, count, &Cell::new(0));
            drop(service);
            total(&output)
        };
        // What a start takes is in both.
        const FEW: u64 = 100;
        let (few, many) = (of(FEW), of(FEW + count));
        (many - few) / count / 1000
    };
    let list = |_number| requests::list(&world.scenarios[0]);
    let typename = |_number| requests::typename();
    let counts = [
        per_request(&create, requests::CREATED, 200),
        per_request(&list, requests::LISTED_ALL, 200),
        // So many that what the service does now and then by itself does not count.
        per_request(&typename, "Query", 5_000),
    ];
    let most = [most.most_of_a_create, most.most_of_a_list, most.most_of_a_typename];
    for (((what, aim), most), count) in COUNTED.into_iter().zip(most).zip(counts) {
        line(what, aim, format!("{count} (the checks let {most} pass)"));
    }
    most.into_iter().zip(counts).all(|(most, count)| count <= most)
}

fn total(output: &Path) -> u64 {
    let text = fs::read_to_string(output).expect("callgrind has written it");
    let total = text
        .lines()
        .find_map(|line| line.strip_prefix("summary: ").or(line.strip_prefix("totals: ")));
    total.and_then(|total| total.trim().parse().ok()).expect("it has a total")
}

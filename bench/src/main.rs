//! Measures the service beside the databases alone and beside a peer, and prints a table of ratios.

#![cfg_attr(
    not(feature = "sqlite"),
    expect(dead_code, unused_imports, reason = "some of it is for SQLite alone")
)]

mod callgrind;
mod calls;
mod earlier;
mod hostile;
mod instructions;
mod load;
mod postgraphile;
mod postgres;
mod requests;
mod rounds;
mod service;
#[cfg(feature = "sqlite")]
mod sqlite;
mod streams;

use std::{
    cell::Cell,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Duration,
};

use clap::{Parser, ValueEnum};

use self::{
    load::Outcome,
    postgraphile::Postgraphile,
    postgres::Postgres,
    requests::World,
    rounds::{Rounds, median, print_row},
    service::Service,
};

/// Connections of a load.
const CONNECTIONS: usize = 32;

/// Scenarios over which new steps are distributed.
const SCENARIOS: usize = 1_000;

/// Scenarios with enough steps for a list.
const LISTED: usize = 200;

/// Steps created before the measurements: 50 in each scenario that is listed.
const STEPS: u64 = 10_000;

#[derive(Parser)]
struct Options {
    /// The parts to measure; all if none is named
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// The program to measure; built from this tree if absent
    #[arg(long)]
    program: Option<PathBuf>,
    /// An earlier version of the program, to be measured beside this one
    #[arg(long)]
    earlier: Option<PathBuf>,
    /// The number of rounds
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// The seconds of each measurement
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    #[command(flatten)]
    most: instructions::Most,
    /// Most millions of instructions of a hostile request
    #[arg(long, default_value_t = 200)]
    most_of_a_hostile_request: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Postgres,
    #[cfg(feature = "sqlite")]
    Sqlite,
    Instructions,
    Hostile,
    Growth,
    /// Creates with keys, with positions, and of many organizations
    Calls,
    /// The memory of subscriptions to which nothing is sent
    StreamsIdle,
    /// The time from a create to its event for 1,000 subscribers
    StreamsFanOut,
    /// Creates with subscribers beside creates without
    StreamsBeside,
    /// The memory of a service with a subscriber that reads nothing
    StreamsSlow,
    /// The memory that hostile clients of subscriptions add
    StreamsHostile,
    /// Diagnostics, plans, pictures and simulations of pipelines, without a database
    Flow,
}

/// The service, and the settings of the measurements.
struct Bench {
    program: PathBuf,
    keys: String,
    rounds: usize,
    time: Duration,
    /// The number of the next request.
    numbers: Cell<u64>,
}

fn main() -> ExitCode {
    let Options { parts, program, earlier, rounds, seconds, most, most_of_a_hostile_request } =
        Options::parse();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it is in one");
    let program = program.unwrap_or_else(|| service::build(repository));
    let keys = Command::new(&program).arg("secret-key").output().expect("it can be run").stdout;
    let bench = Bench {
        keys: String::from_utf8(keys).expect("it is text").trim().to_owned(),
        program,
        rounds,
        time: Duration::from_secs(seconds),
        numbers: Cell::new(0),
    };
    println!("| what | at least | least **median** greatest of {rounds} rounds |");
    println!("|---|---|---|");
    if let Some(earlier) = &earlier {
        bench.beside_earlier(earlier);
    }
    let is_wanted = |part| parts.contains(&part) || (parts.is_empty() && earlier.is_none());
    if is_wanted(Part::Postgres) {
        bench.postgres();
    }
    #[cfg(feature = "sqlite")]
    if is_wanted(Part::Sqlite) {
        bench.sqlite();
    }
    if is_wanted(Part::Growth) {
        bench.growth();
    }
    if is_wanted(Part::Calls) {
        bench.calls();
    }
    type Measurement = fn(&Bench);
    let streams: [(Part, Measurement); 5] = [
        (Part::StreamsIdle, Bench::streams_idle),
        (Part::StreamsFanOut, Bench::streams_fan_out),
        (Part::StreamsBeside, Bench::streams_beside),
        (Part::StreamsSlow, Bench::streams_slow),
        (Part::StreamsHostile, Bench::streams_hostile),
    ];
    for (_, measure) in streams.into_iter().filter(|(part, _)| is_wanted(*part)) {
        measure(&bench);
    }
    if is_wanted(Part::Instructions) && !instructions::count(&bench.program, &bench.keys, &most) {
        return ExitCode::FAILURE;
    }
    if is_wanted(Part::Hostile)
        && !hostile::count(&bench.program, &bench.keys, most_of_a_hostile_request)
    {
        return ExitCode::FAILURE;
    }
    if is_wanted(Part::Flow) {
        println!();
        flow(repository);
    }
    ExitCode::SUCCESS
}

impl Bench {
    /// The same with another program.
    fn with_program(&self, program: &Path) -> Self {
        Self {
            program: program.to_owned(),
            keys: self.keys.clone(),
            rounds: self.rounds,
            time: self.time,
            numbers: Cell::new(0),
        }
    }

    fn start(&self, database: &str) -> Service {
        Service::start(&self.program, database, &self.keys, &[])
    }

    fn token(&self, database: &str) -> String {
        service::token(&self.program, database, &self.keys)
    }

    /// Creates steps, distributed over this many scenarios.
    fn create(
        &self,
        service: &Service,
        world: &World,
        scenarios: usize,
        connections: usize,
    ) -> Outcome {
        let body = |number| requests::create(world, number, scenarios);
        let tokens = [world.token.as_str()];
        let target = service.target(&tokens, &body, requests::CREATED);
        load::run(&target, connections, self.time, &self.numbers)
    }

    /// Lists the steps of the scenarios in turn.
    fn list(&self, service: &Service, world: &World) -> Outcome {
        let body = |number: u64| {
            requests::list(&world.scenarios[usize::try_from(number).unwrap_or(0) % LISTED])
        };
        let tokens = [world.token.as_str()];
        let target = service.target(&tokens, &body, requests::LISTED_ALL);
        load::run(&target, CONNECTIONS, self.time, &self.numbers)
    }

    /// Creates the steps that exist before the measurements.
    fn fill(&self, service: &Service, world: &World) {
        let body = |number| requests::create(world, number, LISTED);
        let tokens = [world.token.as_str()];
        let target = service.target(&tokens, &body, requests::CREATED);
        load::send(&target, CONNECTIONS, STEPS, &self.numbers);
    }

    fn postgres(&self) {
        let server = Postgres::start();
        let url = server.url();
        let service = self.start(&url);
        let world = postgres_world(&server, &service, self.token(&url));
        self.fill(&service, &world);
        let variables = pgbench_variables(&server, &world);
        let peer_token = service::token_of("PostGraphile", &self.program, &url, &self.keys);
        let peer_world = service.fill(peer_token, SCENARIOS);
        // The server does this by itself in the first minutes of a database.
        server.execute("VACUUM ANALYZE");
        let peer = Postgraphile::start(&url);
        let pgbench = |script, scenarios: usize, connections| {
            let scenarios = scenarios.to_string();
            let mut variables: Vec<(&str, &str)> =
                variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
            variables.push(("scenarios", &scenarios));
            server.pgbench(script, &variables, connections, self.time)
        };
        let (organization, header) = (&variables[0].1, &variables[5].1);
        let peer_list = || {
            let body = |number: u64| {
                let index = usize::try_from(number).unwrap_or(0) % LISTED;
                postgraphile::list(organization, &world.scenarios[index])
            };
            let target = peer.target(&body, requests::LISTED_ALL);
            load::run(&target, CONNECTIONS, self.time, &self.numbers).per_second
        };
        let peer_organization = organization_of(&server, &peer_world);
        let peer_create = |connections| {
            let body = |number| {
                postgraphile::create(&peer_organization, header, &peer_world, number, SCENARIOS)
            };
            let target = peer.target(&body, postgraphile::CREATED);
            load::run(&target, connections, self.time, &self.numbers)
        };
        let mut rounds: [Rounds; 5] = Default::default();
        let mut creates_beside_peer: [Rounds; 2] = Default::default();
        let (mut created, mut created_by_peer) = (STEPS, 0);
        for _ in 0..self.rounds {
            for (round, (scenarios, connections)) in
                rounds.iter_mut().zip([(SCENARIOS, CONNECTIONS), (1, CONNECTIONS), (SCENARIOS, 1)])
            {
                let alone = pgbench("create.sql", scenarios, connections);
                let ours = self.create(&service, &world, scenarios, connections);
                eprintln!(
                    "create, {scenarios} scenarios, {connections} connections: {:.0}/s, p99 {:?}; pgbench {alone:.0}/s",
                    ours.per_second, ours.p99
                );
                round.add(ours.per_second, alone);
                created += ours.count;
            }
            for (round, connections) in creates_beside_peer.iter_mut().zip([CONNECTIONS, 1]) {
                let ours = self.create(&service, &world, SCENARIOS, connections);
                let peers = peer_create(connections);
                eprintln!(
                    "create, {connections} connections: {:.0}/s; PostGraphile {:.0}/s",
                    ours.per_second, peers.per_second
                );
                round.add(ours.per_second, peers.per_second);
                created += ours.count;
                created_by_peer += peers.count;
            }
            let alone = pgbench("list.sql", LISTED, CONNECTIONS);
            let ours = self.list(&service, &world).per_second;
            let peers = peer_list();
            eprintln!("list: {ours:.0}/s; PostGraphile {peers:.0}/s; pgbench {alone:.0}/s");
            rounds[3].add(ours, peers);
            rounds[4].add(ours, alone);
        }
        for (organization, created) in
            [(organization, created), (&peer_organization, created_by_peer)]
        {
            assert_eq!(steps_of(&server, organization), created, "each response is a stored step");
        }
        let [spread, together, lone, beside_peer, beside_statement] = &rounds;
        print_row("PostgreSQL: create, 1,000 scenarios, beside pgbench", "0.7", spread);
        print_row("PostgreSQL: create, one scenario, beside pgbench", "4", together);
        print_row("PostgreSQL: create, one connection, beside pgbench", "0.5", lone);
        let [many, lone] = &creates_beside_peer;
        print_row("PostgreSQL: create, 32 connections, beside PostGraphile", "3", many);
        print_row("PostgreSQL: create, one connection, beside PostGraphile", "1.2", lone);
        print_row("PostgreSQL: list, beside PostGraphile", "2.5", beside_peer);
        print_row("PostgreSQL: list, beside pgbench", "0.3", beside_statement);
        print_row("PostgreSQL: memory at its peak, MiB", "≤ 96", service.peak_memory());
    }

    #[cfg(feature = "sqlite")]
    fn sqlite(&self) {
        /// Rows of one transaction of SQLite alone, one for each connection.
        const ROWS: usize = CONNECTIONS;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("bench.db");
        let url = format!("sqlite://{}", file.display());
        let service = self.start(&url);
        let world = service.fill(self.token(&url), SCENARIOS);
        self.fill(&service, &world);
        let (mut many, mut lone, mut slowest) = (Rounds::default(), Rounds::default(), Vec::new());
        for _ in 0..self.rounds {
            let alone = sqlite::copies_per_second(&file, ROWS, self.time);
            let ours = self.create(&service, &world, SCENARIOS, CONNECTIONS);
            eprintln!(
                "create: {:.0}/s, p99 {:?}; rusqlite {alone:.0}/s",
                ours.per_second, ours.p99
            );
            many.add(ours.per_second, alone);
            slowest.push(ours.p99.as_secs_f64() * 1e3);
            let alone = sqlite::copies_per_second(&file, 1, self.time);
            let ours = self.create(&service, &world, SCENARIOS, 1).per_second;
            eprintln!("create, one connection: {ours:.0}/s; rusqlite {alone:.0}/s");
            lone.add(ours, alone);
        }
        print_row("SQLite: create, beside rusqlite with 32 rows a transaction", "0.55", &many);
        print_row(
            "SQLite: 99 of 100 creates within, ms",
            "≤ 25",
            format!("{:.1}", median(slowest)),
        );
        print_row("SQLite: create, one connection, beside rusqlite", "0.55", &lone);
        print_row("SQLite: memory at its peak, MiB", "≤ 96", service.peak_memory());
        drop(service);
        let starts = (0..11).map(|_| self.start(&url).started_in.as_secs_f64() * 1e3);
        print_row("SQLite: start, ms", "≤ 50", format!("{:.0}", median(starts.collect())));
    }

    fn growth(&self) {
        /// The number of scenarios added to the large database, each with as many steps as a listed one.
        const MORE_SCENARIOS: u32 = 19_800;
        let server = Postgres::start();
        let small_url = server.url();
        let small = self.start(&small_url);
        let world = postgres_world(&server, &small, self.token(&small_url));
        self.fill(&small, &world);
        drop(small);
        server.execute("VACUUM ANALYZE");
        let large_url = server.grown(MORE_SCENARIOS);
        let (small, large) = (self.start(&small_url), self.start(&large_url));
        let (mut creates, mut lists) = (Rounds::default(), Rounds::default());
        for _ in 0..self.rounds {
            let before = self.create(&small, &world, SCENARIOS, CONNECTIONS).per_second;
            let after = self.create(&large, &world, SCENARIOS, CONNECTIONS).per_second;
            creates.add(after, before);
            let before = self.list(&small, &world).per_second;
            let after = self.list(&large, &world).per_second;
            lists.add(after, before);
        }
        print_row("PostgreSQL: create with 1,000,000 steps, beside 10,000", "0.9", &creates);
        print_row("PostgreSQL: list with 1,000,000 steps, beside 10,000", "0.9", &lists);
    }
}

/// Runs the benchmark of the library's pure functions, which prints a table of its own. It is a target of the
/// library, as this crate and the library cannot link the same SQLite.
fn flow(repository: &Path) {
    let status = service::cargo(repository).args(["bench", "--locked", "--bench", "flow"]).status();
    assert!(status.expect("there is cargo").success(), "it can be measured");
}

/// Creates the resources that steps refer to, with scenario ids that pgbench can compute.
fn postgres_world(server: &Postgres, service: &Service, token: String) -> World {
    let mut world = service.fill(token, SCENARIOS);
    server.execute(
        "UPDATE crm_scenario SET id = ('30000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid
         FROM (SELECT id AS old, row_number() OVER (ORDER BY id) AS n FROM crm_scenario) AS numbered
         WHERE id = old",
    );
    let ids = server.execute("SELECT id FROM crm_scenario ORDER BY id");
    world.scenarios = ids.lines().map(str::to_owned).collect();
    world
}

/// The organization of these scenarios.
fn organization_of(server: &Postgres, world: &World) -> String {
    let id = &world.scenarios[0];
    server.execute(&format!("SELECT organization_id FROM crm_scenario WHERE id = '{id}'"))
}

/// The number of stored steps of an organization without those of pgbench, whose ids have version 4.
fn steps_of(server: &Postgres, organization: &str) -> u64 {
    let steps = server.execute(&format!(
        "SELECT count(*) FROM crm_step
         WHERE organization_id = '{organization}' AND substr(id::text, 15, 1) = '7'",
    ));
    steps.parse().expect("it is a number")
}

fn pgbench_variables(server: &Postgres, world: &World) -> Vec<(&'static str, String)> {
    vec![
        ("organization", organization_of(server, world)),
        ("agent", world.agents[0].clone()),
        ("first_member", world.memberships[0].clone()),
        ("second_member", world.memberships[1].clone()),
        ("token", server.execute("SELECT id FROM access_token LIMIT 1")),
        // As long as the value of the service, which stores it sealed.
        ("header", server.execute("SELECT webhook_header FROM crm_step LIMIT 1")),
    ]
}

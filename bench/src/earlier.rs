//! The service beside an earlier version of it, both on both databases.

use std::path::Path;

use super::{
    Bench, CONNECTIONS, SCENARIOS,
    calls::ORGANIZATIONS,
    postgres::Postgres,
    requests::{Create, World},
    rounds::{Rounds, print_row},
    service::Service,
};

/// One version on a database of its own.
struct Version<'a> {
    bench: &'a Bench,
    service: Service,
    /// The resources of the organization with most steps, and then those of others.
    worlds: Vec<World>,
}

impl<'a> Version<'a> {
    fn new(bench: &'a Bench, database: &str) -> Self {
        let service = bench.start(database);
        let world = service.fill(bench.token(database), SCENARIOS);
        bench.fill(&service, &world);
        let others =
            (1..=ORGANIZATIONS).map(|number| bench.other_world(&service, database, number));
        let worlds = [world].into_iter().chain(others).collect();
        Self { bench, service, worlds }
    }

    /// What is measured: its name, and how many are answered in a second.
    fn measure(&self, what: usize) -> f64 {
        let Self { bench, service, worlds } = self;
        let world = &worlds[0];
        let create = |create, organizations| {
            bench.create_as(service, &worlds[..organizations], create, CONNECTIONS)
        };
        let outcome = match what {
            0 => bench.create(service, world, SCENARIOS, CONNECTIONS),
            1 => bench.create(service, world, 1, CONNECTIONS),
            2 => bench.create(service, world, SCENARIOS, 1),
            3 => bench.list(service, world),
            4 => return create(Create::Keyed, 1),
            // In an organization of its own, as each shifts all steps of its scenario.
            5 => {
                let worlds = &worlds[ORGANIZATIONS..];
                return bench.create_as(service, worlds, Create::Placed, CONNECTIONS);
            }
            6 => return create(Create::Plain, 8),
            _ => return create(Create::Plain, ORGANIZATIONS),
        };
        outcome.per_second
    }
}

/// The names of what [`Version::measure`] measures.
const NAMES: [&str; 8] = [
    "create, 1,000 scenarios",
    "create, one scenario",
    "create, one connection",
    "list",
    "create with a key",
    "create before all others",
    "create, 8 organizations",
    "create, 32 organizations",
];

impl Bench {
    /// Measures both versions in turn. Which one is first changes each round.
    pub fn beside_earlier(&self, program: &Path) {
        let earlier = self.with_program(program);
        let servers = (Postgres::start(), Postgres::start());
        self.compare("PostgreSQL", &earlier, [servers.0.url(), servers.1.url()], || {
            servers.0.execute("VACUUM ANALYZE");
            servers.1.execute("VACUUM ANALYZE");
        });
        let folder = tempfile::tempdir().expect("a folder");
        let url = |name| format!("sqlite://{}", folder.path().join(name).display());
        self.compare("SQLite", &earlier, [url("new.db"), url("earlier.db")], || {});
    }

    fn compare(&self, kind: &str, earlier: &Self, urls: [String; 2], analyze: impl Fn()) {
        let [new, old] = [Version::new(self, &urls[0]), Version::new(earlier, &urls[1])];
        analyze();
        let mut rounds: [Rounds; NAMES.len()] = Default::default();
        for number in 0..self.rounds {
            for (what, rounds) in rounds.iter_mut().enumerate() {
                let (ours, theirs) = if number % 2 == 0 {
                    let ours = new.measure(what);
                    (ours, old.measure(what))
                } else {
                    let theirs = old.measure(what);
                    (new.measure(what), theirs)
                };
                eprintln!("{kind}: {}: {ours:.0}/s; earlier {theirs:.0}/s", NAMES[what]);
                rounds.add(ours, theirs);
            }
        }
        for (name, rounds) in NAMES.iter().zip(&rounds) {
            print_row(&format!("{kind}: {name}, beside the earlier version"), "0.9", rounds);
        }
    }
}

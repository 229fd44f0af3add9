//! Creates as clients send them: with idempotency keys, with positions, and of many organizations at
//! once. Each is compared with creates of one organization that have neither.

use super::{
    Bench, CONNECTIONS,
    postgres::Postgres,
    requests::{self, Create, World},
    rounds::{Rounds, print_row},
    service::{self, Service},
};

/// Scenarios of each organization over which new steps are distributed.
const SCENARIOS: usize = 100;

/// What is compared: its name, the arguments, the number of organizations, the number of connections, and
/// the least ratio.
const COMPARED: [(&str, Create, usize, usize, &str); 5] = [
    ("create with a key", Create::Keyed, 1, CONNECTIONS, "0.85"),
    ("create with a key, one connection", Create::Keyed, 1, 1, "–"),
    ("create before all others", Create::Placed, 1, CONNECTIONS, "–"),
    ("create, 8 organizations", Create::Plain, 8, CONNECTIONS, "0.85"),
    ("create, 32 organizations", Create::Plain, 32, CONNECTIONS, "0.7"),
];

/// The number of organizations.
pub const ORGANIZATIONS: usize = 32;

impl Bench {
    /// Measures the creates on both databases.
    pub fn calls(&self) {
        let server = Postgres::start();
        self.calls_on("PostgreSQL", &server.url(), || {
            server.execute("VACUUM ANALYZE");
        });
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("bench.db").display());
        self.calls_on("SQLite", &url, || {});
    }

    fn calls_on(&self, kind: &str, url: &str, analyze: impl Fn()) {
        let service = self.start(url);
        let world = |number| self.other_world(&service, url, number);
        let worlds: Vec<World> = (0..ORGANIZATIONS).map(world).collect();
        analyze();
        let mut rounds: [Rounds; COMPARED.len()] = Default::default();
        for _ in 0..self.rounds {
            let compared = COMPARED.iter().zip(&mut rounds);
            for ((name, create, organizations, connections, _), rounds) in compared {
                let ours =
                    self.create_as(&service, &worlds[..*organizations], *create, *connections);
                let plain = self.create_as(&service, &worlds[..1], Create::Plain, *connections);
                eprintln!("{kind}: {name}: {ours:.0}/s; plain {plain:.0}/s");
                rounds.add(ours, plain);
            }
        }
        for ((name, .., least), rounds) in COMPARED.iter().zip(&rounds) {
            print_row(&format!("{kind}: {name}, beside plain creates"), least, rounds);
        }
    }

    /// The resources of another organization, which is created.
    pub fn other_world(&self, service: &Service, url: &str, number: usize) -> World {
        let organization = format!("Bench {number}");
        let token = service::token_of(&organization, &self.program, url, &self.keys);
        service.fill(token, SCENARIOS)
    }

    /// Creates steps of these organizations in turn; returns how many in a second.
    pub fn create_as(
        &self,
        service: &Service,
        worlds: &[World],
        create: Create,
        connections: usize,
    ) -> f64 {
        let tokens: Vec<&str> = worlds.iter().map(|world| world.token.as_str()).collect();
        let body = |number: u64| {
            let world = &worlds[usize::try_from(number).expect("a small number") % worlds.len()];
            let of_world = number / worlds.len() as u64;
            requests::create_as(create, world, of_world, SCENARIOS)
        };
        let target = service.target(&tokens, &body, requests::CREATED);
        super::load::run(&target, connections, self.time, &self.numbers).per_second
    }
}

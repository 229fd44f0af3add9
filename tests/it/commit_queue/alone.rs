//! The commit queue by itself, with calls that only record that they are executed.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex},
};

use crm_steps::{
    db::Database,
    domain::{
        access_token::{Caller, Scopes},
        call::Call,
        id::OrganizationId,
        idempotency::{Fingerprint, IdempotencyKey},
    },
    store::{
        StoreError,
        commit_queue::{CommitQueue, SharedCall},
        unit_of_work::UnitOfWork,
    },
};
use futures_util::future::{BoxFuture, join_all};
use proptest::{
    collection::vec,
    prelude::{Just, ProptestConfig, Strategy, prop_oneof},
    test_runner::{TestCaseError, TestRunner},
};
use uuid::Uuid;

use crate::support::{App, on_both_databases};

/// The largest size of several calls in one transaction.
const SIZE_MAX: usize = 32;

/// What a call does to the transaction that it shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Succeeds,
    Fails,
    Panics,
}

/// A call: its organization, its key, its size, its effect, and whether its client disconnects at once.
#[derive(Debug, Clone)]
struct Sent {
    organization: u8,
    key: Option<u8>,
    size: usize,
    effect: Effect,
    disconnects: bool,
}

fn sent() -> impl Strategy<Value = Sent> {
    let effect = prop_oneof![
        20 => Just(Effect::Succeeds),
        1 => Just(Effect::Fails),
        1 => Just(Effect::Panics),
    ];
    let key = proptest::option::weighted(0.3, 0..3_u8);
    let size = prop_oneof![8 => Just(1), 1 => 2..=100_usize];
    (0..4_u8, key, size, effect, proptest::bool::weighted(0.1)).prop_map(
        |(organization, key, size, effect, disconnects)| Sent {
            organization,
            key,
            size,
            effect,
            disconnects,
        },
    )
}

/// What has been executed, and what is being executed.
#[derive(Debug, Default)]
struct Record {
    /// The numbers of the calls of each transaction that succeeded.
    committed: Vec<Vec<usize>>,
    /// The organizations of the transactions that are running.
    running: HashSet<u8>,
    faults: Vec<String>,
}

/// A call, numbered in the order in which it was sent.
#[derive(Clone)]
struct Numbered {
    number: usize,
    sent: Sent,
    call: Call,
    record: Arc<Mutex<Record>>,
}

impl Numbered {
    fn new(number: usize, sent: Sent, record: &Arc<Mutex<Record>>) -> Self {
        let organization = OrganizationId(Uuid::from_u128(sent.organization.into()));
        let fingerprint = Fingerprint { current: [0; 32], former: [[0; 32]; 2] };
        let key = sent.key.map(|key| {
            IdempotencyKey::check(key.to_string(), fingerprint).expect("the key is valid")
        });
        let caller = Caller {
            organization,
            token_id: Uuid::nil(),
            token_name: "test".to_owned(),
            membership_id: None,
            scopes: Scopes::new(),
        };
        let call = Call { caller, now: App::now(), key, validate_only: false };
        Self { number, sent, call, record: Arc::clone(record) }
    }
}

impl SharedCall for Numbered {
    type Outcome = usize;

    fn call(&self) -> &Call {
        &self.call
    }

    fn size(&self) -> usize {
        self.sent.size
    }

    fn execute_all<'a>(
        _unit: &'a mut UnitOfWork,
        calls: &'a [&'a Self],
    ) -> BoxFuture<'a, Result<Vec<usize>, StoreError>> {
        Box::pin(async move {
            let record = &calls[0].record;
            let organizations: HashSet<u8> =
                calls.iter().map(|call| call.sent.organization).collect();
            let keys: Vec<(u8, u8)> = calls
                .iter()
                .filter_map(|call| Some((call.sent.organization, call.sent.key?)))
                .collect();
            let (count, size) = (calls.len(), calls.iter().map(|call| call.size()).sum::<usize>());
            let started = |record: &mut Record| {
                if size > SIZE_MAX && count > 1 || !count.is_power_of_two() {
                    record.faults.push(format!("{count} calls of size {size} in one transaction"));
                }
                if keys.iter().collect::<HashSet<_>>().len() < keys.len() {
                    record.faults.push(format!("one key twice in {keys:?}"));
                }
                if !record.running.is_disjoint(&organizations) {
                    record.faults.push(format!("{organizations:?} in two transactions"));
                }
                record.running.extend(&organizations);
            };
            started(&mut record.lock().expect("no panic while locked"));
            tokio::task::yield_now().await;
            let worst = calls.iter().find(|call| call.sent.effect != Effect::Succeeds);
            let mut record = record.lock().expect("no panic while locked");
            record.running.retain(|organization| !organizations.contains(organization));
            match worst.map(|call| call.sent.effect) {
                None => record.committed.push(calls.iter().map(|call| call.number).collect()),
                Some(Effect::Fails) => return Err(StoreError::Invariant("it fails".to_owned())),
                Some(_) => {
                    drop(record);
                    panic!("a call panics");
                }
            }
            Ok(calls.iter().map(|call| call.number).collect())
        })
    }
}

/// Sends calls at the same time, and checks what each gets and what has been executed.
async fn send(database: Database, calls: Vec<Sent>) -> Result<(), String> {
    let record = Arc::new(Mutex::new(Record::default()));
    let queue = CommitQueue::new(database);
    let sending = calls.iter().cloned().enumerate().map(|(number, sent)| {
        let queue = queue.clone();
        let call = Numbered::new(number, sent.clone(), &record);
        async move {
            let mut outcome = Box::pin(queue.execute(call));
            if sent.disconnects {
                // Polled once, the call waits in the queue.
                let _ = futures_util::poll!(&mut outcome);
                return None;
            }
            Some(outcome.await)
        }
    });
    let outcomes = join_all(sending).await;

    let record = record.lock().expect("no panic while locked");
    let mut faults = record.faults.clone();
    let committed: Vec<usize> = record.committed.concat();
    let mut by_key: BTreeMap<(u8, u8), Vec<usize>> = BTreeMap::new();
    for number in &committed {
        if let Some(key) = calls[*number].key {
            by_key.entry((calls[*number].organization, key)).or_default().push(*number);
        }
    }
    for (number, (call, outcome)) in calls.iter().zip(outcomes).enumerate() {
        let times = committed.iter().filter(|committed| **committed == number).count();
        let is_right = match (outcome, call.effect) {
            (Some(Ok(returned)), Effect::Succeeds) => returned == number && times == 1,
            (None, Effect::Succeeds) => times <= 1,
            (Some(Ok(_)), _) | (Some(Err(_)), Effect::Succeeds) => false,
            (None | Some(Err(_)), _) => times == 0,
        };
        if !is_right {
            faults.push(format!("call {number} is committed {times} times: {call:?}"));
        }
    }
    for (key, numbers) in by_key {
        if !numbers.is_sorted() {
            faults.push(format!("calls with key {key:?} overtake each other: {numbers:?}"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

async fn each_call_gets_its_own_outcome_and_fails_alone(app: App) {
    let runtime = tokio::runtime::Handle::current();
    let checked = tokio::task::spawn_blocking(move || {
        let config = ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() };
        TestRunner::new(config).run(&vec(sent(), 1..80), |calls| {
            let sending = send(app.database.clone(), calls);
            runtime.block_on(sending).map_err(TestCaseError::fail)
        })
    });
    let checked = checked.await.expect("the runner does not panic");
    checked.unwrap_or_else(|error| panic!("{error}"));
}

on_both_databases!(each_call_gets_its_own_outcome_and_fails_alone);

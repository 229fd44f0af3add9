//! The rules of a step: an accepted step satisfies them by an independent implementation, and equals its
//! input; a rejected one breaks the reported rules. No input panics.

#![no_main]

#[path = "../mutation.rs"]
mod mutation;
mod oracle;

use std::{collections::BTreeSet, sync::LazyLock};

use crm_steps::domain::{
    checks::Checked,
    crm_step::{CrmStepInput, References, StoredStep},
    url::WebhookHosts,
    violation::{Violation, ViolationView},
};
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};
use uuid::Uuid;

use self::oracle::{DECIDED, broken, check_taken};

/// The n-th id of a kind, in the form of the ids of the demo.
const fn id(kind: u8, number: u8) -> Uuid {
    let kind_and_number = (kind as u128) << 8 | number as u128;
    Uuid::from_u128(0x019a_0000_0000_7000_8000_0000_0000_0000 | kind_and_number)
}

/// The scenario of the demo.
const SCENARIO: Uuid = id(3, 1);

/// The step that is checked.
const THIS: Uuid = id(4, 7);

static KNOWN: LazyLock<References> = LazyLock::new(|| {
    let all = |kind: u8| (1..=9).map(move |number| id(kind, number));
    let in_scenario = all(4).map(|step| (step, SCENARIO));
    let elsewhere = (id(4, 0x99), id(3, 2));
    References {
        scenarios: [SCENARIO, id(3, 2)].into(),
        agents: all(1).collect(),
        memberships: all(2).collect(),
        steps: in_scenario.chain([elsewhere]).collect(),
        taken: [id(4, 1)].into(),
        ..References::default()
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutation::mutate(data, size, max_size, seed)
});

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(sent) = serde_json::from_slice::<CrmStepInput>(bytes) else { return Corpus::Reject };
    let check = |hosts| sent.clone().check(THIS, &KNOWN, &hosts).map(Checked::into_inner);
    let expected: BTreeSet<&str> = broken(&sent);
    match check(WebhookHosts::Public) {
        Ok(step) => {
            assert_eq!(expected, BTreeSet::new());
            check_taken(&sent, &step, THIS, &KNOWN);
            let anywhere = check(WebhookHosts::Any).expect("what is public is allowed as well");
            assert_eq!(format!("{anywhere:?}"), format!("{step:?}"));
            // An update to a valid step is accepted, whatever is stored.
            for stored in [&sent, &CrmStepInput::default()] {
                let stored = StoredStep { input: stored, reads_secrets: true };
                let update =
                    sent.clone().check_update(Some(stored), THIS, &KNOWN, &WebhookHosts::Public);
                let mut updated = update.map(Checked::into_inner).expect("it keeps all rules");
                // Only an update keeps headers that it does not give.
                updated.keeps_headers = step.keeps_headers;
                assert_eq!(format!("{updated:?}"), format!("{step:?}"));
            }
        }
        Err(violations) => {
            assert!(!violations.is_empty(), "a rejection has a violation");
            let mut codes = BTreeSet::new();
            for violation in violations {
                check_told(&violation);
                let code: &str = violation.report().code.into();
                codes.insert(code);
            }
            codes.retain(|code| DECIDED.contains(code));
            assert_eq!(codes, expected);
        }
    }
    Corpus::Keep
});

/// Checks that a violation has a sentence, and a field of the input.
fn check_told(violation: &Violation) {
    let ViolationView { message, field: path, .. } = violation.report();
    assert!(message.ends_with('.') && message.contains(' '), "{message}");
    assert!(oracle::FIELDS.contains(&path[0].as_str()) && path.len() <= 2, "{path:?}");
}

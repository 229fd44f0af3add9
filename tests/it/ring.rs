//! The memory of the last changes.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crm_steps::store::feed::ring::{After, Ring, RingLimits, SharedBytes};
use proptest::prelude::*;

/// What happens to a ring.
#[derive(Debug, Clone)]
enum Step {
    /// An element of this size is added, this much further on.
    Push { gap: i64, bytes: usize },
    /// This many seconds pass, and what was added more than a minute ago is removed.
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1..5_i64, 0..300_usize).prop_map(|(gap, bytes)| Step::Push { gap, bytes }),
        1 => (0..50_u64).prop_map(Step::Wait),
    ]
}

/// A minute before.
fn before(now: Instant) -> Instant {
    now.checked_sub(Duration::from_mins(1)).expect("the time is later")
}

proptest! {
    #[test]
    fn after_any_position_are_all_elements_once_and_in_order_or_it_says_that_some_are_gone(
        at in 0..5_i64,
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let shared = SharedBytes::at_most(800);
        let limits = RingLimits { elements: 8, bytes: 1_000, shared: Arc::clone(&shared) };
        let mut ring = Ring::new(limits, at);
        let (mut now, mut all) = (Instant::now() + Duration::from_hours(1), vec![]);
        for step in steps {
            match step {
                Step::Push { gap, bytes } => {
                    let number = ring.end() + gap;
                    ring.push(number, number, bytes, now);
                    all.push((number, bytes, now));
                }
                Step::Wait(seconds) => {
                    now += Duration::from_secs(seconds);
                    ring.remove_before(before(now));
                }
            }
            prop_assert!(ring.bytes() <= 800);
            prop_assert_eq!(shared.used(), ring.bytes());
            // The most recent ones that fit.
            let mut sum = 0;
            let is_kept = |(_, bytes, added): &&(i64, usize, Instant)| {
                sum += bytes;
                sum <= 800 && *added >= before(now)
            };
            let kept = all.iter().rev().take(8).take_while(is_kept).count();
            let from = match all.len() - kept {
                0 => at,
                gone => all[gone - 1].0,
            };
            for position in 0..ring.end() + 2 {
                let expected = all.iter().map(|(number, ..)| *number);
                let expected: Vec<i64> = expected.filter(|number| *number > position).collect();
                match ring.after(position) {
                    After::Nothing => prop_assert!(position >= ring.end()),
                    After::Gone => prop_assert!(position < from),
                    After::Elements(elements) => {
                        let found: Vec<_> = elements.map(|(number, value)| (number, *value)).collect();
                        let expected: Vec<_> = expected.into_iter().map(|it| (it, it)).collect();
                        prop_assert!(position >= from && !found.is_empty());
                        prop_assert_eq!(found, expected);
                    }
                }
            }
        }
        drop(ring);
        prop_assert_eq!(shared.used(), 0);
    }
}

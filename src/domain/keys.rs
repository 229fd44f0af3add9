//! Keys: handles by which a file finds a scenario and its steps again after they were renamed.

use std::collections::{HashMap, HashSet};

use icu_normalizer::DecomposingNormalizer;
use icu_properties::{
    CodePointMapData,
    props::{GeneralCategory, GeneralCategoryGroup},
};

use super::{
    rules::{KEY_MAX, fields::KEY},
    violation::{ViolationKind, Violations},
};

/// The key of a step whose name has no letter or digit that a key can have.
const STEP: &str = "step";

/// The key of a scenario with such a name.
const PIPELINE: &str = "pipeline";

impl Violations {
    /// Checks the field `key`.
    pub(super) fn check_key(&mut self, key: Option<&str>) {
        if key.is_some_and(|key| !is_key(key)) {
            self.add(&KEY, ViolationKind::InvalidKey { max: KEY_MAX });
        }
    }
}

/// Whether a text is a key: `[a-z0-9]+(-[a-z0-9]+)*`, of at most [`KEY_MAX`] characters.
#[must_use]
pub fn is_key(text: &str) -> bool {
    KEY.matches(text)
}

fn is_key_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9')
}

/// The key that an export gives a scenario: the stored one, or the first of base, base-2, base-3 and so on
/// that no scenario of the organization has stored, where base is what its name gives. Several without a
/// stored key can have the same; [`find_scenario`] decides between them.
#[must_use]
pub fn scenario_key(stored: Option<&str>, name: &str, is_stored: impl Fn(&str) -> bool) -> String {
    let free = || FreeKeys::new(PIPELINE).first(name, is_stored);
    stored.map_or_else(free, str::to_owned)
}

/// The index of the scenario that a stated key means among the scenarios of the organization, each a
/// stored key and a name, the oldest first: the first one to which an export gives the key.
#[must_use]
pub fn find_scenario(key: &str, scenarios: &[(Option<&str>, &str)]) -> Option<usize> {
    let stored: HashSet<&str> = scenarios.iter().filter_map(|(stored, _)| *stored).collect();
    let mut free = FreeKeys::new(PIPELINE);
    scenarios.iter().position(|(own, name)| match own {
        Some(own) => *own == key,
        None => free.first(name, |key| stored.contains(key)) == key,
    })
}

/// The keys of the steps of a scenario, each a key if it has one and a name, in the order of their
/// indexes. A step without a key gets the first of base, base-2, base-3 and so on that is neither the
/// key of a step nor was given to an earlier one, where base is what its name gives.
#[must_use]
pub fn step_keys<'a>(
    steps: impl IntoIterator<Item = (Option<&'a str>, &'a str)> + Clone,
) -> Vec<String> {
    let mut taken: HashSet<String> =
        steps.clone().into_iter().filter_map(|(key, _)| key.map(str::to_owned)).collect();
    let mut free = FreeKeys::new(STEP);
    let mut free_key = |name| {
        let key = free.first(name, |key| taken.contains(key));
        taken.insert(key.clone());
        key
    };
    let key = |(key, name): (Option<&str>, _)| key.map_or_else(|| free_key(name), str::to_owned);
    steps.into_iter().map(key).collect()
}

/// Free keys for names, each the first of base, base-2, base-3 and so on that is not taken.
struct FreeKeys {
    /// The base of a name that gives no key.
    of_nothing: &'static str,
    /// The number at which to look, by base: those before it are taken, and stay so.
    next: HashMap<String, usize>,
}

impl FreeKeys {
    fn new(of_nothing: &'static str) -> Self {
        Self { of_nothing, next: HashMap::new() }
    }

    fn first(&mut self, name: &str, is_taken: impl Fn(&str) -> bool) -> String {
        let base = key_of_name(name).unwrap_or_else(|| self.of_nothing.to_owned());
        let number = self.next.entry(base.clone()).or_insert(1);
        loop {
            let key = numbered(&base, *number);
            if !is_taken(&key) {
                return key;
            }
            *number += 1;
        }
    }
}

/// The key that a name gives: decomposed (NFKD), without marks, in lower case, each run of other
/// characters as one hyphen, none at the ends, cut to [`KEY_MAX`]. None if nothing is left.
#[must_use]
pub fn key_of_name(name: &str) -> Option<String> {
    let is_mark = |character: &char| {
        let category = CodePointMapData::<GeneralCategory>::new().get(*character);
        GeneralCategoryGroup::Mark.contains(category)
    };
    let decomposed = DecomposingNormalizer::new_nfkd().normalize(name);
    let without_marks = decomposed.chars().filter(|character| !is_mark(character));
    let text: String = without_marks.flat_map(char::to_lowercase).collect();
    let parts = text.split(|character: char| !u8::try_from(character).is_ok_and(is_key_byte));
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let key = cut(&parts.join("-"), KEY_MAX).to_owned();
    (!key.is_empty()).then_some(key)
}

/// The key with this number, from 1 on, for a base.
fn numbered(base: &str, number: usize) -> String {
    if number == 1 {
        return base.to_owned();
    }
    let suffix = format!("-{number}");
    format!("{}{suffix}", cut(base, KEY_MAX - suffix.len()))
}

/// The start of an ASCII text, without a hyphen at the end.
fn cut(text: &str, length: usize) -> &str {
    text.get(..length).unwrap_or(text).trim_end_matches('-')
}

//! Keys of scenarios and steps.

use crm_steps::domain::keys::{find_scenario, is_key, scenario_key, step_keys};
use proptest::prelude::*;

/// The keys of steps that have only these names.
fn of_names(names: &[&str]) -> Vec<String> {
    step_keys(names.iter().map(|name| (None, *name)))
}

/// The key of a single step with this name.
fn of_name(name: &str) -> String {
    of_names(&[name]).remove(0)
}

#[test]
fn keys_are_small_letters_and_digits_with_single_hyphens() {
    for key in ["a", "7", "novo-lead", "a-1-b", &"x".repeat(64)] {
        assert!(is_key(key), "{key}");
    }
    for text in ["", "-", "-a", "a-", "a--b", "A", "é", "a b", "a_b", "a\n", &"x".repeat(65)] {
        assert!(!is_key(text), "{text}");
    }
}

#[test]
fn a_name_gives_its_key() {
    for (name, key) in [
        ("Novo lead", "novo-lead"),
        ("Qualificação", "qualificacao"),
        ("Qualificac\u{327}a\u{303}o", "qualificacao"),
        ("  Vendas — leads / WhatsApp!  ", "vendas-leads-whatsapp"),
        ("PROPOSTA № 2", "proposta-no-2"),
        ("Ｆｕｌｌ １２", "full-12"),
        ("½ preço", "1-2-preco"),
        ("İstanbul", "istanbul"),
        ("\u{212a}elvin", "kelvin"),
        // These letters have no decomposition.
        ("Straße", "stra-e"),
        ("Ørsted", "rsted"),
        ("a\u{200b}b", "a-b"),
        ("a\u{301}b", "ab"),
        ("Οδός 7", "7"),
    ] {
        assert_eq!(of_name(name), key, "{name}");
    }
}

#[test]
fn a_name_without_letters_of_keys_gives_a_word() {
    for name in ["", "🌞", "❤\u{fe0f}\u{200d}🔥", "---", "新規", "\u{301}"] {
        assert_eq!(of_name(name), "step", "{name}");
        assert_eq!(scenario_key(None, name, |_| false), "pipeline", "{name}");
    }
}

#[test]
fn a_scenario_without_a_key_gets_none_that_another_has() {
    let key =
        |stored, name| scenario_key(stored, name, |key| ["vendas", "vendas-2", "x"].contains(&key));
    assert_eq!([key(None, "Vendas"), key(None, "Suporte")], ["vendas-3", "suporte"]);
    assert_eq!(key(Some("x"), "Vendas"), "x");
}

#[test]
fn repeats_are_numbered_in_their_order() {
    assert_eq!(
        of_names(&["Lead", "LEAD", "lead", "🌞", "🌞"]),
        ["lead", "lead-2", "lead-3", "step", "step-2"]
    );
    assert_eq!(of_names(&["Lead", "Lead", "Lead 2"]), ["lead", "lead-2", "lead-2-2"]);
    assert_eq!(of_names(&["Lead 2", "Lead", "Lead"]), ["lead-2", "lead", "lead-3"]);
}

#[test]
fn the_keys_that_steps_have_are_reserved_first() {
    let steps = [(None, "Lead"), (None, "Lead"), (Some("lead"), "X"), (Some("lead-3"), "Y")];
    assert_eq!(step_keys(steps), ["lead-2", "lead-4", "lead", "lead-3"]);
}

#[test]
fn a_long_name_is_cut_with_its_number() {
    let name = format!("{} {}", "a".repeat(61), "b".repeat(9));
    assert_eq!(
        of_names(&[&name, &name]),
        [
            format!("{}-bb", "a".repeat(61)),
            // A hyphen before the number would be double.
            format!("{}-2", "a".repeat(61)),
        ]
    );
    let name = "c".repeat(300);
    let keys = of_names(&[name.as_str(); 10]);
    assert_eq!(keys[0], "c".repeat(64));
    assert_eq!(keys[8], format!("{}-9", "c".repeat(62)));
    assert_eq!(keys[9], format!("{}-10", "c".repeat(61)));
}

#[test]
fn a_scenario_is_found_by_its_stored_key_or_by_its_name() {
    let scenarios = [
        (None, "Vendas"),
        (Some("suporte"), "Vendas"),
        (None, "vendas!"),
        (None, "Suporte"),
        (Some("outra"), "Cobrança"),
    ];
    assert_eq!(find_scenario("vendas", &scenarios), Some(0), "the oldest");
    assert_eq!(find_scenario("suporte", &scenarios), Some(1), "the stored key");
    assert_eq!(find_scenario("suporte-2", &scenarios), Some(3), "the key is stored by another one");
    assert_eq!(find_scenario("cobranca", &scenarios), None, "it has another key");
}

/// The keys as the rule says it: for each step in its turn the first of base, base-2 … that is free.
fn tried_one_by_one(steps: &[(Option<String>, String)]) -> Vec<String> {
    let mut taken: Vec<String> = steps.iter().filter_map(|(key, _)| key.clone()).collect();
    let mut keys = Vec::new();
    for (key, name) in steps {
        let base = of_name(name);
        let numbered = |number: usize| {
            let suffix = format!("-{number}");
            let kept = &base[..base.len().min(64 - suffix.len())];
            format!("{}{suffix}", kept.trim_end_matches('-'))
        };
        let mut all = std::iter::once(base.clone()).chain((2..).map(numbered));
        let key = key.clone().or_else(|| all.find(|key| !taken.contains(key)));
        taken.extend(key.clone());
        keys.extend(key);
    }
    keys
}

proptest! {
    #[test]
    fn each_step_gets_the_first_key_that_is_free(
        stored in prop::collection::btree_set("[ae](-[2-4])?", 0..4),
        names in prop::collection::vec(prop_oneof!["[aAé🌞 -]{0,4}( 2)?", "[a-c]{60,66}", ".{0,9}"], 0..20),
        places in prop::collection::vec(0..20_usize, 4),
    ) {
        let mut steps: Vec<_> = names.into_iter().map(|name| (None, name)).collect();
        for (key, place) in stored.into_iter().zip(places) {
            steps.insert(place.min(steps.len()), (Some(key), "a".to_owned()));
        }
        let keys = step_keys(steps.iter().map(|(key, name)| (key.as_deref(), name.as_str())));
        prop_assert_eq!(&keys, &tried_one_by_one(&steps));
        prop_assert!(keys.iter().all(|key| is_key(key)), "{:?}", keys);
    }

    #[test]
    fn a_scenario_is_found_by_the_key_that_an_export_gives_it(
        scenarios in prop::collection::vec(
            (prop::option::of("a(-[2-3])?"), prop_oneof!["[aA🌞]", "a [2-3]"]), 0..8),
        key in "a(-[2-5])?",
    ) {
        let scenarios: Vec<(Option<&str>, &str)> =
            scenarios.iter().map(|(key, name)| (key.as_deref(), name.as_str())).collect();
        let is_stored = |key: &str| scenarios.iter().any(|(stored, _)| *stored == Some(key));
        let has_key = |(stored, name): &(Option<&str>, &str)| {
            scenario_key(*stored, name, is_stored) == key
        };
        prop_assert_eq!(find_scenario(&key, &scenarios), scenarios.iter().position(has_key));
    }
}

//! Sealed secrets and their keys.

use crm_steps::domain::{
    id::OrganizationId,
    secret::{Keyring, KeyringError, SealError},
};
use uuid::Uuid;

const ORGANIZATION: OrganizationId = OrganizationId(Uuid::from_u128(1));

fn keyring(ids: &[&str]) -> Keyring {
    let keys: Vec<_> = ids.iter().map(|id| Keyring::generate(id)).collect();
    keys.join(",").parse().expect("what is generated is a keyring")
}

#[test]
fn a_sealed_secret_is_unreadable_until_it_is_opened() {
    let keys = keyring(&["a"]);
    let sealed = keys.seal(ORGANIZATION, "Bearer café").expect("it is sealed");
    assert!(sealed.starts_with("sealed:a:") && !sealed.contains("Bearer"), "{sealed}");
    assert_eq!(keys.open(ORGANIZATION, &sealed), Ok("Bearer café".to_owned()));
    assert_ne!(keys.seal(ORGANIZATION, "Bearer café"), Ok(sealed), "never twice the same");
}

#[test]
fn a_secret_opens_only_unchanged_with_its_organization_and_key() {
    let keys = keyring(&["a"]);
    let sealed = keys.seal(ORGANIZATION, "secret").expect("it is sealed");
    let other = OrganizationId(Uuid::from_u128(2));
    assert_eq!(keys.open(other, &sealed), Err(SealError::Broken));
    assert_eq!(keyring(&["a"]).open(ORGANIZATION, &sealed), Err(SealError::Broken));
    let unknown = Err(SealError::UnknownKey("a".to_owned()));
    assert_eq!(keyring(&["b"]).open(ORGANIZATION, &sealed), unknown);
    assert_eq!(keys.open(ORGANIZATION, "sealed:a:"), Err(SealError::Broken));
    assert_eq!(Keyring::default().seal(ORGANIZATION, "secret"), Err(SealError::NoKey));
}

#[test]
fn an_older_key_opens_and_the_first_one_seals() {
    let old = Keyring::generate("old");
    let sealed = old.parse::<Keyring>().expect("a key").seal(ORGANIZATION, "secret");
    let sealed = sealed.expect("it is sealed");
    let both: Keyring = format!("{},{old}", Keyring::generate("new")).parse().expect("two keys");
    assert_eq!(both.open(ORGANIZATION, &sealed), Ok("secret".to_owned()));
    assert!(!both.is_current(&sealed));
    let anew = both.seal(ORGANIZATION, "secret").expect("it is sealed");
    assert!(both.is_current(&anew) && anew.starts_with("sealed:new:"));
}

#[test]
fn invalid_keyrings_are_rejected_and_debug_shows_no_key() {
    for text in ["", "a", "a:", "a:AAAA", ":AAAA", "a:b:c"] {
        assert_eq!(text.parse::<Keyring>().err(), Some(KeyringError::Malformed), "{text}");
    }
    let key = Keyring::generate("a");
    assert_eq!(format!("{key},{key}").parse::<Keyring>().err(), Some(KeyringError::SameId));
    assert_eq!(format!("{:?}", key.parse::<Keyring>()), "Ok([\"a\"])");
}

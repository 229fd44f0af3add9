//! Access tokens.

use crm_steps::domain::access_token::AccessToken;

#[test]
fn tokens_have_a_prefix_and_256_random_bits() {
    let (one, other) = (AccessToken::generate(), AccessToken::generate());
    assert!(one.reveal().starts_with("crm_"));
    assert_eq!(one.reveal().len(), 4 + 43);
    assert_ne!(one.reveal(), other.reveal());
}

#[test]
fn debug_shows_neither_the_token_nor_its_hash() {
    let token = AccessToken::generate();
    let shown = format!("{token:?} {:?}", token.hash());
    assert_eq!(shown, "AccessToken(SecretBox<str>([REDACTED])) AccessTokenHash(…)");
}

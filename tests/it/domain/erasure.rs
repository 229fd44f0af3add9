//! Erasing a person from JSON values.

use crm_steps::domain::erasure::{ErasedPerson, erased_email};
use serde_json::{Value, json};
use uuid::Uuid;

const RUI: Uuid = Uuid::from_u128(1);

/// A value after Rui was erased from it, if it had anything of him.
fn erased(mut value: Value) -> Option<Value> {
    let person = ErasedPerson::new(RUI, ["rui@example.com", "Lima@example.com"]);
    person.erase_from(&mut value).then_some(value)
}

#[test]
fn each_copy_of_the_membership_is_erased() {
    let row = |name: &str, folded: &str, email: &str| json!({ "id": RUI, "name": name, "nameFolded": folded, "email": email, "version": 2 });
    let before = json!({ "changed": [row("Rui", "rui", "other@example.com")], "done": true });
    let after = json!({ "changed": [row("Erased", "erased", &erased_email(RUI))], "done": true });
    assert_eq!(erased(before), Some(after.clone()));
    assert_eq!(erased(after), None);
}

#[test]
fn each_address_is_erased_whatever_its_case() {
    let before = json!({ "emails": ["RUI@example.com", "ana@example.com", "lima@EXAMPLE.com"] });
    let email = erased_email(RUI);
    assert_eq!(erased(before), Some(json!({ "emails": [email, "ana@example.com", email] })));
}

#[test]
fn what_is_of_others_stays() {
    for other in [
        json!({ "id": Uuid::from_u128(2), "name": "Rui", "email": "ana@example.com" }),
        // A step has no address, whatever its id.
        json!({ "id": RUI, "name": "Rui" }),
        json!(["Rui", "write to rui@example.com", "", null, 1, true]),
    ] {
        assert_eq!(erased(other.clone()), None, "{other}");
    }
}

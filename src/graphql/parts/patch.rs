//! Patches of updates: absent keeps, null clears.

use async_graphql::MaybeUndefined;

/// Patches a required text. Null empties it, which its rule then rejects.
pub(crate) fn patch_required(text: &mut String, patch: MaybeUndefined<String>) {
    match patch {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => text.clear(),
        MaybeUndefined::Value(value) => *text = value,
    }
}

/// Patches a value whose input type differs from its stored type.
pub(crate) fn patch<T, U>(
    field: &mut Option<U>,
    patch: MaybeUndefined<T>,
    keep: impl FnOnce(T) -> U,
) {
    patch.map_value(keep).update_to(field);
}

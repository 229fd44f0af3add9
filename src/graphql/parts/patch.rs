//! How an update changes what was said before: absent keeps, null clears.

use async_graphql::MaybeUndefined;

/// Patches a text that has to be there. Null leaves nothing of it, which its rule then refuses.
pub(crate) fn patch_required(text: &mut String, patch: MaybeUndefined<String>) {
    match patch {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => text.clear(),
        MaybeUndefined::Value(value) => *text = value,
    }
}

/// Patches a value that clients send in another form than it is kept in.
pub(crate) fn patch<T, U>(
    field: &mut Option<U>,
    patch: MaybeUndefined<T>,
    keep: impl FnOnce(T) -> U,
) {
    patch.map_value(keep).update_to(field);
}

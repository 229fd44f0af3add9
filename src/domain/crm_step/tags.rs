//! Tags that are removed from and then added to a conversation that enters the step.

use std::collections::HashSet;

use super::StepCheck;
use crate::domain::{
    checks::is_blank,
    fold::without_case,
    violation::{Field, ViolationKind, Violations},
};

/// Longest tag, in characters.
pub const TAG_MAX: usize = 64;

/// The maximum number of tags in one list.
pub const TAGS_MAX: usize = 50;

/// The tags to add and the tags to remove, trimmed.
pub(super) fn check(
    StepCheck { input, violations, .. }: &mut StepCheck,
) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let mut list = |field, tags: &Option<Vec<String>>| {
        tags.as_deref().map(|tags| check_list(violations, field, tags))
    };
    let add = list("defaultTags", &input.default_tags);
    let remove = list("defaultTagsToRemove", &input.default_tags_to_remove);
    check_overlap(
        violations,
        add.as_deref().unwrap_or_default(),
        remove.as_deref().unwrap_or_default(),
    );
    (add, remove)
}

fn check_list(violations: &mut Violations, field: &'static str, tags: &[String]) -> Vec<String> {
    if tags.len() > TAGS_MAX {
        violations.add(field, ViolationKind::TooMany { max: TAGS_MAX, actual: tags.len() });
    }
    let mut seen = HashSet::new();
    let tags: Vec<&str> = tags.iter().map(|tag| tag.trim()).collect();
    // Up to the limit, so that the number of violations stays bounded.
    for (index, tag) in tags.iter().take(TAGS_MAX).enumerate() {
        let field = || Field::from(field).at(index);
        if is_blank(tag) {
            violations.add(field(), ViolationKind::Blank);
        }
        violations.check_text(field(), tag, TAG_MAX);
        if !seen.insert(without_case(tag)) {
            violations.add(field(), ViolationKind::DuplicateValue { value: (*tag).to_owned() });
        }
    }
    tags.into_iter().map(str::to_owned).collect()
}

fn check_overlap(violations: &mut Violations, add: &[String], remove: &[String]) {
    // Up to the limit, so that the number of violations stays bounded.
    let added: HashSet<String> = add.iter().take(TAGS_MAX).map(|tag| without_case(tag)).collect();
    let tags: Vec<String> = remove
        .iter()
        .take(TAGS_MAX)
        // Invalid tags have been reported already.
        .filter(|tag| !is_blank(tag) && tag.chars().count() <= TAG_MAX)
        .filter(|tag| added.contains(&without_case(tag)))
        .cloned()
        .collect();
    if !tags.is_empty() {
        let kind = ViolationKind::TagsOverlap { tags };
        violations.add_reading("defaultTagsToRemove", kind, &["defaultTags"]);
    }
}

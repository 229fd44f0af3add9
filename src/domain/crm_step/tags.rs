//! Tags that are removed from and then added to a conversation that enters the step.

use std::collections::HashSet;

use super::StepCheck;
use crate::domain::{
    checks::is_blank,
    fold::without_case,
    rules::{
        FieldRules, TAG_MAX, TAGS_MAX,
        across::{DisjointRule, TAGS_DISJOINT},
        fields::{TAGS, TAGS_TO_REMOVE},
    },
    violation::{Field, ViolationKind, Violations},
};

/// The tags to add and the tags to remove, trimmed.
pub(super) fn check(
    StepCheck { input, violations, .. }: &mut StepCheck,
) -> (Option<Vec<String>>, Option<Vec<String>>) {
    let mut list = |rules, tags: &Option<Vec<String>>| {
        tags.as_deref().map(|tags| check_list(violations, rules, tags))
    };
    let add = list(&TAGS, &input.default_tags);
    let remove = list(&TAGS_TO_REMOVE, &input.default_tags_to_remove);
    check_overlap(
        violations,
        add.as_deref().unwrap_or_default(),
        remove.as_deref().unwrap_or_default(),
    );
    (add, remove)
}

fn check_list(
    violations: &mut Violations,
    [list, tag_rules]: &'static [FieldRules; 2],
    tags: &[String],
) -> Vec<String> {
    violations.check_count(list, tags.len());
    let mut seen = HashSet::new();
    let tags = trimmed(tags);
    // Up to the limit, so that the number of violations stays bounded.
    for (index, tag) in tags.iter().take(TAGS_MAX).enumerate() {
        let field = || Field::from(tag_rules).at(index);
        violations.check_text(field(), tag_rules, tag);
        if !seen.insert(without_case(tag)) {
            violations.add(field(), ViolationKind::DuplicateValue { value: tag.clone() });
        }
    }
    tags
}

/// Tags as they are stored.
pub(super) fn trimmed(tags: &[String]) -> Vec<String> {
    tags.iter().map(|tag| tag.trim().to_owned()).collect()
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
        let DisjointRule { fields, reported_on, .. } = &TAGS_DISJOINT;
        violations.add_reading(*reported_on, ViolationKind::TagsOverlap { tags }, fields);
    }
}

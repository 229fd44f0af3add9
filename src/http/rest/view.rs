//! What this door shows of things: which fields of the GraphQL types.

/// A selected field.
#[derive(Debug, Clone, Copy)]
pub(super) enum Selected {
    /// Of a scalar type.
    Leaf(&'static str),
    /// Of an object type, with what is selected of that.
    Inner(&'static str, View),
}

use Selected::{Inner, Leaf};

/// What is selected of a type.
pub(super) type View = &'static [Selected];

/// An agent in a step.
const AGENT: View = &[Leaf("id"), Leaf("name"), Leaf("iconUrl")];

/// The six answer fields of a scenario.
pub(super) const SCENARIO: View = &[
    Leaf("id"),
    Leaf("name"),
    Leaf("description"),
    Leaf("organizationId"),
    Leaf("createdAt"),
    Leaf("updatedAt"),
];

/// The 35 answer fields of a step.
pub(super) const STEP: View = &[
    Leaf("id"),
    Leaf("name"),
    Leaf("index"),
    Leaf("scenarioId"),
    Leaf("organizationId"),
    Leaf("agentId"),
    Leaf("trigger"),
    Leaf("prompt"),
    Leaf("initialMessage"),
    Leaf("autoNextStepId"),
    Leaf("autoNextTime"),
    Leaf("autoNextTimeUnit"),
    Leaf("defaultStatus"),
    Leaf("defaultPriority"),
    Leaf("defaultAiControl"),
    Leaf("assigneeLogicType"),
    Leaf("selectedMembershipIdsForAssignee"),
    Leaf("isRequired"),
    Leaf("isConversationRemovalStep"),
    Leaf("defaultTags"),
    Leaf("defaultTagsToRemove"),
    Inner("requestContact", &[Leaf("name"), Leaf("email"), Leaf("phone")]),
    Leaf("zapiAgentId"),
    Leaf("zapiPhoneNumber"),
    Leaf("zapiMessage"),
    Leaf("whatsappTemplateAgentId"),
    Leaf("whatsappTemplateName"),
    Leaf("whatsappTemplateLanguageCode"),
    Leaf("whatsappTemplateText"),
    Leaf("webhookUrl"),
    Leaf("webhookHeader"),
    Leaf("createdAt"),
    Leaf("updatedAt"),
    Inner("agent", AGENT),
    Inner("scenario", SCENARIO),
];

/// A view as a selection of GraphQL.
pub(super) fn selection(view: View) -> String {
    let fields = view.iter().map(|selected| match selected {
        Leaf(name) => (*name).to_owned(),
        Inner(name, view) => format!("{name} {}", selection(view)),
    });
    format!("{{ {} }}", fields.collect::<Vec<_>>().join(" "))
}

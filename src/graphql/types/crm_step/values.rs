//! The types of single fields of a step.

use async_graphql::{Enum, InputObject, SimpleObject};

use crate::domain::{crm_step, flow::spec::ContactSpec};

/// Which contact data a step asks for.
#[derive(SimpleObject, InputObject, Clone)]
#[graphql(input_name = "RequestContactInput")]
pub(in crate::graphql::types) struct RequestContact {
    /// Whether to ask for the name; null means false.
    name: Option<bool>,
    /// Whether to ask for the email address; null means false.
    email: Option<bool>,
    /// Whether to ask for the phone number; null means false.
    phone: Option<bool>,
}

impl From<crm_step::RequestContact> for RequestContact {
    fn from(data: crm_step::RequestContact) -> Self {
        Self { name: data.name, email: data.email, phone: data.phone }
    }
}

impl From<RequestContact> for crm_step::RequestContact {
    fn from(data: RequestContact) -> Self {
        Self { name: data.name, email: data.email, phone: data.phone }
    }
}

impl From<RequestContact> for ContactSpec {
    fn from(data: RequestContact) -> Self {
        Self { name: data.name, email: data.email, phone: data.phone }
    }
}

/// What autoNextTime counts.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "crm_step::TimeUnit")]
pub(in crate::graphql::types) enum AutoNextTimeUnit {
    /// Minutes.
    #[graphql(name = "m")]
    Minute,
    /// Hours.
    #[graphql(name = "h")]
    Hour,
    /// Days of 24 hours.
    #[graphql(name = "d")]
    Day,
}

/// A status that a conversation gets on entering a step.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "crm_step::DefaultStatus")]
pub(in crate::graphql::types) enum DefaultStatus {
    /// The conversation is done.
    Resolved,
    /// The conversation goes on.
    Unresolved,
    /// A person is asked to take over.
    HumanRequested,
}

/// A priority that a conversation gets on entering a step.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "crm_step::DefaultPriority")]
pub(in crate::graphql::types) enum DefaultPriority {
    /// May wait.
    Low,
    /// In turn.
    Medium,
    /// Before others.
    High,
}

/// How a conversation's assignee is chosen on entering a step.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "crm_step::AssigneeLogicType")]
pub(in crate::graphql::types) enum AssigneeLogicType {
    /// The conversation keeps its assignee.
    #[graphql(name = "none")]
    None,
    /// The conversation loses its assignee.
    #[graphql(name = "clear")]
    Clear,
    /// The one selected membership.
    #[graphql(name = "single_user")]
    SingleUser,
    /// One of the selected memberships, at random.
    #[graphql(name = "random_selected")]
    RandomSelected,
    /// The selected memberships in turn, so that each gets the same share.
    #[graphql(name = "fair_distribution_selected")]
    FairDistributionSelected,
}

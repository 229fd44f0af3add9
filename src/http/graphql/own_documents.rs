//! The GraphQL documents of the service's own clients.

/// The documents that the command line sends. A service with trusted documents executes them as well,
/// so that its operator does not have to list them anew with each version.
///
/// The command line includes the same files (`cli/pipeline/client/documents.rs`).
pub(super) const OWN_DOCUMENTS: &[&str] = &[
    include_str!("documents/apply_pipeline.graphql"),
    include_str!("documents/export_pipelines.graphql"),
];

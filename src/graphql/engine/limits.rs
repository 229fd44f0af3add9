//! Limits of requests, checked before anything is executed.

/// Limits of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest document, in bytes.
    pub max_document_bytes: usize,
    /// Most tokens of a document.
    pub max_tokens: usize,
    /// Most fields and fragments of a document, those of a fragment counted at each spread.
    pub max_selections: usize,
    /// Deepest nesting of fields.
    pub max_depth: usize,
    /// Most fields of a response, as far as the document tells.
    pub max_complexity: usize,
    /// Most fields at the root of an operation.
    pub max_root_fields: usize,
    /// Most aliases of a document, those of a fragment counted at each spread.
    pub max_aliases: usize,
    /// Most directives of a document, those of a fragment counted at each spread.
    pub max_directives: usize,
    /// Most variables of a request.
    pub max_variables: usize,
    /// Most bytes of the values of all variables, each counted at each use.
    pub max_variable_bytes: usize,
    /// Most elements of one list in the variables.
    pub max_list_elements: usize,
}

impl Limits {
    /// No limits, for trusted documents.
    pub const NONE: Self = Self {
        max_document_bytes: usize::MAX,
        max_tokens: usize::MAX,
        max_selections: usize::MAX,
        max_depth: usize::MAX,
        max_complexity: usize::MAX,
        max_root_fields: usize::MAX,
        max_aliases: usize::MAX,
        max_directives: usize::MAX,
        max_variables: usize::MAX,
        max_variable_bytes: usize::MAX,
        max_list_elements: usize::MAX,
    };
}

//! Limits of requests, checked before anything is executed.

/// Limits of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest document, in bytes.
    pub max_document_bytes: usize,
    /// The maximum number of tokens of a document.
    pub max_tokens: usize,
    /// The maximum number of fields and fragments of a document, those of a fragment counted at
    /// each spread.
    pub max_selections: usize,
    /// Deepest nesting of fields.
    pub max_depth: usize,
    /// The maximum of a response's estimated number of fields.
    pub max_complexity: usize,
    /// The maximum number of fields at the root of an operation.
    pub max_root_fields: usize,
    /// The maximum number of aliases of a document, those of a fragment counted at each spread.
    pub max_aliases: usize,
    /// The maximum number of directives of a document, those of a fragment counted at each spread.
    pub max_directives: usize,
    /// The maximum number of variables of a request.
    pub max_variables: usize,
    /// The maximum number of bytes of the values of all variables, each counted at each use.
    pub max_variable_bytes: usize,
    /// The maximum number of elements of one list in the variables.
    pub max_list_elements: usize,
}

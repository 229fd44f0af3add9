//! Counts the parts of a document again in the simplest way: a fragment is traversed at each spread.

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet},
};

/// The most levels of selections of a document.
pub const LEVELS_MAX: usize = 256;

/// The counts of one operation, or of several.
#[derive(Debug, Default)]
pub struct Recount {
    /// Fields, fragments and spreads.
    pub selections: usize,
    pub aliases: usize,
    pub directives: usize,
    pub root_fields: usize,
    /// The deepest nesting of fields.
    pub depth: usize,
    /// Whether the traversal stopped at too many levels.
    pub is_too_deep: bool,
    /// Whether the traversal stopped at too many selections.
    pub is_too_much: bool,
    selections_max: usize,
}

impl Recount {
    pub fn of_all(document: &ExecutableDocument, selections_max: usize) -> Self {
        let mut count = Self { selections_max, ..Self::default() };
        for (_, operation) in document.operations.iter() {
            count.operation(document, operation);
        }
        count
    }

    pub fn of_one(
        document: &ExecutableDocument,
        operation: &Positioned<OperationDefinition>,
        selections_max: usize,
    ) -> Self {
        let mut count = Self { selections_max, ..Self::default() };
        count.operation(document, operation);
        count
    }

    fn operation(
        &mut self,
        document: &ExecutableDocument,
        operation: &Positioned<OperationDefinition>,
    ) {
        self.directives += operation.node.directives.len();
        self.selections(document, &operation.node.selection_set.node, 0, 0);
    }

    /// Traverses selections at this level, within `depth` fields.
    fn selections(
        &mut self,
        document: &ExecutableDocument,
        selections: &SelectionSet,
        level: usize,
        depth: usize,
    ) {
        for selection in &selections.items {
            self.is_too_deep |= level >= LEVELS_MAX;
            self.is_too_much |= self.selections >= self.selections_max;
            if self.is_too_deep || self.is_too_much {
                return;
            }
            self.selections += 1;
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    self.aliases += usize::from(field.alias.is_some());
                    self.directives += field.directives.len();
                    self.root_fields += usize::from(depth == 0);
                    self.depth = self.depth.max(depth + 1);
                    self.selections(document, &field.selection_set.node, level + 1, depth + 1);
                }
                Selection::InlineFragment(fragment) => {
                    let fragment = &fragment.node;
                    self.directives += fragment.directives.len();
                    self.selections(document, &fragment.selection_set.node, level + 1, depth);
                }
                Selection::FragmentSpread(spread) => {
                    let spread = &spread.node;
                    self.directives += spread.directives.len();
                    if let Some(fragment) = document.fragments.get(&spread.fragment_name.node) {
                        let fragment = &fragment.node;
                        self.directives += fragment.directives.len();
                        self.selections(document, &fragment.selection_set.node, level + 1, depth);
                    }
                }
            }
        }
    }
}

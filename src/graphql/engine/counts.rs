//! Counts what is in a document.

use std::{collections::HashMap, ops::Add};

use apollo_compiler::{
    ExecutableDocument, Name, Node,
    ast::{Argument, DirectiveList, Value},
    executable::{Operation, Selection, SelectionSet},
};

use super::{Limits, rejected::DocumentRejected};

/// The maximum number of fragments of a document.
const FRAGMENTS_MAX: usize = 500;

/// Deepest nesting of selections, those of a fragment counted at its spread. Counting, validation
/// and execution recurse into each level; validation of 3,600 levels overflows a stack of 2 MiB in
/// a debug build.
pub const LEVELS_MAX: usize = 256;

/// The maximum length of a chain of fragments, each of which spreads the next: the parser's
/// validation follows no longer chains.
const CHAIN_MAX: usize = 100;

/// Deepest nesting of lists of a type's parts in introspection. Each leads back to types, so a few
/// more would multiply a short document to millions of fields; graphql-js has the same limit.
const INTROSPECTION_DEPTH_MAX: usize = 2;

/// Those lists.
const PARTS_OF_TYPE: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// Counts of a part of a document, what is in a fragment counted at each spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    /// The depth of fields.
    pub(super) depth: usize,
    /// Fields at the root.
    pub(super) width: usize,
    /// Selections: fields, fragments and spreads.
    selections: usize,
    aliases: usize,
    directives: usize,
    /// Values in arguments, including those in lists and objects.
    values: usize,
    /// The depth of selections.
    levels: usize,
    /// The depth of fragments in fragments.
    chain: usize,
    /// The depth of lists of a type's parts.
    introspection_depth: usize,
}

impl Add for Counts {
    type Output = Self;

    /// The counts of two parts beside each other.
    fn add(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            width: self.width.saturating_add(other.width),
            selections: self.selections.saturating_add(other.selections),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            values: self.values.saturating_add(other.values),
            levels: self.levels.max(other.levels),
            chain: self.chain.max(other.chain),
            introspection_depth: self.introspection_depth.max(other.introspection_depth),
        }
    }
}

/// Counts what is in each operation of a document, each fragment once. Rejects a document that
/// nests too deep to be walked, has too many fragments, or exceeds a limit.
pub(super) fn count(
    document: &ExecutableDocument,
    limits: &Limits,
) -> Result<Vec<Counts>, DocumentRejected> {
    DocumentRejected::if_above(FRAGMENTS_MAX, document.fragments.len(), |max| {
        format!("The document has more than {max} fragments.")
    })?;
    let mut counter = Counter { document, fragments: HashMap::new(), level: 0 };
    let operations: Vec<Counts> =
        document.operations.iter().map(|operation| counter.operation(operation)).collect();
    let all = operations.iter().copied().fold(Counts::default(), Add::add);
    DocumentRejected::if_above(LEVELS_MAX, all.levels, |max| {
        format!("The document nests deeper than {max} levels.")
    })?;
    let variables = document.operations.iter().map(|operation| operation.variables.len());
    for (actual, max, what) in [
        (all.chain, CHAIN_MAX, "fragments in each other"),
        (all.selections, limits.max_selections, "fields and fragments"),
        (all.aliases, limits.max_aliases, "aliases"),
        (all.directives, limits.max_directives, "directives"),
        (all.values, limits.max_tokens, "values in arguments"),
        (variables.max().unwrap_or(0), limits.max_variables, "variables in an operation"),
    ] {
        DocumentRejected::if_above(max, actual, |max| {
            format!("The document has more than {max} {what}.")
        })?;
    }
    DocumentRejected::if_above(limits.max_depth, all.depth, |max| {
        format!("The document's fields nest {} levels deep; {max} are allowed.", all.depth)
    })?;
    DocumentRejected::if_above(INTROSPECTION_DEPTH_MAX, all.introspection_depth, |_max| {
        "The document asks for types in types in types; ask for each by its name.".to_owned()
    })?;
    Ok(operations)
}

struct Counter<'a> {
    document: &'a ExecutableDocument,
    /// The counts of fragments.
    fragments: HashMap<&'a Name, Counts>,
    /// The number of selection sets around the one that is counted.
    level: usize,
}

impl<'a> Counter<'a> {
    fn operation(&mut self, operation: &'a Operation) -> Counts {
        self.selection_set(&operation.selection_set) + directives(&operation.directives)
    }

    fn selection_set(&mut self, set: &'a SelectionSet) -> Counts {
        if self.level == LEVELS_MAX {
            return Counts { levels: 1, ..Counts::default() };
        }
        self.level += 1;
        let counts = set
            .selections
            .iter()
            .map(|selection| self.selection(&set.ty, selection))
            .fold(Counts::default(), Add::add);
        self.level -= 1;
        Counts { levels: counts.levels + 1, ..counts }
    }

    fn selection(&mut self, on: &Name, selection: &'a Selection) -> Counts {
        let inside = match selection {
            Selection::Field(field) => {
                let inside = self.selection_set(&field.selection_set);
                let is_part_of_type =
                    on == "__Type" && PARTS_OF_TYPE.contains(&field.name.as_str());
                Counts {
                    depth: inside.depth + 1,
                    width: 1,
                    aliases: inside.aliases.saturating_add(field.alias.is_some().into()),
                    introspection_depth: inside.introspection_depth + usize::from(is_part_of_type),
                    values: inside.values.saturating_add(values(&field.arguments)),
                    ..inside
                }
            }
            Selection::InlineFragment(fragment) => self.selection_set(&fragment.selection_set),
            Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name),
        };
        inside + directives(selection.directives()) + Counts { selections: 1, ..Counts::default() }
    }

    fn fragment(&mut self, name: &'a Name) -> Counts {
        if let Some(counts) = self.fragments.get(name) {
            return *counts;
        }
        // Validation reports a fragment that does not exist, or spreads itself.
        let Some(fragment) = self.document.fragments.get(name) else { return Counts::default() };
        self.fragments.insert(name, Counts::default());
        let inside = self.selection_set(&fragment.selection_set);
        let counts =
            Counts { chain: inside.chain + 1, ..inside } + directives(&fragment.directives);
        self.fragments.insert(name, counts);
        counts
    }
}

fn directives(directives: &DirectiveList) -> Counts {
    let values = directives.iter().map(|directive| values(&directive.arguments));
    Counts { directives: directives.len(), values: values.sum(), ..Counts::default() }
}

fn values(arguments: &[Node<Argument>]) -> usize {
    fn of(value: &Value) -> usize {
        1 + match value {
            Value::List(elements) => elements.iter().map(|element| of(element)).sum(),
            Value::Object(fields) => fields.iter().map(|(_, field)| of(field)).sum(),
            _ => 0,
        }
    }
    arguments.iter().map(|argument| of(&argument.value)).sum()
}

//! What a document would cost, found out before anything is executed.
//!
//! The library's own limits walk a fragment anew at each spread, several times over: two dozen
//! fragments that each spread the next one twice would keep it busy for seconds. Here each fragment
//! is measured once.

use std::{
    collections::HashMap,
    ops::{Add, Mul},
};

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::{
        Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition,
        OperationType, Selection, SelectionSet,
    },
};
use async_graphql_value::Value as InputValue;

use super::{
    connection::PAGE_DEFAULT,
    document::Refusal,
    error::ErrorCode,
    inputs::Input,
    shape::{Elements, Shape},
};
use crate::config::Limits;

/// Most fragments of a document.
const FRAGMENTS_MAX: usize = 500;

/// Deepest nesting of selections, with those of a fragment inside of where it is spread. Measuring
/// calls itself for each level, and a thread's stack holds a few thousand.
const LEVELS_MAX: usize = 256;

/// How often the lists of a type's parts may stand in each other when a client asks for the schema.
/// Each leads back to types, so a few more would multiply a short document to millions of fields;
/// the reference implementation of GraphQL has the same limit.
const INTROSPECTION_DEPTH_MAX: usize = 2;

/// Those lists.
const PARTS_OF_TYPE: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// How many elements a list is taken to have that does not say how many it is to have.
const ASSUMED_ELEMENTS: usize = 10;

/// What an operation costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// How many fields the answer may have: those of a list's elements count as often as there may
    /// be elements.
    pub complexity: usize,
    /// How deep its fields nest.
    pub depth: usize,
    /// How many fields it has at its root, with those of a fragment counted at each spread. So are
    /// the next three.
    width: usize,
    /// How many selections it has: fields, fragments and spreads.
    selections: usize,
    aliases: usize,
    directives: usize,
    /// How much room the values of variables take that go into its arguments, in bytes.
    variable_bytes: usize,
    /// How often lists of a type's parts stand in each other.
    introspection_depth: usize,
}

impl Add for Cost {
    type Output = Self;

    /// Side by side.
    fn add(self, other: Self) -> Self {
        Self {
            complexity: self.complexity.saturating_add(other.complexity),
            depth: self.depth.max(other.depth),
            width: self.width.saturating_add(other.width),
            selections: self.selections.saturating_add(other.selections),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            variable_bytes: self.variable_bytes.saturating_add(other.variable_bytes),
            introspection_depth: self.introspection_depth.max(other.introspection_depth),
        }
    }
}

impl Mul<usize> for Cost {
    type Output = Self;

    /// In each of so many elements. Of none, what is selected is looked at nevertheless.
    fn mul(self, elements: usize) -> Self {
        Self {
            complexity: self.complexity.saturating_mul(elements),
            variable_bytes: self.variable_bytes.saturating_mul(elements.max(1)),
            ..self
        }
    }
}

/// What was found out about an operation and its variables.
pub(super) struct Measured {
    /// What it costs.
    pub(super) cost: Cost,
    /// Whether the variables certainly have values for all arguments that they go into.
    pub(super) variables_fit: bool,
}

/// What the document's operations cost, together in what is checked of all of them, and in
/// what is executed that of the `chosen` one.
pub(super) fn measure(
    shape: &Shape,
    document: &ExecutableDocument,
    chosen: &OperationDefinition,
    variables: &Variables,
    limits: &Limits,
) -> Result<Measured, Refusal> {
    let too_large = |message: String| Err(Refusal::new(ErrorCode::QueryTooLarge, message));
    if document.fragments.len() > FRAGMENTS_MAX {
        return too_large(format!("The document has more than {FRAGMENTS_MAX} fragments."));
    }
    let mut meter = Meter {
        shape,
        document,
        variables,
        operation: chosen,
        is_executed: true,
        measured: HashMap::new(),
        sizes: document
            .operations
            .iter()
            .flat_map(|(_, operation)| defaults(&operation.node))
            .chain(variables.iter())
            .map(|(name, value)| (name, size(value)))
            .collect(),
        level: 0,
        is_too_deep: false,
        unfit: None,
        without_value: None,
        uses: Vec::new(),
        variables_fit: true,
    };
    let cost = meter.operation(chosen);
    meter.is_executed = false;
    // The library walks also the operations that are not executed.
    let operations = document.operations.iter().map(|(_, operation)| &operation.node);
    let others = operations.filter(|operation| !std::ptr::eq(*operation, chosen));
    let all = others.fold(cost, |all, operation| all + meter.operation(operation));
    if meter.is_too_deep {
        return too_large(format!("The document nests deeper than {LEVELS_MAX} levels."));
    }
    for (actual, max, what) in [
        (all.selections, limits.max_selections, "fields and fragments"),
        (all.aliases, limits.max_aliases, "aliases"),
        (all.directives, limits.max_directives, "directives"),
        (cost.width, limits.max_root_fields, "fields at its root"),
    ] {
        if actual > max {
            return too_large(format!("The document has more than {max} {what}."));
        }
    }
    // Each time that a variable is used, its value is copied.
    if all.variable_bytes > limits.max_body_bytes {
        let max = limits.max_body_bytes;
        return too_large(format!(
            "The values of the variables, each as often as it is used, take more than {max} \
             bytes."
        ));
    }
    if all.depth > limits.max_depth {
        let (max, actual) = (limits.max_depth, all.depth);
        return too_large(format!(
            "The document's fields nest {actual} levels deep; {max} are allowed."
        ));
    }
    if all.introspection_depth > INTROSPECTION_DEPTH_MAX {
        let message = "The document asks for types in types in types; ask for each by its name.";
        return too_large(message.to_owned());
    }
    if cost.complexity > limits.max_complexity {
        let (max, actual) = (limits.max_complexity, cost.complexity);
        return too_large(format!(
            "The answer could have {actual} fields; {max} are allowed. Ask for smaller pages, \
             or for less in them."
        ));
    }
    // Only now: what all of them have together is known to be little enough.
    let variables_fit = meter.variables_fit
        && meter.uses.iter().all(|(argument, value)| shape.input_types.fits(&argument.ty, value));
    if !variables_fit {
        shape.input_types.check_variables(chosen, variables)?;
    }
    if let Some((name, reason)) = meter.unfit {
        let message = format!("The argument {} {reason}.", name.node);
        let refusal = Refusal::new(ErrorCode::GraphqlValidationFailed, message);
        return Err(refusal.at(name.pos));
    }
    if let Some(name) = meter.without_value {
        let message =
            format!("The argument {} is required, and its variable has no value.", name.node);
        return Err(Refusal::new(ErrorCode::BadUserInput, message).at(name.pos));
    }
    Ok(Measured { cost, variables_fit })
}

/// Measures the selections of one document.
struct Meter<'a> {
    shape: &'a Shape,
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    operation: &'a OperationDefinition,
    /// Whether it is executed what is being measured.
    is_executed: bool,
    /// What the fragments cost, each by whether the lists in it have been counted above it.
    measured: HashMap<(&'a Name, bool), Cost>,
    /// How much room the value of each variable takes.
    sizes: HashMap<&'a Name, usize>,
    /// How many selections are around the one that is measured.
    level: usize,
    /// Whether any were too many to go on.
    is_too_deep: bool,
    /// An argument with something in it that the library would find too late, and what.
    unfit: Option<(&'a Positioned<Name>, &'static str)>,
    /// An argument that has to be given, for which there is only a variable without a value.
    without_value: Option<&'a Positioned<Name>>,
    /// What goes from variables into arguments.
    uses: Vec<(&'a Input, &'a Value)>,
    /// Whether no variables have been found that go elsewhere.
    variables_fit: bool,
}

impl<'a> Meter<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Cost {
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        self.selections(root, false, &operation.selection_set.node)
            + self.directives(&operation.directives)
    }

    /// The selections on a type; with `is_counted` the lists right in it have been counted already.
    fn selections(&mut self, on: &str, is_counted: bool, selections: &'a SelectionSet) -> Cost {
        if self.level == LEVELS_MAX {
            self.is_too_deep = true;
            return Cost::default();
        }
        self.level += 1;
        let cost = self.each_selection(on, is_counted, selections);
        self.level -= 1;
        cost
    }

    fn each_selection(&mut self, on: &str, is_counted: bool, selections: &'a SelectionSet) -> Cost {
        selections.items.iter().fold(Cost::default(), |cost, selection| {
            let of_this = match &selection.node {
                Selection::Field(field) => self.field(on, is_counted, &field.node),
                Selection::InlineFragment(fragment) => {
                    let fragment = &fragment.node;
                    let condition = fragment.type_condition.as_ref();
                    let on = condition.map_or(on, |condition| &condition.node.on.node);
                    self.selections(on, is_counted, &fragment.selection_set.node)
                        + self.directives(&fragment.directives)
                }
                Selection::FragmentSpread(spread) => {
                    let spread = &spread.node;
                    let name = &spread.fragment_name.node;
                    // One that does not exist is reported by the library.
                    let fragment = self.document.fragments.get_key_value(name);
                    fragment.map_or_else(Cost::default, |(name, fragment)| {
                        self.fragment(name, is_counted, &fragment.node)
                    }) + self.directives(&spread.directives)
                }
            };
            // Whatever it has in it, or none, the library walks it.
            cost + of_this + Cost { selections: 1, ..Cost::default() }
        })
    }

    fn fragment(
        &mut self,
        name: &'a Name,
        is_counted: bool,
        fragment: &'a FragmentDefinition,
    ) -> Cost {
        if let Some(cost) = self.measured.get(&(name, is_counted)) {
            return *cost;
        }
        // One that spreads itself costs nothing there; the library reports it.
        self.measured.insert((name, is_counted), Cost::default());
        let on = &fragment.type_condition.node.on.node;
        let cost = self.selections(on, is_counted, &fragment.selection_set.node)
            + self.directives(&fragment.directives);
        self.measured.insert((name, is_counted), cost);
        cost
    }

    fn field(&mut self, on: &str, is_counted: bool, field: &'a Field) -> Cost {
        let name = field.name.node.as_str();
        let shape = self.shape.field(on, name);
        let (leads_to, elements, is_list) = match (shape, name) {
            (Some(shape), _) => (shape.leads_to.as_str(), shape.elements, shape.is_list),
            (None, "__schema") => ("__Schema", Elements::One, false),
            (None, "__type") => ("__Type", Elements::One, false),
            // The library says that there is no such field.
            (None, _) => ("", Elements::One, false),
        };
        for (name, value) in &field.arguments {
            let argument = shape.and_then(|shape| shape.arguments.get(name.node.as_str()));
            self.argument(argument, name, &value.node);
        }
        let is_part_of_type = on == "__Type" && PARTS_OF_TYPE.contains(&name);
        // What leads to something that has the list in it has counted that list as well.
        let (elements, counts_below) = match elements {
            Elements::One => (1, false),
            Elements::Page => (self.page(field), !is_list),
            Elements::Argument(name) => (self.length(field, name), !is_list),
            Elements::Unknown if is_counted => (1, false),
            Elements::Unknown => (ASSUMED_ELEMENTS, false),
        };
        let inside = self.selections(leads_to, counts_below, &field.selection_set.node) * elements;
        let arguments = self.arguments(&field.arguments);
        let Cost { complexity, depth, aliases, introspection_depth, .. } = inside;
        Cost {
            complexity: complexity.saturating_add(1),
            depth: depth + 1,
            width: 1,
            aliases: aliases.saturating_add(field.alias.is_some().into()),
            introspection_depth: introspection_depth + usize::from(is_part_of_type),
            variable_bytes: inside.variable_bytes.saturating_add(arguments),
            ..inside
        } + self.directives(&field.directives)
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) -> Cost {
        for (_, value) in directives.iter().flat_map(|one| &one.node.arguments) {
            // All directives of documents take a Boolean.
            self.variables_fit &= match &value.node {
                InputValue::Variable(name) => {
                    matches!(self.variable(name), None | Some(Value::Boolean(_)))
                }
                value => !has_variables(value),
            };
        }
        let arguments = directives.iter().map(|one| self.arguments(&one.node.arguments));
        Cost {
            directives: directives.len(),
            variable_bytes: arguments.fold(0, usize::saturating_add),
            ..Cost::default()
        }
    }

    /// Notes what goes into an argument of a field, if there is such a one.
    fn argument(
        &mut self,
        argument: Option<&'a Input>,
        name: &'a Positioned<Name>,
        value: &'a InputValue,
    ) {
        if let InputValue::Variable(variable) = value {
            let value = self.variable(variable);
            self.uses.extend(argument.zip(value));
            let is_required = argument.is_some_and(|argument| argument.is_required);
            if value.is_none() && is_required && self.is_executed {
                self.without_value = self.without_value.or(Some(name));
            }
            self.variables_fit &= argument.is_some() || value.is_none();
            return;
        }
        self.variables_fit &= !has_variables(value);
        if let Some(argument) = argument
            && let Some(reason) = self.shape.input_types.unfit(&argument.ty, value)
        {
            self.unfit = self.unfit.or(Some((name, reason)));
        }
    }

    /// How much room the values of variables take that go into arguments.
    fn arguments(&self, arguments: &[(Positioned<Name>, Positioned<InputValue>)]) -> usize {
        arguments.iter().map(|(_, value)| self.used(&value.node)).fold(0, usize::saturating_add)
    }

    fn used(&self, value: &InputValue) -> usize {
        match value {
            InputValue::Variable(name) => self.sizes.get(name).copied().unwrap_or(0),
            InputValue::List(elements) => {
                elements.iter().map(|element| self.used(element)).fold(0, usize::saturating_add)
            }
            InputValue::Object(fields) => {
                fields.values().map(|field| self.used(field)).fold(0, usize::saturating_add)
            }
            _ => 0,
        }
    }

    fn page(&self, field: &Field) -> usize {
        let given =
            ["first", "last"].into_iter().find_map(|name| match &field.get_argument(name)?.node {
                InputValue::Number(number) => number.as_u64(),
                InputValue::Variable(name) => match self.variable(name)? {
                    Value::Number(number) => number.as_u64(),
                    _ => None,
                },
                _ => None,
            });
        usize::try_from(given.unwrap_or(PAGE_DEFAULT)).unwrap_or(usize::MAX)
    }

    fn length(&self, field: &Field, argument: &str) -> usize {
        let length = match field.get_argument(argument).map(|value| &value.node) {
            Some(InputValue::List(elements)) => Some(elements.len()),
            Some(InputValue::Variable(name)) => match self.variable(name) {
                Some(Value::List(elements)) => Some(elements.len()),
                _ => None,
            },
            _ => None,
        };
        // A single value stands for a list of one.
        length.unwrap_or(1)
    }

    /// The value of a variable of the operation that is executed.
    fn variable(&self, name: &Name) -> Option<&'a Value> {
        self.variables.get(name).or_else(|| default(self.operation, name))
    }
}

fn has_variables(value: &InputValue) -> bool {
    match value {
        InputValue::Variable(_) => true,
        InputValue::List(elements) => elements.iter().any(has_variables),
        InputValue::Object(fields) => fields.values().any(has_variables),
        _ => false,
    }
}

/// The values that the variables of an operation have when they are not given.
fn defaults(operation: &OperationDefinition) -> impl Iterator<Item = (&Name, &Value)> {
    let definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
    definitions.filter_map(|definition| {
        Some((&definition.name.node, &definition.default_value.as_ref()?.node))
    })
}

fn default<'a>(operation: &'a OperationDefinition, name: &Name) -> Option<&'a Value> {
    defaults(operation).find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// About how many bytes a value takes.
fn size(value: &Value) -> usize {
    /// What even the smallest value takes.
    const LEAST: usize = 8;
    LEAST
        + match value {
            Value::String(text) => text.len(),
            Value::List(elements) => elements.iter().map(size).sum(),
            Value::Object(fields) => {
                fields.iter().map(|(name, field)| name.len() + size(field)).sum()
            }
            _ => 0,
        }
}

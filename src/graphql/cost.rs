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
    parser::{
        parse_schema,
        types::{
            BaseType, ExecutableDocument, Field, FieldDefinition, FragmentDefinition,
            OperationDefinition, OperationType, Selection, SelectionSet, Type, TypeKind,
            TypeSystemDefinition,
        },
    },
};
use async_graphql_value::Value as InputValue;

use super::{connection::PAGE_DEFAULT, document::Refusal, error::ErrorCode};
use crate::config::Limits;

/// Most fragments of a document. Each may spread the next, and measuring goes down as deep as that.
const FRAGMENTS_MAX: usize = 500;

/// How often the lists of a type's parts may stand in each other when a client asks for the schema.
/// Each leads back to types, so a few more would multiply a short document to millions of fields;
/// the reference implementation of GraphQL has the same limit.
const INTROSPECTION_DEPTH_MAX: usize = 2;

/// Those lists.
const PARTS_OF_TYPE: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// The part of the types about types that leads from one to the next, as the specification has it.
/// The schema definition language does not show them.
const INTROSPECTION: &str = "
    type __Schema { types: [__Type] directives: [__Directive] queryType: __Type mutationType: __Type }
    type __Type {
        fields: [__Field] inputFields: [__InputValue] interfaces: [__Type] possibleTypes: [__Type]
        enumValues: [__EnumValue] ofType: __Type
    }
    type __Field { args: [__InputValue] type: __Type }
    type __InputValue { type: __Type }
    type __EnumValue { name: String }
    type __Directive { args: [__InputValue] }
";

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
    fields: usize,
    aliases: usize,
    directives: usize,
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
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            introspection_depth: self.introspection_depth.max(other.introspection_depth),
        }
    }
}

impl Mul<usize> for Cost {
    type Output = Self;

    /// In each of so many elements.
    fn mul(self, elements: usize) -> Self {
        Self { complexity: self.complexity.saturating_mul(elements), ..self }
    }
}

/// How many elements there are of what a field leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Elements {
    /// One.
    One,
    /// As `first` or `last` says.
    Page,
    /// As many as the list in this argument has.
    Argument(&'static str),
    /// Nobody knows.
    Unknown,
}

/// A field of the schema: what it leads to.
#[derive(Debug)]
struct FieldShape {
    leads_to: String,
    elements: Elements,
}

/// The shape of the schema: which fields lead where, and which are lists.
#[derive(Debug)]
pub struct Shape(HashMap<String, HashMap<String, FieldShape>>);

impl Shape {
    /// The arguments that say by their length how many elements come back.
    const COUNTED: [&'static str; 2] = ["ids", "inputs"];

    /// Reads it from the schema definition language.
    ///
    /// # Panics
    /// When that is not in the language.
    #[must_use]
    pub fn of(sdl: &str) -> Self {
        let parse = |sdl: &str| parse_schema(sdl).expect("it is in the language").definitions;
        let definitions = parse(sdl).into_iter().chain(parse(INTROSPECTION));
        let types = definitions.filter_map(|definition| {
            let TypeSystemDefinition::Type(definition) = definition else { return None };
            let definition = definition.node;
            let fields = match definition.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => interface.fields,
                _ => return None,
            };
            let fields = fields.iter().map(|Positioned { node: field, .. }| {
                (field.name.node.to_string(), Self::field(field))
            });
            Some((definition.name.node.to_string(), fields.collect()))
        });
        Self(types.collect())
    }

    fn field(field: &FieldDefinition) -> FieldShape {
        let takes =
            |name: &str| field.arguments.iter().any(|argument| argument.node.name.node == name);
        let counted = Self::COUNTED.into_iter().find(|name| takes(name));
        let elements = match counted {
            Some(argument) => Elements::Argument(argument),
            None if takes("first") => Elements::Page,
            None if is_list(&field.ty.node) => Elements::Unknown,
            None => Elements::One,
        };
        FieldShape { leads_to: named(&field.ty.node).to_string(), elements }
    }

    /// What the document's operations cost, together in what is checked of all of them, and in
    /// what is executed that of the `chosen` one.
    pub(super) fn check(
        &self,
        document: &ExecutableDocument,
        chosen: &OperationDefinition,
        variables: &Variables,
        limits: &Limits,
    ) -> Result<Cost, Refusal> {
        let too_large = |message: String| Err(Refusal::new(ErrorCode::QueryTooLarge, message));
        if document.fragments.len() > FRAGMENTS_MAX {
            return too_large(format!("The document has more than {FRAGMENTS_MAX} fragments."));
        }
        let mut meter =
            Meter { shape: self, document, variables, operation: chosen, measured: HashMap::new() };
        // The library walks also the operations that are not executed.
        let all = document
            .operations
            .iter()
            .fold(Cost::default(), |all, (_, operation)| all + meter.operation(&operation.node));
        let cost = meter.operation(chosen);
        for (actual, max, what) in [
            (all.fields, limits.max_fields, "fields"),
            (all.aliases, limits.max_aliases, "aliases"),
            (all.directives, limits.max_directives, "directives"),
            (cost.width, limits.max_root_fields, "fields at its root"),
        ] {
            if actual > max {
                return too_large(format!("The document has more than {max} {what}."));
            }
        }
        if all.depth > limits.max_depth {
            let (max, actual) = (limits.max_depth, all.depth);
            return too_large(format!(
                "The document's fields nest {actual} levels deep; {max} are allowed."
            ));
        }
        if all.introspection_depth > INTROSPECTION_DEPTH_MAX {
            let message =
                "The document asks for types in types in types; ask for each by its name.";
            return too_large(message.to_owned());
        }
        if cost.complexity > limits.max_complexity {
            let (max, actual) = (limits.max_complexity, cost.complexity);
            return too_large(format!(
                "The answer could have {actual} fields; {max} are allowed. Ask for smaller pages, \
                 or for less in them."
            ));
        }
        Ok(cost)
    }
}

fn is_list(ty: &Type) -> bool {
    matches!(ty.base, BaseType::List(_))
}

fn named(ty: &Type) -> &Name {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}

/// Measures the selections of one document.
struct Meter<'a> {
    shape: &'a Shape,
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    operation: &'a OperationDefinition,
    /// What the fragments cost, each by whether the lists in it have been counted above it.
    measured: HashMap<(&'a Name, bool), Cost>,
}

impl<'a> Meter<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Cost {
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let directives = Cost { directives: operation.directives.len(), ..Cost::default() };
        self.selections(root, false, &operation.selection_set.node) + directives
    }

    /// The selections on a type; with `is_counted` the lists right in it have been counted already.
    fn selections(&mut self, on: &str, is_counted: bool, selections: &'a SelectionSet) -> Cost {
        selections.items.iter().fold(Cost::default(), |cost, selection| {
            cost + match &selection.node {
                Selection::Field(field) => self.field(on, is_counted, &field.node),
                Selection::InlineFragment(fragment) => {
                    let fragment = &fragment.node;
                    let condition = fragment.type_condition.as_ref();
                    let on = condition.map_or(on, |condition| &condition.node.on.node);
                    let directives =
                        Cost { directives: fragment.directives.len(), ..Cost::default() };
                    self.selections(on, is_counted, &fragment.selection_set.node) + directives
                }
                Selection::FragmentSpread(spread) => {
                    let spread = &spread.node;
                    let directives =
                        Cost { directives: spread.directives.len(), ..Cost::default() };
                    let name = &spread.fragment_name.node;
                    // One that does not exist is reported by the library.
                    let fragment = self.document.fragments.get_key_value(name);
                    fragment.map_or_else(Cost::default, |(name, fragment)| {
                        self.fragment(name, is_counted, &fragment.node)
                    }) + directives
                }
            }
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
        let directives = Cost { directives: fragment.directives.len(), ..Cost::default() };
        let cost = self.selections(on, is_counted, &fragment.selection_set.node) + directives;
        self.measured.insert((name, is_counted), cost);
        cost
    }

    fn field(&mut self, on: &str, is_counted: bool, field: &'a Field) -> Cost {
        let shape: Option<&'a FieldShape> =
            self.shape.0.get(on).and_then(|fields| fields.get(field.name.node.as_str()));
        let name = field.name.node.as_str();
        let (leads_to, elements) = match (shape, name) {
            (Some(shape), _) => (shape.leads_to.as_str(), shape.elements),
            (None, "__schema") => ("__Schema", Elements::One),
            (None, "__type") => ("__Type", Elements::One),
            // The library says that there is no such field.
            (None, _) => ("", Elements::One),
        };
        let is_part_of_type = on == "__Type" && PARTS_OF_TYPE.contains(&name);
        let (elements, counts_below) = match elements {
            Elements::One => (1, false),
            Elements::Page => (self.page(field), true),
            Elements::Argument(name) => (self.length(field, name), true),
            Elements::Unknown if is_counted => (1, false),
            Elements::Unknown => (ASSUMED_ELEMENTS, false),
        };
        let inside = self.selections(leads_to, counts_below, &field.selection_set.node) * elements;
        Cost {
            complexity: inside.complexity.saturating_add(1),
            depth: inside.depth + 1,
            width: 1,
            fields: inside.fields.saturating_add(1),
            aliases: inside.aliases.saturating_add(field.alias.is_some().into()),
            directives: inside.directives.saturating_add(field.directives.len()),
            introspection_depth: inside.introspection_depth + usize::from(is_part_of_type),
        }
    }

    fn page(&self, field: &Field) -> usize {
        let given =
            ["first", "last"].into_iter().find_map(|name| match self.argument(field, name)? {
                Value::Number(number) => number.as_u64(),
                _ => None,
            });
        usize::try_from(given.unwrap_or(PAGE_DEFAULT)).unwrap_or(usize::MAX)
    }

    fn length(&self, field: &Field, argument: &str) -> usize {
        match self.argument(field, argument) {
            Some(Value::List(elements)) => elements.len(),
            // A single value stands for a list of one.
            _ => 1,
        }
    }

    /// An argument's value, wherever it comes from.
    fn argument(&self, field: &Field, name: &str) -> Option<Value> {
        let value = &field.get_argument(name)?.node;
        let of_variable = |name: Name| {
            let definitions = &self.operation.variable_definitions;
            let given = self.variables.get(&name).cloned();
            let default = || {
                let mut all = definitions.iter().map(|definition| &definition.node);
                let definition = all.find(|definition| definition.name.node == name)?;
                Some(definition.default_value.as_ref()?.node.clone())
            };
            given.or_else(default).ok_or(())
        };
        match value {
            // Only its length is asked for, so its elements need not be resolved.
            InputValue::List(elements) => Some(Value::List(vec![Value::Null; elements.len()])),
            value => value.clone().into_const_with(of_variable).ok(),
        }
    }
}

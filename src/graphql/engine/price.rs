//! The price of an operation: a formula over its variables. It is computed once; each request
//! computes its cost from it.

use std::{collections::HashMap, num::Saturating, ops::Add as _};

use apollo_compiler::ast::FieldDefinition;
use async_graphql::{
    Data, Name, Pos, Request, Value, Variables,
    parser::types::{Field, OperationDefinition, OperationType},
};
use async_graphql_value::Value as InputValue;

use super::{
    rejected::{DocumentRejected, Reason},
    schema_index::{ListArguments, PageArguments},
};

/// The assumed length of a list of which neither arguments nor the type of its elements say more.
const ASSUMED_ELEMENTS: usize = 10;

/// The price of selections.
#[derive(Debug, Clone, Default)]
pub(super) struct Price {
    /// The number of fields, without those selected in them.
    fields: usize,
    /// The index of a variable for each use of it in arguments of fields and directives.
    uses: Vec<usize>,
    /// What is selected in fields: the number of elements, if it is known, and the price of one.
    selected: Vec<(Option<Length>, Price)>,
}

/// The number of elements that a field returns.
#[derive(Debug, Clone)]
enum Length {
    Fixed(usize),
    Page(Box<Page>),
    /// The length of the list in this variable.
    Variable(Name),
}

/// A page of a list.
#[derive(Debug, Clone)]
struct Page {
    /// The type that has the field of the list.
    type_name: String,
    field: String,
    arguments: Vec<(Name, InputValue)>,
    position: Pos,
}

/// The values of a request, whose variables are coerced.
pub(super) struct Values<'a> {
    variables: &'a Variables,
    data: &'a Data,
    /// The size of each, by its index.
    sizes: Vec<usize>,
    lists: ListArguments,
    /// Whether pages are checked.
    checks_pages: bool,
}

impl Price {
    /// Adds a use of the variable of this index.
    pub(super) fn add_use(&mut self, variable: usize) {
        self.uses.push(variable);
    }

    /// Adds the price of selections beside these.
    pub(super) fn add(&mut self, other: &Self) {
        self.fields += other.fields;
        self.uses.extend_from_slice(&other.uses);
        self.selected.extend_from_slice(&other.selected);
    }

    /// Adds a field of the type of this name, in each of whose elements this is selected.
    pub(super) fn add_field(
        &mut self,
        lists: &ListArguments,
        type_name: &str,
        definition: &FieldDefinition,
        field: &Field,
        position: Pos,
        mut selected: Self,
    ) {
        self.fields += lists.weight(type_name, &definition.name);
        if selected.fields == 0 {
            return;
        }
        let mut limit = Length::limit(lists, type_name, definition, field, position);
        if !definition.ty.is_list() && limit.is_some() {
            // The field returns an object with the list in it, like a connection.
            for (length, _) in &mut selected.selected {
                length.get_or_insert(Length::Fixed(1));
            }
        } else if !definition.ty.is_list() {
            limit = Some(Length::Fixed(1));
        } else if limit.is_none() {
            let elements = lists.assumed(&definition.name, definition.ty.inner_named_type());
            limit = elements.map(Length::Fixed);
        }
        self.selected.push((limit, selected));
    }

    /// The maximum number of fields in the response, and the bytes of variables that are copied into
    /// arguments. Rejects a page of a mutation that its field would reject, as the error of the field
    /// would remove the payload of a committed mutation from the response; and one of a subscription,
    /// in which the field would fail at each event.
    pub(super) fn cost(
        &self,
        values: &Values<'_>,
    ) -> Result<(Saturating<usize>, Saturating<usize>), DocumentRejected> {
        let mut complexity = Saturating(self.fields);
        let bytes = self.uses.iter().map(|variable| Saturating(values.sizes[*variable]));
        let mut variable_bytes = bytes.fold(Saturating(0), Saturating::add);
        for (length, element) in &self.selected {
            let elements = length.as_ref().map(|length| length.elements(values)).transpose()?;
            let elements = elements.unwrap_or(ASSUMED_ELEMENTS);
            let (fields, bytes) = element.cost(values)?;
            complexity += fields * Saturating(elements);
            // The selection of an empty list counts once.
            variable_bytes += bytes * Saturating(elements.max(1));
        }
        Ok((complexity, variable_bytes))
    }
}

impl Length {
    /// The number of elements according to the arguments of a field, if it has such.
    fn limit(
        lists: &ListArguments,
        type_name: &str,
        definition: &FieldDefinition,
        field: &Field,
        position: Pos,
    ) -> Option<Self> {
        let takes = |name: &&&str| definition.argument_by_name(name).is_some();
        if let Some(name) = lists.counted.iter().find(takes) {
            return Some(match field.get_argument(name).map(|value| &value.node) {
                Some(InputValue::List(elements)) => Self::Fixed(elements.len()),
                Some(InputValue::Variable(name)) => Self::Variable(name.clone()),
                None | Some(InputValue::Null) => return None,
                // A single value is coerced to a list of it.
                Some(_) => Self::Fixed(1),
            });
        }
        takes(&&"first").then(|| {
            let arguments = field.arguments.iter();
            Self::Page(Box::new(Page {
                type_name: type_name.to_owned(),
                field: definition.name.to_string(),
                arguments: arguments
                    .map(|(name, value)| (name.node.clone(), value.node.clone()))
                    .collect(),
                position,
            }))
        })
    }

    fn elements(&self, values: &Values<'_>) -> Result<usize, DocumentRejected> {
        match self {
            Self::Fixed(elements) => Ok(*elements),
            Self::Page(page) => page.elements(values),
            Self::Variable(name) => match values.variables.get(name) {
                Some(Value::List(elements)) => Ok(elements.len()),
                None | Some(Value::Null) => Ok(ASSUMED_ELEMENTS),
                Some(_) => Ok(1),
            },
        }
    }
}

impl Page {
    fn elements(&self, values: &Values<'_>) -> Result<usize, DocumentRejected> {
        let arguments = self.arguments.iter();
        let given: HashMap<&str, Value> = arguments
            .filter_map(|(name, value)| Some((name.as_str(), values.constant(value)?)))
            .collect();
        if values.checks_pages {
            let (type_name, field) = (&*self.type_name, &*self.field);
            let arguments = PageArguments { type_name, field, values: &given, data: values.data };
            (values.lists.check_page)(&arguments).map_err(|message| {
                DocumentRejected::new(Reason::VariableValue, message).at(self.position)
            })?;
        }
        let number = |name| match given.get(name) {
            Some(Value::Number(number)) => number.as_u64()?.try_into().ok(),
            _ => None,
        };
        Ok(number("first").or_else(|| number("last")).unwrap_or(values.lists.page_default))
    }
}

impl<'a> Values<'a> {
    pub(super) fn new(
        operation: &OperationDefinition,
        request: &'a Request,
        lists: ListArguments,
    ) -> Self {
        let Request { variables, data, .. } = request;
        let sizes = operation.variable_definitions.iter().map(|definition| {
            let value = variables.get(&definition.node.name.node);
            value.map_or(0, size)
        });
        let checks_pages = match operation.ty {
            OperationType::Query => false,
            OperationType::Mutation | OperationType::Subscription => true,
        };
        Self { variables, data, sizes: sizes.collect(), lists, checks_pages }
    }

    /// The value of an argument or a part of it; none if it is a variable without a value.
    fn constant(&self, value: &InputValue) -> Option<Value> {
        match value {
            InputValue::Variable(name) => self.variables.get(name).cloned(),
            InputValue::List(elements) => {
                let elements = elements.iter();
                // A variable without a value is null in a list.
                let elements = elements.map(|value| self.constant(value).unwrap_or_default());
                Some(Value::List(elements.collect()))
            }
            InputValue::Object(fields) => {
                let fields = fields.iter();
                let fields =
                    fields.filter_map(|(name, value)| Some((name.clone(), self.constant(value)?)));
                Some(Value::Object(fields.collect()))
            }
            other => other.clone().into_const(),
        }
    }
}

/// The approximate size of a value, in bytes.
fn size(value: &Value) -> usize {
    /// The size of the smallest value.
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

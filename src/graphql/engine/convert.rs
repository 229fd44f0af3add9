//! Converts documents to the form that the library executes.

use std::collections::HashMap;

use apollo_compiler::{
    ExecutableDocument, Node,
    ast::{self, DirectiveList, InputValueDefinition},
    executable as typed,
    parser::SourceSpan,
};
use async_graphql::{
    Name, Number, Pos, Positioned,
    parser::types::{
        Directive, Field, FragmentDefinition, FragmentSpread, InlineFragment, OperationDefinition,
        OperationType, Selection, SelectionSet, Type, TypeCondition, VariableDefinition,
    },
};
use async_graphql_value::Value;

use super::{
    coerce::{self, Variable},
    left_out,
    positions::Positions,
    rejected::{DocumentRejected, Reason},
    schema_index::{self, InputKind, SchemaIndex},
};

/// Converts the parts of a valid document.
pub(super) struct Converter<'a> {
    pub(super) schema: &'a SchemaIndex,
    pub(super) positions: &'a Positions<'a>,
}

impl Converter<'_> {
    /// The variables of an operation, with their defaults coerced.
    pub(super) fn variables(
        &self,
        operation: &typed::Operation,
    ) -> Result<Vec<Variable>, DocumentRejected> {
        let variables = operation.variables.iter().map(|definition| {
            let position = self.position(definition.location());
            let default = definition.default_value.as_ref().map(|value| {
                let value = self.value(Some(&definition.ty), value).into_const();
                let mut value = value.unwrap_or_default();
                let coerced = coerce::coerce(self.schema, &definition.ty, &mut value);
                coerced.map(|()| value).map_err(|_| {
                    let name = &definition.name;
                    let message = format!("The default of ${name} does not have its type.");
                    DocumentRejected::new(Reason::Validation, message).at(position)
                })
            });
            Ok(Variable {
                name: name(&definition.name),
                ty: (*definition.ty).clone(),
                default: default.transpose()?,
                position,
            })
        });
        variables.collect()
    }

    /// An operation, without the defaults of its variables: coercion has filled them in.
    pub(super) fn operation(
        &self,
        operation: &Node<typed::Operation>,
    ) -> Positioned<OperationDefinition> {
        let position = self.position(operation.location());
        let variables = operation.variables.iter().map(|definition| {
            let position = self.position(definition.location());
            let definition = VariableDefinition {
                name: self.name(&definition.name),
                var_type: Positioned::new(ty(&definition.ty), position),
                directives: Vec::new(),
                default_value: None,
            };
            Positioned::new(definition, position)
        });
        let definition = OperationDefinition {
            ty: match operation.operation_type {
                ast::OperationType::Query => OperationType::Query,
                ast::OperationType::Mutation => OperationType::Mutation,
                ast::OperationType::Subscription => OperationType::Subscription,
            },
            variable_definitions: variables.collect(),
            directives: Vec::new(),
            selection_set: self.selection_set(&operation.selection_set, position),
        };
        Positioned::new(definition, position)
    }

    /// The fragments of a document, by their names.
    pub(super) fn fragments(
        &self,
        document: &ExecutableDocument,
    ) -> HashMap<Name, Positioned<FragmentDefinition>> {
        let fragments = document.fragments.values().map(|fragment| {
            let position = self.position(fragment.location());
            let definition = FragmentDefinition {
                type_condition: self.condition(&fragment.selection_set.ty, position),
                directives: Vec::new(),
                selection_set: self.selection_set(&fragment.selection_set, position),
            };
            (name(&fragment.name), Positioned::new(definition, position))
        });
        fragments.collect()
    }

    /// A selection set. The parser does not record its position, so it gets that of its parent.
    fn selection_set(&self, set: &typed::SelectionSet, position: Pos) -> Positioned<SelectionSet> {
        let items = set.selections.iter().map(|selection| match selection {
            typed::Selection::Field(field) => {
                let position = self.position(field.location());
                let field = self.field(field, position);
                Positioned::new(Selection::Field(Positioned::new(field, position)), position)
            }
            typed::Selection::FragmentSpread(spread) => {
                let position = self.position(spread.location());
                let spread = FragmentSpread {
                    fragment_name: self.name(&spread.fragment_name),
                    directives: self.directives(&spread.directives),
                };
                let spread = Positioned::new(spread, position);
                Positioned::new(Selection::FragmentSpread(spread), position)
            }
            typed::Selection::InlineFragment(fragment) => {
                let position = self.position(fragment.location());
                let condition = fragment.type_condition.as_ref();
                let fragment = InlineFragment {
                    type_condition: condition.map(|name| self.condition(name, position)),
                    directives: self.directives(&fragment.directives),
                    selection_set: self.selection_set(&fragment.selection_set, position),
                };
                let fragment = Positioned::new(fragment, position);
                Positioned::new(Selection::InlineFragment(fragment), position)
            }
        });
        Positioned::new(SelectionSet { items: items.collect() }, position)
    }

    fn field(&self, field: &typed::Field, position: Pos) -> Field {
        Field {
            alias: field.alias.as_ref().map(|alias| self.name(alias)),
            name: self.name(&field.name),
            arguments: self.arguments(&field.definition.arguments, &field.arguments),
            directives: self.directives(&field.directives),
            selection_set: self.selection_set(&field.selection_set, position),
        }
    }

    fn directives(&self, directives: &DirectiveList) -> Vec<Positioned<Directive>> {
        let directives = directives.iter().map(|directive| {
            let definitions = self.schema.directive_arguments(&directive.name);
            let converted = Directive {
                name: self.name(&directive.name),
                arguments: self.arguments(definitions, &directive.arguments),
            };
            Positioned::new(converted, self.position(directive.location()))
        });
        directives.collect()
    }

    fn arguments(
        &self,
        definitions: &[Node<InputValueDefinition>],
        arguments: &[Node<ast::Argument>],
    ) -> Vec<(Positioned<Name>, Positioned<Value>)> {
        // The library rejects null in this argument; null means the same as an absent argument.
        let is_null = |argument: &Node<ast::Argument>| {
            argument.name == left_out::INCLUDE_DEPRECATED && *argument.value == ast::Value::Null
        };
        let arguments = arguments.iter().filter(|argument| !is_null(argument)).map(|argument| {
            let ty = schema_index::argument(definitions, &argument.name)
                .map(|definition| &*definition.ty);
            let position = self.position(argument.value.location());
            let value = Positioned::new(self.value(ty, &argument.value), position);
            (self.name(&argument.name), value)
        });
        arguments.collect()
    }

    fn condition(&self, on: &apollo_compiler::Name, position: Pos) -> Positioned<TypeCondition> {
        Positioned::new(TypeCondition { on: self.name(on) }, position)
    }

    /// A value; without a type it is in a custom scalar.
    fn value(&self, ty: Option<&ast::Type>, value: &ast::Value) -> Value {
        let kind = || Some(self.schema.input(ty?.inner_named_type()));
        match value {
            ast::Value::Null => Value::Null,
            ast::Value::Boolean(value) => Value::Boolean(*value),
            ast::Value::String(text) => Value::String(text.clone()),
            ast::Value::Enum(value) => Value::Enum(name(value)),
            ast::Value::Variable(variable) => Value::Variable(name(variable)),
            ast::Value::Int(number) => match kind() {
                // Integers of any size are ids.
                Some(InputKind::Id) => Value::String(number.as_str().to_owned()),
                _ => int(number.as_str()),
            },
            ast::Value::Float(number) => float(number.as_str()),
            ast::Value::List(elements) => {
                let ty = ty.filter(|ty| ty.is_list()).map(ast::Type::item_type);
                Value::List(elements.iter().map(|element| self.value(ty, element)).collect())
            }
            ast::Value::Object(fields) => {
                let kind = kind();
                let fields = fields.iter().map(|(field, value)| {
                    let ty = match &kind {
                        Some(InputKind::Object { fields, .. }) => {
                            fields.get(field).map(|definition| &*definition.ty)
                        }
                        _ => None,
                    };
                    (name(field), self.value(ty, value))
                });
                Value::Object(fields.collect())
            }
        }
    }

    fn name(&self, name: &apollo_compiler::Name) -> Positioned<Name> {
        Positioned::new(self::name(name), self.position(name.location()))
    }

    fn position(&self, span: Option<SourceSpan>) -> Pos {
        self.positions.of(span)
    }
}

fn name(name: &apollo_compiler::Name) -> Name {
    Name::new(name.as_str())
}

fn ty(ty: &ast::Type) -> Type {
    Type::new(&ty.to_string()).expect("the parser writes types as they are read")
}

/// An integer in the smallest form that holds it: `-0` is 0.
fn int(text: &str) -> Value {
    let signed = text.parse().map(|number: i64| Number::from(number));
    let number = signed.or_else(|_| text.parse().map(|number: u64| Number::from(number)));
    number.map_or_else(|_| float(text), Value::Number)
}

/// A number with a fraction. Numbers that no float can represent have been rejected before.
fn float(text: &str) -> Value {
    let number = text.parse().ok().and_then(Number::from_f64);
    number.map_or(Value::Null, Value::Number)
}

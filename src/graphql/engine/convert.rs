//! Converts operations to the form that the library executes. The same walk checks their values and
//! computes their prices.

use std::collections::HashMap;

use apollo_compiler::{
    ExecutableDocument, Node,
    ast::{self, DirectiveList},
    executable as typed,
};
use async_graphql::{
    Pos, Positioned,
    parser::types::{
        Directive, Field, FragmentDefinition, FragmentSpread, InlineFragment, OperationDefinition,
        OperationType, Selection, SelectionSet, Type, TypeCondition, VariableDefinition,
    },
};

use super::{
    Fragments, Operation, coerce,
    counts::Counts,
    literals::{Converter, Location},
    positions::{Positions, name},
    price::Price,
    rejected::{DocumentRejected, Fault, Reason},
    schema_index::SchemaIndex,
};

impl<'a> Converter<'a> {
    /// Converts an operation, and adds the fragments that it spreads. Rejects values that the
    /// parser's validation does not check.
    pub(super) fn convert(
        schema: &'a SchemaIndex,
        document: &'a ExecutableDocument,
        positions: &'a Positions<'a>,
        fragments: &'a mut Fragments,
        operation: &'a Node<typed::Operation>,
        counts: Counts,
    ) -> Result<Operation, DocumentRejected> {
        let mut converter = Self {
            schema,
            positions,
            document,
            variables: &operation.variables,
            fragments,
            fragment_prices: HashMap::new(),
            price: Price::default(),
            never_null: Vec::new(),
            faults: Vec::new(),
        };
        let position = positions.of(operation.location());
        let variables = operation.variables.iter();
        let variable_definitions =
            variables.clone().map(|definition| converter.variable(definition)).collect();
        let definition = OperationDefinition {
            ty: match operation.operation_type {
                ast::OperationType::Query => OperationType::Query,
                ast::OperationType::Mutation => OperationType::Mutation,
                ast::OperationType::Subscription => OperationType::Subscription,
            },
            variable_definitions,
            directives: Vec::new(),
            selection_set: converter.selection_set(&operation.selection_set, position),
        };
        let Self { price, never_null, faults, .. } = converter;
        if !faults.is_empty() {
            return Err(DocumentRejected { reason: Reason::Validation, faults });
        }
        Ok(Operation {
            name: operation.name.as_ref().map(name),
            definition: Positioned::new(definition, position),
            variable_types: variables.map(|definition| (*definition.ty).clone()).collect(),
            counts,
            price,
            never_null,
        })
    }

    /// The definition of a variable, with its default coerced.
    fn variable(
        &mut self,
        definition: &'a Node<ast::VariableDefinition>,
    ) -> Positioned<VariableDefinition> {
        let position = self.positions.of(definition.location());
        let ty = &*definition.ty;
        let default_value = definition.default_value.as_ref().map(|literal| {
            let location = Location::new(&definition.name, ty);
            let value = self.value(Some(location), literal).into_const();
            let mut value = value.unwrap_or_default();
            if self.faults.is_empty() && coerce::coerce(self.schema, ty, &mut value).is_err() {
                let message =
                    format!("The default of ${} does not have its type.", definition.name);
                self.faults.push(Fault::new(message, Some(position)));
            }
            Positioned::new(value, position)
        });
        let var_type =
            Type::new(&ty.to_string()).expect("the parser writes types as they are read");
        let converted = VariableDefinition {
            name: self.positions.name(&definition.name),
            var_type: Positioned::new(var_type, position),
            directives: Vec::new(),
            default_value,
        };
        Positioned::new(converted, position)
    }

    /// A selection set. The parser does not record its position, so it gets that of its parent.
    fn selection_set(
        &mut self,
        set: &'a typed::SelectionSet,
        position: Pos,
    ) -> Positioned<SelectionSet> {
        let items = set.selections.iter().map(|selection| {
            let directives = self.directives(selection.directives());
            match selection {
                typed::Selection::Field(field) => {
                    let position = self.positions.of(field.location());
                    let field = self.field(&set.ty, field, directives, position);
                    Positioned::new(Selection::Field(Positioned::new(field, position)), position)
                }
                typed::Selection::FragmentSpread(spread) => {
                    let position = self.positions.of(spread.location());
                    self.fragment(&spread.fragment_name);
                    let fragment_name = self.positions.name(&spread.fragment_name);
                    let spread = FragmentSpread { fragment_name, directives };
                    let spread = Positioned::new(spread, position);
                    Positioned::new(Selection::FragmentSpread(spread), position)
                }
                typed::Selection::InlineFragment(fragment) => {
                    let position = self.positions.of(fragment.location());
                    let condition = fragment.type_condition.as_ref();
                    let fragment = InlineFragment {
                        type_condition: condition.map(|name| self.condition(name, position)),
                        directives,
                        selection_set: self.selection_set(&fragment.selection_set, position),
                    };
                    let fragment = Positioned::new(fragment, position);
                    Positioned::new(Selection::InlineFragment(fragment), position)
                }
            }
        });
        let items = items.collect();
        Positioned::new(SelectionSet { items }, position)
    }

    fn field(
        &mut self,
        type_name: &str,
        field: &'a typed::Field,
        directives: Vec<Positioned<Directive>>,
        position: Pos,
    ) -> Field {
        let alias = field.alias.as_ref().map(|alias| self.positions.name(alias));
        let name = self.positions.name(&field.name);
        let arguments = self.arguments(&field.definition.arguments, &field.arguments);
        let (selection_set, price) = self.priced(&field.selection_set, position);
        let converted = Field { alias, name, arguments, directives, selection_set };
        let lists = &self.schema.lists;
        self.price.add_field(lists, type_name, &field.definition, &converted, position, price);
        converted
    }

    /// Adds a fragment and its price at a spread.
    fn fragment(&mut self, spread: &'a apollo_compiler::Name) {
        if !self.fragment_prices.contains_key(spread)
            && let Some(fragment) = self.document.fragments.get(spread)
        {
            let position = self.positions.of(fragment.location());
            let (selection_set, price) = self.priced(&fragment.selection_set, position);
            let definition = FragmentDefinition {
                type_condition: self.condition(&fragment.selection_set.ty, position),
                directives: Vec::new(),
                selection_set,
            };
            self.fragments.insert(name(spread), Positioned::new(definition, position));
            self.fragment_prices.insert(spread, price);
        }
        if let Some(price) = self.fragment_prices.get(spread) {
            self.price.add(price);
        }
    }

    /// A selection set and its price, which is not added to that of the selections around it.
    fn priced(
        &mut self,
        set: &'a typed::SelectionSet,
        position: Pos,
    ) -> (Positioned<SelectionSet>, Price) {
        let around = std::mem::take(&mut self.price);
        let set = self.selection_set(set, position);
        (set, std::mem::replace(&mut self.price, around))
    }

    fn directives(&mut self, directives: &'a DirectiveList) -> Vec<Positioned<Directive>> {
        let directives = directives.iter().map(|directive| {
            let position = self.positions.of(directive.location());
            let name = self.positions.name(&directive.name);
            let definitions = self.schema.directive_arguments(&directive.name);
            let arguments = self.arguments(definitions, &directive.arguments);
            Positioned::new(Directive { name, arguments }, position)
        });
        directives.collect()
    }

    fn condition(&self, on: &apollo_compiler::Name, position: Pos) -> Positioned<TypeCondition> {
        Positioned::new(TypeCondition { on: self.positions.name(on) }, position)
    }
}

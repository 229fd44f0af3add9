//! The arguments that all lists have, and those that all mutations have. They are declared and read
//! here, so that no resolver repeats them.

use std::{any::TypeId, borrow::Cow};

use async_graphql::{
    Context, ContextSelectionSet, InputType, OutputType, Positioned, ServerResult, Value,
    parser::types::Field,
    registry::{MetaInputValue, MetaType, Registry},
};

use super::{constraint, context::caller, error::Failure};
use crate::{
    domain::{
        crm_step::EXPECTED_VERSIONS,
        id::OrganizationId,
        idempotency,
        rules::{PAGE_MAX, STEPS_PAGE_MAX},
    },
    graphql::engine::PageArguments,
};

/// The argument with which a call of a mutation stores nothing.
pub(crate) const VALIDATE_ONLY: &str = "validateOnly";

/// An argument: its name, type, default value and description.
type Argument = (&'static str, &'static str, Option<&'static str>, &'static str);

/// The arguments of each field that returns a list.
const OF_LISTS: &[Argument] = &of_list(
    "Elements from the start, 1 to `PAGE_MAX`; default 50.",
    "Elements from the end, 1 to `PAGE_MAX`; not with first.",
);

/// The arguments of a list with larger pages.
const OF_LARGE_LISTS: &[Argument] = &of_list(
    "Elements from the start, 1 to `STEPS_PAGE_MAX`; default 50.",
    "Elements from the end, 1 to `STEPS_PAGE_MAX`; not with first.",
);

const fn of_list(first: &'static str, last: &'static str) -> [Argument; 4] {
    [
        ("first", "Int", None, first),
        ("after", "String", None, "Only elements after this cursor."),
        ("last", "Int", None, last),
        ("before", "String", None, "Only elements before this cursor."),
    ]
}

/// The arguments of each history, which it has besides those of lists.
const OF_HISTORIES: &[Argument] = &[
    ("filter", "HistoryFilter", None, "Only those that match; default all."),
    ("orderBy", "HistoryOrder", None, "The order; the default is oldest first."),
];

/// The arguments of each mutation.
const OF_MUTATIONS: &[Argument] = &[
    (VALIDATE_ONLY, "Boolean!", Some("false"), "Returns userErrors and stores nothing."),
    (
        idempotency::ARGUMENT,
        "String",
        None,
        "For 24 hours, calls with this key are executed once; up to `IDEMPOTENCY_KEY_MAX` characters.",
    ),
];

/// The mutations that change several steps of one scenario.
const BULK: [&str; 3] = ["deleteCrmSteps", "moveCrmSteps", "updateCrmSteps"];

/// The arguments of each of them, which they have besides those of mutations.
const OF_BULK: &[Argument] = &[
    (
        "ids",
        "[ID!]!",
        None,
        "The steps' ids, up to `BATCH_MAX`, each once, all of one scenario. Without any nothing \
         happens.",
    ),
    (
        EXPECTED_VERSIONS,
        "[Int!]",
        None,
        "Rejects the call unless these are the current versions of the steps, one for each id in the \
         same order; null accepts any.",
    ),
];

/// Declares the shared arguments, and publishes all limits, in a schema that registers this after all
/// other types.
///
/// It is no type of the schema: registering one is how the library lets a program change the
/// schema, and it has no attribute for arguments that fields share.
pub(crate) struct SharedArguments;

impl OutputType for SharedArguments {
    fn type_name() -> Cow<'static, str> {
        "SharedArguments".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        for (type_name, declared) in &mut registry.types {
            let MetaType::Object { fields, .. } = declared else { continue };
            for field in fields.values_mut() {
                let (own, shared): (&[Argument], _) = match (&**type_name, &*field.ty) {
                    ("Mutation", _) if BULK.contains(&&*field.name) => (OF_BULK, OF_MUTATIONS),
                    ("Mutation", _) => (&[], OF_MUTATIONS),
                    (_, "ChangeConnection!") => (OF_HISTORIES, OF_LISTS),
                    (_, ty) if !ty.ends_with("Connection!") => continue,
                    _ if page_max(type_name, &field.name) == PAGE_MAX => (&[], OF_LISTS),
                    _ => (&[], OF_LARGE_LISTS),
                };
                for &(name, ty, default, description) in own.iter().chain(shared) {
                    let mut argument = MetaInputValue::new(name, ty);
                    argument.default_value = default.map(str::to_owned);
                    argument.description = Some(description.to_owned());
                    field.args.insert(name.to_owned(), argument);
                }
            }
        }
        constraint::publish(registry);
        Self::qualified_type_name()
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}

/// The maximum number of elements of a page of this field of this type.
pub(crate) fn page_max(type_name: &str, field: &str) -> i32 {
    match (type_name, field) {
        ("CrmScenario", "steps") => STEPS_PAGE_MAX,
        _ => PAGE_MAX,
    }
}

/// The arguments of a field in a prepared request, whose values are of their types.
pub(crate) trait Arguments {
    /// The value of an argument; null where it is absent.
    fn value<T: InputType>(&self, name: &str) -> Result<T, Failure>;

    /// The organization of the caller, if it is known: that of a field that is being resolved is.
    fn organization(&self) -> Option<OrganizationId>;
}

impl Arguments for Context<'_> {
    fn value<T: InputType>(&self, name: &str) -> Result<T, Failure> {
        self.param_value(name, None).map(|(_, value)| value).map_err(|_| not_of_its_type())
    }

    fn organization(&self) -> Option<OrganizationId> {
        Some(caller(self).organization)
    }
}

impl Arguments for PageArguments<'_> {
    fn value<T: InputType>(&self, name: &str) -> Result<T, Failure> {
        T::parse(self.values.get(name).cloned()).map_err(|_| not_of_its_type())
    }

    fn organization(&self) -> Option<OrganizationId> {
        self.data.get(&TypeId::of::<OrganizationId>())?.downcast_ref().copied()
    }
}

fn not_of_its_type() -> Failure {
    Failure::internal("an argument of a prepared request is not of its type")
}

/// The value of an argument of the field that is being resolved; null where it is absent.
pub(crate) fn argument<T: InputType>(context: &Context<'_>, name: &str) -> Result<T, Failure> {
    context.value(name)
}

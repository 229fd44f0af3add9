//! Objects whose fields are resolved in place.
//!
//! The library allocates a future for every field of every object, each as large as the largest of
//! the type: 1.6 kB for each of the thousand values of a page of steps, of which nearly all are
//! ready at once. Here the future of a field reuses the allocation of the one before it, and only
//! one that has to wait keeps its own.

use std::{
    borrow::Cow,
    future::poll_fn,
    pin::Pin,
    ptr,
    sync::{Arc, OnceLock},
    task::Poll,
};

use async_graphql::{
    ContextSelectionSet, Name, ObjectType, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection, SelectionSet},
    registry::Registry,
    resolver_utils::resolve_container,
};
use futures_util::future::{FutureExt as _, try_join_all};

/// An object that is resolved with fewer allocations. Extensions of the library do not see its
/// fields; the schema has no extensions.
pub(crate) struct Inline<T> {
    pub(crate) object: T,
    /// In a list, what all rows start from a copy of.
    pub(crate) template: Option<Template>,
}

impl<T> From<T> for Inline<T> {
    fn from(object: T) -> Self {
        Self { object, template: None }
    }
}

/// A response object with null under each name that is selected of the rows of a list, and the
/// address of that selection. A copy of it need not hash the names again.
#[derive(Clone, Default)]
pub(crate) struct Template(Arc<OnceLock<(usize, IndexMap<Name, Value>)>>);

impl<T: ObjectType> OutputType for Inline<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(
        &self,
        context: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        // Boxed: keeps the size of this future out of the enclosing ones.
        resolve_object(&self.object, context, self.template.as_ref()).boxed().await
    }
}

async fn resolve_object<T: ObjectType>(
    source: &T,
    context: &ContextSelectionSet<'_>,
    template: Option<&Template>,
) -> ServerResult<Value> {
    let selected = &context.item.node;
    let mut fields = Vec::with_capacity(selected.items.len());
    collect::<T>(context, selected, &mut fields);
    let address = ptr::from_ref(selected).addr();
    let known = template.and_then(|template| template.0.get());
    let mut object = match known {
        Some((of, object)) if *of == address && object.len() == fields.len() => object.clone(),
        _ => {
            let Some(object) = nulls(&mut fields) else {
                return resolve_container(context, source).await;
            };
            if let Some(Template(template)) = template {
                let _ = template.set((address, object.clone()));
            }
            object
        }
    };
    let mut waiting = Vec::new();
    poll_fn(|task| {
        let mut allocation = None;
        for (index, field) in fields.iter().enumerate() {
            let future = resolve(source, context.clone(), field);
            let mut future = put(allocation.take(), future);
            match future.as_mut().poll(task) {
                Poll::Ready(value) => {
                    object[index] = value?;
                    allocation = Some(future);
                }
                Poll::Pending => waiting.push((index, future)),
            }
        }
        Poll::Ready(ServerResult::Ok(()))
    })
    .await?;
    let (indexes, waiting): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
    for (index, value) in indexes.into_iter().zip(try_join_all(waiting).await?) {
        object[index] = value;
    }
    Ok(Value::Object(object))
}

/// Moves a future into this allocation, or else into a new one.
fn put<F: Future>(allocation: Option<Pin<Box<F>>>, future: F) -> Pin<Box<F>> {
    match allocation {
        Some(mut allocation) => {
            allocation.set(future);
            allocation
        }
        None => Box::pin(future),
    }
}

async fn resolve<T: ObjectType>(
    object: &T,
    context: ContextSelectionSet<'_>,
    field: &Positioned<Field>,
) -> ServerResult<Value> {
    if field.node.name.node == "__typename" {
        return Ok(T::type_name().into_owned().into());
    }
    let context = context.with_field(field);
    Ok(object.resolve_field(&context).await?.unwrap_or_default())
}

/// An object with null under each name of these fields, of which the first of each name are left.
/// None if a field with a selection of its own is selected twice, so that both have to be merged.
fn nulls(fields: &mut Vec<&Positioned<Field>>) -> Option<IndexMap<Name, Value>> {
    let mut object = IndexMap::with_capacity(fields.len());
    let mut is_mergeable = true;
    fields.retain(|field| {
        // Not a clone: all requests that send the document share the reference counts of its names,
        // and each change of a count would move it between the caches of the processors.
        let name = Name::new(&field.node.response_key().node);
        let is_first = object.insert(name, Value::Null).is_none();
        is_mergeable &= is_first || field.node.selection_set.node.items.is_empty();
        is_first
    });
    is_mergeable.then_some(object)
}

/// Adds the fields that are selected of an object of this type, in their order.
fn collect<'a, T: OutputType>(
    context: &ContextSelectionSet<'a>,
    selected: &'a SelectionSet,
    fields: &mut Vec<&'a Positioned<Field>>,
) {
    for selection in &selected.items {
        let (condition, selected) = match &selection.node {
            Selection::Field(field) => {
                fields.push(field);
                continue;
            }
            Selection::InlineFragment(fragment) => {
                (fragment.node.type_condition.as_ref(), &fragment.node.selection_set)
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                // The engine rejects documents without it.
                let Some(fragment) = context.query_env.fragments.get(name) else { continue };
                (Some(&fragment.node.type_condition), &fragment.node.selection_set)
            }
        };
        let is_of_type = condition.is_none_or(|condition| {
            let (type_name, condition) = (T::type_name(), condition.node.on.node.as_str());
            let interfaces = context.schema_env.registry.implements.get(&*type_name);
            type_name == condition || interfaces.is_some_and(|all| all.contains(condition))
        });
        if is_of_type {
            collect::<T>(context, &selected.node, fields);
        }
    }
}

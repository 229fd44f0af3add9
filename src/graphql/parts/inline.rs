//! Objects whose fields are answered in place.
//!
//! The library makes a future on the heap for every field of every object, each as large as the
//! largest of the type: 1.6 kB for each of the thousand values of a page of steps, of which nearly
//! all are there at once. Here the next field takes the room of the one before it, and only one
//! that has to wait keeps its own. And an object is a copy of one with the same names, each of which
//! would have to be hashed again.

use std::{
    borrow::Cow,
    future::poll_fn,
    pin::Pin,
    sync::{Mutex, PoisonError},
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

/// An object that answers as it does by itself, with less work. Extensions of the library are not
/// told of its fields; the schema has none. The request has [`Blanks`] as its data.
pub(crate) struct Inline<T>(pub(crate) T);

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
        // Its room is not part of that of every field of this type.
        self.fields(context).boxed().await
    }
}

impl<T: ObjectType> Inline<T> {
    async fn fields(&self, context: &ContextSelectionSet<'_>) -> ServerResult<Value> {
        let mut fields = Vec::with_capacity(context.item.node.items.len());
        collect::<T>(context, &context.item.node, &mut fields);
        let blanks: &Blanks = context.data_unchecked();
        let Some(mut object) = blanks.object(&mut fields) else {
            return resolve_container(context, &self.0).await;
        };
        let mut waiting = Vec::new();
        poll_fn(|task| {
            let mut room = None;
            for (index, field) in fields.iter().enumerate() {
                let mut answer = put(room.take(), resolve(&self.0, context.clone(), field));
                match answer.as_mut().poll(task) {
                    Poll::Ready(value) => {
                        object[index] = value?;
                        room = Some(answer);
                    }
                    Poll::Pending => waiting.push((index, answer)),
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
}

/// What the objects of a request look like, by the names that are asked of them.
#[derive(Default)]
pub(crate) struct Blanks(Mutex<Vec<Blank>>);

struct Blank {
    /// The names of the fields as they are written, some perhaps twice.
    written: Vec<Name>,
    /// Null under each name; none if there are fields to be merged.
    object: Option<IndexMap<Name, Value>>,
}

impl Blanks {
    /// More than the lists of a usual request have kinds of elements. Each object is compared with
    /// all of them.
    const MAX: usize = 8;

    /// An object of null under the names of these fields, of which are left those that answer: the
    /// first of each name. None if some have to be merged.
    fn object(&self, fields: &mut Vec<&Positioned<Field>>) -> Option<IndexMap<Name, Value>> {
        // It is whole at every moment at which the lock is given back.
        let mut blanks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let names = fields.iter().map(|field| &field.node.response_key().node);
        let known = blanks.iter().find(|blank| blank.written.iter().eq(names.clone()));
        let object = if let Some(known) = known {
            known.object.clone()
        } else {
            let object = blank(fields);
            if blanks.len() < Self::MAX {
                let written = names.cloned().collect();
                blanks.push(Blank { written, object: object.clone() });
            }
            object
        }?;
        if object.len() < fields.len() {
            let mut answered = 0;
            fields.retain(|field| {
                let place = object.get_index_of(&field.node.response_key().node);
                let is_first = place == Some(answered);
                answered += usize::from(is_first);
                is_first
            });
        }
        Some(object)
    }
}

/// Null under the name of each field, or none if one that has fields itself comes twice. What has
/// none has to be the same each time.
fn blank(fields: &[&Positioned<Field>]) -> Option<IndexMap<Name, Value>> {
    let mut object = IndexMap::with_capacity(fields.len());
    for field in fields {
        // Not a clone: the reference counts of the document's names are shared by all requests that
        // send it, and every object would move them between the processors.
        let name = Name::new(&field.node.response_key().node);
        let has_fields = !field.node.selection_set.node.items.is_empty();
        if object.insert(name, Value::Null).is_some() && has_fields {
            return None;
        }
    }
    Some(object)
}

/// Puts a future into this room, or else into its own.
fn put<F: Future>(room: Option<Pin<Box<F>>>, future: F) -> Pin<Box<F>> {
    match room {
        Some(mut room) => {
            room.set(future);
            room
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
                match context.query_env.fragments.get(&spread.node.fragment_name.node) {
                    Some(fragment) => {
                        (Some(&fragment.node.type_condition), &fragment.node.selection_set)
                    }
                    // The library has refused it.
                    None => continue,
                }
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

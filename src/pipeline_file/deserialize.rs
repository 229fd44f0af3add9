//! From a tree to a value, with all faults.

mod fault;

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, Error as _, IntoDeserializer, Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};

use self::fault::{Fault, Segment, unexpected};
use super::{
    Problem,
    tree::{Entry, Node, NodeValue},
};

/// The maximum number of problems that are collected.
const PROBLEMS_MAX: usize = 100;

/// The value of a tree, or all problems. A value of serde has only its first fault, so what is at
/// fault is removed, and the rest is read again.
pub(super) fn all_problems<T: DeserializeOwned>(tree: &Node) -> Result<T, Vec<Problem>> {
    let mut rest = tree.clone();
    let mut problems = Vec::new();
    while problems.len() < PROBLEMS_MAX {
        match T::deserialize(Value { segment: None, node: &rest }) {
            Ok(value) if problems.is_empty() => return Ok(value),
            Ok(_) => break,
            Err(fault) => {
                let is_removed = rest.remove(&fault.path());
                problems.push(fault.into_problem());
                if !is_removed {
                    break;
                }
            }
        }
    }
    problems.sort_by_key(|problem| problem.position);
    Err(problems)
}

/// A value, which adds to a fault in it where it is.
struct Value<'de> {
    /// Its place in what is around it; none for the root.
    segment: Option<Segment<'de>>,
    node: &'de Node,
}

impl<'de> Value<'de> {
    fn field(entry: &'de Entry) -> Self {
        Self { segment: Some(Segment::Field(&entry.key)), node: &entry.node }
    }

    fn element(entry: &'de Entry) -> Self {
        Self { segment: Some(Segment::Index(&entry.key)), node: &entry.node }
    }

    fn locate(&self, fault: Fault) -> Fault {
        fault.within(self.segment, self.node.position)
    }
}

impl<'de> IntoDeserializer<'de, Fault> for Value<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let read = match &self.node.value {
            NodeValue::Null => visitor.visit_unit(),
            NodeValue::Bool(value) => visitor.visit_bool(*value),
            NodeValue::Integer(value) => visitor.visit_i64(*value),
            NodeValue::Float(value) => visitor.visit_f64(*value),
            NodeValue::Text(value) => visitor.visit_borrowed_str(value),
            NodeValue::List(entries) => {
                visitor.visit_seq(SeqDeserializer::new(entries.iter().map(Self::element)))
            }
            NodeValue::Map(entries) => {
                let entries = entries.iter().map(|entry| (Key(entry), Self::field(entry)));
                visitor.visit_map(MapDeserializer::new(entries))
            }
        };
        read.map_err(|fault| self.locate(fault))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node.value {
            NodeValue::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    /// A struct is a map. Types of serde take a list for one as well.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.node.value {
            NodeValue::Map(_) => self.deserialize_any(visitor),
            value => {
                let expected = format!("struct {name}");
                Err(self.locate(Fault::invalid_type(unexpected(value), &expected.as_str())))
            }
        }
    }

    /// An enum is the text of one of its variants.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let read = match &self.node.value {
            NodeValue::Text(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            value => Err(Fault::invalid_type(unexpected(value), &"a string")),
        };
        read.map_err(|fault| self.locate(fault))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// The key of an entry. A fault in it is that there is no such field.
struct Key<'de>(&'de Entry);

impl<'de> IntoDeserializer<'de, Fault> for Key<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Self(entry) = self;
        let read: Result<_, Fault> = visitor.visit_borrowed_str(&entry.key);
        read.map_err(|fault| fault.of_key(&entry.key, entry.key_position))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

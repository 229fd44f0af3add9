//! A custom mutator that changes the JSON of a step one field at a time. After random changes of bytes it
//! would rarely be JSON, and the parser would reject it.

use std::sync::LazyLock;

use libfuzzer_sys::fuzzer_mutate;
use serde_json::{Map, Value as Json};

type Object = Map<String, Json>;

/// For each field, values that the rules accept and values that they reject.
static VALUES: LazyLock<Vec<(String, Vec<Json>)>> = LazyLock::new(|| {
    let values: Object = serde_json::from_str(include_str!("values.json")).expect("it is JSON");
    let list = |values: Json| values.as_array().expect("a list of values").clone();
    values.into_iter().map(|(field, values)| (field, list(values))).collect()
});

/// Pseudo-random numbers from the seed of the fuzzer.
struct Dice(u32);

impl Dice {
    /// A number below `sides`.
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        (self.0 >> 8) as usize % sides
    }
}

/// Called by the fuzzer to get another input: changes the first `size` bytes of `data`, and returns the
/// new size.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice(seed);
    let object = serde_json::from_slice::<Object>(&data[..size]).ok();
    // Bytes are changed now and then too: input other than JSON has to be rejected.
    let Some(mut object) = object.filter(|_| dice.throw(16) > 0) else {
        return fuzzer_mutate(data, size, max_size);
    };
    let (field, values) = &VALUES[dice.throw(VALUES.len())];
    match dice.throw(4) {
        0 => {
            object.remove(field);
        }
        1 => {
            let mut texts: Vec<_> = object.values_mut().flat_map(texts).collect();
            let count = texts.len();
            if count > 0 {
                mutate_text(texts[dice.throw(count)]);
            }
        }
        _ => {
            object.insert(field.clone(), values[dice.throw(values.len())].clone());
        }
    }
    let text = serde_json::to_string(&object).expect("an object can be written");
    if text.len() > max_size {
        return size;
    }
    data[..text.len()].copy_from_slice(text.as_bytes());
    text.len()
}

/// The texts in a value.
fn texts(value: &mut Json) -> Vec<&mut String> {
    match value {
        Json::String(text) => vec![text],
        Json::Array(elements) => elements.iter_mut().flat_map(texts).collect(),
        Json::Object(fields) => fields.values_mut().flat_map(texts).collect(),
        _ => vec![],
    }
}

fn mutate_text(text: &mut String) {
    /// The most characters that one change adds to a text.
    const ROOM: usize = 64;
    let size = text.len();
    let mut bytes = std::mem::take(text).into_bytes();
    bytes.resize(size + ROOM, 0);
    let size = fuzzer_mutate(&mut bytes, size, size + ROOM);
    *text = String::from_utf8_lossy(&bytes[..size]).into_owned();
}

//! The values of plain scalars, by the core schema of YAML 1.2 (section 10.3.2), to which JSON
//! belongs. Everything that is not in its table is text, like `no` and `2026-01-05`.

use crate::pipeline_file::tree::NodeValue;

/// The value of a scalar without quotes.
pub(super) fn plain(text: &str) -> NodeValue {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => NodeValue::Null,
        "true" | "True" | "TRUE" => NodeValue::Bool(true),
        "false" | "False" | "FALSE" => NodeValue::Bool(false),
        _ => number(text).unwrap_or_else(|| NodeValue::Text(text.to_owned())),
    }
}

fn number(text: &str) -> Option<NodeValue> {
    let radix = |prefix, radix| {
        let digits: &str = text.strip_prefix(prefix)?;
        let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
        // A larger one is no whole number that any field could have.
        is_number.then(|| {
            i64::from_str_radix(digits, radix)
                .map_or(NodeValue::Float(f64::INFINITY), NodeValue::Integer)
        })
    };
    radix("0o", 8).or_else(|| radix("0x", 16)).or_else(|| decimal(text))
}

fn decimal(text: &str) -> Option<NodeValue> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => return Some(NodeValue::Float(f64::INFINITY)),
        ".nan" | ".NaN" | ".NAN" if text == unsigned => return Some(NodeValue::Float(f64::NAN)),
        _ => {}
    }
    if !unsigned.starts_with(|first: char| first == '.' || first.is_ascii_digit()) {
        return None;
    }
    let is_integer = unsigned.bytes().all(|byte| byte.is_ascii_digit());
    let integer = if is_integer { text.parse().ok() } else { None };
    // Rust's numbers are those of the core schema, except for words like `infinity`, which do not
    // begin with a digit or a dot.
    integer.map(NodeValue::Integer).or_else(|| text.parse().ok().map(NodeValue::Float))
}

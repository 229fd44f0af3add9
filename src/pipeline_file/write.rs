//! Writing files: the same pipeline always gives the same text.

use serde_saphyr::{SerializeError, ser_options, to_string_with_options};

use crate::domain::flow::spec::PipelineSpec;

/// A pipeline as YAML: fields in their fixed order, without those that are null; long text and text
/// of several lines as blocks; text that a reader of YAML 1.1 would take for another value in quotes.
pub fn to_yaml(spec: &PipelineSpec) -> Result<String, SerializeError> {
    to_string_with_options(spec, ser_options! { compact_list_indent: false })
}

/// A pipeline as JSON, indented, with the same fields.
pub fn to_json(spec: &PipelineSpec) -> serde_json::Result<String> {
    serde_json::to_string_pretty(spec).map(|text| text + "\n")
}

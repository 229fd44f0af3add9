//! The command `pipeline schema`.

use apollo_compiler::Schema;
use crm_steps::{graphql, pipeline_file};

/// The JSON Schema of pipeline files, with the descriptions of the API.
pub(crate) fn schema() -> String {
    // The types of async-graphql's directives are not needed for descriptions.
    let api =
        Schema::parse(graphql::sdl(), "schema.graphql").unwrap_or_else(|invalid| invalid.partial);
    let description = |input: &str, field: &str| {
        let field = api.get_input_object(input)?.fields.get(field)?;
        field.description.as_ref().map(ToString::to_string)
    };
    format!("{:#}\n", pipeline_file::schema(description))
}

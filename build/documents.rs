//! Generates the types of the GraphQL documents that the command line sends. Fails if a document selects
//! what the schema does not have.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use graphql_client_codegen::{
    CodegenMode, GraphQLClientCodegenOptions, generate_module_token_stream,
    normalization::Normalization,
};

const SCHEMA: &str = "schema.graphql";
const DOCUMENTS: &str = "src/http/graphql/documents";

/// Types that the program has or that it prints as they are, by their names in the schema.
const OWN_ENUMS: [&str; 4] =
    ["CrmDiagnosticCode", "CrmDiagnosticSeverity", "PlanAction", "UserErrorCode"];
/// The type for the input of the mutation.
const INPUT: &str = "super::PipelineSpec";

/// Writes a module for each document into this folder, all in the file `documents.rs`.
pub(super) fn generate(folder: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
    println!("cargo::rerun-if-changed=build/documents.rs");
    println!("cargo::rerun-if-changed={SCHEMA}");
    println!("cargo::rerun-if-changed={DOCUMENTS}");
    let generated = folder.join("documents.rs");
    let text = fs::read_to_string(SCHEMA)?;
    if text.is_empty() {
        // `cargo run -- schema > schema.graphql` empties the file before the program is built.
        let why = "schema.graphql is empty; restore it, and build once before it is refreshed";
        return if generated.exists() { Ok(()) } else { Err(why.into()) };
    }
    let schema = folder.join(SCHEMA);
    fs::write(&schema, without_description(&text))?;
    let documents = fs::read_dir(DOCUMENTS)?.map(|entry| entry.map(|entry| entry.path()));
    let mut documents: Vec<PathBuf> = documents.collect::<Result<_, _>>()?;
    documents.retain(|path| path.extension().is_some_and(|extension| extension == "graphql"));
    documents.sort();
    let mut modules = String::new();
    for document in documents {
        let mut options = GraphQLClientCodegenOptions::new(CodegenMode::Cli);
        options.set_module_visibility(syn::parse_str("pub")?);
        options.set_normalization(Normalization::Rust);
        options.set_extern_enums(OWN_ENUMS.map(str::to_owned).into());
        options.set_custom_variable_types(vec![INPUT.to_owned()]);
        options.set_variables_derives("Clone".to_owned());
        options.set_response_derives("Debug, PartialEq, Serialize".to_owned());
        options.set_skip_serializing_none(true);
        modules += &generate_module_token_stream(document, &schema, options)?.to_string();
    }
    Ok(fs::write(generated, modules)?)
}

/// A schema without its own description, which graphql-parser 0.4 cannot read.
fn without_description(schema: &str) -> String {
    let parts = schema
        .split_once("\"\"\"\nschema {")
        .and_then(|(before, definition)| Some((before.rsplit_once("\"\"\"")?.0, definition)));
    parts.map_or_else(
        || schema.to_owned(),
        |(types, definition)| format!("{types}schema {{{definition}"),
    )
}

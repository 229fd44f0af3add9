//! Pipeline files: one pipeline each, as YAML or JSON, with the positions of its values.

mod deserialize;
mod parse;
mod schema;
mod tree;
mod variables;
mod write;

use std::path::Path;

use serde::de::DeserializeOwned;

use self::{parse::parse, tree::Node};
pub use self::{
    schema::schema,
    tree::Position,
    variables::{VariableUse, escaped},
    write::{to_json, to_yaml},
};
use crate::domain::{flow::spec::PipelineSpec, keys::key_of_name};

/// The language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// YAML 1.2, without aliases, anchors and tags.
    Yaml,
    /// JSON.
    Json,
}

impl Format {
    /// The language by the ending of a file's name; none if it is not the name of a pipeline file.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Why a file cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is.
    pub position: Position,
    /// A whole sentence that says what is wrong and what to do about it.
    pub message: String,
}

/// A value that was read from a file.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    tree: Node,
}

/// A pipeline that was read from a file.
pub type PipelineFile = Located<PipelineSpec>;

impl<T: DeserializeOwned> Located<T> {
    /// Reads the text of a file, and returns all problems if there are any: of the language alone, or
    /// else of the fields and their types.
    pub fn read(text: &str, format: Format) -> Result<Self, Vec<Problem>> {
        let tree = parse(text, format)?;
        Ok(Self { value: deserialize::all_problems(&tree)?, tree })
    }
}

impl<T> Located<T> {
    /// The position of the value with this path, as violations have it; of what is around the value
    /// if it is not there.
    #[must_use]
    pub fn position(&self, path: &[impl AsRef<str>]) -> Position {
        self.tree.position(path)
    }
}

impl PipelineFile {
    /// The pipeline, which has a key: the stated one, or the one that the name of its file gives. A name
    /// that gives none is a problem: with one and the same key for all of them, a file would replace a
    /// pipeline that it has nothing to do with.
    pub fn with_key(mut self, path: &Path) -> Result<Self, Problem> {
        if self.value.key.is_none() {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let key = key_of_name(&name).ok_or_else(|| Problem {
                position: Position::START,
                message: "The file has no key, and its name has no letter or digit of which one could be \
                          made; add a key."
                    .to_owned(),
            })?;
            self.value.key = Some(key);
        }
        Ok(self)
    }

    /// The pipeline with the values of variables (`${NAME}`) in its webhook headers, and these variables.
    /// Returns a problem for each header with one that is not set, or that no file may read.
    pub fn with_variables(
        mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<(Self, Vec<VariableUse>), Vec<Problem>> {
        let uses = variables::substitute(&mut self.value, &self.tree, variable)?;
        Ok((self, uses))
    }
}

//! What a GraphQL request is made of, and how it is read.

use async_graphql::Variables;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use url::form_urlencoded;

use super::{ErrorCode, Problem};

/// A GraphQL request: a document, or the hash of one, and what belongs to it.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pub(super) query: Option<String>,
    /// The SHA-256 of the document, in hexadecimal digits.
    pub(super) hash: Option<String>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
}

/// The same as JSON has it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct JsonParameters {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Variables,
    extensions: Option<Map<String, Json>>,
}

/// What a body asks for.
pub(super) enum Requests {
    One(Box<Parameters>),
    Batch(Vec<Parameters>),
}

fn malformed() -> Problem {
    let message = "The body is not a GraphQL request; send a JSON object with the text query, and \
                   perhaps the object variables and the text operationName.";
    Problem::new(ErrorCode::BadUserInput, message)
}

impl Requests {
    /// Reads a JSON body: one request, or a list of up to `max_batch` of them.
    pub(super) fn from_body(body: &[u8], max_batch: usize) -> Result<Self, Problem> {
        // serde would take a list for an object whose fields have lost their names.
        match body.trim_ascii_start().first() {
            Some(b'{') => {
                let parameters: JsonParameters =
                    serde_json::from_slice(body).map_err(|_| malformed())?;
                Ok(Self::One(Box::new(parameters.try_into()?)))
            }
            Some(b'[') if max_batch > 0 => {
                let requests: Vec<Map<String, Json>> =
                    serde_json::from_slice(body).map_err(|_| malformed())?;
                if requests.is_empty() {
                    return Err(malformed());
                }
                if requests.len() > max_batch {
                    let message = format!("The body has more than {max_batch} requests.");
                    return Err(Problem::new(ErrorCode::QueryTooLarge, message));
                }
                let read = |request| {
                    let parameters: JsonParameters =
                        serde_json::from_value(Json::Object(request)).map_err(|_| malformed())?;
                    parameters.try_into()
                };
                Ok(Self::Batch(requests.into_iter().map(read).collect::<Result<_, _>>()?))
            }
            Some(b'[') => {
                let message = "This service takes one request at a time, not a list of them.";
                Err(Problem::new(ErrorCode::BadUserInput, message))
            }
            _ => Err(malformed()),
        }
    }
}

impl Parameters {
    /// Reads a URL's query string.
    pub(super) fn from_query(query: &str) -> Result<Self, Problem> {
        let mut parameters = JsonParameters::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let malformed = |_| {
                let message = format!("The parameter {name} is not a JSON object.");
                Problem::new(ErrorCode::BadUserInput, message)
            };
            match &*name {
                "query" => parameters.query = Some(value.into_owned()),
                "documentId" => parameters.document_id = Some(value.into_owned()),
                "operationName" => parameters.operation_name = Some(value.into_owned()),
                "variables" => {
                    parameters.variables = serde_json::from_str(&value).map_err(malformed)?;
                }
                "extensions" => {
                    parameters.extensions = serde_json::from_str(&value).map_err(malformed)?;
                }
                _ => {}
            }
        }
        parameters.try_into()
    }
}

impl TryFrom<JsonParameters> for Parameters {
    type Error = Problem;

    fn try_from(parameters: JsonParameters) -> Result<Self, Problem> {
        let JsonParameters { query, document_id, operation_name, variables, extensions } =
            parameters;
        // Two names for the same: that of the specification, and that of Apollo's clients.
        let of_apollo = |extensions: Map<String, Json>| {
            Some(extensions.get("persistedQuery")?.get("sha256Hash")?.as_str()?.to_owned())
        };
        let of_specification = |id: String| match id.strip_prefix("sha256:") {
            Some(hash) => hash.to_owned(),
            None => id,
        };
        let hash = document_id.map(of_specification).or_else(|| extensions.and_then(of_apollo));
        let query = query.filter(|query| !query.trim().is_empty());
        if query.is_none() && hash.is_none() {
            return Err(malformed());
        }
        Ok(Self { query, hash, operation_name, variables })
    }
}

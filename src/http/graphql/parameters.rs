//! Parsing of GraphQL requests from bodies and query strings.

use async_graphql::{Value, Variables, from_value};
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::{ErrorCode, Problem};
use crate::http::json::{self, Object, Unambiguous};

/// A GraphQL request: a document or its hash, an operation name and variables. One that has neither a document
/// nor its hash is rejected when its document is looked up.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pub(super) query: Option<String>,
    /// The SHA-256 of the document, in hexadecimal digits.
    pub(super) hash: Option<String>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
}

/// The JSON form of a request, with values of any type.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct JsonParameters {
    query: Option<Unambiguous>,
    document_id: Option<Unambiguous>,
    operation_name: Option<Unambiguous>,
    variables: Option<Unambiguous>,
    extensions: Option<Unambiguous>,
}

/// The requests of a body.
pub(super) enum Requests {
    One(Box<Parameters>),
    Batch(Vec<Parameters>),
}

impl Requests {
    /// Parses a JSON body: one request, or a list of up to `max_batch` requests.
    pub(super) fn from_body(body: &[u8], max_batch: usize) -> Result<Self, Problem> {
        let bad = |message: &'static str| Err(Problem::new(ErrorCode::BadUserInput, message));
        // serde also reads a struct from a list of its fields.
        if json::is_object(body) {
            let request: JsonParameters = json::read("The body", body)?;
            return Ok(Self::One(Box::new(request.try_into()?)));
        }
        let Unambiguous(body) = json::read("The body", body)?;
        match body {
            Value::List(_) if max_batch == 0 => {
                bad("This service accepts one request at a time, not a list.")
            }
            Value::List(requests) if requests.is_empty() => bad("The body is an empty list."),
            Value::List(requests) if requests.len() > max_batch => {
                let message = format!("The body has more than {max_batch} requests.");
                Err(Problem::new(ErrorCode::QueryTooLarge, message))
            }
            Value::List(requests) => {
                let read = |(index, request)| {
                    let what = format!("Request {} of the list", index + 1);
                    let Value::Object(request) = request else {
                        return Err(json::not(&what, "a JSON object", &request));
                    };
                    Parameters::from_object(request).map_err(|problem| Problem {
                        message: format!("{what}: {}", problem.message).into(),
                        ..problem
                    })
                };
                let requests = requests.into_iter().enumerate().map(read);
                Ok(Self::Batch(requests.collect::<Result<_, _>>()?))
            }
            other => Err(json::not("The body", "a JSON object", &other)),
        }
    }
}

impl Parameters {
    /// Takes the members of a request from a JSON object. Other members are ignored.
    pub(super) fn from_object(object: Object) -> Result<Self, Problem> {
        let request: JsonParameters =
            from_value(Value::Object(object)).expect("its members may have any value");
        request.try_into()
    }

    /// Parses a URL's query string. A parameter without a value is absent.
    pub(super) fn from_query(query: &str) -> Result<Self, Problem> {
        let mut request = JsonParameters::default();
        for parameter in query.split('&') {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let Ok(name) = decode(name) else { continue };
            let (field, is_json) = match &*name {
                "query" => (&mut request.query, false),
                "documentId" => (&mut request.document_id, false),
                "operationName" => (&mut request.operation_name, false),
                "variables" => (&mut request.variables, true),
                "extensions" => (&mut request.extensions, true),
                _ => continue,
            };
            let what = format!("The parameter {name}");
            let value = decode(value).map_err(|()| {
                Problem::new(ErrorCode::BadUserInput, format!("{what} is not UTF-8."))
            })?;
            *field = match value {
                value if value.trim().is_empty() => None,
                value if is_json => Some(json::read(&what, value.as_bytes())?),
                value => Some(Unambiguous(Value::String(value))),
            };
        }
        request.try_into()
    }
}

impl TryFrom<JsonParameters> for Parameters {
    type Error = Problem;

    fn try_from(request: JsonParameters) -> Result<Self, Problem> {
        let query = text("query", request.query)?.filter(|query| !query.trim().is_empty());
        let operation_name = text("operationName", request.operation_name)?;
        let document_id = text("documentId", request.document_id)?;
        let variables = object("variables", request.variables)?.map(Value::Object);
        let extensions = object("extensions", request.extensions)?;
        // The hash has two forms: that of the specification, and that of Apollo's clients.
        let of_apollo = |extensions: Object| {
            let Value::Object(persisted) = extensions.get("persistedQuery")? else { return None };
            let Value::String(hash) = persisted.get("sha256Hash")? else { return None };
            Some(hash.clone())
        };
        let of_specification = |id: String| id.strip_prefix("sha256:").unwrap_or(&id).to_owned();
        let document_id = document_id.filter(|id| !id.is_empty());
        let hash = document_id.map(of_specification).or_else(|| extensions.and_then(of_apollo));
        let variables = variables.map(Variables::from_value).unwrap_or_default();
        let operation_name = operation_name.filter(|name| !name.is_empty());
        Ok(Self { query, hash, operation_name, variables })
    }
}

/// A text of a request; null is absent.
fn text(name: &str, value: Option<Unambiguous>) -> Result<Option<String>, Problem> {
    match value {
        None | Some(Unambiguous(Value::Null)) => Ok(None),
        Some(Unambiguous(Value::String(text))) => Ok(Some(text)),
        Some(Unambiguous(other)) => Err(json::not(name, "a text", &other)),
    }
}

/// An object of a request; null is absent.
fn object(name: &str, value: Option<Unambiguous>) -> Result<Option<Object>, Problem> {
    match value {
        None | Some(Unambiguous(Value::Null)) => Ok(None),
        Some(Unambiguous(Value::Object(object))) => Ok(Some(object)),
        Some(Unambiguous(other)) => Err(json::not(name, "an object", &other)),
    }
}

/// Decodes a name or value of a query string.
fn decode(text: &str) -> Result<String, ()> {
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8().map(Into::into).map_err(|_| ())
}

//! Bodies of requests to the REST API.

use async_graphql::Value;
use axum::extract::{FromRef, FromRequest, Request};
use serde_json::{Map, Value as Json};

use super::problem::{FieldError, Rejection, check};
use crate::http::{SharedEndpoint, body::JsonBody, json};

/// The JSON object in the body of a request.
pub(super) struct Body {
    pub(super) fields: Map<String, Json>,
    /// What is wrong with its fields.
    pub(super) errors: Vec<FieldError>,
}

impl<S> FromRequest<S> for Body
where
    SharedEndpoint: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let JsonBody(body) = JsonBody::from_request(request, state).await?;
        let object = json::read_object("The body", &body)?;
        let value = |value: Value| value.into_json().unwrap_or_default();
        let fields = object.into_iter().map(|(name, field)| (name.to_string(), value(field)));
        Ok(Self { fields: fields.collect(), errors: Vec::new() })
    }
}

impl Body {
    /// Takes the id out of the body, or adds an error.
    pub(super) fn take_id(&mut self) -> Json {
        let path = ["id".to_owned()];
        self.errors.push(match self.fields.remove("id") {
            None | Some(Json::Null) => FieldError::required(&path),
            Some(id) if is_id(&id) => return id,
            Some(_) => FieldError::type_mismatch(&path, "a text"),
        });
        Json::Null
    }

    /// The id in the body.
    pub(super) fn into_id(mut self) -> Result<Json, Rejection> {
        let id = self.take_id();
        check(self.errors).map(|()| id)
    }
}

/// Whether GraphQL accepts a value as an id.
pub(super) fn is_id(value: &Json) -> bool {
    value.is_string() || whole(value).is_some()
}

/// The whole number that this is.
pub(super) fn whole(value: &Json) -> Option<f64> {
    value.as_f64().filter(|number| number.fract() == 0.0)
}

//! The schema in the schema definition language, for generators that take a URL.

use std::sync::LazyLock;

use axum::{
    Extension,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use sha2::{Digest as _, Sha256};

use super::{
    entity_tag::{is_known, weak_entity_tag},
    error::Problem,
};
use crate::{
    domain::access_token::{Caller, Scope},
    graphql::sdl,
};

/// The document, and its entity tag.
static DOCUMENT: LazyLock<(String, String)> = LazyLock::new(|| {
    let document = sdl();
    let tag = weak_entity_tag(&Sha256::digest(&document));
    (document, tag)
});

/// Responds with the schema, or only with its entity tag if the client has it.
pub(super) async fn get(
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Problem::unless_allowed(&caller, Scope::Read)?;
    let (document, tag) = &*DOCUMENT;
    let validators = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, "private, no-cache")];
    if is_known(&headers, tag) {
        // As of the response with the schema, to which the compression adds it.
        let varies = [(header::VARY, header::ACCEPT_ENCODING)];
        return Ok((StatusCode::NOT_MODIFIED, validators, varies).into_response());
    }
    let media_type = [(header::CONTENT_TYPE, "application/graphql; charset=utf-8")];
    Ok((validators, media_type, document.as_str()).into_response())
}

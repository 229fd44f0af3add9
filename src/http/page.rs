//! GraphiQL, the page for people: built from `web/` and part of the program.

use async_graphql::http::GraphiQLSource;
use axum::{
    Router,
    extract::{Path, rejection::PathRejection},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
    routing::get,
};
use rust_embed::RustEmbed;
use tower_http::compression::CompressionLayer;

use super::{GRAPHQL_PATH, error::Problem, request::RequestId};

/// The page and its files. A debug build reads them from the folder; any build may be without them.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Page;

/// The folder of the page's files, in `web/dist` and in URLs.
const FOLDER: &str = "graphiql";

/// Only what this service serves is loaded, and only from it. The editor of GraphiQL writes styles
/// of its own, and draws its marks as images in them.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; font-src 'self'; connect-src 'self'; \
                      worker-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// A file whose name has a hash of its contents in it never changes.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// The file with the licences of what the page is built of, the one whose name has no hash.
const LICENSES: &str = "licenses.md";

/// The page at the root and its files.
pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(page))
        .route(&format!("/{FOLDER}/{{file}}"), get(file))
        .layer(CompressionLayer::new())
}

async fn page() -> Response {
    match Page::get("index.html") {
        Some(page) => {
            let mut response = Html(page.data).into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, ASK_AGAIN);
            protect(response)
        }
        None => library_page().into_response(),
    }
}

async fn file(id: RequestId, name: Result<Path<String>, PathRejection>) -> Response {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let file = Some(name.as_str()).filter(|name| !name.contains(['/', '\\']));
    let Some(file) = file.and_then(|name| Page::get(&format!("{FOLDER}/{name}"))) else {
        let message = "GraphiQL has no file of this name.";
        return Problem::of_http(StatusCode::NOT_FOUND, message).into_response(id);
    };
    let caching = if name == LICENSES { ASK_AGAIN } else { FOR_GOOD };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_str(file.metadata.mimetype())),
        (header::CACHE_CONTROL, Ok(caching)),
    ];
    let mut response = file.data.into_response();
    for (name, value) in headers {
        if let Ok(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
    // Workers take the policy from their own file.
    protect(response)
}

fn protect(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// The library's page, which loads GraphiQL from the web, for a program that was built without
/// ours. It says so.
fn library_page() -> Html<String> {
    const NOTE: &str = "<p style=\"margin: 0; padding: 0.5em\">This program was built without its \
                        own GraphiQL (see the README, \"In GraphiQL\"), so this page loads one \
                        from the web. Under \"Headers\" it wants {\"Authorization\": \"Bearer \
                        crm_…\"}.</p>";
    let page = GraphiQLSource::build().endpoint(GRAPHQL_PATH).title("crm-steps").finish();
    Html(page.replacen("<body>", &format!("<body>{NOTE}"), 1))
}

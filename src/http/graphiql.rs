//! GraphiQL, the page for people: built from `web/` and part of the program.

use std::{borrow::Cow, path::PathBuf, sync::LazyLock};

use axum::{
    Router,
    extract::{FromRef, Path, State, rejection::PathRejection},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
    routing::get,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};
use tower_http::compression::CompressionLayer;

use super::{error::Problem, request_id::RequestId};

/// The page that this program was built with. A debug build reads it from the folder at run time;
/// any build may be without it.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct BuiltIn;

/// The files of GraphiQL.
#[derive(Debug, Clone, Default)]
pub struct GraphiqlPage {
    /// Where they are, unless they are those that the program was built with.
    folder: Option<PathBuf>,
}

impl GraphiqlPage {
    /// The page in this folder, or none if the folder has no `index.html`.
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder: Some(folder) }
    }

    /// Whether there is a page.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.file(INDEX).is_some()
    }

    fn file(&self, name: &str) -> Option<EmbeddedFile> {
        match &self.folder {
            Some(folder) => rust_embed::utils::read_file_from_fs(&folder.join(name)).ok(),
            None => BuiltIn::get(name),
        }
    }
}

const INDEX: &str = "index.html";

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
pub(super) fn router<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    GraphiqlPage: FromRef<S>,
{
    Router::new()
        .route("/", get(index))
        .route(&format!("/{FOLDER}/{{file}}"), get(file))
        .layer(CompressionLayer::new())
}

async fn index(State(page): State<GraphiqlPage>) -> Response {
    let (html, policy) = match page.file(INDEX) {
        Some(index) => (index.data, HeaderValue::from_static(POLICY)),
        None => (Cow::Borrowed(NOTICE.html.as_bytes()), NOTICE.policy.clone()),
    };
    let mut response = Html(html).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, ASK_AGAIN);
    protect(response, policy)
}

async fn file(
    State(page): State<GraphiqlPage>,
    id: RequestId,
    name: Result<Path<String>, PathRejection>,
) -> Response {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let file = Some(name.as_str()).filter(|name| !name.contains(['/', '\\']));
    let Some(file) = file.and_then(|name| page.file(&format!("{FOLDER}/{name}"))) else {
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
    protect(response, HeaderValue::from_static(POLICY))
}

fn protect(mut response: Response, policy: HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// The page of a program that was built without GraphiQL: it says what to run, and loads nothing.
struct Notice {
    html: String,
    policy: HeaderValue,
}

static NOTICE: LazyLock<Notice> = LazyLock::new(|| {
    let then = if cfg!(debug_assertions) {
        "Then reload this page."
    } else {
        "Then build the program again, and start it again."
    };
    let html = include_str!("graphiql/notice.html").replace("<!-- then -->", then);
    let style = html.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    let hash = BASE64_STANDARD.encode(Sha256::digest(style.map_or("", |(style, _)| style)));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    let policy = policy.parse().unwrap_or(HeaderValue::from_static("default-src 'none'"));
    Notice { html, policy }
});

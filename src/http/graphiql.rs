//! GraphiQL: a web page that is built from `web/` and embedded in the program.

use std::{borrow::Cow, path::PathBuf, sync::LazyLock};

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};
use tower_http::compression::CompressionLayer;

use super::{AppState, error::Problem};

/// The embedded files. A debug build reads them from the folder at run time. A build without Node has
/// none.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct BuiltIn;

/// The files of GraphiQL.
#[derive(Debug, Clone, Default)]
pub struct GraphiqlPage {
    /// The folder of the files, without an `index.html` if there is no page; `None` for the embedded
    /// files.
    pub folder: Option<PathBuf>,
}

impl GraphiqlPage {
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

/// The content security policy: the page loads only files of this service. GraphiQL's editor adds style
/// elements, which contain images.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; font-src 'self'; connect-src 'self'; \
                      worker-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// For files whose name contains a hash of their contents.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

const REVALIDATE: &str = "no-cache";

/// The file with the licences of the page's dependencies, whose name contains no hash.
const LICENSES: &str = "licenses.md";

/// The routes of the page and its files.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(index))
        .route(&format!("/{FOLDER}/{{file}}"), get(file))
        .layer(CompressionLayer::new())
}

async fn index(State(page): State<GraphiqlPage>) -> Response {
    let (notice, its_policy) = &*NOTICE;
    let (html, policy) = match page.file(INDEX) {
        Some(index) => (index.data, POLICY),
        None => (notice.as_bytes().into(), its_policy.as_str()),
    };
    respond(html, "text/html; charset=utf-8", REVALIDATE, policy)
}

async fn file(
    State(page): State<GraphiqlPage>,
    name: Result<Path<String>, PathRejection>,
) -> Response {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let file = Some(name.as_str()).filter(|name| !name.contains(['/', '\\']));
    let Some(file) = file.and_then(|name| page.file(&format!("{FOLDER}/{name}"))) else {
        let message = "GraphiQL has no file of this name.";
        return Problem::of_http(StatusCode::NOT_FOUND, message).into_response();
    };
    let caching = if name == LICENSES { REVALIDATE } else { IMMUTABLE };
    // A worker has the policy of its own file.
    respond(file.data, file.metadata.mimetype(), caching, POLICY)
}

fn respond(
    contents: Cow<'static, [u8]>,
    media_type: &str,
    caching: &str,
    policy: &str,
) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, caching),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, contents).into_response()
}

/// The page of a program without GraphiQL, which says how to build it, and its content security policy.
static NOTICE: LazyLock<(String, String)> = LazyLock::new(|| {
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
    (html, policy)
});

//! The pages: the console and GraphiQL, which are built from `web/` and embedded in the program.

mod files;
mod notice;

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderName, StatusCode, Uri, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};

pub use self::files::Pages;
use self::{files::File, notice::NOTICE};
use super::{encoding::Encoding, entity_tag::is_known, error::Problem};

/// The document of the console, which has all of its addresses.
const CONSOLE: &str = "index.html";

/// The document of GraphiQL.
const GRAPHIQL: &str = "graphiql.html";

/// The folder of the files that the documents load, in `web/dist` and in URLs.
const ASSETS: &str = "assets";

/// The content security policy of the console: it loads only files of this service, and no text becomes script or
/// HTML.
const CONSOLE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                              img-src 'self'; font-src 'self'; connect-src 'self'; \
                              worker-src 'self'; base-uri 'none'; form-action 'none'; \
                              frame-ancestors 'none'; require-trusted-types-for 'script'; \
                              trusted-types 'none'";

/// The content security policy of GraphiQL: it loads only files of this service. Its editor adds style elements,
/// which contain images, and makes policies for trusted types.
const GRAPHIQL_POLICY: &str = "default-src 'none'; script-src 'self'; \
                               style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                               font-src 'self'; connect-src 'self'; worker-src 'self'; \
                               base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// For files whose name contains a hash of their contents.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

const REVALIDATE: &str = "no-cache";

/// The end of the names of the files with the licences of the packages in the pages. They contain no hash.
const LICENSES: &str = "licenses.md";

const HTML: &str = "text/html; charset=utf-8";

const NO_REFERRER: (HeaderName, &str) = (header::REFERRER_POLICY, "no-referrer");

/// The routes of the pages and their files.
pub(super) fn router<S>(pages: Pages) -> Router<S> {
    Router::new()
        .route("/", get(to_console))
        .route("/console", get(to_console))
        .route("/console/", get(console))
        .route("/console/{*view}", get(console))
        .route("/graphiql", get(graphiql))
        .route(&format!("/{ASSETS}/{{file}}"), get(asset))
        .with_state(pages)
}

/// Redirects to the console, with the query. A browser keeps the fragment, in which the token may be.
async fn to_console(uri: Uri) -> Redirect {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::to(&format!("/console/{query}"))
}

async fn console(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    document(&pages, CONSOLE, CONSOLE_POLICY, &headers)
}

async fn graphiql(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    document(&pages, GRAPHIQL, GRAPHIQL_POLICY, &headers)
}

/// Responds with a document, or with the notice of a program that was built without it.
fn document(pages: &Pages, name: &str, policy: &str, headers: &HeaderMap) -> Response {
    let Some(file) = pages.file(name, &Encoding::preferred(headers)) else {
        let headers = [
            (header::CONTENT_TYPE, HTML),
            (header::CACHE_CONTROL, REVALIDATE),
            (header::CONTENT_SECURITY_POLICY, NOTICE.policy.as_str()),
            NO_REFERRER,
        ];
        return (headers, NOTICE.html.as_str()).into_response();
    };
    respond(file, HTML, REVALIDATE, policy, headers)
}

async fn asset(
    State(pages): State<Pages>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let is_one = !name.contains(['/', '\\']) && !Encoding::is_form(&name);
    let path = is_one.then(|| format!("{ASSETS}/{name}"));
    let Some(file) = path.and_then(|path| pages.file(&path, &Encoding::preferred(&headers))) else {
        let message = "The pages have no file of this name.";
        return Problem::of_http(StatusCode::NOT_FOUND, message).into_response();
    };
    let media_type = mime_guess::from_path(&name).first_or_octet_stream();
    let caching = if name.ends_with(LICENSES) { REVALIDATE } else { IMMUTABLE };
    // A worker has the policy of its own file; those of GraphiQL's editor make policies for trusted types too.
    respond(file, media_type.essence_str(), caching, GRAPHIQL_POLICY, &headers)
}

/// Responds with a file, or only with its headers if the client has it.
fn respond(
    File { contents, encoding, tag }: File,
    media_type: &str,
    caching: &str,
    policy: &str,
    headers: &HeaderMap,
) -> Response {
    let always = [
        (header::ETAG, tag.as_str()),
        (header::CACHE_CONTROL, caching),
        (header::VARY, header::ACCEPT_ENCODING.as_str()),
        (header::CONTENT_SECURITY_POLICY, policy),
        NO_REFERRER,
    ];
    if is_known(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, always).into_response();
    }
    let media_type = [(header::CONTENT_TYPE, media_type)];
    let encoding = encoding.map(|encoding| [(header::CONTENT_ENCODING, encoding.name())]);
    (always, media_type, encoding, contents).into_response()
}

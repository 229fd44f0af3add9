//! GraphiQL at `/`, and the page in its stead of a program that was built without it. These tests work
//! with either program; `web/tests` uses the real page in a browser.

use std::{fs, path::Path};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

use crate::support::{App, TestResponse, on_both_databases};

async fn get(app: &App, path: &str) -> TestResponse {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    app.with_authorization(None).send(request).await
}

/// Writes a page of one script and its licences, in the layout that the build of `web/` has.
fn write_page(folder: &Path) {
    fs::create_dir(folder.join("graphiql")).expect("the folder is made");
    for (name, text) in [
        ("index.html", r#"<script type="module" src="/graphiql/index-abc.js"></script>"#),
        ("graphiql/index-abc.js", "1;"),
        ("graphiql/licenses.md", "MIT"),
    ] {
        fs::write(folder.join(name), text).expect("the file is written");
    }
}

async fn graphiql_is_served_with_its_files_and_a_policy_that_names_no_other_host(app: App) {
    let folder = tempfile::tempdir().expect("a folder");
    write_page(folder.path());
    let app = app.with_page(folder.path());
    let policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                  img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
                  base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    for (path, media_type, caching) in [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/graphiql/index-abc.js", "text/javascript", "public, max-age=31536000, immutable"),
        ("/graphiql/licenses.md", "text/markdown", "no-cache"),
    ] {
        let answer = get(&app, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], media_type, "{path}");
        assert_eq!(answer.headers[header::CACHE_CONTROL], caching, "{path}");
        assert_eq!(answer.headers[header::CONTENT_SECURITY_POLICY], policy, "{path}");
        assert_eq!(answer.headers[header::REFERRER_POLICY], "no-referrer", "{path}");
    }
    assert!(get(&app, "/").await.text.contains("/graphiql/index-abc.js"));
}

async fn only_files_of_the_page_are_served(app: App) {
    let folder = tempfile::tempdir().expect("a folder");
    write_page(folder.path());
    let app = app.with_page(folder.path());
    for path in ["nonsense.js", "..%2findex.html", "..", "%2e%2e", "..%5cindex.html", "%ff", "%00"]
    {
        let answer = get(&app, &format!("/graphiql/{path}")).await;
        assert!(answer.status.is_client_error(), "{path}: {answer:?}");
    }
}

async fn without_graphiql_a_page_that_loads_nothing_says_what_to_run(app: App) {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app.with_page(folder.path());
    let page = get(&app, "/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-cache");
    for command in ["cd web", "npm ci --ignore-scripts", "npm run build"] {
        assert!(page.text.contains(command), "{}", page.text);
    }

    // With this policy a browser loads nothing, and applies only this style.
    let (_, rest) = page.text.split_once("<style>").expect("a style");
    let (style, rest) = rest.split_once("</style>").expect("its end");
    let hash = BASE64_STANDARD.encode(Sha256::digest(style));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    assert_eq!(page.headers[header::CONTENT_SECURITY_POLICY], policy);
    for other in ["<style", "style=", "<script", "<link", "<img", "src=", "url(", "//", "@import"] {
        assert!(!rest.contains(other) && !style.contains(other), "{other}");
    }

    // A page that is built while the program runs is served at once.
    write_page(folder.path());
    assert!(get(&app, "/").await.text.contains("/graphiql/index-abc.js"));
}

on_both_databases!(
    graphiql_is_served_with_its_files_and_a_policy_that_names_no_other_host,
    only_files_of_the_page_are_served,
    without_graphiql_a_page_that_loads_nothing_says_what_to_run,
);

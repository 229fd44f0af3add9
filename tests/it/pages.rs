//! The pages: the console and GraphiQL, and the notice in their stead of a program that was built without them. These
//! tests work with either program; `web/tests` uses the real pages in a browser.

use std::{fs, path::Path};

use axum::{
    body::Body,
    http::{HeaderName, Method, Request, StatusCode, header},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::support::{App, TestResponse, on_both_databases};

const CONSOLE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                              img-src 'self'; font-src 'self'; connect-src 'self'; \
                              worker-src 'self'; base-uri 'none'; form-action 'none'; \
                              frame-ancestors 'none'; require-trusted-types-for 'script'; \
                              trusted-types 'none'";

const GRAPHIQL_POLICY: &str = "default-src 'none'; script-src 'self'; \
                               style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                               font-src 'self'; connect-src 'self'; worker-src 'self'; \
                               base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const SCRIPT: &str = "/assets/index-abc.js";

async fn send(
    app: &App,
    method: Method,
    path: &str,
    headers: &[(HeaderName, &str)],
) -> TestResponse {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    app.with_authorization(None).send(request.body(Body::empty()).expect("a request")).await
}

async fn get(app: &App, path: &str) -> TestResponse {
    send(app, Method::GET, path, &[]).await
}

/// Writes pages of one script and its licences, in the layout that the build of `web/` has.
fn write_pages(folder: &Path) {
    fs::create_dir(folder.join("assets")).expect("the folder is made");
    for (name, text) in [
        ("index.html", "the console"),
        ("graphiql.html", "GraphiQL"),
        ("console-documents.json", "{}"),
        ("manifest.json", "{}"),
        (".sources-hash", "abc"),
        ("assets/index-abc.js", "1;"),
        ("assets/index-abc.js.br", "1; as br"),
        ("assets/index-abc.js.gz", "1; as gz"),
        ("assets/licenses.md", "MIT"),
        ("assets/licenses.md.gz", "MIT as gz"),
        ("assets/icon-abc.svg", "<svg/>"),
    ] {
        fs::write(folder.join(name), text).expect("the file is written");
    }
}

async fn the_root_leads_to_the_console(app: App) {
    let folder = tempfile::tempdir().expect("a folder");
    write_pages(folder.path());
    // Also to the notice of a program without pages.
    for app in [app.with_pages(folder.path()), app] {
        for (path, location) in [
            ("/", "/console/"),
            ("/console", "/console/"),
            ("/?a=1&b=%20", "/console/?a=1&b=%20"),
            ("/console?a=//example.com", "/console/?a=//example.com"),
        ] {
            for method in [Method::GET, Method::HEAD] {
                let answer = send(&app, method, path, &[]).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
                assert_eq!(answer.headers[header::LOCATION], location, "{path}");
            }
        }
    }
}

async fn each_page_has_its_policy_and_loads_from_the_service_alone(app: App) {
    let folder = tempfile::tempdir().expect("a folder");
    write_pages(folder.path());
    let app = app.with_pages(folder.path());
    let pipeline = "/console/pipelines/019a0000-0000-7000-8000-000000000301?view=flow";
    let (html, immutable) = ("text/html; charset=utf-8", "public, max-age=31536000, immutable");
    for (path, text, media_type, caching, policy) in [
        ("/console/", "the console", html, "no-cache", CONSOLE_POLICY),
        (pipeline, "the console", html, "no-cache", CONSOLE_POLICY),
        ("/console/assets/a.js", "the console", html, "no-cache", CONSOLE_POLICY),
        ("/console/%ff", "the console", html, "no-cache", CONSOLE_POLICY),
        ("/graphiql", "GraphiQL", html, "no-cache", GRAPHIQL_POLICY),
        (SCRIPT, "1;", "text/javascript", immutable, GRAPHIQL_POLICY),
        ("/assets/icon-abc.svg", "<svg/>", "image/svg+xml", immutable, GRAPHIQL_POLICY),
        ("/assets/licenses.md", "MIT", "text/markdown", "no-cache", GRAPHIQL_POLICY),
    ] {
        let answer = get(&app, path).await;
        assert_eq!((answer.status, &*answer.text), (StatusCode::OK, text), "{path}");
        let tag = format!("\"{}\"", hex::encode(Sha256::digest(text)));
        let headers = [
            (header::CONTENT_TYPE, media_type),
            (header::CACHE_CONTROL, caching),
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::ETAG, &tag),
            (header::VARY, "accept-encoding"),
        ];
        for (name, value) in &headers {
            assert_eq!(answer.headers[name], value, "{path}");
        }

        let head = send(&app, Method::HEAD, path, &[]).await;
        assert_eq!((head.status, &*head.text), (StatusCode::OK, ""), "{path}");
        assert_eq!(head.headers[header::CONTENT_LENGTH], text.len().to_string(), "{path}");
        for (name, value) in headers {
            assert_eq!(head.headers[&name], value, "{path}");
        }
    }
}

async fn a_client_that_has_a_file_gets_only_its_headers(app: App) {
    let folder = tempfile::tempdir().expect("a folder");
    write_pages(folder.path());
    let app = app.with_pages(folder.path());
    for path in ["/console/", "/console/people", "/graphiql", SCRIPT, "/assets/licenses.md"] {
        let first = get(&app, path).await;
        let tag = first.headers[header::ETAG].to_str().expect("text");
        let (weak, of_several) = (format!("W/{tag}"), format!("\"other\", {tag}"));
        for known in [tag, &weak, &of_several, "*"] {
            let again = send(&app, Method::GET, path, &[(header::IF_NONE_MATCH, known)]).await;
            assert_eq!((again.status, &*again.text), (StatusCode::NOT_MODIFIED, ""), "{path}");
            for name in
                [header::ETAG, header::CACHE_CONTROL, header::VARY, header::CONTENT_SECURITY_POLICY]
            {
                assert_eq!(again.headers[&name], first.headers[&name], "{path}");
            }
        }
        let other = send(&app, Method::GET, path, &[(header::IF_NONE_MATCH, "\"other\"")]).await;
        assert_eq!((other.status, other.text), (StatusCode::OK, first.text), "{path}");
    }
    let before = get(&app, "/console/").await;
    let tag = before.headers[header::ETAG].to_str().expect("text");
    fs::write(folder.path().join("index.html"), "a new console").expect("the file is written");
    let new = send(&app, Method::GET, "/console/", &[(header::IF_NONE_MATCH, tag)]).await;
    assert_eq!((new.status, &*new.text), (StatusCode::OK, "a new console"));
}

async fn a_file_is_sent_as_the_client_prefers_it(app: App) {
    let folder = tempfile::tempdir().expect("a folder");
    write_pages(folder.path());
    let app = app.with_pages(folder.path());
    for (accepted, encoding) in [
        ("gzip, deflate, br, zstd", Some("br")),
        ("gzip", Some("gzip")),
        ("GZip;Q=0.5", Some("gzip")),
        ("*", Some("br")),
        ("gzip;q=1.0, *;q=0.5", Some("gzip")),
        ("br;q=0.5, gzip;q=0.8", Some("gzip")),
        ("br;q=0.8,gzip;q=0.8", Some("br")),
        ("br;q=0, gzip", Some("gzip")),
        ("br;q=0, *", Some("gzip")),
        ("br;q=0, gzip;q=0", None),
        ("*;q=0", None),
        ("identity", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip", Some("gzip")),
        ("deflate", None),
        ("", None),
        ("br;q=2, gzip", Some("gzip")),
        ("br;q=, gzip;level=9", None),
    ] {
        let answer = send(&app, Method::GET, SCRIPT, &[(header::ACCEPT_ENCODING, accepted)]).await;
        let sent = answer.headers.get(header::CONTENT_ENCODING);
        assert_eq!(sent.map(|sent| sent.to_str().expect("text")), encoding, "{accepted}");
        let text = match encoding {
            Some("br") => "1; as br",
            Some(_) => "1; as gz",
            None => "1;",
        };
        assert_eq!(answer.text, text, "{accepted}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], "text/javascript", "{accepted}");
        assert_eq!(answer.headers[header::VARY], "accept-encoding", "{accepted}");
        // A cache has to tell the forms apart.
        let tag = format!("\"{}\"", hex::encode(Sha256::digest(text)));
        assert_eq!(answer.headers[header::ETAG], tag, "{accepted}");
    }
    // The form that there is, and of several lines of the header.
    let licenses = "/assets/licenses.md";
    let lines = [(header::ACCEPT_ENCODING, "br"), (header::ACCEPT_ENCODING, "gzip")];
    assert_eq!(send(&app, Method::GET, licenses, &lines).await.text, "MIT as gz");
    assert_eq!(send(&app, Method::GET, licenses, &lines[..1]).await.text, "MIT");
}

async fn only_assets_are_files(app: App) {
    let folder = tempfile::tempdir().expect("a folder");
    write_pages(folder.path());
    let app = app.with_pages(folder.path());
    for path in [
        "/assets/nonsense.js",
        "/assets/..%2findex.html",
        "/assets/..",
        "/assets/%2e%2e",
        "/assets/..%5cindex.html",
        "/assets/%ff",
        "/assets/%00",
        "/assets/",
        "/assets",
        // The compressed form of another file.
        "/assets/index-abc.js.br",
        "/assets/index-abc.js.gz",
        "/assets/console-documents.json",
        "/index.html",
        "/graphiql.html",
        "/graphiql/",
        "/console-documents.json",
        "/manifest.json",
        "/.sources-hash",
    ] {
        let answer = get(&app, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json", "{path}");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{path}");
    }
    for path in ["/", "/console", "/console/", "/console/people", "/graphiql", SCRIPT] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let answer = send(&app, method, path, &[]).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
            assert_eq!(answer.headers[header::ALLOW], "GET,HEAD", "{path}");
        }
    }
}

async fn without_pages_a_notice_that_loads_nothing_says_what_to_run(app: App) {
    let folder = tempfile::tempdir().expect("a folder");
    let app = app.with_pages(folder.path());
    let page = get(&app, "/console/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-cache");
    for command in ["cd web", "npm ci --ignore-scripts", "npm run build"] {
        assert!(page.text.contains(command), "{}", page.text);
    }
    for path in ["/console/people", "/graphiql"] {
        assert_eq!(get(&app, path).await.text, page.text, "{path}");
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

    // Pages that are built while the program runs are served at once.
    write_pages(folder.path());
    assert_eq!(get(&app, "/console/").await.text, "the console");
    assert_eq!(get(&app, "/graphiql").await.text, "GraphiQL");
}

async fn pages_can_be_switched_off(app: App) {
    let app = app.set_up(&["--no-pages"]);
    let unknown = get(&app, "/unknown").await;
    for path in ["/", "/console", "/console/", "/console/people", "/graphiql", SCRIPT] {
        for method in [Method::GET, Method::POST] {
            let answer = send(&app, method, path, &[]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            let message = |answer: &TestResponse| answer.json()["errors"][0]["message"].clone();
            assert_eq!(message(&answer), message(&unknown), "{path}");
        }
    }
    let ana = app.member_of("Horizonte").await;
    assert_eq!(ana.graphql("{ __typename }", json!({})).await.data()["__typename"], "Query");
}

on_both_databases!(
    the_root_leads_to_the_console,
    each_page_has_its_policy_and_loads_from_the_service_alone,
    a_client_that_has_a_file_gets_only_its_headers,
    a_file_is_sent_as_the_client_prefers_it,
    only_assets_are_files,
    without_pages_a_notice_that_loads_nothing_says_what_to_run,
    pages_can_be_switched_off,
);

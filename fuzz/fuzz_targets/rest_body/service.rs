//! The complete service on a database with the demo. The database is the same before each input, because
//! changed steps are restored.

use std::collections::HashMap;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use crm_steps::{
    config::HttpConfig,
    db::{Database, Engine},
    demo,
    domain::{
        access_token::{AccessToken, Scope},
        clock::Clock,
        secret::Keyring,
        url::WebhookHosts,
    },
    graphql::Environment,
    http::{Application, Draining, PersistedQueries},
    store,
};
use http_body_util::BodyExt as _;
use serde_json::Value as Json;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

/// The organization of the demo.
const ORGANIZATION: &str = "Horizonte Digital (teste)";

pub struct Service {
    runtime: Runtime,
    router: Router,
    /// A token without the scope for secrets, like most clients have.
    token: String,
    /// A token with the scope, which can restore secrets.
    token_with_secrets: String,
    /// The steps of the demo, by their ids.
    steps: HashMap<String, Json>,
    _folder: TempDir,
}

/// A response.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Json,
}

impl Service {
    pub fn open() -> Self {
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("fuzz.db").display());
        // A fixed clock, so that a step that is sent back unchanged is returned unchanged.
        let now = "2026-11-22T18:20:00.123456Z".parse().expect("a time");
        let clock = Clock::fixed(now);
        let keys = Keyring::generate("fuzz").parse().expect("a key");
        let (database, token, token_with_secrets) = runtime.block_on(async {
            let database =
                Database::open(&url, Engine::Sqlite, 1, keys).await.expect("the database opens");
            database.migrate().await.expect("a new database can be migrated");
            let demo = demo::load(&database, &clock).await.expect("the demo can be loaded");
            let token = AccessToken::generate();
            let transaction = database.write().await.expect("a transaction begins");
            let organization =
                store::organization::find_or_create(&transaction, ORGANIZATION, now).await;
            store::access_token::create(
                organization.expect("the demo has it"),
                &transaction,
                "fuzz",
                &[Scope::Read, Scope::Write].into_iter().collect(),
                None,
                &token.hash(),
                now,
            )
            .await
            .expect("the token is stored");
            transaction.commit().await.expect("the transaction commits");
            (database, token, demo.expect("the database was empty"))
        });
        let mut config = HttpConfig::default();
        config.limits.rate_limit_per_minute = 0;
        let environment = Environment::new(database, clock, WebhookHosts::Public);
        let application = Application {
            environment,
            config,
            documents: PersistedQueries::automatic(0),
            metrics: None,
            draining: Draining::default(),
            pages: None,
        };
        let mut service = Self {
            runtime,
            router: application.router(),
            token: token.reveal().to_owned(),
            token_with_secrets: token_with_secrets.reveal().to_owned(),
            steps: HashMap::new(),
            _folder: folder,
        };
        let scenario = format!("/crm/step?scenarioId={}", demo::scenario_id());
        let listed = service.send(&Method::GET, &scenario, &service.token_with_secrets, &[]).body;
        let id = |step: &Json| step["id"].as_str().expect("an id").to_owned();
        let steps = listed.as_array().expect("a list").iter();
        service.steps = steps.map(|step| (id(step), step.clone())).collect();
        assert!(!service.steps.is_empty(), "the demo has steps");
        service
    }

    /// Calls `/crm/step`.
    pub fn call(&self, method: &Method, body: &[u8]) -> Answer {
        self.send(method, "/crm/step", &self.token, body)
    }

    /// Restores a step of the demo.
    pub fn restore(&self, step: &Json) {
        let before = &self.steps[step["id"].as_str().expect("an id")];
        let body = before.to_string();
        let restored =
            self.send(&Method::PUT, "/crm/step", &self.token_with_secrets, body.as_bytes());
        assert_eq!((restored.status, &restored.body), (StatusCode::OK, before));
    }

    fn send(&self, method: &Method, path: &str, token: &str, body: &[u8]) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_vec()))
            .expect("the request can be built");
        self.runtime.block_on(async {
            let response =
                self.router.clone().oneshot(request).await.expect("the router never fails");
            let (parts, body) = response.into_parts();
            let body = body.collect().await.expect("the body arrives").to_bytes();
            let body = serde_json::from_slice(&body).expect("every response is JSON");
            Answer { status: parts.status, headers: parts.headers, body }
        })
    }
}

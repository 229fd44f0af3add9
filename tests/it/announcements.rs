//! Announcements of commits, by which subscribers get changes at once.

use std::collections::BTreeSet;

use crm_steps::{
    db::{Engine, Listener},
    domain::id::{OrganizationId, new_id},
};
use serde_json::json;
use uuid::Uuid;

use crate::support::{App, Subscriptions, on_both_databases};

/// The organizations of the next announcement of another process; `None` stands for all.
async fn heard(listener: &mut Listener) -> Vec<Option<OrganizationId>> {
    loop {
        let commits = listener.next().await.expect("the connection holds");
        if !commits.is_empty() {
            return commits.into_iter().map(|commit| commit.organization).collect();
        }
    }
}

async fn a_commit_is_announced_in_its_process(app: App) {
    let (ana, bruno) = (app.member_of("Horizonte").await, app.member_of("Atlas").await);
    let subscriptions = Subscriptions::of(&app);
    let mut commits = app.database.commits();
    ana.agent("Sofia").await;
    let field = "createAgent(input: { name: \"a\" }, validateOnly: true) { agent { id } }";
    ana.done("", field, json!({})).await;
    bruno.agent("Rita").await;
    for client in [ana, bruno] {
        let commit = commits.recv().await.expect("it is announced");
        let organization = subscriptions.caller(&client).await.organization;
        assert_eq!(commit.organization, Some(organization));
        assert!(commit.at.is_some());
    }
    assert!(commits.try_recv().is_err(), "what changes nothing is not announced");
}

async fn a_commit_is_announced_to_other_replicas(app: App) {
    if app.database.engine() == Engine::Sqlite {
        return;
    }
    let (ana, bruno) = (app.member_of("Horizonte").await, app.member_of("Atlas").await);
    let replica = app.replica().await;
    let subscriptions = Subscriptions::of(&app);
    let of_ana = subscriptions.caller(&ana).await.organization;
    let of_bruno = subscriptions.caller(&bruno).await.organization;
    let mut listener = replica.database.listen().await.expect("it listens");
    ana.agent("Sofia").await;
    assert_eq!(heard(&mut listener).await, [Some(of_ana)]);

    replica.with_token_of(&ana).agent("Of the same process").await;
    bruno.agent("Rita").await;
    assert_eq!(heard(&mut listener).await, [Some(of_bruno)], "its own commits are left out");
}

async fn an_announcement_of_many_organizations_is_one_of_all(app: App) {
    if app.database.engine() == Engine::Sqlite {
        return;
    }
    let mut listener = app.replica().await.database.listen().await.expect("it listens");
    let organizations = |count| (0..count).map(|_| new_id()).collect::<BTreeSet<Uuid>>();
    app.database.announce(&organizations(201));
    assert_eq!(heard(&mut listener).await, [None]);
    let some = organizations(200);
    app.database.announce(&some);
    let ids: Vec<_> = some.into_iter().map(|id| Some(OrganizationId(id))).collect();
    assert_eq!(heard(&mut listener).await, ids);
}

on_both_databases!(
    a_commit_is_announced_in_its_process,
    a_commit_is_announced_to_other_replicas,
    an_announcement_of_many_organizations_is_one_of_all,
);

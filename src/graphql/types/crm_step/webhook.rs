//! The headers of a step's webhook call.

use async_graphql::{Context, SimpleObject};

use super::CrmStep;
use crate::{
    domain::{access_token::Scope, id::OrganizationId, rules::HEADERS_BYTES_MAX, secret::MASK},
    graphql::parts::{
        context::{caller, environment, mark_secret, reads},
        error::Failure,
        scalars::StringMap,
    },
    store::kit::secrets,
};

/// A header of a webhook call.
#[derive(SimpleObject)]
pub(super) struct WebhookHeader {
    /// Its name, as it was sent.
    name: String,
    /// Its value; null if isMasked is true.
    value: Option<String>,
    /// Whether the token may not read the value, because it does not have the scope SECRETS. The value is
    /// then `***` in webhookHeader.
    is_masked: bool,
}

fn reads_secrets(context: &Context<'_>) -> bool {
    caller(context).scopes.contains(&Scope::Secrets)
}

impl CrmStep {
    /// The headers as a map, with masks in place of the values unless the caller may read them.
    pub(in crate::graphql::types) fn headers(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<StringMap, Failure>> {
        let mut headers = self.row.webhook_header.clone()?;
        if let Err(failure) = reads(context).count_text(HEADERS_BYTES_MAX) {
            return Some(Err(failure));
        }
        if !reads_secrets(context) {
            headers.0.values_mut().for_each(|value| *value = MASK.into());
            return Some(Ok(StringMap(headers.0.into())));
        }
        mark_secret(context);
        let organization = OrganizationId(self.row.organization_id);
        let opened = secrets::open(environment(context).database.keys(), organization, headers);
        Some(opened.map(|headers| StringMap(headers.into())).map_err(Failure::from))
    }

    /// The headers one by one, in the order in which they were sent.
    pub(super) fn listed_headers(
        &self,
        context: &Context<'_>,
    ) -> Option<Result<Vec<WebhookHeader>, Failure>> {
        let is_masked = !reads_secrets(context);
        let listed = self.headers(context)?.and_then(|StringMap(headers)| {
            let headers = headers.as_object().into_iter().flatten();
            let headers: Vec<_> = headers
                .map(|(name, value)| WebhookHeader {
                    name: name.clone(),
                    value: value.as_str().filter(|_| !is_masked).map(str::to_owned),
                    is_masked,
                })
                .collect();
            reads(context).count_elements(headers.len())?;
            Ok(headers)
        });
        Some(listed)
    }
}

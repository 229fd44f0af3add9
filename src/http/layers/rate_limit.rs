//! How often a token may ask. Each replica counts for itself.

use std::{num::NonZeroU32, sync::Arc};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};
use uuid::Uuid;

/// The fields of the IETF's draft on rate limits in HTTP.
pub(crate) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
pub(crate) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Seconds in which the quota can be used up.
const WINDOW: u32 = 60;

type Limiter = RateLimiter<Uuid, DashMapStateStore<Uuid>, DefaultClock, StateInformationMiddleware>;

/// How often each token may ask, and how often it has. Clones share it.
#[derive(Clone)]
pub(crate) struct RateLimit(Option<(NonZeroU32, Arc<Limiter>)>);

/// Whether a request is let in, and the headers that tell its sender how it stands.
pub(crate) enum Verdict {
    Unlimited,
    Allowed(HeaderMap),
    Refused(HeaderMap),
}

impl RateLimit {
    /// So many requests in a minute; 0 is no limit.
    pub(crate) fn per_minute(count: u32) -> Self {
        Self(NonZeroU32::new(count).map(|count| {
            let limiter = RateLimiter::dashmap(Quota::per_minute(count));
            (count, Arc::new(limiter.with_middleware()))
        }))
    }

    /// Counts a request of this token. Only tokens that exist are counted, so there are not more
    /// counters than tokens.
    pub(crate) fn ask(&self, token_id: Uuid) -> Verdict {
        let Some((quota, limiter)) = &self.0 else { return Verdict::Unlimited };
        let mut headers = HeaderMap::new();
        let mut tell = |name, text: String| {
            let value = HeaderValue::from_str(&text);
            headers.insert(name, value.expect("numbers and quotes can be sent"));
        };
        tell(RATE_LIMIT_POLICY, format!("\"token\";q={quota};w={WINDOW}"));
        match limiter.check_key(&token_id) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                // The quota fills up evenly; this is when it is full again.
                let used = u64::from(quota.get().saturating_sub(remaining));
                let full_in = (used * u64::from(WINDOW)).div_ceil(u64::from(quota.get()));
                tell(RATE_LIMIT, format!("\"token\";r={remaining};t={full_in}"));
                Verdict::Allowed(headers)
            }
            Err(refused) => {
                let wait = refused.wait_time_from(limiter.clock().now());
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                tell(RATE_LIMIT, format!("\"token\";r=0;t={seconds}"));
                tell(header::RETRY_AFTER, seconds.to_string());
                Verdict::Refused(headers)
            }
        }
    }
}

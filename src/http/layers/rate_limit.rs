//! The rate limit of tokens. Each replica counts separately.

use std::{num::NonZeroU32, sync::Arc};

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};
use uuid::Uuid;

use crate::{graphql::error::ErrorCode, http::error::Problem};

/// The fields of the IETF's draft on rate limits in HTTP.
pub(crate) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
pub(crate) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The window of the quota, in seconds.
const WINDOW: u32 = 60;

type Limiter = RateLimiter<Uuid, DashMapStateStore<Uuid>, DefaultClock, StateInformationMiddleware>;

/// The quota of each token. Clones share the counters.
#[derive(Clone)]
pub(crate) struct RateLimit(Option<(NonZeroU32, Arc<Limiter>)>);

/// A request is beyond the limit of its token.
pub(crate) struct RateLimited {
    /// The seconds after which the token may send it again.
    seconds: u64,
    /// The headers that describe the limit.
    headers: HeaderMap,
}

impl From<&RateLimited> for Problem {
    fn from(limited: &RateLimited) -> Self {
        let message = format!(
            "The token has sent more requests than its limit; wait {} seconds.",
            limited.seconds
        );
        Self::new(ErrorCode::RateLimited, message)
    }
}

impl IntoResponse for RateLimited {
    fn into_response(self) -> Response {
        let problem = Problem::from(&self);
        (self.headers, problem).into_response()
    }
}

impl RateLimit {
    /// A limit of so many requests in a minute; 0 sets none.
    pub(crate) fn per_minute(count: u32) -> Self {
        Self(NonZeroU32::new(count).map(|count| {
            let limiter = RateLimiter::dashmap(Quota::per_minute(count));
            (count, Arc::new(limiter.with_middleware()))
        }))
    }

    /// Counts a request of this token, and returns the headers that describe the limit. There is one
    /// counter for each valid token, and none for others.
    pub(crate) fn check(&self, token_id: Uuid) -> Result<HeaderMap, RateLimited> {
        let mut headers = HeaderMap::new();
        let Some((quota, limiter)) = &self.0 else { return Ok(headers) };
        let mut set = |name, text: String| {
            let value = HeaderValue::from_str(&text);
            headers.insert(name, value.expect("a header may contain numbers and quotes"));
        };
        set(RATE_LIMIT_POLICY, format!("\"token\";q={quota};w={WINDOW}"));
        match limiter.check_key(&token_id) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                // The quota refills evenly; this is when it is full again.
                let used = u64::from(quota.get().saturating_sub(remaining));
                let full_in = (used * u64::from(WINDOW)).div_ceil(u64::from(quota.get()));
                set(RATE_LIMIT, format!("\"token\";r={remaining};t={full_in}"));
                Ok(headers)
            }
            Err(exceeded) => {
                let wait = exceeded.wait_time_from(limiter.clock().now());
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                set(RATE_LIMIT, format!("\"token\";r=0;t={seconds}"));
                set(header::RETRY_AFTER, seconds.to_string());
                Err(RateLimited { seconds, headers })
            }
        }
    }
}

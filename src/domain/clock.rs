//! What time it is.

use std::{fmt, sync::Arc};

use chrono::{DateTime, SubsecRound as _, Utc};

/// Tells the time, the system's or a test's.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The system's time.
    #[must_use]
    pub fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
        Self::by(Utc::now)
    }

    /// The time that something else tells.
    pub fn by(tell: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// A clock that stands still.
    #[must_use]
    pub fn fixed(time: DateTime<Utc>) -> Self {
        Self::by(move || time)
    }

    /// Now, in whole microseconds, which is what PostgreSQL keeps.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)().trunc_subsecs(6)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}

//! Operations that are repeated until they succeed, of which the log has the first failure only.

/// Whether an operation that is repeated fails.
#[derive(Debug, Default)]
pub struct Outage {
    has_begun: bool,
}

impl Outage {
    /// Notes a failure, and returns whether it is the first one since the operation last succeeded.
    pub fn begins(&mut self) -> bool {
        !std::mem::replace(&mut self.has_begun, true)
    }

    /// Notes a success.
    pub fn ends(&mut self) {
        self.has_begun = false;
    }
}

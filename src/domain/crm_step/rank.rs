//! Ranks: keys that order the steps of a scenario and do not change when other steps are added, moved
//! or deleted.

/// The maximum number of digits of a suffix. Each has room for five insertions at one place, and an
/// entry of an index of PostgreSQL has up to 2,700 bytes.
const SUFFIX_MAX: usize = 1_000;

/// The number of digits, which are ordered like their characters: 0 to 9, then a to z.
const RADIX: u32 = 36;

/// The rank of a step. Ranks of one generation are ordered by their number, and then by their suffix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// How often the steps of the scenario were renumbered. It is the same for all of them.
    pub generation: i32,
    /// The first part.
    pub number: i64,
    /// Digits after it, which make room between two numbers without a third one between them. The
    /// last digit is never 0, so that there is a rank before each.
    pub suffix: String,
}

impl Rank {
    /// The distance between two steps that are appended one after the other: it allows 32 insertions
    /// between any two before a suffix is needed, and 2^31 steps in a scenario.
    pub const GAP: i64 = 1 << 32;

    /// The rank of the step with this index if all steps have the same distance. Index -1 stands for
    /// the start.
    #[must_use]
    pub fn at(generation: i32, index: i32) -> Self {
        Self::whole(generation, (i64::from(index) + 1) * Self::GAP)
    }

    /// The rank of a step that is appended after one with this number.
    #[must_use]
    pub fn after_all(generation: i32, last: i64) -> Self {
        Self::whole(generation, last + Self::GAP)
    }

    /// A rank before the first step. There always is one, as numbers may be negative.
    #[must_use]
    pub fn before_all(first: &Self) -> Self {
        Self::whole(first.generation, first.number - Self::GAP)
    }

    fn whole(generation: i32, number: i64) -> Self {
        Self { generation, number, suffix: String::new() }
    }

    /// A rank in the middle between two others; none if its suffix would be too long, which takes
    /// more than 5,000 insertions at one place.
    #[must_use]
    pub fn between(lower: &Self, upper: &Self) -> Option<Self> {
        let middle = lower.number + (upper.number - lower.number) / 2;
        let (number, suffix) = if middle > lower.number {
            (middle, String::new())
        } else {
            let upper = (upper.number == lower.number).then_some(upper.suffix.as_str());
            (lower.number, suffix_between(&lower.suffix, upper))
        };
        (suffix.len() <= SUFFIX_MAX).then_some(Self {
            generation: lower.generation,
            number,
            suffix,
        })
    }
}

/// Digits between two suffixes; without an upper one, after the lower one. They are too many if there
/// is no room.
fn suffix_between(lower: &str, mut upper: Option<&str>) -> String {
    let digit = |suffix: &str, position: usize| {
        suffix
            .as_bytes()
            .get(position)
            .and_then(|digit| char::from(*digit).to_digit(RADIX))
            .unwrap_or(0)
    };
    let mut suffix = String::new();
    while suffix.len() <= SUFFIX_MAX {
        let position = suffix.len();
        let least = digit(lower, position);
        let bound = upper.map_or(RADIX, |upper| digit(upper, position));
        let middle = least + bound.saturating_sub(least) / 2;
        suffix.extend(char::from_digit(middle, RADIX));
        if middle > least {
            return suffix;
        }
        if bound > least {
            // Whatever follows, it is less than the upper one.
            upper = None;
        }
    }
    suffix
}

//! How delays are written.

/// The units, with their seconds; the longest first.
const UNITS: [(i64, &str); 4] = [(24 * 60 * 60, "d"), (60 * 60, "h"), (60, "min"), (1, "s")];

/// The first number that is too long for a label.
const TOO_LONG: i64 = 1_000;

/// A delay as people write it: 90 min, 36 h, 2 d. That is the longest unit of which it is a whole
/// number. If this number has more than three digits, the delay is rounded: ≈ 28 h.
#[must_use]
pub fn delay_text(seconds: i32) -> String {
    let seconds = i64::from(seconds);
    let rounded = |unit: i64| (seconds + unit / 2) / unit;
    let is_short = |(unit, _): &&(i64, &str)| rounded(*unit) < TOO_LONG;
    let is_whole = |(unit, _): &&(i64, &str)| seconds % unit == 0;
    if let Some((unit, symbol)) = UNITS.iter().find(is_whole).filter(is_short) {
        return format!("{} {symbol}", seconds / unit);
    }
    let (unit, symbol) = UNITS.iter().rev().find(is_short).unwrap_or(&UNITS[0]);
    format!("≈ {} {symbol}", rounded(*unit))
}

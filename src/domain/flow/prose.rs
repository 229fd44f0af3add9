//! Parts of sentences.

/// `a`, `a and b`, or `a, b and c`.
pub(super) fn list<T: Into<String>>(items: impl IntoIterator<Item = T>) -> String {
    let mut items: Vec<String> = items.into_iter().map(Into::into).collect();
    match items.pop() {
        Some(last) if !items.is_empty() => format!("{} and {last}", items.join(", ")),
        last => last.unwrap_or_default(),
    }
}

/// A duration in its units, without those of which there are none: `1 day 12 hours`.
pub(super) fn duration(seconds: i64) -> String {
    const UNITS: [(i64, &str); 4] =
        [(24 * 60 * 60, "day"), (60 * 60, "hour"), (60, "minute"), (1, "second")];
    let mut rest = seconds;
    let parts = UNITS.iter().filter_map(|(length, unit)| {
        let count = rest / length;
        rest %= length;
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {unit}{plural}"))
    });
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() { "0 seconds".to_owned() } else { parts.join(" ") }
}

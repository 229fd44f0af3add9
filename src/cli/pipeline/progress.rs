//! Progress of work on several files.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error, if that is a terminal and there are several files.
pub(super) fn progress(files: usize, what: &'static str) -> ProgressBar {
    if files < 2 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
    let bar = ProgressBar::new(files.try_into().unwrap_or(u64::MAX)).with_message(what);
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

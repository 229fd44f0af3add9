//! Ratios of two measurements in several rounds.

use std::fmt;

/// The ratios of several rounds: in each, the service to what it is compared with.
#[derive(Debug, Default, Clone)]
pub struct Rounds(Vec<f64>);

impl Rounds {
    /// Adds a round.
    pub fn add(&mut self, ours: f64, other: f64) {
        self.0.push(ours / other);
    }
}

impl fmt::Display for Rounds {
    /// The least, the median and the greatest ratio.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut ratios = self.0.clone();
        ratios.sort_by(f64::total_cmp);
        let (Some(least), Some(greatest)) = (ratios.first(), ratios.last()) else {
            return formatter.write_str("–");
        };
        let median = ratios[ratios.len() / 2];
        write!(formatter, "{least:.2} **{median:.2}** {greatest:.2}")
    }
}

/// The median.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Prints a row of the table.
pub fn print_row(what: &str, least: &str, reached: impl fmt::Display) {
    println!("| {what} | {least} | {reached} |");
}

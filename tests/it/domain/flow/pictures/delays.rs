use crm_steps::domain::flow::delay::delay_text;
use proptest::{prelude::ProptestConfig, prop_assert, prop_assert_eq, proptest};

#[test]
fn a_delay_is_written_in_the_longest_unit_of_which_it_is_a_whole_number() {
    let written = |seconds| delay_text(seconds);
    assert_eq!(written(45), "45 s");
    assert_eq!(written(90 * 60), "90 min");
    assert_eq!(written(36 * 3_600), "36 h");
    assert_eq!(written(24 * 3_600), "1 d");
    assert_eq!(written(2 * 86_400), "2 d");
    assert_eq!(written(365 * 86_400), "365 d");
}

#[test]
fn a_number_of_more_than_three_digits_is_rounded() {
    assert_eq!(delay_text(999), "999 s");
    assert_eq!(delay_text(1_001), "≈ 17 min");
    assert_eq!(delay_text(100_001), "≈ 28 h");
    assert_eq!(delay_text(365 * 86_400 - 60), "≈ 365 d");
    // Rounded to 999 min, and not to 1,000.
    assert_eq!(delay_text(59_969), "≈ 999 min");
    assert_eq!(delay_text(59_970), "≈ 17 h");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_delay_can_be_read_back(seconds in 1..=365 * 86_400_i64) {
        let text = delay_text(seconds.try_into().expect("a year has fewer seconds"));
        let exact = text.trim_start_matches("≈ ");
        let (number, unit) = exact.split_once(' ').expect("a number and its unit");
        let unit = match unit { "s" => 1, "min" => 60, "h" => 3_600, "d" => 86_400, _ => 0 };
        let read = number.parse::<i64>().expect("a number") * unit;
        let error = (read - seconds).abs();
        prop_assert!(number.len() <= 3);
        prop_assert_eq!(text.starts_with('≈'), error > 0);
        prop_assert!(error <= seconds / 25);
    }
}

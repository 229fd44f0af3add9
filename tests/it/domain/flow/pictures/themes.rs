use std::collections::HashMap;

use crm_steps::domain::flow::svg::{Theme, svg};

use super::sample_flow;

fn style(theme: Theme) -> String {
    let picture = svg(&sample_flow("vendas"), "Sales", &[], theme);
    let (_, style) = picture.split_once("<style>").expect("a style");
    style.split_once("</style>").expect("its end").0.to_owned()
}

#[test]
fn auto_is_light_unless_the_reader_prefers_dark() {
    let auto = style(Theme::Auto);
    let (light, dark) =
        auto.split_once("@media (prefers-color-scheme:dark){\n").expect("a media query");
    assert_eq!(light, style(Theme::Light));
    let dark = dark.strip_suffix("}\n").expect("its end");
    assert!(!dark.is_empty() && style(Theme::Dark).ends_with(dark));
}

#[test]
fn text_and_lines_have_enough_contrast_in_both_themes() {
    for theme in [Theme::Light, Theme::Dark] {
        let style = style(theme);
        let colour = colours(&style);
        let contrast = |one: &str, other: &str| contrast(colour[one], colour[other]);
        for text in ["text fill", ".forward-text fill", ".backward-text fill"] {
            assert!(contrast(text, ".ground fill") >= 4.5, "{text} in {theme:?}");
        }
        assert!(contrast("text fill", ".box fill") >= 4.5, "names in {theme:?}");
        for line in
            [".box stroke", ".line stroke", ".dot fill", ".forward stroke", ".backward stroke"]
        {
            assert!(contrast(line, ".ground fill") >= 3.0, "{line} in {theme:?}");
        }
        for mark in
            [".trigger fill", ".resolved fill", ".error fill", ".warning fill", ".info fill"]
        {
            assert!(contrast(mark, ".icon stroke") >= 4.5, "{mark} in {theme:?}");
            assert!(contrast(mark, ".box fill") >= 3.0, "{mark} in {theme:?}");
        }
    }
}

/// The colours, by selector and property.
fn colours(style: &str) -> HashMap<String, &str> {
    let rules = style.lines().filter_map(|line| line.strip_prefix(".crm-flow ")?.strip_suffix('}'));
    let rules = rules.filter_map(|rule| rule.split_once('{'));
    let colours = rules.filter_map(|(selector, rule)| {
        let (property, colour) = rule.split_once(":#")?;
        Some((format!("{selector} {property}"), colour))
    });
    colours.collect()
}

/// The contrast of two colours as WCAG 2.2 defines it.
fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value =
            f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("two digits")) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

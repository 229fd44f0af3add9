//! Comparison of texts, and blank texts.

use crm_steps::domain::{checks::is_blank, fold::without_case};
use proptest::prelude::*;

#[test]
fn comparison_ignores_case_and_unicode_form() {
    for same in [
        &["VIP", "vip", "ViP"][..],
        &["STRASSE", "straße", "STRAẞE", "stra\u{17f}\u{17f}e"],
        &["São", "SÃO", "Sa\u{303}o", "SA\u{303}O"],
        &["ΟΔΟΣ", "οδος", "οδοσ"],
        &["İ", "i\u{307}", "I\u{307}"],
        &["Å", "\u{212b}", "a\u{30a}", "A\u{30a}"],
        &["ﬁn", "FIN"],
        &["가", "\u{1100}\u{1161}"],
        // Marks in another order, and a mark whose capital is a letter.
        &["a\u{323}\u{302}", "a\u{302}\u{323}", "ậ", "Ậ"],
        &["\u{3b1}\u{345}\u{301}", "\u{3b1}\u{301}\u{345}", "\u{1fb4}", "Α\u{301}Ι"],
        &["ǰ", "J\u{30c}"],
        &["Ꮳ", "ꮳ"],
    ] {
        for text in same {
            assert_eq!(without_case(text), without_case(same[0]), "{text:?} {:?}", same[0]);
        }
    }
}

#[test]
fn comparison_respects_all_other_differences() {
    for (one, other) in [
        ("a", "b"),
        ("a", "á"),
        ("i", "ı"),
        ("I", "İ"),
        ("ss", "s"),
        ("½", "1/2"),
        ("Ａ", "A"),
        ("", " "),
        ("a\u{323}\u{302}", "a\u{302}"),
    ] {
        assert_ne!(without_case(one), without_case(other), "{one:?} {other:?}");
    }
}

#[test]
fn a_match_consists_of_whole_letters() {
    assert!(without_case("SÃO PAULO").starts_with(&without_case("Sa\u{303}o")));
    assert!(!without_case("São").contains(&without_case("sa")));
    assert!(!without_case("각").contains(&without_case("가")));
}

/// Definition D145 of the Unicode standard, with independent tables.
fn d145(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let decomposed: String = text.nfd().collect();
    caseless::default_case_fold_str(&decomposed).nfd().collect()
}

/// Whether the independent tables, of Unicode 16, have the character as the tables in use do.
fn is_known(character: char) -> bool {
    !matches!(character,
        '\u{a7ce}'..='\u{a7ef}' | '\u{ab6c}'..='\u{ab6d}'
        | '\u{16ea0}'..='\u{16ed3}' | '\u{1df40}'..='\u{1df9f}')
}

fn is_as_d145_says(one: &str, other: &str) -> bool {
    (without_case(one) == without_case(other)) == (d145(one) == d145(other))
}

#[test]
fn every_character_compares_as_in_the_standard() {
    /// No character above this one has another case or form.
    const LAST: char = '\u{2ffff}';
    let is_wrong = |character: &char| {
        let text = character.to_string();
        let (folded, expected) = (without_case(&text), d145(&text));
        if folded == text && expected == text {
            return false;
        }
        without_case(&folded) != folded
            || d145(&folded) != expected
            || !is_as_d145_says(&character.to_uppercase().to_string(), &text)
            || !is_as_d145_says(&character.to_lowercase().to_string(), &text)
    };
    let wrong: String =
        ('\0'..=LAST).filter(|character| is_known(*character)).filter(is_wrong).collect();
    assert_eq!(wrong, "", "{:x?}", wrong.chars().map(u32::from).collect::<Vec<_>>());
}

/// Random texts with cases, forms and orders of marks.
fn text() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        any::<char>().prop_filter("in both tables", |character| is_known(*character)),
        proptest::char::range('\u{41}', '\u{17f}'),
        proptest::char::range('\u{300}', '\u{36f}'),
        proptest::char::range('\u{370}', '\u{3ff}'),
        proptest::char::range('\u{1e00}', '\u{1fff}'),
        Just('\u{345}'),
    ];
    prop::collection::vec(letter, 0..8).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn texts_compare_as_in_the_standard(one in text(), other in text()) {
        use unicode_normalization::UnicodeNormalization as _;
        let folded = without_case(&one);
        prop_assert_eq!(&without_case(&folded), &folded);
        prop_assert_eq!(d145(&folded), d145(&one));
        prop_assert!(is_as_d145_says(&one, &other));
        for same in [one.nfc().collect::<String>(), one.nfd().collect(), d145(&one)] {
            prop_assert_eq!(&without_case(&same), &folded);
        }
    }
}

#[test]
fn a_text_without_visible_characters_is_blank() {
    for text in [
        "",
        " ",
        "\t\n",
        "\0\u{7f}\u{9f}",
        // White space.
        "\u{85}\u{a0}\u{1680}\u{2000}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}",
        // Default-ignorable: hyphens, joiners, directions, fillers, selectors, tags.
        "\u{ad}\u{34f}\u{61c}",
        "\u{115f}\u{1160}\u{3164}\u{ffa0}",
        "\u{17b4}\u{17b5}\u{180b}\u{180e}\u{180f}",
        "\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}",
        "\u{202a}\u{202e}\u{2060}\u{2064}\u{2065}\u{2066}\u{206f}",
        "\u{fe00}\u{fe0f}\u{feff}\u{fff0}",
        "\u{1bca0}\u{1d173}\u{e0001}\u{e0020}\u{e0100}\u{e0fff}",
        // Rendered as blank space.
        "\u{2800}",
        "\u{1d159}",
        "\u{13441}",
        "\u{13442}",
        "\u{16fe4}",
        "\u{200b}\u{2800} \u{16fe4}",
    ] {
        assert!(is_blank(text), "{text:?}");
    }
}

#[test]
fn a_text_with_a_visible_character_is_not_blank() {
    for text in [
        "a",
        " . ",
        "🌞",
        "👩\u{200d}🚒",
        "\u{200b}x",
        "你",
        "\u{301}",
        "\u{2801}",
        // Visible format characters.
        "\u{600}",
        "\u{601}",
        "\u{602}",
        "\u{603}",
        "\u{604}",
        "\u{605}",
        "\u{6dd}",
        "\u{70f}",
        "\u{890}",
        "\u{891}",
        "\u{8e2}",
        "\u{110bd}",
        "\u{110cd}",
        "\u{fff9}",
        "\u{13430}",
        "\u{13440}",
        "\u{16fe0}",
        "\u{e000}",
    ] {
        assert!(!is_blank(text), "{text:?}");
    }
}

//! How wide text is, and how names are broken into lines.
//!
//! The font is the reader's, so nothing here can be exact. For the alphabets of Europe, the
//! estimate is that of a wide font, `DejaVu Sans`: in most others, text takes an eighth less.

use icu_properties::{
    CodePointMapData,
    props::{EastAsianWidth, GraphemeClusterBreak},
};

use crate::domain::text::is_ignorable;

/// How wide a word may be that is condensed to fit, in percent of the width of a line.
const CONDENSED_PERCENT: usize = 150;

/// How wide text is in most fonts, in percent of the estimate. Condensed to this or less, no font
/// has to stretch it.
const USUAL_PERCENT: usize = 85;

/// A line of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The text.
    pub text: String,
    /// The width to which it has to be condensed if it might be too wide.
    pub condensed_width: Option<usize>,
}

/// How names are broken into lines.
pub(super) struct Wrap {
    /// The width of a line.
    pub width: usize,
    /// The size of the font.
    pub font_size: usize,
    /// The most lines.
    pub lines_max: usize,
}

impl Wrap {
    /// Breaks a name into lines. A word that is too long for a line is condensed, if its width is
    /// known well enough, or else broken. If there are too many lines, the last one ends with an
    /// ellipsis.
    pub(super) fn lines(&self, name: &str) -> Vec<Line> {
        let mut lines: Vec<String> = Vec::new();
        for word in name.split_whitespace() {
            // The rest of a long name is not shown.
            if lines.len() > self.lines_max {
                break;
            }
            let joined = lines.last().map(|line| format!("{line} {word}"));
            match (joined, lines.last_mut()) {
                (Some(joined), Some(line)) if self.fits(&joined) => *line = joined,
                _ if self.fits(word) || self.fits_condensed(word) => lines.push(word.to_owned()),
                _ => lines.extend(self.pieces(word)),
            }
        }
        if lines.len() > self.lines_max {
            lines.truncate(self.lines_max);
            if let Some(last) = lines.last_mut() {
                *last = self.with_ellipsis(last);
            }
        }
        lines.into_iter().map(|text| self.line(text)).collect()
    }

    fn line(&self, text: String) -> Line {
        let is_condensed = !self.fits(&text) && self.fits_condensed(&text);
        let usual = text_width(&text, self.font_size) * USUAL_PERCENT / 100;
        Line { text, condensed_width: is_condensed.then_some(usual.min(self.width)) }
    }

    /// The width of a line in hundredths of the size of the font.
    fn hundredths(&self) -> usize {
        self.width * 100 / self.font_size
    }

    fn fits(&self, text: &str) -> bool {
        hundredths(text) <= self.hundredths()
    }

    fn fits_condensed(&self, word: &str) -> bool {
        let is_known = word.chars().all(is_european);
        is_known && hundredths(word) <= self.hundredths() * CONDENSED_PERCENT / 100
    }

    /// Breaks a word into the longest pieces that fit, at least a cluster each.
    fn pieces(&self, word: &str) -> Vec<String> {
        let mut pieces = Vec::new();
        let (mut piece, mut width) = (String::new(), 0);
        for cluster in clusters(word) {
            let hyphen = if is_hyphenated(&piece, cluster) { "-" } else { "" };
            width += hundredths(cluster);
            if !piece.is_empty() && width + hundredths(hyphen) > self.hundredths() {
                pieces.push(piece + hyphen);
                (piece, width) = (String::new(), hundredths(cluster));
            }
            piece.push_str(cluster);
        }
        pieces.push(piece);
        pieces
    }

    /// The beginning of a line that fits with an ellipsis behind it.
    fn with_ellipsis(&self, line: &str) -> String {
        let room = self.hundredths() - hundredths("…");
        let mut width = 0;
        let fitting = clusters(line.trim_end_matches('-')).into_iter().take_while(|cluster| {
            width += hundredths(cluster);
            width <= room
        });
        let fitting: String = fitting.collect();
        format!("{}…", fitting.trim_end())
    }
}

/// Whether a hyphen shows that a word goes on: between letters. Other scripts than those of Europe
/// break words without one.
fn is_hyphenated(before: &str, after: &str) -> bool {
    // The last character of a letter may be a mark.
    let is_letter =
        |c: char| c.is_alphabetic() && is_european(c) || ('\u{300}'..='\u{36f}').contains(&c);
    before.chars().next_back().is_some_and(is_letter) && after.chars().next().is_some_and(is_letter)
}

/// Whether the scripts of Europe have the character; its width is known well then.
fn is_european(character: char) -> bool {
    matches!(character, ' '..='\u{58f}' | '\u{1e00}'..='\u{1fff}')
}

/// The characters as people count them: a base with its marks, a sequence of joined emoji, a flag,
/// a Hangul syllable. A simpler form of the rules of Unicode (UAX #29), for shortening only.
fn clusters(text: &str) -> Vec<&str> {
    let mut clusters = Vec::new();
    let mut start = 0;
    let mut before = None;
    let mut flag_letters = 0;
    for (at, character) in text.char_indices() {
        let after = break_of(character);
        if before.is_some_and(|before| is_boundary(before, after, flag_letters)) {
            clusters.push(&text[start..at]);
            start = at;
        }
        let is_flag_letter = after == GraphemeClusterBreak::RegionalIndicator;
        flag_letters = if is_flag_letter { flag_letters + 1 } else { 0 };
        before = Some(after);
    }
    if start < text.len() {
        clusters.push(&text[start..]);
    }
    clusters
}

fn break_of(character: char) -> GraphemeClusterBreak {
    CodePointMapData::<GraphemeClusterBreak>::new().get(character)
}

/// Whether a cluster ends between two characters; the first may be the last of some flag letters.
fn is_boundary(
    before: GraphemeClusterBreak,
    after: GraphemeClusterBreak,
    flag_letters: usize,
) -> bool {
    use GraphemeClusterBreak as Break;
    let is_hangul = |kind| [Break::L, Break::V, Break::T, Break::LV, Break::LVT].contains(&kind);
    let extends = [Break::Extend, Break::SpacingMark, Break::ZWJ].contains(&after);
    let joins = [Break::ZWJ, Break::Prepend].contains(&before);
    let is_syllable = is_hangul(before) && [Break::V, Break::T].contains(&after);
    let is_flag = after == Break::RegionalIndicator && flag_letters % 2 == 1;
    !(extends || joins || is_syllable || is_flag)
}

/// The width of a text, at most, in the unit of the size of the font.
pub(super) fn text_width(text: &str, font_size: usize) -> usize {
    (hundredths(text) * font_size).div_ceil(100)
}

/// The width of a text, at most, in hundredths of the size of the font.
fn hundredths(text: &str) -> usize {
    text.chars().map(character_width).sum()
}

/// The width of a character in hundredths of the size of the font: at least that of `DejaVu Sans`
/// for the alphabets of Europe.
fn character_width(character: char) -> usize {
    match character {
        'i' | 'j' | 'l' | '|' | '\'' | 'I' | 'J' | ' ' | '.' | ',' | ':' | ';' | '/' | '\\'
        | '-' => 37,
        'f' | 'r' | 't' | '!' | '(' | ')' | '[' | ']' => 42,
        'c' | 's' | 'z' | '*' | '?' | '_' | '`' | '"' => 56,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | 'æ' | 'œ' | 'Æ' | 'Œ' | '—' | '…' => 103,
        '+' | '<' | '=' | '>' | '^' | '~' | '#' | '&' | '≈' => 84,
        ' '..='~' if !character.is_ascii_uppercase() => 64,
        'ß'..='ÿ' => 64,
        'A'..='\u{17f}' => 79,
        'ж' | 'м' | 'ф' | 'ш' | 'щ' | 'ъ' | 'ы' | 'ю' => 98,
        'а'..='џ' | 'α'..='ώ' => 69,
        _ if is_ignorable(character) => 0,
        _ => other_width(character),
    }
}

/// The width of a character by its properties. An emoji is wider than an ideograph, whose width is
/// the size of the font.
fn other_width(character: char) -> usize {
    let east_asian = CodePointMapData::<EastAsianWidth>::new().get(character);
    let is_wide = [EastAsianWidth::Wide, EastAsianWidth::Fullwidth].contains(&east_asian);
    match character {
        _ if break_of(character) == GraphemeClusterBreak::Extend => 0,
        // Two letters of a flag.
        '\u{1f1e6}'..='\u{1f1ff}' => 70,
        '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => 140,
        _ if is_wide => 105,
        // Hebrew, and Arabic, whose letters are joined.
        '\u{590}'..='\u{6ff}' => 68,
        // The scripts of India, and Thai.
        '\u{900}'..='\u{e7f}' => 80,
        _ => 100,
    }
}

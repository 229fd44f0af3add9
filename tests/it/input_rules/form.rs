//! A form that knows nothing of an input but what `inputRules` says.

use std::collections::{BTreeMap, BTreeSet};

use crm_steps::domain::{checks::is_blank, fold::without_case, id::parse_id};
use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{Dash, DefaultIgnorableCodePoint, GeneralCategory},
};
use regex::Regex;
use serde_json::Value;
use url::{Host, Url};

use crate::support::Client;

/// The rules of all inputs, by their names.
pub type Rules = BTreeMap<String, InputRules>;

/// The path and the code of each violation.
pub type Found = BTreeSet<(String, String)>;

/// The rules of an input, as the query returns them.
#[derive(Debug, Clone)]
pub struct InputRules {
    pub fields: Vec<Value>,
    pub across: Vec<Value>,
}

pub const QUERY: &str = "{ inputRules { input
    fields { path isRequired isTrimmed isOneLine mayBeBlank maxLength lengthUnit pattern patternMaxLength
        format isBlankExempt min max maxItems isUnique notOneOf references codes formatCode notAllowedCode }
    across { kind fields by cases { value min max } reportedOn code } } }";

/// The rules of all inputs that have any.
pub async fn rules(client: &Client) -> Rules {
    let data = client.query(QUERY).await;
    let inputs = array(&data["inputRules"]).iter();
    let rules = |input: &Value| {
        let (fields, across) = (array(&input["fields"]), array(&input["across"]));
        (
            text(&input["input"]).to_owned(),
            InputRules { fields: fields.clone(), across: across.clone() },
        )
    };
    inputs.map(rules).collect()
}

fn array(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn size(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|number| number.try_into().ok())
}

impl InputRules {
    /// The rules at this path, with `*` for elements.
    pub fn at(&self, path: &str) -> Option<&Value> {
        let joined =
            |row: &&Value| array(&row["path"]).iter().map(text).collect::<Vec<_>>().join(".");
        self.fields.iter().find(|row| joined(row) == path)
    }

    /// The codes that patterns, formats, lists of values and rules across fields have.
    pub fn codes(&self) -> impl Iterator<Item = String> {
        let of_fields = |row: &Value| [row["formatCode"].clone(), row["notAllowedCode"].clone()];
        let across = self.across.iter().map(|rule| rule["code"].clone());
        let all = self.fields.iter().flat_map(of_fields).chain(across);
        all.filter_map(|code| code.as_str().map(str::to_owned))
    }

    /// The violations in an input, or in the changes of an update.
    pub fn of_fields(&self, input: &Value) -> Found {
        let mut found = Found::new();
        for row in &self.fields {
            let path: Vec<&str> = array(&row["path"]).iter().map(text).collect();
            let Some(value) = input.get(path[0]) else { continue };
            let mut add = |place: &str, code: &str| {
                found.insert((place.to_owned(), code.to_owned()));
            };
            match (&path[1..], value) {
                ([], value) if is_no_map(row, value) => add(path[0], "INVALID_TYPE"),
                ([], value) => {
                    if let Some(code) = fault(row, value) {
                        add(path[0], &code);
                    }
                    if let Some(element) = self.at(&format!("{}.*", path[0])) {
                        of_entries(row, element, path[0], value, add);
                    }
                }
                (["*"], Value::Array(elements)) => {
                    for (index, element) in elements.iter().take(self.most(path[0])).enumerate() {
                        if let Some(code) = fault(row, element) {
                            add(&format!("{}.{index}", path[0]), &code);
                        }
                    }
                }
                (inside, Value::Object(entries)) => {
                    for (name, value) in entries.iter().take(self.most(path[0])) {
                        let name_text = Value::from(name.as_str());
                        let value = if *inside == ["*"] { &name_text } else { value };
                        if let Some(code) = fault(row, value) {
                            add(&format!("{}.{name}", path[0]), &code);
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// The number of entries of a field that are checked.
    fn most(&self, field: &str) -> usize {
        self.at(field).and_then(|row| size(&row["maxItems"])).unwrap_or(usize::MAX)
    }

    /// The violations of rules across fields.
    pub fn of_across(&self, input: &Value) -> Found {
        self.across.iter().flat_map(|rule| self.of_rule(rule, input)).collect()
    }

    fn of_rule(&self, rule: &Value, input: &Value) -> Found {
        let fields: Vec<&str> = array(&rule["fields"]).iter().map(text).collect();
        let is_given = |field: &&str| {
            let is_no_map = self.at(field).is_some_and(|row| is_no_map(row, &input[field]));
            is_given(&input[field]) && !is_no_map
        };
        let given: Vec<bool> = fields.iter().map(is_given).collect();
        let mut missing = fields.iter().zip(&given).filter(|(_, is_given)| !**is_given);
        let reported_on = [text(&rule["reportedOn"])];
        let case = || {
            let by = input[text(&rule["by"])].as_str();
            array(&rule["cases"]).iter().find(|case| case["value"].as_str() == by)
        };
        let is_outside = |number: i64| {
            let case = case();
            case.and_then(|case| case["min"].as_i64()).is_some_and(|min| number < min)
                || case.and_then(|case| case["max"].as_i64()).is_some_and(|max| number > max)
        };
        let is_broken = match text(&rule["kind"]) {
            "AT_LEAST_ONE" => !given.contains(&true),
            "NEEDS" => given[0] && given[1..].contains(&false),
            "EXCLUDES" => given[0] && given[1..].contains(&true),
            "ALL_OR_NONE" => {
                let code = text(&rule["code"]);
                let all = missing.by_ref().map(|(field, _)| ((*field).to_owned(), code.to_owned()));
                return if given.contains(&true) { all.collect() } else { Found::new() };
            }
            "MAX_BY" => input[fields[0]].as_i64().is_some_and(is_outside),
            "COUNT_BY" => is_outside(entries(&input[fields[0]]).len().try_into().expect("few")),
            "DISJOINT" => {
                let [one, other] = [0, 1].map(|index| self.sound_entries(fields[index], input));
                !one.is_disjoint(&other)
            }
            // A client skips what it does not know.
            _ => false,
        };
        let places = reported_on.into_iter().filter(|_| is_broken);
        places.map(|place| (place.to_owned(), text(&rule["code"]).to_owned())).collect()
    }

    /// The entries of a list that break no rule of their own, as they are compared.
    fn sound_entries(&self, field: &str, input: &Value) -> BTreeSet<String> {
        let row = self.at(&format!("{field}.*")).expect("a row for elements");
        let entries = entries(&input[field]).into_iter().take(self.most(field));
        entries
            .filter(|entry| fault(row, entry).is_none())
            .map(|entry| compared(row, &entry))
            .collect()
    }
}

/// Whether a value is not of the type of its field, which is that of maps.
fn is_no_map(row: &Value, value: &Value) -> bool {
    array(&row["codes"]).contains(&"INVALID_TYPE".into()) && !value.is_object() && !value.is_null()
}

/// Whether a value counts as given.
fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(_) => true,
        Value::String(text) => !is_blank(text),
        Value::Array(entries) => !entries.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

/// The elements of a list, or the names of a map.
fn entries(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(elements) => elements.clone(),
        Value::Object(entries) => entries.keys().map(|name| name.as_str().into()).collect(),
        _ => vec![],
    }
}

/// The first rule of a row that a single value breaks.
fn fault(row: &Value, value: &Value) -> Option<String> {
    let code = |code: &str| Some(code.to_owned());
    let own = |name: &str| row[name].as_str().map(str::to_owned);
    let may_be_blank = row["mayBeBlank"] == true;
    if row["format"] == "HEADER_VALUE" && !value.is_string() {
        return own("formatCode");
    }
    let written = match value {
        Value::Null if !may_be_blank => return code("BLANK"),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => {
            let number = number.as_i64()?;
            let is_low = row["min"].as_i64().is_some_and(|min| number < min);
            let is_high = row["max"].as_i64().is_some_and(|max| number > max);
            return if is_low || is_high { code("OUT_OF_RANGE") } else { None };
        }
        Value::String(text) => text.clone(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    let written = if row["isTrimmed"] == true { written.trim() } else { &written };
    let is_control = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let refuses_nul = array(&row["codes"]).contains(&"INVALID_CHARACTER".into());
    let most = size(&row["maxLength"]).unwrap_or(usize::MAX);
    if !may_be_blank && is_blank(written) {
        code("BLANK")
    } else if refuses_nul && written.contains('\0')
        || row["isOneLine"] == true && written.contains(is_control)
    {
        code("INVALID_CHARACTER")
    } else if row["lengthUnit"] == "CHARACTERS" && written.chars().count() > most {
        code("TOO_LONG")
    } else if row["notOneOf"]
        .as_array()
        .is_some_and(|values| values.contains(&without_case(written).into()))
    {
        own("notAllowedCode")
    } else if row["isBlankExempt"] == true && is_blank(written)
        || matches(row, written) && is_of_format(row, written)
    {
        None
    } else {
        own("formatCode")
    }
}

fn is_http_url(row: &Value, written: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    };
    let is_name = |name: &str| name.len() <= 253 && name.split('.').all(is_label);
    let is_host = |host: Host<&str>| match host {
        Host::Domain(name) => is_name(name.strip_suffix('.').unwrap_or(name)),
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    };
    // A host that is not allowed is not checked for its spelling.
    let is_allowed = !array(&row["codes"]).contains(&"URL_NOT_ALLOWED".into());
    let host = written.split('/').nth(2).unwrap_or_default();
    let is_misspelled = |c: char| c == '%' || is_blank(&c.to_string());
    let is_valid = Url::parse(written)
        .is_ok_and(|url| url.port() != Some(0) && url.host().is_some_and(is_host));
    is_valid && !(is_allowed && host.contains(is_misspelled))
}

fn is_of_phone_numbers(c: char) -> bool {
    "+()./".contains(c)
        || CodePointSetData::new::<Dash>().contains(c)
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::SpaceSeparator
}

fn matches(row: &Value, written: &str) -> bool {
    let pattern = row["pattern"].as_str().map(|pattern| Regex::new(pattern).expect("a pattern"));
    let most = size(&row["patternMaxLength"]).unwrap_or(usize::MAX);
    written.chars().count() <= most && pattern.is_none_or(|pattern| pattern.is_match(written))
}

fn is_of_format(row: &Value, written: &str) -> bool {
    match row["format"].as_str() {
        Some("UUID") => parse_id(written).is_some(),
        Some("PHONE") => written.chars().all(|c| c.is_ascii_digit() || is_of_phone_numbers(c)),
        Some("HTTP_URL") => is_http_url(row, written),
        // The pattern says all about the others.
        _ => true,
    }
}

/// Adds the violations of a list or a map as a whole.
fn of_entries(
    row: &Value,
    element: &Value,
    field: &str,
    value: &Value,
    mut add: impl FnMut(&str, &str),
) {
    let entries = entries(value);
    let most = size(&row["maxItems"]).unwrap_or(usize::MAX);
    if entries.len() > most {
        add(field, "TOO_MANY");
    }
    if let Value::Object(headers) = value
        && row["lengthUnit"] == "BYTES"
    {
        let bytes =
            headers.iter().map(|(name, value)| name.len() + value.as_str().map_or(0, str::len));
        if bytes.sum::<usize>() > size(&row["maxLength"]).unwrap_or(usize::MAX) {
            add(field, "TOO_LONG");
        }
    }
    let mut seen = BTreeSet::new();
    for (index, entry) in entries.iter().take(most).enumerate() {
        let place = if value.is_array() { index.to_string() } else { text(entry).to_owned() };
        if row["isUnique"] == true && !seen.insert(compared(element, entry)) {
            add(&format!("{field}.{place}"), "DUPLICATE_VALUE");
        }
    }
}

/// An entry in the form in which entries are compared.
fn compared(row: &Value, value: &Value) -> String {
    let written = value.as_str().unwrap_or_default();
    if !row["references"].is_null() {
        return parse_id(written).map_or_else(|| written.to_owned(), |id| id.to_string());
    }
    without_case(if row["isTrimmed"] == true { written.trim() } else { written })
}

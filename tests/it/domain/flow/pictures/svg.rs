use crm_steps::domain::flow::{
    Flow,
    diagnostics::Severity,
    svg::{Badge, Theme, svg},
};
use insta::assert_snapshot;
use serde_json::json;

use super::{flow, named, removal, sample_flow, step, timer};

fn picture(flow: &Flow, badges: &[Badge]) -> String {
    svg(flow, "Sales", badges, Theme::Light)
}

fn badge(step_index: usize, severity: Severity, title: &str) -> Badge {
    Badge { step_index, severity, title: title.to_owned() }
}

/// The contents of all elements of this name.
fn contents(picture: &str, element: &str) -> String {
    let (begin, end) = (format!("<{element}>"), format!("</{element}>"));
    let parts = picture.split(&begin).skip(1);
    let contents = parts.map(|part| part.split(&end).next().expect("its end"));
    contents.collect::<Vec<_>>().join("\n\n")
}

#[test]
fn screen_readers_get_a_title_and_the_picture_in_words() {
    let picture =
        picture(&sample_flow("vendas"), &[badge(6, Severity::Warning, "It assigns nobody.")]);
    assert!(picture.contains(r#"role="img""#));
    assert!(contents(&picture, "title").starts_with("Sales\n"));
    assert_snapshot!(contents(&picture, "desc"), @"
    1 Novo lead; after 20 h to 6 Lead frio
    2 Qualificação; trigger: enters from any step; after 2 d to 6 Lead frio
    3 Proposta enviada; trigger: enters from any step; after 3 d to 4 Negociação
    4 Negociação; trigger: enters from any step; after 10 d to 6 Lead frio
    5 Contrato assinado; trigger: enters from any step; sets the status resolved
    6 Lead frio; trigger: enters from any step; after 30 d to 7 Encerrado sem venda
    7 Encerrado sem venda; trigger: enters from any step; sets the status resolved; leaves the pipeline; It assigns nobody.
    ");
}

#[test]
fn titles_name_what_is_pointed_at() {
    let triggered =
        step(json!({ "name": "Won", "trigger": "They pay.", "defaultStatus": "RESOLVED" }));
    let picture = picture(&flow([timer(Some(1)), triggered, removal()]), &[]);
    assert_snapshot!(contents(&picture, "title"), @"
    Sales

    1 Wait
    after 1 h to
    2 Won

    start

    1 Wait
    key

    2 Won
    key

    trigger: enters from any step

    sets the status resolved

    3 Leave
    key

    leaves the pipeline
    ");
}

#[test]
fn a_badge_shows_the_worst_and_its_title_has_all_sentences() {
    let badges = [
        badge(0, Severity::Info, "A note."),
        badge(0, Severity::Error, "An error <of> its own."),
        badge(0, Severity::Warning, "A warning."),
    ];
    let picture = picture(&flow([named("Lead")]), &badges);
    assert!(picture.contains(">An error &lt;of&gt; its own.\nA warning.\nA note.</title>"));
    assert!(picture.contains(r#"class="error""#));
    assert!(!picture.contains(r#"class="warning""#) && !picture.contains(r#"class="info""#));
}

#[test]
fn a_badge_of_a_step_that_does_not_exist_is_not_drawn() {
    let steps = flow([named("Lead")]);
    assert_eq!(picture(&steps, &[badge(1, Severity::Error, "Elsewhere.")]), picture(&steps, &[]));
}

#[test]
fn the_legend_explains_the_marks_that_are_there() {
    let legend = |flow: &Flow| {
        let picture = picture(flow, &[]);
        let (_, legend) = picture.split_once(r#"class="legend""#).expect("a legend");
        legend.contains("trigger: enters from any step")
    };
    let triggered = || step(json!({ "name": "Won", "trigger": "They pay." }));
    assert!(legend(&flow([named("Lead"), triggered()])));
    // The trigger of the first step is never evaluated.
    assert!(!legend(&flow([triggered(), named("Lead")])));
}

#[test]
fn six_steps_are_legible_in_320_pixels() {
    let picture = picture(&flow((0..6).map(|_| named("Lead"))), &[]);
    let number_after = |part: &str| -> f64 {
        let digits = part.split('"').next().expect("the end of a number");
        digits.parse().expect("a number")
    };
    let widths = picture.split(" width=\"").skip(1).map(number_after);
    let sizes = picture.split(" font-size=\"").skip(1).map(number_after);
    let scale = 320.0 / widths.fold(0.0, f64::max);
    assert!(sizes.fold(f64::MAX, f64::min) * scale >= 8.0);
}

#[test]
fn a_flow_without_steps_says_so() {
    assert!(picture(&Flow::default(), &[]).contains(">no steps</text>"));
}

#[test]
fn a_picture_has_no_script_and_refers_to_nothing() {
    let forbidden = [
        "<script",
        "javascript",
        " on",
        "href",
        "url(",
        "@import",
        "<image",
        "<use",
        "<foreignObject",
    ];
    let names = ["Lead", "Price", "Won"];
    let picture = picture(&flow(names.map(named)), &[badge(0, Severity::Error, "An error.")]);
    assert_eq!(forbidden.iter().find(|part| picture.contains(**part)), None);
}

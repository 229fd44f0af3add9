//! The command `pipeline flow`.

use std::path::Path;

use crm_steps::{
    config::{FlowFormat, RulesConfig},
    domain::flow::{
        Flow,
        diagnostics::diagnose,
        dot::dot,
        mermaid::mermaid,
        svg::{Badge, Theme, svg},
    },
};

use super::{CommandError, file::valid};

/// The picture of a pipeline file.
pub(crate) fn picture(
    path: &Path,
    format: FlowFormat,
    theme: Theme,
    rules: &RulesConfig,
) -> Result<String, CommandError> {
    let spec = valid(path, rules)?.value;
    let flow = spec.flow();
    Ok(match format {
        FlowFormat::Svg => svg(&flow, &spec.name, &badges(&flow), theme),
        FlowFormat::Mermaid => mermaid(&flow),
        FlowFormat::Dot => dot(&flow),
    })
}

/// A badge of each step of each diagnostic.
fn badges(flow: &Flow) -> Vec<Badge> {
    let diagnostics = diagnose(flow);
    let badges = diagnostics.iter().flat_map(|diagnostic| {
        let (severity, title) = (diagnostic.severity(), diagnostic.message(flow));
        let steps = diagnostic.step_indexes.iter();
        steps.map(move |step_index| Badge {
            step_index: *step_index,
            severity,
            title: title.clone(),
        })
    });
    badges.collect()
}

//! The command `pipeline flow`.

use std::path::Path;

use crm_steps::{
    config::{FlowFormat, RulesConfig},
    domain::flow::{
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
        FlowFormat::Svg => svg(&flow, &spec.name, &Badge::of_diagnostics(&flow), theme),
        FlowFormat::Mermaid => mermaid(&flow),
        FlowFormat::Dot => dot(&flow),
    })
}

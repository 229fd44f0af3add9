//! The flow of a pipeline: its edges, and the pictures that are drawn of it.

use std::sync::{Arc, OnceLock};

use async_graphql::{Context, Enum, Object, SimpleObject};

use super::LoadedPipeline;
use crate::{
    domain::flow::{
        dot::dot,
        layout::{Edge, EdgeKind, ROW_LANE, edges},
        mermaid::mermaid,
        svg::{Badge, Theme, svg},
    },
    graphql::{
        parts::{
            context::{counted_text, reads},
            error::Failure,
            inline::Inline,
        },
        types::crm_step::CrmStep,
    },
};

/// The drawings of a pipeline: the pictures by their themes.
#[derive(Default)]
pub(super) struct Drawings {
    mermaid: OnceLock<String>,
    dot: OnceLock<String>,
    auto: OnceLock<String>,
    light: OnceLock<String>,
    dark: OnceLock<String>,
}

pub(in crate::graphql::types) struct CrmFlow(pub(in crate::graphql::types) Arc<LoadedPipeline>);

/// How conversations move between the steps of a scenario, as numbers to draw it and as pictures.
///
/// The steps stand in one row, from left to right by index. A timer is an arc beside the row: above
/// it if it leads forward, below it if it leads backward. The arcs of a side are in lanes, numbered
/// from 1, the innermost: of two arcs that overlap, the shorter has the lower lane.
#[expect(clippy::unused_async, reason = "the library requires resolvers to be asynchronous")]
#[Object]
impl CrmFlow {
    /// The steps, ordered by index.
    async fn steps(&self, context: &Context<'_>) -> Result<Vec<Inline<CrmFlowStep>>, Failure> {
        let steps = &self.0.steps;
        reads(context).count_elements(steps.len())?;
        let step =
            |step: &CrmStep| CrmFlowStep { crm_step: step.clone().into(), lane: ROW_LANE }.into();
        Ok(steps.iter().map(step).collect())
    }

    /// The start, if there are steps; then the edges that leave the steps, by their indexes. At most
    /// one leaves a step. A timer that leads nowhere has no edge, nor has a trigger, because
    /// conversations enter by it from any step.
    async fn edges(&self, context: &Context<'_>) -> Result<Vec<Inline<CrmFlowEdge>>, Failure> {
        let edges = edges(self.0.flow());
        reads(context).count_elements(edges.len())?;
        Ok(edges.into_iter().map(CrmFlowEdge::from).map(Inline::from).collect())
    }

    /// A flowchart in the language of Mermaid, which forges draw in Markdown. Mermaid itself rejects
    /// one of more than 50,000 characters or 500 edges, unless the page that draws it permits more.
    async fn mermaid(&self, context: &Context<'_>) -> Result<&str, Failure> {
        let drawing = self.0.drawings.mermaid.get_or_init(|| mermaid(self.0.flow()));
        counted_text(context, drawing)
    }

    /// A graph in the DOT language of Graphviz.
    async fn dot(&self, context: &Context<'_>) -> Result<&str, Failure> {
        counted_text(context, self.0.drawings.dot.get_or_init(|| dot(self.0.flow())))
    }

    /// A picture as an SVG document of its own, without script and references to anything else. Its
    /// title is the name of the scenario. Each diagnostic is a badge at its steps, with its sentence
    /// as title; a description has the same in words.
    async fn svg(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The colours.", default)] theme: CrmFlowTheme,
    ) -> Result<&str, Failure> {
        let Drawings { auto, light, dark, .. } = &self.0.drawings;
        let drawing = match theme {
            CrmFlowTheme::Auto => auto,
            CrmFlowTheme::Light => light,
            CrmFlowTheme::Dark => dark,
        };
        let flow = self.0.flow();
        let draw = || svg(flow, &self.0.stored.name, &Badge::of_diagnostics(flow), theme.into());
        counted_text(context, drawing.get_or_init(draw))
    }
}

/// A step of a flow.
#[derive(SimpleObject)]
struct CrmFlowStep {
    /// The step.
    crm_step: Inline<CrmStep>,
    /// Its lane: 0, the row in which all steps stand.
    lane: usize,
}

/// A way of conversations from one step to another, into the scenario or out of it.
#[derive(SimpleObject)]
struct CrmFlowEdge {
    /// The index of the step that it leaves, which is its place in CrmFlow.steps; null for START.
    #[graphql(name = "from")]
    from_index: Option<usize>,
    /// The index of the step that it enters, which is its place in CrmFlow.steps; null for REMOVAL.
    #[graphql(name = "to")]
    to_index: Option<usize>,
    /// What moves a conversation.
    kind: CrmFlowEdgeKind,
    /// How long a conversation waits in the step that it leaves, in seconds; null for START and
    /// REMOVAL.
    delay_seconds: Option<i32>,
    /// Whether it leads to the same or a lower index, so that its arc is below the row.
    is_backward: bool,
    /// The lane of its arc on its side of the row, from 1; 0 for START and REMOVAL, which have none.
    lane: usize,
}

impl From<Edge> for CrmFlowEdge {
    fn from(Edge { from, to, kind, delay_seconds, is_backward, lane }: Edge) -> Self {
        let (from_index, to_index) = (from, to);
        Self { from_index, to_index, kind: kind.into(), delay_seconds, is_backward, lane }
    }
}

/// What moves a conversation along an edge.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "EdgeKind")]
enum CrmFlowEdgeKind {
    /// It enters the scenario, at index 0.
    Start,
    /// A timer without a target leads to the following step.
    Following,
    /// A timer leads to its target, which may be the following step.
    Timer,
    /// A removal step takes it out of the scenario.
    Removal,
}

/// The colours of a picture. No meaning is in a colour alone.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[graphql(remote = "Theme")]
enum CrmFlowTheme {
    /// Light or dark as the reader prefers (`prefers-color-scheme`); light where that is not known.
    #[default]
    Auto,
    /// Dark on white.
    Light,
    /// Light on black.
    Dark,
}

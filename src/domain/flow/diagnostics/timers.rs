//! The timers of a flow as a graph, in which at most one edge leaves each step.

use std::{iter::successors, mem};

use crate::domain::flow::{Flow, Timer};

/// The timers of a flow, with what follows from where they lead.
pub(super) struct TimerGraph {
    /// The timer of each step.
    timers: Vec<Option<Timer>>,
    /// The steps that are on no cycle, each before the step to which its timer leads.
    acyclic: Vec<usize>,
    /// The steps of each cycle.
    cycles: Vec<Vec<usize>>,
}

impl TimerGraph {
    /// Takes time linear in the number of steps.
    pub(super) fn new(flow: &Flow) -> Self {
        let timers: Vec<_> = (0..flow.steps.len()).map(|index| flow.timer(index)).collect();
        let leads_to = |index: usize| timers[index].and_then(|timer| timer.leads_to);
        let mut incoming = vec![0_usize; timers.len()];
        for to in (0..timers.len()).filter_map(leads_to) {
            incoming[to] += 1;
        }
        // Kahn's algorithm: takes away steps to which no timer leads, until there are none.
        let mut acyclic: Vec<_> = (0..timers.len()).filter(|index| incoming[*index] == 0).collect();
        let mut taken = 0;
        while let Some(&index) = acyclic.get(taken) {
            taken += 1;
            if let Some(to) = leads_to(index) {
                incoming[to] -= 1;
                if incoming[to] == 0 {
                    acyclic.push(to);
                }
            }
        }
        // One timer leads to each step that is left, from another one that is left.
        let mut cycles = Vec::new();
        for first in 0..timers.len() {
            let cycle: Vec<_> = successors(Some(first), |index| leads_to(*index))
                .take_while(|index| mem::take(&mut incoming[*index]) > 0)
                .collect();
            if !cycle.is_empty() {
                cycles.push(cycle);
            }
        }
        Self { timers, acyclic, cycles }
    }

    /// The steps of each cycle, in the order of their timers from the lowest index, and the seconds
    /// that it takes once around.
    pub(super) fn cycles(&self) -> impl Iterator<Item = (&[usize], i64)> {
        self.cycles.iter().map(|steps| {
            let timers = steps.iter().filter_map(|index| self.timers[*index]);
            (steps.as_slice(), timers.map(|timer| i64::from(timer.delay_seconds)).sum())
        })
    }

    /// The shortest time, in seconds, in which timers lead to each step from one of the steps where
    /// it `starts`; none if they lead there from none of those. Takes linear time.
    pub(super) fn shortest_seconds(&self, starts: impl Fn(usize) -> bool) -> Vec<Option<i64>> {
        let mut shortest: Vec<_> =
            (0..self.timers.len()).map(|index| starts(index).then_some(0_i64)).collect();
        // A cycle can be entered at its last step: all its times are right after two rounds.
        let cycles = self.cycles.iter().flat_map(|cycle| cycle.iter().chain(cycle));
        for &index in self.acyclic.iter().chain(cycles) {
            let Some((seconds, timer)) = shortest[index].zip(self.timers[index]) else { continue };
            if let Some(to) = timer.leads_to {
                let seconds = seconds + i64::from(timer.delay_seconds);
                shortest[to] = Some(shortest[to].map_or(seconds, |known| known.min(seconds)));
            }
        }
        shortest
    }
}

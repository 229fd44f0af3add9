//! A bounded memory of the last elements of a numbered sequence.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

/// Limits of a [`Ring`].
#[derive(Debug, Clone)]
pub struct RingLimits {
    /// The maximum number of its elements.
    pub elements: usize,
    /// The maximum of their sizes together, in bytes.
    pub bytes: usize,
    /// The maximum for all rings that share this.
    pub shared: Arc<SharedBytes>,
}

/// The bytes of several rings together.
#[derive(Debug)]
pub struct SharedBytes {
    max: usize,
    used: AtomicUsize,
}

impl SharedBytes {
    /// At most this many bytes.
    #[must_use]
    pub fn at_most(max: usize) -> Arc<Self> {
        Arc::new(Self { max, used: AtomicUsize::new(0) })
    }

    /// The bytes that are used.
    #[must_use]
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }
}

/// The last elements of a sequence whose numbers rise, with gaps: all elements with numbers above
/// one position and up to another.
#[derive(Debug)]
pub struct Ring<T> {
    limits: RingLimits,
    /// The elements after this number are here.
    from: i64,
    /// The number of the last element that was added, or where the ring began.
    end: i64,
    elements: VecDeque<Element<T>>,
    bytes: usize,
}

#[derive(Debug)]
struct Element<T> {
    number: i64,
    bytes: usize,
    added: Instant,
    value: T,
}

/// What a [`Ring`] has after a position.
#[derive(Debug, PartialEq, Eq)]
pub enum After<I> {
    /// Nothing: the position is at its end.
    Nothing,
    /// These elements with their numbers, at least one, and all there are.
    Elements(I),
    /// Some elements after the position are no longer here.
    Gone,
}

impl<T> Ring<T> {
    /// A ring without elements, of a sequence that is at this number.
    #[must_use]
    pub fn new(limits: RingLimits, at: i64) -> Self {
        Self { limits, from: at, end: at, elements: VecDeque::new(), bytes: 0 }
    }

    /// The number of the last element.
    #[must_use]
    pub fn end(&self) -> i64 {
        self.end
    }

    /// The sizes of its elements together, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds the next element of the sequence, and removes the first ones if there are too many.
    pub fn push(&mut self, number: i64, value: T, bytes: usize, now: Instant) {
        self.end = number;
        self.bytes += bytes;
        self.limits.shared.used.fetch_add(bytes, Ordering::Relaxed);
        self.elements.push_back(Element { number, bytes, added: now, value });
        while self.elements.len() > self.limits.elements
            || self.bytes > self.limits.bytes
            || (self.limits.shared.used() > self.limits.shared.max && !self.elements.is_empty())
        {
            self.remove_first();
        }
    }

    /// Removes the elements that were added before this time.
    pub fn remove_before(&mut self, time: Instant) {
        while self.elements.front().is_some_and(|first| first.added < time) {
            self.remove_first();
        }
    }

    fn remove_first(&mut self) {
        if let Some(first) = self.elements.pop_front() {
            self.from = first.number;
            self.release(first.bytes);
        }
    }

    fn release(&mut self, bytes: usize) {
        self.bytes -= bytes;
        self.limits.shared.used.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// What there is after a position.
    #[must_use]
    pub fn after(&self, position: i64) -> After<impl Iterator<Item = (i64, &T)>> {
        if position >= self.end {
            return After::Nothing;
        }
        if position < self.from {
            return After::Gone;
        }
        let first = self.elements.partition_point(|element| element.number <= position);
        let after = self.elements.range(first..);
        After::Elements(after.map(|element| (element.number, &element.value)))
    }
}

impl<T> Drop for Ring<T> {
    fn drop(&mut self) {
        self.release(self.bytes);
    }
}

//! A cache whose values are computed once for all that need them at the same time.
//!
//! Not moka's or `quick_cache`'s own function for that: both cancel the computation with the first of those
//! that wait and repeat it after a panic, and moka removes old values only when it is used.

use std::{
    convert::Infallible,
    fmt,
    hash::Hash,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use quick_cache::{
    DefaultHashBuilder, OptionsBuilder, Weighter,
    sync::{Cache, DefaultLifecycle},
};
use tokio::sync::oneshot;

/// The assumed size of a value that is being computed, in bytes.
const COMPUTING_BYTES: u64 = 1_000;

/// Values that are kept for a short time, up to a number of bytes, and are out of the memory after it.
/// A value is computed in a task of its own, which is not cancelled with those that wait for it.
/// Clones share the values.
pub struct OnceCache<K, V> {
    slots: Arc<Cache<K, Slot<V>, BySize>>,
    age_max: Duration,
}

/// A value of a [`OnceCache`], with its size in bytes; one without a size is not kept.
pub struct Computed<V> {
    /// The value.
    pub value: V,
    /// Its size in bytes.
    pub bytes: Option<usize>,
}

#[derive(Clone)]
struct Slot<V> {
    /// `None` if computing it panicked.
    value: Shared<BoxFuture<'static, Option<V>>>,
    /// When the value was there; `None` while it is computed.
    since: Option<Instant>,
    bytes: u64,
}

impl<V> Slot<V> {
    fn is_older_than(&self, age: Duration) -> bool {
        self.since.is_some_and(|since| since.elapsed() >= age)
    }
}

/// Weighs a value by its size.
#[derive(Clone)]
struct BySize;

impl<K, V> Weighter<K, Slot<V>> for BySize {
    fn weight(&self, _: &K, slot: &Slot<V>) -> u64 {
        slot.bytes.max(1)
    }
}

impl<K, V> Clone for OnceCache<K, V> {
    fn clone(&self) -> Self {
        Self { slots: Arc::clone(&self.slots), age_max: self.age_max }
    }
}

impl<K, V> fmt::Debug for OnceCache<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OnceCache")
    }
}

impl<K, V> OnceCache<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// A cache of at most this many bytes, whose values are used until they have this age.
    ///
    /// # Panics
    /// Never: the options are complete.
    #[must_use]
    pub fn new(bytes_max: u64, age_max: Duration) -> Self {
        /// The assumed number of values, for which room is made when they come.
        const VALUES: usize = 100;
        let options = OptionsBuilder::new()
            // One shard, as each keeps only what is smaller than its part of the bytes.
            .shards(1)
            .estimated_items_capacity(VALUES)
            .weight_capacity(bytes_max)
            .build()
            .expect("the capacities are given");
        let (hasher, lifecycle) = (DefaultHashBuilder::default(), DefaultLifecycle::default());
        let slots = Cache::with_options(options, BySize, hasher, lifecycle);
        Self { slots: Arc::new(slots), age_max }
    }

    /// The value of a key, which `compute` computes if it is not there; `None` if that panics.
    pub async fn get<F>(&self, key: K, compute: impl FnOnce() -> F) -> Option<V>
    where
        F: Future<Output = Computed<V>> + Send + 'static,
    {
        self.slots.remove_if(&key, |slot| slot.is_older_than(self.age_max));
        let mut missing = None;
        let Ok(slot) = self.slots.get_or_insert_with(&key, || {
            let (sender, receiver) = oneshot::channel();
            missing = Some(sender);
            let value = receiver.map(Result::ok).boxed().shared();
            Ok::<_, Infallible>(Slot { value, since: None, bytes: COMPUTING_BYTES })
        });
        if let Some(sender) = missing {
            let (slots, age_max, computed) = (Arc::clone(&self.slots), self.age_max, compute());
            tokio::spawn(async move {
                let computed = AssertUnwindSafe(computed).catch_unwind().await;
                let bytes = computed.as_ref().ok().and_then(|computed| computed.bytes);
                if let (Ok(Computed { value, .. }), Some(bytes)) = (&computed, bytes) {
                    let value = std::future::ready(Some(value.clone())).boxed().shared();
                    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
                    slots.insert(key.clone(), Slot { value, since: Some(Instant::now()), bytes });
                } else {
                    slots.remove(&key);
                }
                // After a panic the end of the channel tells those that wait.
                if let Ok(Computed { value, .. }) = computed {
                    let _ = sender.send(value);
                }
                if bytes.is_some() {
                    tokio::time::sleep(age_max).await;
                    slots.remove_if(&key, |slot| slot.is_older_than(age_max));
                }
            });
        }
        slot.value.await
    }
}

//! Reads what the resolvers of one request need, level by level: all keys that are requested at the
//! same depth of the query are read together, by one statement for each kind of key.
//!
//! The library's `DataLoader` waits for a fixed time instead, so the number of its statements
//! depends on the speed of the database: 4 to 12 for the same list, measured under load. Here a
//! level ends when no resolver of the request can continue without reading, which takes the same
//! number of statements every time.

use std::{
    any::{Any, TypeId},
    collections::{HashMap, HashSet},
    future::poll_fn,
    hash::Hash,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures_util::future::{BoxFuture, join_all};
use sea_orm::DbErr;
use tokio::sync::oneshot;

use super::error::Failure;
use crate::{db::Database, domain::id::OrganizationId, telemetry::READ_KEYS};

/// The maximum number of elements of all lists of the response to a query together. Lists in lists multiply:
/// four nested pages of a hundred would exceed the memory.
const ELEMENTS_MAX: usize = 20_000;

/// The maximum number of bytes of all long texts of one response together: enough for the prompts
/// of a page, but not for many aliases of each.
const TEXT_BYTES_MAX: usize = 20_000_000;

/// The maximum number of keys of one statement. Each key takes one or two parameters, of which
/// SQLite allows 32,766.
const KEYS_MAX: usize = 10_000;

/// A key whose value is read together with those of other keys of its type.
pub(crate) trait Key: Clone + Eq + Hash + Send + Sync + 'static {
    /// What is read.
    type Value: Clone + Send + 'static;

    /// Reads the values of these keys. The result lacks the keys that have no value.
    fn read(from: &Source, keys: &[Self]) -> impl Future<Output = Found<Self>> + Send;
}

/// The values that were found, by their keys.
pub(crate) type Found<K> = Result<HashMap<K, <K as Key>::Value>, DbErr>;

/// The database that a request reads, and the organization whose rows it reads.
pub(crate) struct Source {
    pub(crate) organization: OrganizationId,
    pub(crate) database: Database,
}

/// The reads of one request. Clones share them.
#[derive(Clone)]
pub(crate) struct Reads(Arc<Shared>);

struct Shared {
    source: Source,
    state: Mutex<State>,
}

/// One read of a level: of all requested keys of one type, or of a value without a key.
type Batch = Box<dyn FnOnce(Reads) -> BoxFuture<'static, ()> + Send>;

#[derive(Default)]
struct State {
    /// A [`Cache`] for each type of key.
    caches: HashMap<TypeId, Box<dyn Any + Send>>,
    /// The reads of the next level, all of which are executed together.
    next: Vec<Batch>,
    /// Whether rows have changed since the request began.
    is_mutation: bool,
    /// The number of elements of all lists that were resolved so far.
    elements: usize,
    /// The bytes of all long texts that were resolved so far.
    text_bytes: usize,
}

/// For one type of key, the values that have been read and the keys that are still to be read.
struct Cache<K: Key> {
    read: HashMap<K, Result<Option<K::Value>, Failure>>,
    wanted: HashSet<K>,
    waiting: Vec<Waker>,
}

impl<K: Key> Default for Cache<K> {
    fn default() -> Self {
        Self { read: HashMap::new(), wanted: HashSet::new(), waiting: Vec::new() }
    }
}

impl State {
    fn cache<K: Key>(&mut self) -> &mut Cache<K> {
        let cache =
            self.caches.entry(TypeId::of::<K>()).or_insert_with(|| Box::<Cache<K>>::default());
        cache.downcast_mut().expect("a cache is stored under its own type")
    }
}

impl Reads {
    pub(crate) fn new(organization: OrganizationId, database: Database) -> Self {
        let source = Source { organization, database };
        Self(Arc::new(Shared { source, state: Mutex::default() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is consistent whenever the lock is released, so a poisoned lock is safe to use.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value of a key, if it exists.
    pub(crate) async fn one<K: Key>(&self, key: K) -> Result<Option<K::Value>, Failure> {
        poll_fn(|context| self.poll(&key, context)).await
    }

    /// The values of these keys that exist, in the order of the keys.
    pub(crate) async fn many<K: Key>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<Vec<K::Value>, Failure> {
        let found = join_all(keys.into_iter().map(|key| self.one(key))).await;
        let found = found.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.count_elements(found.len())?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Reads the values of these keys ahead of the resolvers that need them.
    pub(crate) async fn load<K: Key>(&self, keys: impl IntoIterator<Item = K>) {
        // The resolvers that need them report failures.
        join_all(keys.into_iter().map(|key| self.one(key))).await;
    }

    /// Reads a value that has no key, in the next level.
    pub(crate) async fn load_uncached<T, F>(
        &self,
        read: impl FnOnce(OrganizationId, Database) -> F,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, DbErr>> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let Source { organization, database } = &self.0.source;
        let reading = read(*organization, database.clone());
        self.state().next.push(Box::new(move |_reads| {
            Box::pin(async move {
                // The resolver that waits may have been dropped.
                let _ = sender.send(reading.await.map_err(Failure::from));
            })
        }));
        receiver.await.unwrap_or_else(|_| Err(Failure::internal("a level was not executed")))
    }

    /// Counts the elements of a list that is about to be resolved, and fails if all lists together
    /// have too many. In the payload of a mutation it does not fail: the error would remove what is
    /// committed from the response. Only the cost of the document limits these lists.
    pub(crate) fn count_elements(&self, count: usize) -> Result<(), Failure> {
        let mut state = self.state();
        state.elements += count;
        if state.elements > ELEMENTS_MAX && !state.is_mutation {
            let message = format!(
                "The lists of the answer have more than {ELEMENTS_MAX} elements; ask for smaller \
                 pages."
            );
            return Err(Failure::TooLarge(message));
        }
        Ok(())
    }

    /// Counts the bytes of a long text that is about to be resolved by a field that may be null, and
    /// fails if all long texts together have too many.
    pub(crate) fn count_text(&self, bytes: usize) -> Result<(), Failure> {
        let mut state = self.state();
        state.text_bytes += bytes;
        if state.text_bytes > TEXT_BYTES_MAX {
            let message = format!(
                "The long texts of the answer have more than {TEXT_BYTES_MAX} bytes; ask for \
                 smaller pages, or for each text once."
            );
            return Err(Failure::TooLarge(message));
        }
        Ok(())
    }

    /// The same for a field that is never null. In the payload of a mutation it does not fail, like
    /// [`count_elements`](Self::count_elements).
    pub(crate) fn count_required_text(&self, bytes: usize) -> Result<(), Failure> {
        let counted = self.count_text(bytes);
        if self.state().is_mutation { Ok(()) } else { counted }
    }

    /// Stores values that the caller has already, so that they are not read.
    pub(crate) fn prime<K: Key>(&self, found: impl IntoIterator<Item = (K, K::Value)>) {
        let found = found.into_iter().map(|(key, value)| (key, Ok(Some(value))));
        self.state().cache::<K>().read.extend(found);
    }

    /// Records that these keys have no value, so that they are not read.
    pub(crate) fn prime_absent<K: Key>(&self, keys: impl IntoIterator<Item = K>) {
        self.state().cache::<K>().read.extend(keys.into_iter().map(|key| (key, Ok(None))));
    }

    /// Removes all values, because a mutation is about to change rows.
    pub(crate) fn begin_mutation(&self) {
        let mut state = self.state();
        state.caches.clear();
        state.is_mutation = true;
    }

    fn poll<K: Key>(
        &self,
        key: &K,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<K::Value>, Failure>> {
        let mut state = self.state();
        let cache = state.cache::<K>();
        if let Some(read) = cache.read.get(key) {
            return Poll::Ready(read.clone());
        }
        let is_first = cache.wanted.is_empty();
        cache.wanted.insert(key.clone());
        cache.waiting.push(context.waker().clone());
        if is_first {
            state.next.push(Box::new(|reads| Box::pin(async move { reads.fill::<K>().await })));
        }
        Poll::Pending
    }

    /// Reads all requested keys of one type.
    async fn fill<K: Key>(&self) {
        let wanted: Vec<K> = self.state().cache::<K>().wanted.iter().cloned().collect();
        metrics::histogram!(READ_KEYS)
            .record(u32::try_from(wanted.len()).map_or(f64::INFINITY, f64::from));
        let mut results = Vec::with_capacity(wanted.len());
        for keys in wanted.chunks(KEYS_MAX) {
            let found = K::read(&self.0.source, keys).await;
            match found.map_err(Failure::from) {
                Ok(mut found) => {
                    results.extend(keys.iter().map(|key| (key.clone(), Ok(found.remove(key)))));
                }
                Err(failure) => {
                    results.extend(keys.iter().map(|key| (key.clone(), Err(failure.clone()))));
                }
            }
        }
        let mut state = self.state();
        let cache = state.cache::<K>();
        cache.wanted.clear();
        cache.read.extend(results);
        cache.waiting.drain(..).for_each(Waker::wake);
    }

    /// Drives an execution that uses these reads, a level at a time.
    pub(crate) async fn execute<T>(&self, execution: impl Future<Output = T>) -> T {
        let mut execution = pin!(execution);
        loop {
            let advance = poll_fn(|context| self.advance(execution.as_mut(), context));
            if let Some(done) = advance.await {
                return done;
            }
            let level = std::mem::take(&mut self.state().next);
            join_all(level.into_iter().map(|batch| batch(self.clone()))).await;
        }
    }

    /// Polls the execution until it is done (`Some`), or no part of it can continue without reading
    /// (`None`).
    fn advance<T>(
        &self,
        execution: Pin<&mut impl Future<Output = T>>,
        context: &mut Context<'_>,
    ) -> Poll<Option<T>> {
        let woken =
            Arc::new(Woken { by: context.waker().clone(), is_woken: AtomicBool::new(false) });
        let waker = Waker::from(Arc::clone(&woken));
        match execution.poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            // A part of it can continue: it is polled again.
            Poll::Pending if woken.is_woken.load(Ordering::SeqCst) => Poll::Pending,
            Poll::Pending if self.state().next.is_empty() => Poll::Pending,
            Poll::Pending => Poll::Ready(None),
        }
    }
}

/// Forwards wakes, and records that there was one.
struct Woken {
    by: Waker,
    is_woken: AtomicBool,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::SeqCst);
        self.by.wake_by_ref();
    }
}

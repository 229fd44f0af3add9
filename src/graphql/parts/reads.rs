//! Reads what the resolvers of one request ask for, level by level: all that is asked for at the
//! same depth of the query goes to the database together, one statement for each kind of thing.
//!
//! The library's `DataLoader` does this by waiting a moment, and so the number of its statements
//! hangs on how fast the database answers: 4 to 12 for the same list, measured under load. Here a
//! level is over when nothing in the request can go on without reading, which takes the same
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

use super::error::Failure;
use crate::{db::Database, domain::id::OrganizationId, telemetry::READ_KEYS};

/// Most elements of all lists of one answer together. Lists in lists multiply: four of a hundred
/// would be more than memory holds.
const ELEMENTS_MAX: usize = 20_000;

/// Most bytes of all long texts of one answer together: all prompts of a page have room, and an
/// alias for each does not.
const TEXT_BYTES_MAX: usize = 20_000_000;

/// Most keys of one statement, each with a parameter or two of the 32,766 that SQLite takes.
const KEYS_MAX: usize = 10_000;

/// Names something that can be read together with others of its kind.
pub(crate) trait Key: Clone + Eq + Hash + Send + Sync + 'static {
    /// What is read.
    type Value: Clone + Send + 'static;

    /// Reads what there is of what these keys name.
    fn read(
        organization: OrganizationId,
        database: &Database,
        keys: &[Self],
    ) -> impl Future<Output = Result<HashMap<Self, Self::Value>, DbErr>> + Send;
}

/// The reads of one request. Clones share them.
#[derive(Clone)]
pub(crate) struct Reads(Arc<Shared>);

struct Shared {
    organization: OrganizationId,
    database: Database,
    state: Mutex<State>,
}

/// What reads everything of one kind that has been asked for.
type Batch = Box<dyn FnOnce(Reads) -> BoxFuture<'static, ()> + Send>;

#[derive(Default)]
struct State {
    /// A [`Cache`] for each kind of key.
    caches: HashMap<TypeId, Box<dyn Any + Send>>,
    /// What the next level reads.
    next: Vec<Batch>,
    /// How many elements the lists have that were answered so far.
    elements: usize,
    /// How many bytes the long texts have that were answered so far.
    text_bytes: usize,
}

/// What has been read of one kind, and what is to be.
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
        let of_kind =
            self.caches.entry(TypeId::of::<K>()).or_insert_with(|| Box::<Cache<K>>::default());
        of_kind.downcast_mut().expect("a cache stands under its own type")
    }
}

impl Reads {
    pub(crate) fn new(organization: OrganizationId, database: Database) -> Self {
        Self(Arc::new(Shared { organization, database, state: Mutex::default() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is in it is whole at every moment at which a lock is given back.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What there is of what this key names.
    pub(crate) async fn one<K: Key>(&self, key: K) -> Result<Option<K::Value>, Failure> {
        poll_fn(|context| self.poll(&key, context)).await
    }

    /// What there is of what these keys name, in their order.
    pub(crate) async fn many<K: Key>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<Vec<K::Value>, Failure> {
        let found = join_all(keys.into_iter().map(|key| self.one(key))).await;
        let found = found.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.count_elements(found.len())?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Reads what these keys name, for those who are going to ask for it.
    pub(crate) async fn load<K: Key>(&self, keys: impl IntoIterator<Item = K>) {
        // Who asks hears of failures.
        join_all(keys.into_iter().map(|key| self.one(key))).await;
    }

    /// Reads something that has no kind, on its own.
    pub(crate) async fn load_uncached<T, F>(
        &self,
        read: impl FnOnce(OrganizationId, Database) -> F,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, DbErr>> + Send + 'static,
    {
        let slot = Arc::new(Mutex::new((None, None::<Waker>)));
        let filled = Arc::clone(&slot);
        let reading = read(self.0.organization, self.0.database.clone());
        self.state().next.push(Box::new(move |_reads| {
            Box::pin(async move {
                let result = reading.await.map_err(Failure::from);
                let mut slot = filled.lock().unwrap_or_else(PoisonError::into_inner);
                slot.0 = Some(result);
                if let Some(waker) = slot.1.take() {
                    waker.wake();
                }
            })
        }));
        poll_fn(move |context| {
            let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(result) = slot.0.take() {
                return Poll::Ready(result);
            }
            slot.1 = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Counts the elements of a list that is about to be answered, and refuses when they become too
    /// many.
    pub(crate) fn count_elements(&self, count: usize) -> Result<(), Failure> {
        let mut state = self.state();
        state.elements += count;
        if state.elements > ELEMENTS_MAX {
            let message = format!(
                "The lists of the answer have more than {ELEMENTS_MAX} elements; ask for smaller \
                 pages."
            );
            return Err(Failure::TooLarge(message));
        }
        Ok(())
    }

    /// Counts the bytes of a long text that is about to be answered, and refuses when they become
    /// too many.
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

    /// Takes in what is known without reading it.
    pub(crate) fn prime<K: Key>(&self, found: impl IntoIterator<Item = (K, K::Value)>) {
        let found = found.into_iter().map(|(key, value)| (key, Ok(Some(value))));
        self.state().cache::<K>().read.extend(found);
    }

    /// Forgets what has been read, because something is about to change.
    pub(crate) fn clear(&self) {
        self.state().caches.clear();
    }

    fn poll<K: Key>(
        &self,
        key: &K,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<K::Value>, Failure>> {
        let mut state = self.state();
        let of_kind = state.cache::<K>();
        if let Some(read) = of_kind.read.get(key) {
            return Poll::Ready(read.clone());
        }
        let is_first = of_kind.wanted.is_empty();
        of_kind.wanted.insert(key.clone());
        of_kind.waiting.push(context.waker().clone());
        if is_first {
            state.next.push(Box::new(|reads| Box::pin(async move { reads.fill::<K>().await })));
        }
        Poll::Pending
    }

    /// Reads everything of one kind that has been asked for.
    async fn fill<K: Key>(&self) {
        let wanted: Vec<K> = self.state().cache::<K>().wanted.iter().cloned().collect();
        metrics::histogram!(READ_KEYS)
            .record(u32::try_from(wanted.len()).map_or(f64::INFINITY, f64::from));
        let mut results = Vec::with_capacity(wanted.len());
        for keys in wanted.chunks(KEYS_MAX) {
            let found = K::read(self.0.organization, &self.0.database, keys).await;
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
        let of_kind = state.cache::<K>();
        of_kind.wanted.clear();
        of_kind.read.extend(results);
        of_kind.waiting.drain(..).for_each(Waker::wake);
    }

    /// Executes what reads by these reads, a level at a time.
    pub(crate) async fn execute<T>(&self, execution: impl Future<Output = T>) -> T {
        let mut execution = pin!(execution);
        loop {
            let advance = poll_fn(|context| self.advance(execution.as_mut(), context));
            if let Some(done) = advance.await {
                return done;
            }
            let level = std::mem::take(&mut self.state().next);
            join_all(level.into_iter().map(|round| round(self.clone()))).await;
        }
    }

    /// Goes on as far as possible: to the end, or to where nothing can go on without reading.
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
            // Something can go on, and this is polled again for it.
            Poll::Pending if woken.is_woken.load(Ordering::SeqCst) => Poll::Pending,
            Poll::Pending if self.state().next.is_empty() => Poll::Pending,
            Poll::Pending => Poll::Ready(None),
        }
    }
}

/// Passes a call to wake up on, and remembers that there was one.
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

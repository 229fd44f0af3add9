//! Builds the pages (`web/`) if they are missing or older than their sources and Node is installed, and makes cargo
//! rebuild the program when they have changed.
//!
//! A build never fails because of the pages: a program without them serves a notice that says how to build them.

use std::{
    env,
    error::Error,
    ffi::OsStr,
    fs::{self, File, TryLockError},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant, SystemTime},
};

/// The time limit of the script, including the time to wait for another build.
const TIME_LIMIT: Duration = Duration::from_mins(5);

/// The time limit for a response of the registry to npm; without one the build counts as offline.
const REGISTRY_TIME_LIMIT: Duration = Duration::from_secs(10);

/// The oldest version of Node that the tools of the pages support: major and minor.
const NODE: (u32, u32) = (20, 19);

/// The folder of the finished pages. It is created by a rename, so it is always complete.
const PAGES: &str = "web/dist";

/// The schema, from which the types of the console are generated.
const SCHEMA: &str = "schema.graphql";

/// The files and folders from which the pages are built.
const SOURCES: [&str; 10] = [
    SCHEMA,
    "web/graphiql.html",
    "web/index.html",
    "web/package-lock.json",
    "web/package.json",
    "web/relay-files.mjs",
    "web/relay.config.json",
    "web/src",
    "web/tsconfig.json",
    "web/vite.config.ts",
];

/// The folder among the sources into which the build of the pages writes.
const GENERATED: &str = "__generated__";

/// The file in the pages with the hash of the sources from which they were built. It is not served.
const SOURCES_HASH: &str = ".sources-hash";

/// The folder in which the pages are built, relative to `web/`.
const UNFINISHED: &str = ".dist-unfinished";

/// A shell script that runs a command and kills it, with its child processes, when standard input is closed:
/// after the time limit, or when this process ends, for example by Ctrl-C.
const GUARD: &str = r#"
    exec 3<&0 </dev/null
    { cat <&3 >/dev/null; kill -KILL 0; } &
    exec 3<&-
    "$@"
"#;

/// Builds the pages if they are missing or were built from other sources.
pub fn build() {
    let pages = Path::new(PAGES);
    let index = pages.join("index.html");
    // `cargo run -- schema > schema.graphql` empties the file before the program is built.
    let has_schema = fs::metadata(SCHEMA).is_ok_and(|file| file.len() > 0);
    let is_skipped = !has_schema || env::var("CRM_STEPS_WEB").is_ok_and(|value| value == "skip");
    if !is_skipped && !is_current() {
        let log = out_dir().join("pages.log");
        let warning = match Builder::new(Instant::now() + TIME_LIMIT, &log).and_then(Builder::build)
        {
            // Cargo repeats the warning until this script runs again, so the text has to stay true.
            Ok(()) => Some(format!(
                "the pages were built into {PAGES}; CRM_STEPS_WEB=skip leaves them out"
            )),
            Err(NotBuilt::Skipped) if index.exists() && !is_current() => Some(format!(
                "the pages in {PAGES} were not built from the sources in web/, and were not built \
                 again: that needs Node {}.{} and npm's registry. CRM_STEPS_WEB=skip leaves them as \
                 they are.",
                NODE.0, NODE.1
            )),
            Err(NotBuilt::Skipped) => None,
            Err(NotBuilt::Failed(why)) => Some(format!(
                "the pages were not built: {why}. What npm printed is in {}. \
                 CRM_STEPS_WEB=skip builds without them.",
                log.display()
            )),
        };
        if let Some(warning) = warning {
            println!("cargo::warning={warning}");
        }
    }
    // A debug build reads the pages from this folder at run time. Its path is resolved at compile time,
    // so the folder has to exist.
    if !pages.exists() && fs::create_dir_all(pages).is_ok() {
        let _ = set_old(pages);
    }
    println!("cargo::rerun-if-env-changed=CRM_STEPS_WEB");
    println!("cargo::rerun-if-env-changed=CARGO_NET_OFFLINE");
    println!("cargo::rerun-if-changed=build/pages.rs");
    // Cargo would run this script at every build for a path that does not exist.
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let watched = if is_release { pages } else { &index }.to_owned();
    // The files alone: a change in a folder would also be one of what the build of the pages writes there.
    for path in
        sources().unwrap_or_default().into_iter().chain([watched]).filter(|path| path.exists())
    {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// Whether there are pages that were built from the present sources. Those that were built without this script do
/// not say from which they were.
fn is_current() -> bool {
    let pages = Path::new(PAGES);
    let built_from = fs::read_to_string(pages.join(SOURCES_HASH)).ok();
    pages.join("index.html").exists() && built_from.is_some() && built_from == sources_hash().ok()
}

/// A hash of the names and contents of all sources. Another version of Rust may have another one, with which
/// the pages are built again.
fn sources_hash() -> io::Result<String> {
    let mut hasher = DefaultHasher::new();
    for source in sources()? {
        source.hash(&mut hasher);
        fs::read(&source)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// All files of the sources, in a fixed order.
fn sources() -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut left: Vec<PathBuf> = SOURCES.map(PathBuf::from).into();
    left.retain(|path| path.exists());
    while let Some(path) = left.pop() {
        if !path.is_dir() {
            files.push(path);
        } else if !path.ends_with(GENERATED) {
            let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
            left.extend(entries.collect::<io::Result<Vec<_>>>()?);
        }
    }
    files.sort();
    Ok(files)
}

/// Why no pages were built. Cargo runs this script again only when a watched file has changed, so neither is
/// tried again at every build.
enum NotBuilt {
    /// Not possible: no Node, offline, or a read-only tree. Or not necessary any more.
    Skipped,
    /// The build of the pages failed.
    Failed(String),
}

impl<E: Error> From<E> for NotBuilt {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Builds the pages under a lock, so that concurrent builds in this tree do not interfere.
struct Builder<'a> {
    deadline: Instant,
    log: &'a Path,
    /// The lock file; locked while it is open.
    _lock: File,
}

impl<'a> Builder<'a> {
    fn new(deadline: Instant, log: &'a Path) -> Result<Self, NotBuilt> {
        let is_offline = env::var("CARGO_NET_OFFLINE")
            .is_ok_and(|value| !["", "0", "false"].contains(&value.as_str()));
        if is_offline || !has_node() {
            return Err(NotBuilt::Skipped);
        }
        // Never written to, and a source of the pages.
        let lock = File::open("web/package-lock.json").map_err(|_| NotBuilt::Skipped)?;
        while let Err(error) = lock.try_lock() {
            match error {
                TryLockError::WouldBlock if Instant::now() < deadline => pause(),
                TryLockError::WouldBlock => return Err(failed("another build takes too long")),
                TryLockError::Error(_) => return Err(NotBuilt::Skipped),
            }
        }
        Ok(Self { deadline, log, _lock: lock })
    }

    fn build(self) -> Result<(), NotBuilt> {
        let pages = Path::new(PAGES);
        if is_current() {
            // Built by the build that held the lock before.
            return Err(NotBuilt::Skipped);
        }
        let hash = sources_hash()?;
        let unfinished = Path::new("web").join(UNFINISHED);
        fs::create_dir_all(&unfinished).map_err(|_| NotBuilt::Skipped)?;
        let built = self.run_npm(&unfinished);
        if built.is_err() {
            let _ = fs::remove_dir_all(&unfinished);
        }
        built?;
        fs::write(unfinished.join(SOURCES_HASH), hash)?;
        set_old(&unfinished)?;
        if pages.exists() {
            fs::remove_dir_all(pages)?;
        }
        Ok(fs::rename(&unfinished, pages)?)
    }

    fn run_npm(&self, unfinished: &Path) -> Result<(), NotBuilt> {
        let registry = (Instant::now() + REGISTRY_TIME_LIMIT).min(self.deadline);
        let view = ["npm", "view", "graphiql", "version", "--fetch-retries=0"];
        if !self.run(&view, registry)?.is_some_and(|status| status.success()) {
            return Err(NotBuilt::Skipped);
        }
        // Also if NODE_ENV or a setting omits development dependencies.
        let install = ["npm", "ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"];
        self.run_whole("npm ci", &install)?;
        self.run_whole("npm run build", &["npm", "run", "build", "--", "--outDir", UNFINISHED])?;
        if !unfinished.join("index.html").is_file() {
            return Err(failed("npm run build wrote no index.html"));
        }
        Ok(())
    }

    fn run_whole(&self, name: &str, command: &[&str]) -> Result<(), NotBuilt> {
        match self.run(command, self.deadline)? {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(failed(&format!("{name} failed ({status})"))),
            None => Err(failed(&format!("{name} took too long"))),
        }
    }

    fn run(&self, command: &[&str], deadline: Instant) -> Result<Option<ExitStatus>, NotBuilt> {
        let log = File::options().append(true).create(true).open(self.log)?;
        Ok(run(command, &log, deadline)?)
    }
}

/// Runs a command in `web/`; returns its status, or `None` if it was still running at the deadline. Kills
/// its child processes.
fn run(
    command: &[impl AsRef<OsStr>],
    output: &File,
    deadline: Instant,
) -> io::Result<Option<ExitStatus>> {
    let mut shell = Command::new("sh");
    shell.args(["-c", GUARD, "sh"]).args(command).current_dir("web");
    shell.stdin(Stdio::piped()).stdout(output.try_clone()?).stderr(output.try_clone()?);
    lead_group(&mut shell);
    let mut shell = shell.spawn()?;
    let guard = shell.stdin.take();
    let status = loop {
        let status = shell.try_wait()?;
        if status.is_some() || Instant::now() >= deadline {
            break status;
        }
        pause();
    };
    drop(guard);
    shell.wait()?;
    Ok(status)
}

/// Gives a command its own process group, which can be killed as a whole.
#[cfg(unix)]
fn lead_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn lead_group(_command: &mut Command) {}

/// Whether a recent enough Node is installed.
fn has_node() -> bool {
    let version = out_dir().join("node-version");
    let printed = File::create(&version).and_then(|output| {
        run(&["node", "--version"], &output, Instant::now() + REGISTRY_TIME_LIMIT)?;
        fs::read_to_string(&version)
    });
    let printed = printed.unwrap_or_default();
    let mut numbers = printed.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    let (major, minor) = (numbers.next(), numbers.next());
    major
        .zip(minor)
        .is_some_and(|version| matches!(version, (Ok(major), Ok(minor)) if (major, minor) >= NODE))
}

/// Sets the times of a folder and its contents to the past. Cargo would take newer files for changes after
/// this build, and build everything again at the next command.
fn set_old(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            set_old(&entry?.path())?;
        }
    }
    File::open(path)?.set_modified(SystemTime::UNIX_EPOCH)
}

/// The output folder that cargo gives this script.
fn out_dir() -> PathBuf {
    env::var_os("OUT_DIR").unwrap_or_default().into()
}

fn failed(why: &str) -> NotBuilt {
    NotBuilt::Failed(why.to_owned())
}

fn pause() {
    thread::sleep(Duration::from_millis(100));
}

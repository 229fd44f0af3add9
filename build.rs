//! Builds GraphiQL (`web/`) where it is missing and Node is installed, and builds the program anew
//! when the page has changed.
//!
//! A build never fails because of the page: a program without it serves a page that says what to run.

use std::{
    env,
    error::Error,
    ffi::OsStr,
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant, SystemTime},
};

/// Time for everything together, another build that does the same included.
const TIME_LIMIT: Duration = Duration::from_mins(5);

/// Time for npm to get an answer from its registry; without one this build is offline.
const REGISTRY_TIME_LIMIT: Duration = Duration::from_secs(10);

/// The oldest Node that the page's tools run on: major and minor version.
const NODE: (u32, u32) = (20, 19);

/// The folder of the finished page. It appears by a rename, so it is never half there.
const PAGE: &str = "web/dist";

/// Where the page is built, below `web/`.
const UNFINISHED: &str = ".dist-unfinished";

/// Runs a command that ends, with all that it has started, when standard input is closed: when its
/// time is over, or when this process is gone, for example by Ctrl-C.
const GUARD: &str = r#"
    exec 3<&0 </dev/null
    { cat <&3 >/dev/null; kill -KILL 0; } &
    exec 3<&-
    "$@"
"#;

fn main() {
    let page = Path::new(PAGE);
    let index = page.join("index.html");
    if !index.exists() {
        let log = out_dir().join("page.log");
        let warning = match Builder::new(Instant::now() + TIME_LIMIT, &log).and_then(Builder::build)
        {
            // Cargo repeats it until this script runs again, so it has to stay true.
            Ok(()) => {
                Some(format!("GraphiQL was built into {PAGE}; CRM_STEPS_WEB=skip leaves it out"))
            }
            Err(NotBuilt::Skipped) => None,
            Err(NotBuilt::Failed(why)) => Some(format!(
                "GraphiQL was not built: {why}. What npm printed is in {}. \
                 CRM_STEPS_WEB=skip builds without it.",
                log.display()
            )),
        };
        if let Some(warning) = warning {
            println!("cargo::warning={warning}");
        }
    }
    // A debug build reads the page from this folder at run time, whenever it comes to be there; the
    // path is resolved when it is compiled, so the folder has to exist.
    if !page.exists() && fs::create_dir_all(page).is_ok() {
        let _ = set_old(page);
    }
    println!("cargo::rerun-if-env-changed=CRM_STEPS_WEB");
    println!("cargo::rerun-if-env-changed=CARGO_NET_OFFLINE");
    println!("cargo::rerun-if-changed=build.rs");
    // A path that does not exist would run this script at every build.
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let watched = if is_release { page } else { &index };
    if watched.exists() {
        println!("cargo::rerun-if-changed={}", watched.display());
    }
}

/// Why there is no page. Cargo runs this script again only when something that it watches has
/// changed, so neither is tried again at every build.
enum NotBuilt {
    /// Not wanted, or not possible here: no Node, offline, or a read-only tree.
    Skipped,
    /// It should have been possible.
    Failed(String),
}

impl<E: Error> From<E> for NotBuilt {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Builds the page, alone of all builds in this tree.
struct Builder<'a> {
    deadline: Instant,
    log: &'a Path,
    /// Locked as long as this is open.
    _lock: File,
}

impl<'a> Builder<'a> {
    fn new(deadline: Instant, log: &'a Path) -> Result<Self, NotBuilt> {
        let is_skipped = env::var("CRM_STEPS_WEB").is_ok_and(|value| value == "skip");
        let is_offline = env::var("CARGO_NET_OFFLINE")
            .is_ok_and(|value| !["", "0", "false"].contains(&value.as_str()));
        if is_skipped || is_offline || !has_node() {
            return Err(NotBuilt::Skipped);
        }
        // It is never written to, and there is no page without it.
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
        let page = Path::new(PAGE);
        if page.join("index.html").exists() {
            // By the build that had the lock before.
            return Err(NotBuilt::Skipped);
        }
        let unfinished = Path::new("web").join(UNFINISHED);
        fs::create_dir_all(&unfinished).map_err(|_| NotBuilt::Skipped)?;
        let built = self.run_npm(&unfinished);
        if built.is_err() {
            let _ = fs::remove_dir_all(&unfinished);
        }
        built?;
        set_old(&unfinished)?;
        if page.exists() {
            fs::remove_dir_all(page)?;
        }
        Ok(fs::rename(&unfinished, page)?)
    }

    fn run_npm(&self, unfinished: &Path) -> Result<(), NotBuilt> {
        let registry = (Instant::now() + REGISTRY_TIME_LIMIT).min(self.deadline);
        let view = ["npm", "view", "graphiql", "version", "--fetch-retries=0"];
        if !self.run(&view, registry)?.is_some_and(|status| status.success()) {
            return Err(NotBuilt::Skipped);
        }
        // Also where NODE_ENV or a setting says to leave the tools out.
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

/// Runs a command in `web/`, and answers with its status unless it was still running at the
/// deadline. Nothing that it has started goes on running.
fn run(
    command: &[impl AsRef<OsStr>],
    output: &File,
    deadline: Instant,
) -> std::io::Result<Option<ExitStatus>> {
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

/// Gives a command a process group of its own, which can be ended as one.
#[cfg(unix)]
fn lead_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn lead_group(_command: &mut Command) {}

/// Whether there is a Node that is new enough.
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

/// Makes a folder and all that is in it older than this build. Cargo would take what is newer for a
/// change that came after it, and the next command would build everything again.
fn set_old(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            set_old(&entry?.path())?;
        }
    }
    File::open(path)?.set_modified(SystemTime::UNIX_EPOCH)
}

/// The folder that cargo gives this script.
fn out_dir() -> PathBuf {
    env::var_os("OUT_DIR").unwrap_or_default().into()
}

fn failed(why: &str) -> NotBuilt {
    NotBuilt::Failed(why.to_owned())
}

fn pause() {
    thread::sleep(Duration::from_millis(100));
}

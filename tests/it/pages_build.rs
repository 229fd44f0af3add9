//! The build script, which builds the pages: run with stubs for Node and npm.

use std::{
    env,
    fs::{self, File},
    io::Read as _,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
    sync::LazyLock,
    time::SystemTime,
};

use tempfile::TempDir;

/// The part of the build script that builds the pages.
const SOURCE: &str = include_str!("../../build/pages.rs");

/// The compiled build script.
static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::compile(SOURCE));

/// The build script with a time limit of seconds instead of minutes.
static HURRIED_SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    let hurried = SOURCE.replacen("Duration::from_mins(5)", "Duration::from_secs(5)", 1);
    assert_ne!(SOURCE, hurried, "the script has a time limit");
    Script::compile(&hurried)
});

struct Script {
    program: PathBuf,
    _folder: TempDir,
}

impl Script {
    fn compile(source: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("build.rs");
        let program = folder.path().join("build-script");
        fs::write(&file, format!("{source}\nfn main() {{\n    build();\n}}\n"))
            .expect("the source is written");
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let mut rustc = Command::new(rustc);
        let status = rustc.args(["--edition=2024", "-o"]).arg(&program).arg(&file).status();
        assert!(status.expect("rustc runs").success());
        Self { program, _folder: folder }
    }
}

const NODE: &str = "echo v20.19.0";

/// An npm that responds like the registry, installs nothing, and builds pages of one file. Like relay-compiler, its
/// build writes among the sources.
const NPM: &str = r#"
    case $1 in
        view) echo 5.4.0 ;;
        ci) mkdir -p node_modules ;;
        run)
            mkdir -p src/relay/__generated__
            date +%N >src/relay/__generated__/Viewer.graphql.ts
            date +%N >console-documents.json
            echo '<p>pages</p>' >"$5/index.html"
            ;;
    esac
"#;

/// A clean clone on a machine with these stubs.
struct Tree(TempDir);

impl Tree {
    fn new(node: &str, npm: &str) -> Self {
        let tree = Self(tempfile::tempdir().expect("a folder"));
        for folder in ["web/src", "bin", "out"] {
            fs::create_dir_all(tree.path(folder)).expect("the folder is made");
        }
        tree.write("schema.graphql", "type Query { viewer: String }");
        tree.write("web/package-lock.json", "{}");
        tree.write("web/src/main.tsx", "render(<Console />)");
        let npm = format!("echo \"npm $*\" >>'{}'\n{npm}", tree.path("calls").display());
        for (name, script) in [("node", node), ("npm", &npm)] {
            let file = tree.path("bin").join(name);
            fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("the file is written");
            let executable = fs::Permissions::from_mode(0o755);
            fs::set_permissions(&file, executable).expect("it can be made executable");
        }
        tree
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("the file is written");
    }

    fn command(&self) -> Command {
        self.command_of(&SCRIPT)
    }

    fn command_of(&self, script: &Script) -> Command {
        let mut command = Command::new(&script.program);
        command.current_dir(self.0.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env_remove("CRM_STEPS_WEB").env_remove("CARGO_NET_OFFLINE");
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        command.env("PATH", path).env("OUT_DIR", self.path("out")).env("PROFILE", "debug");
        command
    }

    fn build(&self) -> Built {
        self.build_with(&[])
    }

    fn build_with(&self, variables: &[(&str, &str)]) -> Built {
        let mut command = self.command();
        command.envs(variables.iter().copied());
        Built::of(command.output().expect("the script runs"))
    }

    /// A new FIFO: opening it blocks until a process opens it to write.
    fn fifo(&self, name: &str) -> PathBuf {
        let fifo = self.path(name);
        assert!(Command::new("mkfifo").arg(&fifo).status().expect("mkfifo runs").success());
        fifo
    }

    /// The arguments of each call of npm.
    fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.path("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }

    /// The document of the pages.
    fn index(&self) -> Option<String> {
        fs::read_to_string(self.path("web/dist/index.html")).ok()
    }
}

/// The instructions that a successful build script printed for cargo.
struct Built {
    warnings: Vec<String>,
    watched: Vec<String>,
}

impl Built {
    fn of(output: Output) -> Self {
        assert!(output.status.success(), "the build succeeds: {output:?}");
        let printed = String::from_utf8(output.stdout).expect("text");
        let with = |start| {
            printed.lines().filter_map(|line| line.strip_prefix(start)).map(str::to_owned).collect()
        };
        Self { warnings: with("cargo::warning="), watched: with("cargo::rerun-if-changed=") }
    }
}

/// The watched paths: the sources of a tree, and others.
fn watched<'a>(others: &[&'a str]) -> Vec<&'a str> {
    [&["build/pages.rs", "schema.graphql", "web/package-lock.json", "web/src/main.tsx"], others]
        .concat()
}

#[test]
fn with_node_the_first_build_makes_the_pages_and_reports_it_once() {
    let tree = Tree::new(NODE, NPM);
    let first = tree.build();
    assert_eq!(tree.index().as_deref(), Some("<p>pages</p>\n"));
    assert_eq!(first.warnings.len(), 1, "{:?}", first.warnings);
    assert!(first.warnings[0].contains("the pages were built"), "{:?}", first.warnings);
    let calls = tree.calls();
    assert_eq!(
        calls[1..],
        [
            "npm ci --ignore-scripts --include=dev --no-audit --no-fund",
            "npm run build -- --outDir .dist-unfinished"
        ]
    );
    assert!(!tree.path("web/.dist-unfinished").exists());

    let second = tree.build();
    assert_eq!(second.warnings, Vec::<String>::new());
    assert_eq!(tree.calls(), calls, "npm is not called again");
}

#[test]
fn pages_from_other_sources_are_built_again() {
    let tree = Tree::new(NODE, NPM);
    tree.build();
    for (name, text) in [
        ("web/src/main.tsx", "render(<Board />)"),
        ("web/src/subscribe.ts", "render(<Board />)"),
        ("web/package-lock.json", "{ }"),
        ("web/vite.config.ts", "export default {}"),
        ("web/relay.config.json", "{}"),
        ("schema.graphql", "type Query { node: String }"),
        ("web/dist/.sources-hash", "of pages that were built by hand"),
    ] {
        tree.write("web/dist/index.html", "old");
        assert_eq!(tree.build().warnings, Vec::<String>::new(), "{name}");
        assert_eq!(tree.index().as_deref(), Some("old"), "{name}");
        tree.write(name, text);
        let built = tree.build();
        assert!(built.warnings[0].contains("the pages were built into"), "{name}");
        assert_eq!(tree.index().as_deref(), Some("<p>pages</p>\n"), "{name}");
    }
}

#[test]
fn pages_from_other_sources_are_reported_if_they_cannot_be_built_again() {
    let (no_node, fails) = ("exit 127", "[ $1 = view ]");
    for (node, npm, variables, warning) in [
        (no_node, NPM, &[][..], Some("were not built from the sources in web/")),
        (NODE, NPM, &[("CARGO_NET_OFFLINE", "true")], Some("that needs Node 20.19 and npm")),
        (NODE, fails, &[], Some("the pages were not built: npm ci failed")),
        (no_node, NPM, &[("CRM_STEPS_WEB", "skip")], None),
    ] {
        let tree = Tree::new(node, npm);
        fs::create_dir(tree.path("web/dist")).expect("the folder is made");
        tree.write("web/dist/index.html", "old");
        let warnings = tree.build_with(variables).warnings;
        assert_eq!(warnings.len(), usize::from(warning.is_some()), "{warnings:?}");
        assert!(
            warnings.iter().all(|one| one.contains(warning.unwrap_or_default())),
            "{warnings:?}"
        );
        assert_eq!(tree.index().as_deref(), Some("old"), "{node} {npm}");
    }
}

#[test]
fn cargo_does_not_run_the_script_again_for_what_it_made() {
    let tree = Tree::new(NODE, NPM);
    assert_eq!(tree.build().watched, watched(&["web/dist/index.html"]));
    for name in ["web/dist", "web/dist/index.html"] {
        let modified = fs::metadata(tree.path(name)).and_then(|file| file.modified());
        assert_eq!(modified.expect("a time"), SystemTime::UNIX_EPOCH, "{name}");
    }
}

#[test]
fn a_release_build_watches_all_files_of_the_pages_which_it_embeds() {
    let tree = Tree::new("exit 1", NPM);
    let built = tree.build_with(&[("PROFILE", "release")]);
    assert_eq!(built.watched, watched(&["web/dist"]), "it can still be built by hand");
    assert_eq!(tree.calls(), Vec::<String>::new());
}

#[test]
fn without_a_recent_node_nothing_is_built_or_reported() {
    for node in ["echo v20.18.3", "echo v18.20.0", "echo v9.99.0", "echo nonsense", "exit 127"] {
        let tree = Tree::new(node, NPM);
        assert_eq!(tree.build().warnings, Vec::<String>::new(), "{node}");
        assert_eq!((tree.calls(), tree.index()), (vec![], None), "{node}");
    }
    for node in ["echo v20.19.0", "echo v21.0.0", "echo v22.12.0", "echo v100.0.0-nightly"] {
        let tree = Tree::new(node, NPM);
        tree.build();
        assert!(tree.index().is_some(), "{node}");
    }
}

#[test]
fn the_pages_are_skipped_on_request_and_offline() {
    let unreachable = "[ $1 != view ]";
    for (npm, variables) in [
        (NPM, &[("CRM_STEPS_WEB", "skip")]),
        (NPM, &[("CARGO_NET_OFFLINE", "true")]),
        (unreachable, &[("CARGO_NET_OFFLINE", "false")]),
    ] {
        let tree = Tree::new(NODE, npm);
        assert_eq!(tree.build_with(variables).warnings, Vec::<String>::new(), "{variables:?}");
        assert_eq!(tree.index(), None, "{variables:?}");
        assert!(tree.calls().iter().all(|call| call.starts_with("npm view")), "{variables:?}");
    }
}

#[test]
fn the_pages_are_skipped_while_the_schema_is_written() {
    let tree = Tree::new(NODE, NPM);
    tree.write("schema.graphql", "");
    assert_eq!(tree.build().warnings, Vec::<String>::new());
    assert_eq!((tree.calls(), tree.index()), (vec![], None));
}

#[test]
fn the_pages_are_skipped_if_their_folder_is_not_writable() {
    let tree = Tree::new(NODE, NPM);
    // A file instead of the folder also stops root, which may write to folders without write bits.
    fs::write(tree.path("web/.dist-unfinished"), "").expect("the file is written");
    assert_eq!(tree.build().warnings, Vec::<String>::new());
    assert_eq!(tree.index(), None);
}

#[test]
fn a_build_succeeds_without_the_pages_if_npm_fails() {
    let fails_to_install = "[ $1 = view ]";
    let fails_half_way = r#"case $1 in run) echo half >"$5/index.html"; exit 1 ;; esac"#;
    let writes_nothing = "exit 0";
    for npm in [fails_to_install, fails_half_way, writes_nothing] {
        let tree = Tree::new(NODE, npm);
        let built = tree.build();
        assert_eq!(built.warnings.len(), 1, "{npm}: {:?}", built.warnings);
        assert!(built.warnings[0].contains("the pages were not built"), "{:?}", built.warnings);
        assert_eq!(tree.index(), None, "{npm}");
        // No missing file is watched: cargo would run the script again at each build.
        assert_eq!(built.watched, watched(&[]), "{npm}");
    }
}

#[test]
fn pages_without_an_index_are_replaced() {
    let tree = Tree::new(NODE, NPM);
    fs::create_dir_all(tree.path("web/dist/assets")).expect("the folder is made");
    tree.build();
    assert!(tree.index().is_some());
    assert!(!tree.path("web/dist/assets").exists());
}

#[test]
fn npm_and_its_child_processes_are_killed_after_the_time_limit() {
    let tree = Tree::new(NODE, HANGS);
    let running = tree.fifo("running");
    let script = tree.command_of(&HURRIED_SCRIPT).spawn().expect("the script runs");
    wait_for_the_end(File::open(running).expect("npm starts"));
    let built = Built::of(script.wait_with_output().expect("it ends"));
    assert_eq!(built.warnings.len(), 1, "{:?}", built.warnings);
    assert!(built.warnings[0].contains("npm ci took too long"), "{:?}", built.warnings);
}

#[test]
fn npm_and_its_child_processes_are_killed_with_the_build() {
    let tree = Tree::new(NODE, HANGS);
    let running = tree.fifo("running");
    let mut build = tree.command().spawn().expect("the script runs");
    let running = File::open(running).expect("npm starts");
    build.kill().expect("it can be killed");
    build.wait().expect("it ends");
    wait_for_the_end(running);
}

/// An npm that hangs, and a child process that hangs. Both ignore all signals that can be ignored, and
/// keep the FIFO open while they run.
const HANGS: &str = r"
    [ $1 = ci ] || exit 0
    trap '' HUP INT TERM
    exec 9>../running
    (while :; do sleep 0.1; done) &
    wait
";

/// Reads until no process has the FIFO open.
fn wait_for_the_end(mut fifo: File) {
    fifo.read_to_end(&mut Vec::new()).expect("it can be read");
}

#[test]
fn of_two_concurrent_builds_one_makes_the_pages() {
    let tree = Tree::new(NODE, NPM);
    let builds: Vec<_> = (0..2)
        .map(|number| {
            let out = tree.path(&format!("out{number}"));
            fs::create_dir(&out).expect("the folder is made");
            tree.command().env("OUT_DIR", out).spawn().expect("the script runs")
        })
        .collect();
    let warnings: Vec<String> = builds
        .into_iter()
        .flat_map(|build| Built::of(build.wait_with_output().expect("it ends")).warnings)
        .collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(tree.index().is_some());
    assert_eq!(tree.calls().iter().filter(|call| call.starts_with("npm ci")).count(), 1);
}

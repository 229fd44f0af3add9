//! docs/pipelines.md: its commands are run, in their order, in an empty folder with a service, and print
//! what it shows.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crm_steps::{
    domain::flow::diagnostics::DiagnosticCode,
    pipeline_file::{Format, Located},
};
use insta::assert_snapshot;
use serde_json::Value;
use strum::IntoEnumIterator as _;
use tempfile::TempDir;

use super::{NOT_SHOWN, rows, section};
use crate::support::Server;

const PIPELINES: &str = include_str!("../../../docs/pipelines.md");

/// What is typed in the first terminal.
const SERVICE: &str = "cd service\ncrm-steps serve";

/// A fenced block, and the paragraph before it.
struct Block {
    paragraph: &'static str,
    language: &'static str,
    text: &'static str,
}

impl Block {
    /// The file that the paragraph names last.
    fn file(&self) -> Option<&'static str> {
        let code = self.paragraph.split('`').skip(1).step_by(2);
        code.filter(|name| [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end))).last()
    }
}

fn blocks() -> Vec<Block> {
    let parts: Vec<&str> = PIPELINES.split("\n```").collect();
    let blocks = parts.chunks_exact(2).map(|part| {
        let (language, text) = part[1].split_once('\n').expect("a language, and text below it");
        Block {
            paragraph: part[0].trim().rsplit("\n\n").next().unwrap_or_default(),
            language,
            text,
        }
    });
    blocks.collect()
}

/// Follows the document like a reader.
struct Reader {
    home: TempDir,
    server: Option<Server>,
}

impl Reader {
    /// Follows the whole document in a new folder.
    async fn of_all() -> Self {
        let mut reader =
            Self { home: tempfile::tempdir().expect("a folder is made"), server: None };
        fs::write(reader.state(), "").expect("it is written");
        fs::create_dir(reader.folder()).expect("it is made");
        let mut shown = 0;
        let blocks = blocks();
        for (index, block) in blocks.iter().enumerate() {
            match (block.language, block.file()) {
                ("sh", _) if block.text == SERVICE => {
                    reader.server = Some(Server::start(&reader.folder().join("service"), &[]));
                }
                ("sh", _) => {
                    let output = blocks.get(index + 1).filter(|next| is_output(next));
                    let expected = output.map_or("", |output| output.text);
                    let printed = reader.run(block.text);
                    assert!(is_shown(expected, &printed), "{}\nprints\n{printed}", block.text);
                    shown += usize::from(output.is_some());
                }
                ("yaml" | "json", Some(file)) => reader.save(file, &format!("{}\n", block.text)),
                ("diff", Some(file)) => reader.edit(file, block.text),
                ("graphql", _) => reader.send(block.text).await,
                ("text" | "mermaid", _) => {
                    assert!(is_output(block) && blocks[index - 1].language == "sh");
                }
                (language, _) => panic!("{language}: {}", block.text),
            }
        }
        assert!(shown > 10, "{shown}");
        reader
    }

    /// The folder in which the document begins.
    fn folder(&self) -> PathBuf {
        self.home.path().join("empty")
    }

    /// The variables and the folder of the second terminal.
    fn state(&self) -> PathBuf {
        self.home.path().join("state")
    }

    /// Runs commands, which must succeed, in the second terminal. Returns what they print.
    fn run(&self, commands: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_crm-steps")).parent().expect("a folder");
        let path = format!("{}:{}", program.display(), std::env::var("PATH").expect("a path"));
        let script = format!(
            "exec 2>&1; set -e; . {state}
            trap '{{ export -p; printf \"cd %q\" \"$PWD\"; }} > {state}' EXIT
            {commands}",
            state = self.state().display(),
        );
        let mut bash = Command::new("bash");
        bash.args(["-c", &script]).current_dir(self.folder()).stdin(Stdio::null()).env_clear();
        bash.env("PATH", path).env("HOME", self.home.path());
        bash.envs(self.server.iter().map(|server| ("CRM_STEPS_URL", &server.url)));
        for role in ["AUTHOR", "COMMITTER"] {
            bash.env(format!("GIT_{role}_NAME"), "Ana");
            bash.env(format!("GIT_{role}_EMAIL"), "ana@example.com");
        }
        let output = bash.output().expect("bash runs");
        let printed = String::from_utf8(output.stdout).expect("text");
        assert!(output.status.success(), "{commands}\nfails:\n{printed}");
        printed.trim_end_matches('\n').to_owned()
    }

    /// A file of the second terminal's folder.
    fn path(&self, file: &str) -> PathBuf {
        self.folder().join("funnels").join(file)
    }

    fn save(&self, file: &str, text: &str) {
        let path = self.path(file);
        // Folders of settings need not be made beforehand.
        if file.starts_with('.') {
            fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        }
        fs::write(path, text).expect("it is written");
    }

    /// Replaces the lines with a minus by those with a plus.
    fn edit(&self, file: &str, difference: &str) {
        let lines = |sign: char| {
            let lines = difference.lines().filter_map(|line| line.strip_prefix(sign));
            lines.flat_map(|line| [line, "\n"]).collect::<String>()
        };
        let text = fs::read_to_string(self.path(file)).expect("it is there");
        assert_eq!(text.matches(&lines('-')).count(), 1, "{difference}");
        self.save(file, &text.replace(&lines('-'), &lines('+')));
    }

    /// Sends a request, which must be carried out.
    async fn send(&self, request: &str) {
        let token = self.run("printf %s \"$CRM_STEPS_TOKEN\"");
        let server = self.server.as_ref().expect("it is started");
        let answer = server.graphql(&token, request).await.expect("it answers");
        assert!(answer.to_string().contains("\"userErrors\":[]"), "{answer}");
    }

    /// The value of a YAML file.
    fn yaml(&self, file: &str) -> Value {
        let text = fs::read_to_string(self.path(file)).expect("it is there");
        Located::read(&text, Format::Yaml).expect("it is YAML").value
    }
}

/// Whether a block shows what the commands before it print.
fn is_output(block: &Block) -> bool {
    matches!(block.language, "text" | "mermaid") && block.paragraph.is_empty()
}

/// Whether a text is printed; a line with an ellipsis stands for any lines.
fn is_shown(shown: &str, printed: &str) -> bool {
    match shown.split_once(&format!("\n{NOT_SHOWN}\n")) {
        None => shown == printed,
        Some((begin, end)) => {
            printed.starts_with(&format!("{begin}\n")) && printed.ends_with(&format!("\n{end}"))
        }
    }
}

#[tokio::test]
async fn the_commands_print_what_is_shown() {
    Reader::of_all().await;
}

/// The commands of the steps of a job of GitHub, by their names.
fn runs(job: &Value) -> BTreeMap<&str, &str> {
    let steps = job["steps"].as_array().expect("steps").iter();
    steps.filter_map(|step| Some((step["name"].as_str()?, step["run"].as_str()?))).collect()
}

#[tokio::test]
async fn the_workflows_check_plan_and_apply() {
    let reader = Reader::of_all().await;
    let workflow = reader.yaml(".github/workflows/pipelines.yml");
    let job = &workflow["jobs"]["pipelines"];
    let github = runs(job);
    assert_eq!(github.keys().copied().collect::<Vec<_>>(), ["Apply", "Check", "Install", "Plan"]);
    let variables = job["env"].as_object().expect("variables");
    for (name, value) in variables {
        assert_eq!(*value, format!("${{{{ secrets.{name} }}}}"), "the environment has it");
        reader.run(&format!("test -n \"${name}\""));
    }
    let gitlab = reader.yaml(".gitlab-ci.yml");
    let script = |job: &str| gitlab[job]["script"][0].as_str().expect("a command").to_owned();
    assert_eq!(github["Check"].replace(" --format github", ""), script("check"));
    assert_eq!(github["Apply"], script("apply"));

    reader.edit("pipelines/feedback.yaml", "-    autoNextTime: 20\n+    autoNextTime: 48");
    let failing = format!("{} || echo \"exit status $?\"", github["Check"]);
    assert_snapshot!(reader.run(&failing), @r#"
    ::warning file=pipelines/feedback.yaml,line=10,col=5,title=MESSAGE_AFTER_24_HOURS::"Remind once" (index 1) sends its initial message 2 days or more after the customer's last message, and from 24 hours on WhatsApp delivers only templates; send a template instead, shorten the timers that lead there, or give the step a trigger.
    crm-steps: 2 files checked: 1 warning
    exit status 3
    "#);
    reader.edit("pipelines/feedback.yaml", "-    autoNextTime: 48\n+    autoNextTime: 21");
    reader.run(
        "export CRM_STEPS_TOKEN=$(cd ../service && crm-steps token create \\
           --organization 'Horizonte Digital (teste)' --scope write)",
    );
    let all = ["Check", "Plan", "Apply"].map(|name| reader.run(github[name])).join("\n\n");
    assert_snapshot!(all, @r#"
    crm-steps: 2 files checked: nothing found

    pipelines/feedback.yaml: pipeline feedback
      ~ step ask "Ask how it went"
          ~ autoNextTime: 20 → 21
      The pipeline is changed. Steps: 1 updated, 1 unchanged.
    pipelines/vendas.yaml: pipeline vendas
      variables: ERP_TOKEN (steps[2].webhookHeader[Authorization])
      ~ step proposta "Proposta enviada"
          ~ webhookHeader: {"X-Origem":"***","Authorization":"***"} (values are not shown)
      The pipeline is changed. Steps: 1 updated, 6 unchanged.

    pipelines/feedback.yaml: pipeline feedback
      ~ step ask "Ask how it went"
          ~ autoNextTime: 20 → 21
      The pipeline is changed. Steps: 1 updated, 1 unchanged.
    pipelines/vendas.yaml: pipeline vendas
      variables: ERP_TOKEN (steps[2].webhookHeader[Authorization])
      ~ step proposta "Proposta enviada"
          ~ webhookHeader: {"X-Origem":"***","Authorization":"***"} (values are not shown)
      The pipeline is changed. Steps: 1 updated, 6 unchanged.
    crm-steps: pipelines/feedback.yaml: applied
    crm-steps: pipelines/vendas.yaml: applied
    "#);
}

#[test]
fn all_diagnostics_are_listed() {
    let listed: Vec<[String; 2]> = rows(section(PIPELINES, "## Check"))
        .into_iter()
        .map(|row| [row[0].clone(), row[1].to_uppercase()])
        .collect();
    let known = DiagnosticCode::iter().map(|code| {
        let (name, severity): (&str, &str) = (code.into(), code.severity().into());
        [name.to_owned(), severity.to_owned()]
    });
    assert_eq!(listed, known.collect::<Vec<_>>());
}

#[test]
fn an_ellipsis_stands_for_lines() {
    assert!(is_shown("a\nb", "a\nb"));
    assert!(is_shown("a\n…\nd", "a\nb\nc\nd"));
    for (shown, printed) in [("a", "a\nb"), ("a\n…\nd", "a\nb"), ("a\n…\nd", "b\nc\nd"), ("", "a")]
    {
        assert!(!is_shown(shown, printed), "{shown} is not {printed}");
    }
}

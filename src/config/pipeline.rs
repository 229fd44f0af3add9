//! The commands for pipelines and their files.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, builder::RangedU64ValueParser};

use super::service::ServiceConfig;
use crate::domain::{
    crm_scenario::STEPS_MAX,
    flow::{diagnostics::Severity, svg::Theme},
    url::{AllowedHost, WebhookHosts},
};

/// A command for pipeline files.
#[derive(Debug, Subcommand)]
pub enum PipelineCommand {
    /// Check pipeline files: the rules that need no server, and diagnostics
    Check(CheckConfig),
    /// Draw a pipeline file, on standard output
    Flow {
        /// The file
        file: PathBuf,
        /// What is written
        #[arg(long, value_enum, default_value = "svg")]
        format: FlowFormat,
        /// For which scheme an SVG is; auto follows the reader's
        #[arg(long, value_enum, default_value = "auto")]
        theme: FlowTheme,
        /// What is allowed.
        #[command(flatten)]
        rules: RulesConfig,
    },
    /// Simulate a conversation in a pipeline file: what happens to it, and when
    Simulate {
        /// The file
        file: PathBuf,
        /// YAML or JSON file of what happens from outside: the fields of `SimulateCrmScenarioInput`
        /// but scenarioId and spec; without one, only timers act
        #[arg(long, value_name = "FILE")]
        events: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// What is allowed.
        #[command(flatten)]
        rules: RulesConfig,
    },
    /// Print the JSON Schema of pipeline files, for editors
    Schema,
    /// Write the pipelines of a service to files, one for each, named by its key; other files stay
    Export(ExportConfig),
    /// Show what applying pipeline files would change
    Plan(PlanConfig),
    /// Apply pipeline files: show what changes, ask, and make the service's pipelines what the files say
    Apply(ApplyConfig),
}

/// What is checked, and how it is reported.
#[derive(Debug, Args)]
pub struct CheckConfig {
    /// Files, or folders of `.yaml`, `.yml` and `.json` files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// The format of the report on standard output
    #[arg(long, value_enum, default_value = "text")]
    pub format: ReportFormat,

    /// Exit with status 3 if there is a diagnostic of this severity or a worse one
    #[arg(long, value_enum, default_value = "error", value_name = "SEVERITY")]
    pub fail_on: FailOn,

    /// What is allowed.
    #[command(flatten)]
    pub rules: RulesConfig,
}

/// What is exported, and to where.
#[derive(Debug, Args)]
pub struct ExportConfig {
    /// The folder, which is created when missing
    pub folder: PathBuf,

    /// The format of the files
    #[arg(long, value_enum, default_value = "yaml")]
    pub format: FileFormat,

    /// Key of a pipeline to export; may be given more than once; default: all pipelines
    #[arg(long = "key", value_name = "KEY")]
    pub keys: Vec<String>,

    /// Write the values of webhook headers, which are *** otherwise; the token needs the scope secrets
    #[arg(long)]
    pub with_secrets: bool,

    /// The service.
    #[command(flatten)]
    pub service: ServiceConfig,
}

/// The format of an exported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names are the formats")]
pub enum FileFormat {
    Yaml,
    Json,
}

/// What is planned.
#[derive(Debug, Args)]
pub struct PlanConfig {
    /// Files, or folders of `.yaml`, `.yml` and `.json` files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,

    /// Exit with status 4 if a plan is not empty
    #[arg(long)]
    pub detailed_exitcode: bool,

    /// Exit with status 3 if there is a diagnostic of this severity or a worse one
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,

    /// The service.
    #[command(flatten)]
    pub service: ServiceConfig,
}

/// What is applied.
#[derive(Debug, Args)]
pub struct ApplyConfig {
    /// Files, or folders of `.yaml`, `.yml` and `.json` files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Do not ask
    #[arg(long)]
    pub yes: bool,

    /// Print JSON
    #[arg(long)]
    pub json: bool,

    /// Apply nothing, and exit with status 3, if there is a diagnostic of this severity or a worse one
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,

    /// The service.
    #[command(flatten)]
    pub service: ServiceConfig,
}

/// The rules that depend on the configuration of the service.
#[derive(Debug, Clone, Args)]
pub struct RulesConfig {
    /// Maximum number of steps of a scenario; one that has more already keeps them
    #[arg(
        long,
        env = "MAX_STEPS_PER_SCENARIO",
        default_value_t = STEPS_MAX,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..),
        value_name = "STEPS"
    )]
    pub max_steps_per_scenario: usize,

    /// Let webhooks call local, private and metadata addresses
    #[arg(long, env = "ALLOW_PRIVATE_WEBHOOKS")]
    allow_private_webhooks: bool,

    /// Host that webhooks may call although it is local or private: a name, which stands for all
    /// names below it too, an address, or a network like 10.0.0.0/8; may be given more than once
    #[arg(
        long = "allow-webhook-hosts",
        env = "ALLOW_WEBHOOK_HOSTS",
        value_delimiter = ',',
        value_name = "HOST"
    )]
    allowed_webhook_hosts: Vec<AllowedHost>,
}

impl RulesConfig {
    /// Only the rules that hold for every service: nothing that an operator can allow is rejected.
    #[must_use]
    pub fn of_any_service() -> Self {
        Self {
            max_steps_per_scenario: usize::MAX,
            allow_private_webhooks: true,
            allowed_webhook_hosts: Vec::new(),
        }
    }

    /// Which hosts webhooks may call.
    #[must_use]
    pub fn webhook_hosts(&self) -> WebhookHosts {
        if self.allow_private_webhooks {
            WebhookHosts::Any
        } else {
            WebhookHosts::public_and(self.allowed_webhook_hosts.iter().cloned())
        }
    }
}

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people: a line for each finding
    Text,
    /// A JSON object
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0, which code scanning reads
    Sarif,
}

/// From which severity on diagnostics let a check fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names are the severities")]
pub enum FailOn {
    Error,
    Warning,
    Info,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Info => Self::Info,
        }
    }
}

/// The format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FlowFormat {
    /// A picture, with diagnostics as badges
    Svg,
    /// A flowchart of Mermaid
    Mermaid,
    /// A graph of Graphviz
    Dot,
}

/// The scheme of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names are the schemes")]
pub enum FlowTheme {
    Auto,
    Light,
    Dark,
}

impl From<FlowTheme> for Theme {
    fn from(theme: FlowTheme) -> Self {
        match theme {
            FlowTheme::Auto => Self::Auto,
            FlowTheme::Light => Self::Light,
            FlowTheme::Dark => Self::Dark,
        }
    }
}

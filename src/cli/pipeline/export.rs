//! The command `pipeline export`.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::Path,
};

use crm_steps::{
    config::{ExportConfig, FileFormat},
    domain::{flow::spec::PipelineSpec, keys::is_key},
    pipeline_file::{escaped, to_json, to_yaml},
};
use serde::Deserialize as _;

use super::{
    CommandError,
    client::{
        Client,
        documents::{
            ExportPipelines,
            export_pipelines::{TokenScope, Variables},
        },
    },
    escape::Plain,
};
use crate::cli::{failed, say};

/// The maximum number of pages that are read, each with a pipeline: what answers might never end its list.
const PAGES_MAX: usize = 10_000;

/// Writes the pipelines of a service to files. If one cannot be exported, none is written.
pub(crate) async fn export(config: &ExportConfig) -> Result<(), CommandError> {
    let client = Client::new(&config.service)?;
    let pipelines = read(config, &client).await?;
    if let Some(key) = config.keys.iter().find(|key| !pipelines.contains_key(*key)) {
        return Err(format!("there is no pipeline with the key {}", Plain(key)).into());
    }
    let folder = &config.folder;
    fs::create_dir_all(folder)
        .map_err(failed(format!("cannot create the folder {}", folder.display())))?;
    let (mut written, mut unchanged) = (0, 0);
    for (key, spec) in pipelines {
        let (extension, text) = match config.format {
            FileFormat::Yaml => ("yaml", to_yaml(&spec)?),
            FileFormat::Json => ("json", to_json(&spec)?),
        };
        let path = folder.join(format!("{key}.{extension}"));
        if fs::read(&path).is_ok_and(|present| present == text.as_bytes()) {
            unchanged += 1;
            continue;
        }
        // The error itself names the temporary file.
        let result = write(&path, &text, config.with_secrets).map_err(|error| error.kind());
        result.map_err(failed(format!("cannot write {}", path.display())))?;
        say(format_args!("crm-steps: wrote {}", Plain(&path.display().to_string())));
        written += 1;
    }
    say(format_args!("crm-steps: {written} written, {unchanged} unchanged"));
    Ok(())
}

/// The chosen pipelines of the service, as files have them, by their keys.
async fn read(
    config: &ExportConfig,
    client: &Client,
) -> Result<BTreeMap<String, PipelineSpec>, CommandError> {
    let mut pipelines = BTreeMap::new();
    let mut after = None;
    for _ in 0..PAGES_MAX {
        let page = client.execute::<ExportPipelines>(Variables { after: after.clone() }).await;
        let page = page.map_err(failed(format!("cannot export from {}", client.endpoint())))?;
        if config.with_secrets && !page.viewer.scopes.contains(&TokenScope::Secrets) {
            return Err(
                "the token may not read the values of webhook headers; use one with the scope \
                        secrets (`crm-steps token create --scope secrets …`), or leave out \
                        --with-secrets"
                    .into(),
            );
        }
        for scenario in page.crm_scenarios.nodes {
            // The type of the response has the fields of a specification.
            let spec = PipelineSpec::deserialize(serde_json::to_value(&scenario.spec)?)?;
            let key = spec.key.clone().unwrap_or_default();
            if !config.keys.is_empty() && !config.keys.contains(&key) {
                continue;
            }
            if !is_key(&key) {
                return Err(format!(
                    "{} is not a key, so there is no name for a file",
                    Plain(&key)
                )
                .into());
            }
            let spec = escaped(if config.with_secrets { spec } else { spec.masked() });
            if let Some(other) = pipelines.insert(key.clone(), (scenario.id.clone(), spec)) {
                return Err(format!(
                    "the names of the scenarios {} and {} give both the key {key}; give one of them a key of \
                     its own by updateCrmScenario",
                    Plain(&other.0), Plain(&scenario.id)
                )
                .into());
            }
        }
        let page_info = page.crm_scenarios.page_info;
        if !page_info.has_next_page {
            return Ok(pipelines.into_iter().map(|(key, (_, spec))| (key, spec)).collect());
        }
        if page_info.end_cursor.is_none() || page_info.end_cursor == after {
            let endpoint = client.endpoint();
            return Err(format!(
                "cannot export from {endpoint}: it says that there are more pipelines, and not where"
            )
            .into());
        }
        after = page_info.end_cursor;
    }
    let endpoint = client.endpoint();
    Err(format!("cannot export from {endpoint}: it has more than {PAGES_MAX} pipelines").into())
}

/// Replaces a file as a whole. Only the user can read one with secrets.
fn write(path: &Path, text: &str, has_secrets: bool) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = if has_secrets { 0o600 } else { 0o666 };
        // Like that of other files, without what the umask takes.
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

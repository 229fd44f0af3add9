//! The command `backup`: copies the embedded database, also while the service runs.

use std::{
    fs::File,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crm_steps::{
    config::DatabaseConfig,
    db::{Database, Engine},
    domain::secret::Keyring,
};
use tempfile::NamedTempFile;

use super::{
    CommandError,
    secrets::{key_file_of, sqlite_file},
};

/// Writes a copy of the database to a new file that only its owner can read, and prints what is not
/// in it.
pub(crate) async fn backup(file: PathBuf, config: &DatabaseConfig) -> Result<(), CommandError> {
    let engine = config.url.engine().map_err(CommandError::Configuration)?;
    if engine != Engine::Sqlite {
        let message =
            "backup copies an embedded SQLite database; copy one on PostgreSQL with pg_dump";
        return Err(CommandError::Configuration(message));
    }
    // Opening creates what is missing.
    let source = sqlite_file(&config.url)?;
    if !source.exists() {
        return Err(CommandError::NoDatabase(source));
    }
    if file.exists() {
        return Err(CommandError::BackupExists(file));
    }
    let connections = config.connections.get();
    let database = Database::open(config.url.reveal(), engine, connections, Keyring::default())
        .await
        .map_err(CommandError::Open)?;
    let failed = |error| CommandError::Backup { file: file.clone(), error };
    // Under another name until it is complete. A temporary file is for its owner alone, and is
    // removed if the copy fails.
    let folder = std::path::absolute(&file).map_err(failed)?;
    let folder = folder.parent().unwrap_or(&folder);
    let copy = NamedTempFile::new_in(folder).map_err(failed)?;
    let path = copy.path().to_str().ok_or(io::ErrorKind::InvalidFilename.into()).map_err(failed)?;
    database.copy_into(path).await?;
    copy.as_file().sync_all().map_err(failed)?;
    let copied = copy.persist_noclobber(&file).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => CommandError::BackupExists(file.clone()),
        _ => failed(error.error),
    })?;
    sync_folder(folder).map_err(failed)?;
    let bytes = copied.metadata().map_err(failed)?.len();
    let key_file = key_file_of(&source);
    let keys =
        if key_file.exists() { key_file.display().to_string() } else { "SECRET_KEYS".to_owned() };
    Ok(writeln!(
        io::stdout(),
        "copied {} to {} ({bytes} bytes)\n\
         the keys for secrets are not in the copy: keep {keys} too, in another place",
        source.display(),
        file.display()
    )?)
}

/// Makes a file's new name last, too.
fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

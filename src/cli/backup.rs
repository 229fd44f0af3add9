//! The command `backup`: copies the embedded database, also while the service runs.

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
};

use crm_steps::{config::DatabaseConfig, db::Engine, domain::secret::Keyring, store::StoreError};
use tempfile::NamedTempFile;

use super::{
    CommandError, failed, open,
    secrets::{key_file_of, sqlite_file},
};

/// Writes a copy of the database to a new file that only its owner can read, and prints what is not
/// in it.
pub(crate) async fn backup(file: &Path, config: &DatabaseConfig) -> Result<(), CommandError> {
    if config.url.engine()? != Engine::Sqlite {
        let message =
            "backup copies an embedded SQLite database; copy one on PostgreSQL with pg_dump";
        return Err(message.into());
    }
    // Opening creates what is missing.
    let source = sqlite_file(&config.url)?;
    if !source.exists() {
        return Err(format!("there is no database {}", source.display()).into());
    }
    let name = file.display();
    let exists = || format!("{name} exists already; name a new file for the copy").into();
    if file.exists() {
        return Err(exists());
    }
    let database = open(config, Keyring::default()).await?;
    let failed = |error: io::Error| failed(format!("cannot write the copy {name}"))(error);
    // Under another name until it is complete. A temporary file is for its owner alone, and is
    // removed if the copy fails.
    let folder = std::path::absolute(file).map_err(failed)?;
    let folder = folder.parent().unwrap_or(&folder);
    let copy = NamedTempFile::new_in(folder).map_err(failed)?;
    let path = copy.path().to_str().ok_or(io::ErrorKind::InvalidFilename.into()).map_err(failed)?;
    database.copy_into(path).await.map_err(StoreError::from)?;
    copy.as_file().sync_all().map_err(failed)?;
    let copied = copy.persist_noclobber(file).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => exists(),
        _ => failed(error.error),
    })?;
    sync_folder(folder).map_err(failed)?;
    let bytes = copied.metadata().map_err(failed)?.len();
    let key_file = key_file_of(&source);
    let keys =
        if key_file.exists() { key_file.display().to_string() } else { "SECRET_KEYS".to_owned() };
    Ok(writeln!(
        io::stdout(),
        "copied {} to {name} ({bytes} bytes)\n\
         the keys for secrets are not in the copy: keep {keys} too, in another place",
        source.display(),
    )?)
}

/// Makes a file's new name last, too.
fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

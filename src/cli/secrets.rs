//! The commands `secret-key` and `rotate-secrets`, and the keys that encrypt secrets.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crm_steps::{
    config::{DatabaseUrl, StorageConfig},
    db::Engine,
    domain::{clock::Clock, secret::Keyring},
    store,
};
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use tempfile::NamedTempFile;

use super::{CommandError, failed, open_migrated};

/// Prints a new key, whose id is the date.
pub(crate) fn print_new_key() -> Result<(), CommandError> {
    let id = Clock::system().now().format("%Y%m%d").to_string();
    Ok(writeln!(io::stdout(), "{}", Keyring::generate(&id))?)
}

/// Encrypts all secrets with the first of the keys, and prints how many steps had secrets that were
/// encrypted with another one.
pub(crate) async fn rotate(config: &StorageConfig) -> Result<(), CommandError> {
    let keys = keys(config)?;
    let database = open_migrated(&config.database, keys).await?;
    let count = store::kit::secrets::rotate(&database).await?;
    Ok(writeln!(io::stdout(), "re-encrypted the secrets of {count} steps")?)
}

/// The keys for secrets: those of the configuration; without any, for SQLite, those of the key file,
/// which is created if it is missing.
pub(super) fn keys(config: &StorageConfig) -> Result<Keyring, CommandError> {
    let invalid = "invalid SECRET_KEYS";
    if let Some(keys) = config.keys().map_err(failed(invalid))? {
        return Ok(keys);
    }
    let url = &config.database.url;
    if url.engine()? != Engine::Sqlite {
        let message = "SECRET_KEYS is not set; all replicas need the same keys, and the command \
                       secret-key prints one";
        return Err(message.into());
    }
    let file = key_file_of(&sqlite_file(url)?);
    let what = format!("cannot read or create the key file {}", file.display());
    let text = read_or_create(&file).map_err(failed(what))?;
    text.trim().parse().map_err(failed(invalid))
}

/// The file of an embedded database.
pub(super) fn sqlite_file(url: &DatabaseUrl) -> Result<PathBuf, CommandError> {
    let options = url.reveal().parse::<SqliteConnectOptions>();
    let options = options.map_err(|_| "the database URL names no SQLite file")?;
    Ok(options.get_filename().to_owned())
}

/// The key file of an embedded database: its keys if the configuration has none.
pub(super) fn key_file_of(database: &Path) -> PathBuf {
    let mut file = database.as_os_str().to_owned();
    file.push(".key");
    file.into()
}

/// Reads a key file, and creates it first if it is missing. Only its owner can read it.
fn read_or_create(file: &Path) -> io::Result<String> {
    if !file.exists() {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        // A temporary file has the permissions 0600.
        let mut new = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        new.write_all(Keyring::generate("file").as_bytes())?;
        new.as_file().sync_all()?;
        match new.persist_noclobber(file) {
            Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(error.error);
            }
            // Another process that started at the same time may have created the file; both use it.
            _ => {}
        }
    }
    fs::read_to_string(file)
}

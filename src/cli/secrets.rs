//! The commands `secret-key` and `rotate-secrets`, and where the keys come from.

use std::{
    fs::{self, File},
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

use super::{CommandError, open_migrated};

/// Prints a new key, named after the day.
pub(super) fn print_new_key() -> Result<(), CommandError> {
    let id = Clock::system().now().format("%Y%m%d").to_string();
    Ok(writeln!(io::stdout(), "{}", Keyring::generate(&id))?)
}

/// Encrypts all secrets again with the first of the keys, and prints how many steps had any that
/// were not.
pub(super) async fn rotate(config: &StorageConfig) -> Result<(), CommandError> {
    let keys = keys(config)?;
    let database = open_migrated(&config.database, keys).await?;
    let count = store::kit::secrets::rotate(&database).await?;
    Ok(writeln!(io::stdout(), "sealed the secrets of {count} steps anew")?)
}

/// The keys for secrets: those that are configured; else, for SQLite, those of the file beside the
/// database, made when it is missing.
pub(super) fn keys(config: &StorageConfig) -> Result<Keyring, CommandError> {
    if let Some(keys) = config.keys()? {
        return Ok(keys);
    }
    let url = &config.database.url;
    if url.engine().map_err(CommandError::Configuration)? != Engine::Sqlite {
        let message = "SECRET_KEYS is not set; all replicas need the same, and the command \
                       secret-key prints one";
        return Err(CommandError::Configuration(message));
    }
    let file = key_file_of(&sqlite_file(url)?);
    let text = key_file(&file).map_err(|error| CommandError::KeyFile { file, error })?;
    Ok(text.trim().parse()?)
}

/// The file of an embedded database.
pub(super) fn sqlite_file(url: &DatabaseUrl) -> Result<PathBuf, CommandError> {
    let options: SqliteConnectOptions = url
        .reveal()
        .parse()
        .map_err(|_| CommandError::Configuration("the database URL names no SQLite file"))?;
    Ok(options.get_filename().to_owned())
}

/// The file that has the keys of an embedded database for which none are configured.
pub(super) fn key_file_of(database: &Path) -> PathBuf {
    let mut file = database.as_os_str().to_owned();
    file.push(".key");
    file.into()
}

/// What is in a file of keys. A new one is for its owner alone.
fn key_file(file: &Path) -> io::Result<String> {
    if !file.exists() {
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // Written beside it first, so that nobody ever finds half a key. Whoever comes second uses
        // the key of the first.
        let beside = file.with_extension(format!("key-{}", std::process::id()));
        let mut new = options.open(&beside)?;
        new.write_all(Keyring::generate("file").as_bytes())?;
        new.sync_all()?;
        let linked = fs::hard_link(&beside, file);
        fs::remove_file(&beside)?;
        linked.or_else(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Ok(()),
            _ => Err(error),
        })?;
    }
    fs::read_to_string(file)
}

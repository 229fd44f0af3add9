//! The service under callgrind, which counts instructions: a measure without noise.

use std::{
    cell::Cell,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::service::Service;

/// A running service whose instructions are counted.
pub struct Counted {
    pub service: Service,
    output: PathBuf,
    /// The number of dumps so far; each is written to a file of its own.
    dumps: Cell<u32>,
    _folder: TempDir,
}

impl Counted {
    /// Starts the service on a database.
    pub fn start(program: &Path, database: &str, keys: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let output = folder.path().join("callgrind.out");
        let out_file = format!("--callgrind-out-file={}", output.display());
        let runner = ["valgrind", "--tool=callgrind", &out_file];
        let service = Service::start(program, database, keys, &runner);
        Self { service, output, dumps: Cell::new(0), _folder: folder }
    }

    /// The instructions that the service executes during `work`.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> (T, u64) {
        self.since_last_asked();
        let done = work();
        (done, self.since_last_asked())
    }

    fn since_last_asked(&self) -> u64 {
        let id = self.service.id().to_string();
        let dump = Command::new("callgrind_control").args(["--dump", &id]).output();
        assert!(dump.expect("valgrind has callgrind_control").status.success());
        self.dumps.set(self.dumps.get() + 1);
        let mut file: OsString = self.output.clone().into();
        file.push(format!(".{}", self.dumps.get()));
        let text = fs::read_to_string(file).expect("callgrind has written it");
        let total = text
            .lines()
            .find_map(|line| line.strip_prefix("summary: ").or(line.strip_prefix("totals: ")));
        total.and_then(|total| total.trim().parse().ok()).expect("it has a total")
    }
}

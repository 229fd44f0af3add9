//! The build script: the types of GraphQL documents, and the pages.

#[path = "build/documents.rs"]
mod documents;
#[path = "build/pages.rs"]
mod pages;

use std::{env, error::Error, path::PathBuf};

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder: PathBuf = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?.into();
    documents::generate(&folder)?;
    pages::build();
    Ok(())
}

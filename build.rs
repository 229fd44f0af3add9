//! Gives the page that is a part of the program its place, and builds the program anew when the
//! page has been.

use std::{fs, io, path::Path, time::SystemTime};

fn main() -> io::Result<()> {
    let page = Path::new("web/dist");
    // A debug build reads the page from this folder while it runs, whenever it comes to be there;
    // but the folder has to be there when it is built.
    if !page.exists() {
        fs::create_dir_all(page)?;
        // A folder that is newer than this build would look like a page that has been built since,
        // and the next command would build everything again. Where that cannot be said, it does.
        let _ = fs::File::open(page).and_then(|folder| folder.set_modified(SystemTime::UNIX_EPOCH));
    }
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let watched = if is_release { page } else { Path::new("build.rs") };
    println!("cargo:rerun-if-changed={}", watched.display());
    Ok(())
}

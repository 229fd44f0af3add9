//! Gives the page that is a part of the program its place, and builds the program anew when the
//! page has been.

fn main() -> std::io::Result<()> {
    // A debug build reads the page from this folder while it runs, whenever it comes to be there;
    // but the folder has to be there when it is built.
    std::fs::create_dir_all("web/dist")?;
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo:rerun-if-changed={}", if is_release { "web/dist" } else { "build.rs" });
    Ok(())
}

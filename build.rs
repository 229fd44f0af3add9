//! Builds the program anew when the page that is a part of it has been built anew.

fn main() {
    // A debug build reads the page from its folder while it runs.
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo:rerun-if-changed={}", if is_release { "web/dist" } else { "build.rs" });
}

//! The page of a program that was built without the others, which says how to build them.

use std::sync::LazyLock;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

/// A document of one file, and the content security policy with which a browser loads nothing, and applies its
/// style.
pub(super) struct Notice {
    pub(super) html: String,
    pub(super) policy: String,
}

/// What to run, in the kind of build that this program is.
pub(super) static NOTICE: LazyLock<Notice> = LazyLock::new(|| {
    let then = if cfg!(debug_assertions) {
        "Then reload this page."
    } else {
        "Then build the program again, and start it again."
    };
    let html = include_str!("notice.html").replace("<!-- then -->", then);
    let style = html.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    let hash = BASE64_STANDARD.encode(Sha256::digest(style.map_or("", |(style, _)| style)));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    Notice { html, policy }
});

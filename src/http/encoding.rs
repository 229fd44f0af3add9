//! The encodings of a response that a client accepts.
//!
//! By hand, because the libraries of the service compare the header only inside of a layer that compresses each
//! response, and the files of the pages are compressed by the build of `web/`.

use axum::http::{HeaderMap, header};

/// How a response is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Brotli, with the smaller responses. Most browsers accept it only of a secure origin.
    Brotli,
    /// Gzip.
    Gzip,
}

impl Encoding {
    /// All of them, the one with the smaller responses first.
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// Its name in HTTP.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The end of the name of a file in this form.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
        }
    }

    /// Whether a file of this name is the compressed form of another one.
    pub(super) fn is_form(name: &str) -> bool {
        let end = name.rsplit_once('.').map(|(_, end)| end);
        Self::ALL.iter().any(|encoding| end == Some(encoding.extension()))
    }

    /// Those that a client prefers to the response as it is: by their quality, and at the same quality the smaller one
    /// first. Without any of them, the response is sent as it is, even to a client that excludes it.
    pub(super) fn preferred(headers: &HeaderMap) -> Vec<Self> {
        let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
        let elements = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
        let accepted: Vec<_> = elements.filter_map(parse).collect();
        let quality_of = |name: &str| {
            let mut named = accepted.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
            named.next().map(|(_, quality)| *quality)
        };
        let quality = |encoding: Self| quality_of(encoding.name()).or_else(|| quality_of("*"));
        let as_it_is = quality_of("identity").unwrap_or_default();
        let of_all =
            Self::ALL.into_iter().filter_map(|encoding| Some((encoding, quality(encoding)?)));
        let mut preferred: Vec<_> =
            of_all.filter(|(_, quality)| *quality > 0.0 && *quality >= as_it_is).collect();
        // A stable sort.
        preferred.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        preferred.into_iter().map(|(encoding, _)| encoding).collect()
    }
}

/// Parses an element of the header: a name and its quality, from 0, which excludes it, to 1. `None` if it is faulty.
fn parse(element: &str) -> Option<(&str, f32)> {
    let (name, parameter) = match element.split_once(';') {
        Some((name, parameter)) => (name, Some(parameter)),
        None => (element, None),
    };
    let quality = match parameter {
        Some(parameter) => {
            let (given, quality) = parameter.split_once('=')?;
            let quality =
                quality.trim().parse().ok().filter(|_| given.trim().eq_ignore_ascii_case("q"));
            quality.filter(|quality| (0.0..=1.0).contains(quality))?
        }
        None => 1.0,
    };
    Some((name.trim(), quality))
}

//! The pipeline files in samples/.

use std::{fs, path::Path};

use crm_steps::{
    domain::flow::spec::PipelineSpec,
    pipeline_file::{Format, PipelineFile},
};

/// A sample.
pub struct Sample {
    /// The text of its file.
    pub text: String,
    /// The pipeline.
    pub spec: PipelineSpec,
}

/// The sample with this key, which is also the name of its file.
pub fn sample(key: &str) -> Sample {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let text = fs::read_to_string(folder.join(key).with_extension("yaml")).expect("it is there");
    let spec = PipelineFile::read(&text, Format::Yaml).expect("it is read").value;
    assert_eq!(spec.key.as_deref(), Some(key));
    Sample { text, spec }
}

/// All samples, in the order of their keys.
pub fn samples() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files = fs::read_dir(folder).expect("the folder can be read");
    let mut keys: Vec<String> = files
        .filter_map(|file| {
            let name = file.expect("a file").file_name().into_string().expect("a name");
            name.strip_suffix(".yaml").map(str::to_owned)
        })
        .collect();
    keys.sort();
    assert!(keys.len() > 2, "{keys:?}");
    keys.iter().map(|key| sample(key)).collect()
}

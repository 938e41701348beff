//! The broker that a stream goes to.

use super::error::SettingsError;
use super::programs;
use super::secret::SecretSource;
use crate::broker::Url;
use crate::cli::{Cli, Form};

/// The broker that a stream goes to.
#[derive(Debug, Clone)]
pub struct To {
    /// Where it is.
    pub url: Url,
    /// Where its secret is, if there is one.
    pub secret: Option<SecretSource>,
}

impl To {
    /// `--to`, with the secret of `--to-secret-file` or else of the environment.
    pub(super) fn of(
        cli: &Cli,
        set: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<To>, SettingsError> {
        let Some(url) = &cli.stream.to else {
            return Ok(None);
        };
        if cli.output.form.is_some_and(|form| form != Form::Json) {
            return Err(SettingsError::ToForm);
        }
        let file = cli.stream.to_secret_file.clone().map(SecretSource::File);
        let text = || set(programs::TO_SECRET).map(SecretSource::Text);
        Ok(Some(To {
            url: url.parse()?,
            secret: file.or_else(text),
        }))
    }
}

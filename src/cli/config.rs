//! `config show`: what holds, and where each value comes from.

use eksdns_lint::Request;

use super::output::{self, complain};
use super::{FAILED, OK};

/// Prints the settings of the named paths.
pub(super) fn show(request: &Request) -> u8 {
    let settings = std::env::current_dir().and_then(|cwd| eksdns_lint::settings(request, &cwd));
    let settings = match settings {
        Ok(settings) => settings,
        Err(error) => {
            complain("error", &error.to_string());
            return FAILED;
        }
    };
    settings.failures.iter().for_each(|failure| complain("error", failure));
    if let Err(error) = output::write(&settings.to_string(), false) {
        complain("error", &format!("the settings could not be written: {error}"));
        return FAILED;
    }
    if settings.failures.is_empty() { OK } else { FAILED }
}

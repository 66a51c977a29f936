//! What an office is opened with that asks nobody anything.

use std::{error::Error, path::Path, sync::Arc};

use access::{Environment, PracticeAddresses};
use id_porten::{Browser, BrowserError};
use office::Setup;

/// No browser: nobody signs in.
struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _: &url::Url) -> Result<(), BrowserError> {
        Err(BrowserError::new("there is none"))
    }
}

pub(crate) fn setup(data: &Path) -> Result<Setup, Box<dyn Error>> {
    let nowhere = "http://127.0.0.1:9".to_owned();
    let addresses = PracticeAddresses {
        id_porten: nowhere.clone(),
        altinn_platform: nowhere.clone(),
        altinn_app: format!("{nowhere}/skd/mva-melding-innsending-v1"),
        skatteetaten: nowhere,
    };
    Ok(Setup::new(data, data.join("archive"), Environment::practice(&addresses)?, Arc::new(NoBrowser))?)
}

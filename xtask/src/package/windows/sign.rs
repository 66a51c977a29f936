//! Authenticode signatures, by osslsigncode.

use crate::{
    command::{Done, Failure, finish},
    package::{printed, write},
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Where a certificate is told: a PKCS #12 file, a file with its password (none: an empty one), and who says when it was.
const FILE: &str = "MOMSBUD_SIGNING_CERTIFICATE";
const PASSWORD_FILE: &str = "MOMSBUD_SIGNING_PASSWORD_FILE";
const TIME: &str = "MOMSBUD_SIGNING_TIMESTAMP";

/// Whose signature everything gets.
pub(crate) struct Certificate {
    pkcs12: PathBuf,
    password: PathBuf,
    /// A timestamp authority's address; without one a signature ends with its certificate.
    timestamp: Option<String>,
    /// Who is believed when the signatures are looked at: the system's authorities, or for a trial the certificate itself.
    believed: Option<PathBuf>,
}

impl Certificate {
    /// The one that the environment names.
    ///
    /// # Errors
    /// There is none: nothing is made that would be released unsigned.
    pub(crate) fn given() -> Result<Self, Failure> {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let file = |name: &str| {
            let path = set(name).ok_or_else(|| {
                Failure::new(format!(
                    "There is no certificate to sign with: {FILE} must name a PKCS #12 file, and {PASSWORD_FILE} one with its password. \
                     Nothing was built."
                ))
            })?;
            if path.is_file() {
                Ok(path)
            } else {
                Err(Failure::new(format!("{name}: there is no {}. Nothing was built.", path.display())))
            }
        };
        let timestamp = env::var(TIME).ok().filter(|address| !address.is_empty());
        Ok(Self { pkcs12: file(FILE)?, password: file(PASSWORD_FILE)?, timestamp, believed: None })
    }

    /// What signs a file and puts the signed one in its place, as a shell's command; the file's name follows.
    ///
    /// # Errors
    /// The script cannot be written.
    pub(super) fn command(&self, epoch: u64) -> Result<String, Failure> {
        let script = self.password.with_file_name("sign.sh");
        let words: Vec<String> = self.words(epoch).iter().map(|word| format!("'{word}'")).collect();
        write(
            &script,
            format!(
                "set -e\nosslsigncode sign {} -in \"$1\" -out \"$1.signed\"\nmv \"$1.signed\" \"$1\"\n",
                words.join(" ")
            ),
        )?;
        Ok(format!("sh {}", script.display()))
    }

    fn words(&self, epoch: u64) -> Vec<String> {
        let text = |path: &Path| path.display().to_string();
        let mut words =
            ["-pkcs12", &text(&self.pkcs12), "-readpass", &text(&self.password), "-h", "sha256", "-n", "Momsbud", "-i"]
                .map(str::to_owned)
                .to_vec();
        words.push("https://github.com/momsbud/momsbud".to_owned());
        match &self.timestamp {
            Some(address) => words.extend(["-ts".to_owned(), address.clone()]),
            // The commit's time, so that the same programs give the same bytes.
            None => words.extend(["-time".to_owned(), epoch.to_string()]),
        }
        words
    }

    /// Signs a file in its place.
    ///
    /// # Errors
    /// osslsigncode's.
    pub(super) fn sign(&self, file: &Path, epoch: u64) -> Done {
        let signed = file.with_extension("signed");
        let mut sign = Command::new("osslsigncode");
        sign.arg("sign").args(self.words(epoch)).arg("-in").arg(file).arg("-out").arg(&signed);
        finish(&mut sign)?;
        fs::rename(&signed, file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))
    }

    /// Looks that a file's signature is whole and of somebody who is believed.
    ///
    /// # Errors
    /// It is not.
    pub(super) fn verify(&self, file: &Path) -> Done {
        let mut verify = Command::new("osslsigncode");
        verify.arg("verify").arg("-in").arg(file);
        verify.arg("-CAfile").arg(self.believed.as_deref().unwrap_or(Path::new("/etc/ssl/certs/ca-certificates.crt")));
        let said = printed(&mut verify)?;
        if said.contains("Signature verification: ok") {
            Ok(())
        } else {
            Err(Failure::new(format!("{}: {said}", file.display())))
        }
    }
}

/// A certificate of this machine's own, to try signing with: nobody else believes it.
///
/// # Errors
/// openssl's.
pub(crate) fn trial(folder: &Path) -> Result<Certificate, Failure> {
    let file = |name: &str| folder.join(name);
    write(&file("password"), "trial")?;
    finish(
        Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:3072", "-nodes", "-days", "3650", "-subj", "/CN=Momsbud trial"])
            .args(["-addext", "extendedKeyUsage=codeSigning", "-keyout"])
            .arg(file("key.pem"))
            .arg("-out")
            .arg(file("certificate.pem")),
    )?;
    finish(
        Command::new("openssl")
            .args(["pkcs12", "-export", "-passout", "pass:trial", "-inkey"])
            .arg(file("key.pem"))
            .arg("-in")
            .arg(file("certificate.pem"))
            .arg("-out")
            .arg(file("certificate.p12")),
    )?;
    Ok(Certificate {
        pkcs12: file("certificate.p12"),
        password: file("password"),
        timestamp: None,
        believed: Some(file("certificate.pem")),
    })
}

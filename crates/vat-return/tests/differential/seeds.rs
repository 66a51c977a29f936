//! The documents that are changed.

use std::path::Path;
use vat_return::samples;

#[derive(Debug)]
pub(crate) struct Seed {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) const NAMESPACE: &str = "no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0";

pub(crate) fn official(folder: &Path) -> Vec<Seed> {
    let mut seeds: Vec<Seed> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| Seed {
            name: entry.file_name().to_string_lossy().into_owned(),
            bytes: std::fs::read(entry.path()).unwrap(),
        })
        .collect();
    // The order of a folder is the file system's; the mutants must not depend on it.
    seeds.sort_by(|one, other| one.name.cmp(&other.name));
    seeds
}

pub(crate) fn all(folder: &Path) -> Vec<Seed> {
    let mut seeds = official(folder);
    for sample in &samples::ALL {
        seeds.push(Seed { name: sample.file_name(), bytes: sample.bytes.to_vec() });
    }
    for (name, text) in rare() {
        seeds.push(Seed { name: name.into(), bytes: text.into_bytes() });
    }
    seeds
}

/// Everything the schema knows and markup that exports seldom have.
fn rare() -> Vec<(&'static str, String)> {
    let prefixed = format!(
        r#"<?xml version='1.0' standalone="yes"?><!-- før --><?a b?>
<m:mvaMeldingDto xmlns:m="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{NAMESPACE} mva.xsd">
<m:innsending><m:regnskapssystemsreferanse>a&amp;b&#229;<![CDATA[<c>]]>&lt;</m:regnskapssystemsreferanse></m:innsending>
<m:skattegrunnlagOgBeregnetSkatt><m:skattleggingsperiode><m:periode><m:skattleggingsperiodeUke>uke 53</m:skattleggingsperiodeUke></m:periode><m:aar>2026Z</m:aar></m:skattleggingsperiode>
<m:fastsattMerverdiavgift xsi:type="m:Beloep"> -12.50 </m:fastsattMerverdiavgift></m:skattegrunnlagOgBeregnetSkatt>
<m:betalingsinformasjon/><m:skattepliktig/><m:meldingskategori>eHandel</m:meldingskategori>
</m:mvaMeldingDto><!-- etter -->"#
    );
    let complete = format!(
        r#"<mvaMeldingDto xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
	<innsending >
		<regnskapssystemsreferanse></regnskapssystemsreferanse>
		<regnskapssystem><systemnavn>Å</systemnavn><systemversjon/></regnskapssystem >
	</innsending>
	<skattegrunnlagOgBeregnetSkatt>
		<skattleggingsperiode><periode><skattleggingsperiodeHalvMaaned>andre halvdel mai</skattleggingsperiodeHalvMaaned></periode><aar>-0044</aar></skattleggingsperiode>
		<fastsattMerverdiavgift>+.5</fastsattMerverdiavgift>
		<mvaSpesifikasjonslinje>
			<mvaKode>3</mvaKode><spesifikasjon>tapPåKrav</spesifikasjon><mvaKodeRegnskapsystem xsi:type="Tekst">25 %</mvaKodeRegnskapsystem>
			<grunnlag>0005.</grunnlag><sats>11,11</sats><merverdiavgift>1</merverdiavgift>
			<merknad><beskrivelse>To
linjer</beskrivelse></merknad>
		</mvaSpesifikasjonslinje>
		<mvaSpesifikasjonslinje><mvaKode/><merverdiavgift>2</merverdiavgift><merknad><utvalgtMerknad>BFU</utvalgtMerknad></merknad></mvaSpesifikasjonslinje>
	</skattegrunnlagOgBeregnetSkatt>
	<betalingsinformasjon><kundeIdentifikasjonsnummer xsi:type="Organisasjonsnummer">311797816</kundeIdentifikasjonsnummer></betalingsinformasjon>
	<skattepliktig><organisasjonsnummer>311797816</organisasjonsnummer><identifikasjonsnummer>1234567</identifikasjonsnummer></skattepliktig>
	<meldingskategori>omvendtAvgiftsplikt</meldingskategori>
	<merknad><utvalgtMerknad>forlis</utvalgtMerknad></merknad>
</mvaMeldingDto>
"#
    );
    let windows = String::from_utf8(samples::ALL[0].bytes.to_vec()).unwrap().replace('\n', "\r\n");
    vec![("prefixed", prefixed), ("complete", complete), ("line ends", windows)]
}

//! [`VatReturn`] to XML.

use crate::model::{Line, Remark, VatReturn};
use crate::return_schema::NAMESPACE;
use crate::xml::write::Writer;

impl VatReturn {
    /// The return as XML in the order of the schema: UTF-8 with declaration, two spaces a level, `\n` line ends.
    ///
    /// Reading it again gives the same values at other places. It is for drafts and tests: what is filed are the
    /// bytes the accounting system exported.
    ///
    /// ```
    /// use vat_return::{read, samples};
    ///
    /// let fjordlys = read(samples::ALL[0].bytes)?;
    /// let again = read(fjordlys.write().as_bytes())?;
    /// assert_eq!(again.assessed_vat.value, fjordlys.assessed_vat.value);
    /// # Ok::<(), vat_return::Rejection>(())
    /// ```
    pub fn write(&self) -> String {
        let mut xml = Writer::new("mvaMeldingDto", Some(NAMESPACE));
        xml.open("innsending");
        xml.value("regnskapssystemsreferanse", &self.reference.value);
        if let Some(system) = &self.system {
            xml.open("regnskapssystem");
            xml.value("systemnavn", &system.name);
            xml.maybe("systemversjon", system.version.as_deref());
            xml.close();
        }
        xml.close();
        xml.open("skattegrunnlagOgBeregnetSkatt");
        xml.period(&self.period.value);
        xml.value("fastsattMerverdiavgift", &self.assessed_vat.value.to_string());
        for line in &self.lines {
            write_line(&mut xml, line);
        }
        xml.close();
        match &self.kid {
            None => xml.empty("betalingsinformasjon"),
            Some(kid) => {
                xml.open("betalingsinformasjon");
                xml.value("kundeIdentifikasjonsnummer", kid.value.as_str());
                xml.close();
            }
        }
        xml.open("skattepliktig");
        xml.maybe("organisasjonsnummer", self.org_number.as_ref().map(|number| number.value.as_str()));
        xml.maybe("identifikasjonsnummer", self.identification_number.as_ref().map(|number| number.value.as_str()));
        xml.close();
        xml.value("meldingskategori", self.category.value.xml());
        write_remark(&mut xml, self.remark.as_ref());
        xml.finish()
    }
}

fn write_line(xml: &mut Writer, line: &Line) {
    xml.open("mvaSpesifikasjonslinje");
    xml.value("mvaKode", &line.code.value);
    xml.maybe("spesifikasjon", line.specification.as_ref().map(|text| text.value.as_str()));
    xml.maybe("mvaKodeRegnskapsystem", line.own_code.as_deref());
    xml.maybe("grunnlag", line.base.as_ref().map(|amount| amount.value.to_string()).as_deref());
    xml.maybe("sats", line.rate.as_ref().map(|rate| rate.value.as_str()));
    xml.value("merverdiavgift", &line.vat.value.to_string());
    write_remark(xml, line.remark.as_ref());
    xml.close();
}

fn write_remark(xml: &mut Writer, remark: Option<&Remark>) {
    let Some(remark) = remark else { return };
    xml.open("merknad");
    match remark {
        Remark::Description(text) => xml.value("beskrivelse", &text.value),
        Remark::Chosen(code) => xml.value("utvalgtMerknad", &code.value),
    }
    xml.close();
}

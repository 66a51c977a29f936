//! A4 pages with the practice's stripes and watermark on every one, in the standard Helvetica.

use pdf_writer::types::TextRenderingMode;
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 56.0;
/// Right edges of the table's columns: code and description are left-aligned at their left edges.
const CODE: f32 = 56.0;
const DESCRIPTION: f32 = 96.0;
const BASE: f32 = 398.0;
const RATE: f32 = 452.0;
const VAT: f32 = 539.0;
/// The practice violet.
pub(super) const VIOLET: [f32; 3] = [0.416, 0.247, 0.659];
const WATERMARK: [f32; 3] = [0.925, 0.902, 0.957];
const INK: [f32; 3] = [0.133, 0.188, 0.227];
pub(super) const QUIET: [f32; 3] = [0.333, 0.38, 0.42];
const RULE: [f32; 3] = [0.8, 0.8, 0.84];

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text {
    pub(super) x: f32,
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) right: bool,
    pub(super) colour: [f32; 3],
}

impl Default for Text {
    fn default() -> Self {
        Self { x: MARGIN, size: 10.5, bold: false, right: false, colour: INK }
    }
}

/// Pages being written, from top to bottom.
pub(super) struct Paper {
    title: String,
    pages: Vec<Content>,
    y: f32,
}

impl Paper {
    pub(super) fn new(title: &str) -> Self {
        let mut paper = Self { title: title.into(), pages: Vec::new(), y: 0.0 };
        paper.new_page();
        paper
    }

    /// A page with stripes, heading and watermark.
    pub(super) fn new_page(&mut self) {
        let mut content = Content::new();
        watermark(&mut content);
        stripes(&mut content);
        self.pages.push(content);
        let heading = "ØVING · IKKE SENDT TIL SKATTEETATEN · IKKE BETAL";
        let width = measure(heading, true, 12.0);
        self.y = HEIGHT - 30.0;
        let centred = Text { x: (WIDTH - width) / 2.0, size: 12.0, bold: true, colour: [1.0; 3], ..Text::default() };
        self.text(centred, heading);
        self.y = HEIGHT - 84.0;
    }

    pub(super) fn down(&mut self, by: f32) {
        self.y -= by;
    }

    pub(super) fn needs_page(&self, room: f32) -> bool {
        self.y < 64.0 + room
    }

    fn content(&mut self) -> Option<&mut Content> {
        self.pages.last_mut()
    }

    /// Text on the present line.
    pub(super) fn text(&mut self, how: Text, text: &str) {
        let y = self.y;
        let width = if how.right { measure(text, how.bold, how.size) } else { 0.0 };
        if let Some(content) = self.content() {
            let [r, g, b] = how.colour;
            content.save_state();
            content.set_fill_rgb(r, g, b);
            content.begin_text();
            content.set_font(if how.bold { Name(b"F2") } else { Name(b"F1") }, how.size);
            content.next_line(how.x - width, y);
            content.show(Str(&win_ansi(text)));
            content.end_text();
            content.restore_state();
        }
    }

    /// A label and its value.
    pub(super) fn row(&mut self, label: &str, value: &str, strong: bool) {
        let size = if strong { 13.0 } else { 10.5 };
        self.text(Text { size: 10.5, colour: QUIET, ..Text::default() }, label);
        self.text(Text { x: 190.0, size, bold: strong, ..Text::default() }, &fitted(value, strong, size, VAT - 190.0));
        self.down(if strong { 20.0 } else { 18.0 });
    }

    /// A thin line across.
    pub(super) fn rule(&mut self) {
        let y = self.y + 8.0;
        if let Some(content) = self.content() {
            let [r, g, b] = RULE;
            content.set_stroke_rgb(r, g, b);
            content.set_line_width(0.75);
            content.move_to(MARGIN, y);
            content.line_to(VAT, y);
            content.stroke();
        }
        self.down(12.0);
    }

    pub(super) fn small(&mut self, text: &str) {
        if self.needs_page(0.0) {
            self.new_page();
        }
        self.text(Text { size: 9.0, colour: QUIET, ..Text::default() }, text);
        self.down(13.0);
    }

    pub(super) fn table_head(&mut self, headings: &[&str; 5]) {
        let cells = headings.map(str::to_owned);
        self.cells(&cells, Text { size: 9.0, colour: QUIET, ..Text::default() });
        self.down(14.0);
        self.rule();
    }

    pub(super) fn table_row(&mut self, cells: &[String; 5], strong: bool) {
        if strong {
            self.rule();
        }
        self.cells(cells, Text { size: 10.0, bold: strong, ..Text::default() });
        self.down(16.0);
    }

    fn cells(&mut self, cells: &[String; 5], how: Text) {
        let [code, description, base, rate, vat] = cells;
        self.text(Text { x: CODE, ..how }, code);
        let room = BASE - 76.0 - DESCRIPTION;
        self.text(Text { x: DESCRIPTION, ..how }, &fitted(description, how.bold, how.size, room));
        for (x, text) in [(BASE, base), (RATE, rate), (VAT, vat)] {
            self.text(Text { x, right: true, ..how }, text);
        }
    }

    /// The document.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let count = self.pages.len();
        for (n, content) in self.pages.iter_mut().enumerate() {
            let footer =
                format!("Side {} av {count} · øving · kan ikke forveksles med en kvittering fra Skatteetaten", n + 1);
            let [r, g, b] = QUIET;
            content.set_fill_rgb(r, g, b);
            content.begin_text();
            content.set_font(Name(b"F1"), 8.5);
            content.next_line(MARGIN, 34.0);
            content.show(Str(&win_ansi(&footer)));
            content.end_text();
        }
        let mut refs = (1..).map(Ref::new);
        let mut next = || refs.next().unwrap_or(Ref::new(1));
        let (catalog, tree, plain, bold, info) = (next(), next(), next(), next(), next());
        let ids: Vec<(Ref, Ref)> = self.pages.iter().map(|_| (next(), next())).collect();
        let mut pdf = Pdf::new();
        let mut root = pdf.catalog(catalog);
        root.pages(tree);
        root.lang(TextStr("nb-NO"));
        root.viewer_preferences().display_doc_title(true);
        root.finish();
        pdf.document_info(info).title(TextStr(&self.title)).creator(TextStr("Momsbud, øvingsmyndighetene"));
        let kids = ids.iter().map(|(page, _)| *page);
        pdf.pages(tree).kids(kids).count(i32::try_from(count).unwrap_or(i32::MAX));
        for (content, (page_id, content_id)) in self.pages.into_iter().zip(&ids) {
            let mut page = pdf.page(*page_id);
            page.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(tree).contents(*content_id);
            let mut resources = page.resources();
            let mut fonts = resources.fonts();
            fonts.pair(Name(b"F1"), plain).pair(Name(b"F2"), bold);
            fonts.finish();
            resources.finish();
            page.finish();
            pdf.stream(*content_id, &content.finish());
        }
        for (id, name) in [(plain, &b"Helvetica"[..]), (bold, &b"Helvetica-Bold"[..])] {
            pdf.type1_font(id).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        pdf.finish()
    }
}

/// The striped band at the top.
fn stripes(content: &mut Content) {
    let (bottom, top) = (HEIGHT - 44.0, HEIGHT - 12.0);
    let [r, g, b] = VIOLET;
    content.set_fill_rgb(r, g, b);
    content.rect(24.0, bottom, WIDTH - 48.0, top - bottom);
    content.fill_nonzero();
    content.save_state();
    // Half a point inside, or the smoothed edges of the stripes show above the band.
    content.rect(24.0, bottom + 0.5, WIDTH - 48.0, top - bottom - 1.0);
    content.clip_nonzero();
    content.end_path();
    content.set_fill_rgb(0.5, 0.35, 0.72);
    for n in 0_u8..40 {
        let x = f32::from(n) * 20.0 - 20.0;
        content.move_to(x, bottom);
        content.line_to(x + 10.0, bottom);
        content.line_to(x + 42.0, top);
        content.line_to(x + 32.0, top);
        content.close_path();
        content.fill_nonzero();
    }
    content.restore_state();
    // The heading stands on plain violet, so that it can be read.
    content.set_fill_rgb(r, g, b);
    content.rect(96.0, bottom, WIDTH - 192.0, top - bottom);
    content.fill_nonzero();
}

/// "ØVING" across the page.
fn watermark(content: &mut Content) {
    let [r, g, b] = WATERMARK;
    let (sin, cos) = 0.62_f32.sin_cos();
    let size = 170.0;
    let half = measure("ØVING", true, size) / 2.0;
    content.save_state();
    content.set_fill_rgb(r, g, b);
    content.begin_text();
    content.set_font(Name(b"F2"), size);
    content.set_text_rendering_mode(TextRenderingMode::Fill);
    content.set_text_matrix([
        cos,
        sin,
        -sin,
        cos,
        WIDTH / 2.0 - half * cos + 55.0 * sin,
        HEIGHT / 2.0 - half * sin - 55.0 * cos,
    ]);
    content.show(Str(&win_ansi("ØVING")));
    content.end_text();
    content.restore_state();
}

/// WinAnsi (Windows-1252) bytes; what it cannot write becomes `?`.
fn win_ansi(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| match c {
            '–' => 0x96,
            '—' => 0x97,
            '’' => 0x92,
            '…' => 0x85,
            '\u{2212}' => b'-',
            c => u8::try_from(u32::from(c)).ok().filter(|byte| !(0x80..0xa0).contains(byte)).unwrap_or(b'?'),
        })
        .collect()
}

/// Text shortened with an ellipsis until it fits.
fn fitted(text: &str, bold: bool, size: f32, room: f32) -> String {
    if measure(text, bold, size) <= room {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().collect();
    loop {
        kept.pop();
        let shorter: String = kept.iter().collect::<String>().trim_end().to_owned() + "…";
        if kept.is_empty() || measure(&shorter, bold, size) <= room {
            return shorter;
        }
    }
}

/// Width in points, by Adobe's metrics for Helvetica; bold is taken as 7 % wider, but for figures.
fn measure(text: &str, bold: bool, size: f32) -> f32 {
    #[rustfmt::skip]
    const ASCII: [u16; 95] = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
        556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
        667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
        556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];
    let width = |c: char| -> f32 {
        let units = match c {
            ' '..='~' => ASCII.get(usize::try_from(u32::from(c) - 32).unwrap_or(0)).copied().unwrap_or(556),
            'Æ' => 1000,
            'æ' => 889,
            'Ø' => 778,
            'ø' => 611,
            '…' => 1000,
            '·' | '\u{a0}' => 278,
            'Å' => 667,
            _ => 556,
        };
        let wider = if bold && !c.is_ascii_digit() && c != '\u{a0}' { 1.07 } else { 1.0 };
        f32::from(units) * wider
    };
    text.chars().map(width).sum::<f32>() * size / 1000.0
}

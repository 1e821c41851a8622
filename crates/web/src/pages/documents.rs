//! Documents at the door: those refused, with line and reason, and the page that takes many at once.
//!
//! It opens no file: excerpts come from the handler, which decrypts the kept bytes for the one who looks.

use super::parts::{Empty, Link, Pager, Tag};
use super::shell::Shell;
use askama::Template;
use baton_model::Masked;

/// `GET /documents?page=`
#[derive(Template)]
#[template(path = "documents.html")]
pub struct DocumentsPage {
    /// The frame.
    pub shell: Shell,
    /// The documents taken in, newest first.
    pub rows: Vec<Masked<DocumentRow>>,
    /// Which part is shown.
    pub pager: Pager,
    /// What stands there when nothing was taken in.
    pub empty: Option<Empty>,
}

/// One document in the list.
pub struct DocumentRow {
    /// What it is, like `credit note`.
    pub kind: String,
    /// Its number, as the sender gave it.
    pub number: String,
    /// The case it belongs to.
    pub case: Option<Link>,
    /// When it came.
    pub at: String,
    /// Where its original opens, for those who may.
    pub original: Option<String>,
}

/// `GET /documents/refused?page=`, `GET /documents/refused/{id}`
#[derive(Template)]
#[template(path = "refused.html")]
pub struct RefusedPage {
    /// The frame.
    pub shell: Shell,
    /// The refused documents, newest first.
    pub rows: Vec<Masked<RefusedRow>>,
    /// The one opened.
    pub detail: Option<Masked<RefusedDetail>>,
    /// Whether one was asked for by its address: on narrow screens it then stands alone.
    pub detail_page: bool,
    /// Which part is shown.
    pub pager: Pager,
    /// What stands there when nothing was refused.
    pub empty: Option<Empty>,
}

/// One refused document in the list.
pub struct RefusedRow {
    /// Where it opens: `/documents/refused/{id}`.
    pub href: String,
    /// The file's name as it came.
    pub file: String,
    /// The line at fault.
    pub line: Option<u32>,
    /// What is wrong.
    pub reason: String,
    /// The stable code.
    pub code: String,
    /// When it came.
    pub at: String,
    /// How often it came, and when last, where it was more than once.
    pub again: Option<String>,
    /// Whether it is the one opened.
    pub picked: bool,
}

/// A refused document opened.
pub struct RefusedDetail {
    /// The file's name as it came.
    pub file: String,
    /// When it came.
    pub at: String,
    /// How often it came, and when last, where it was more than once.
    pub again: Option<String>,
    /// The line at fault.
    pub line: Option<u32>,
    /// What is wrong.
    pub reason: String,
    /// What to do now.
    pub advice: String,
    /// The stable code.
    pub code: String,
    /// Its size, like `14 KB`.
    pub size: String,
    /// Its SHA-256, shortened.
    pub hash: String,
    /// The journal entry of the refusal.
    pub n: Option<u64>,
    /// The lines around the one at fault.
    pub excerpt: Vec<ExcerptLine>,
}

/// A line of a refused file.
pub struct ExcerptLine {
    /// Its number, from 1.
    pub number: u32,
    /// Its text, cut to a sensible length.
    pub text: String,
    /// Whether it is the one at fault.
    pub here: bool,
}

/// `GET /documents/upload`, and the answer to its `POST`
#[derive(Template)]
#[template(path = "upload.html")]
pub struct UploadPage {
    /// The frame.
    pub shell: Shell,
    /// What is taken at most, like `up to 200 files, 10 MB each`.
    pub limits: String,
    /// Whether the viewer's party may send documents in.
    pub may: bool,
    /// What came of each file; empty before the first upload.
    pub results: Vec<Masked<UploadRow>>,
    /// The results in short, like `11 cases, 1 duplicate, 2 refused`.
    pub summary: String,
}

/// What came of one file.
pub struct UploadRow {
    /// The file's name.
    pub file: String,
    /// `case`, `duplicate`, `suspected` or `refused`.
    pub outcome: Tag,
    /// The case it started or belongs to.
    pub case: Option<Link>,
    /// The total with its currency.
    pub total: String,
    /// Why, for all but a plain case.
    pub reason: String,
    /// Where a refusal opens.
    pub href: Option<String>,
}

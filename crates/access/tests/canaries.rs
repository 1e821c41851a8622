//! The canary finder finds every form it claims to, and sealed cells and originals hold none of them.

mod canary;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use baton_access::{Place, SubjectKey, encrypt, seal};
use baton_model::{SubjectId, TenantId, Value};
use std::fs;
use std::path::PathBuf;

const CANARY: &str = "Zoë Brixner-Kanari 4417";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("baton-canary-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("deep/er")).expect("made");
        Self(folder)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).expect("written");
    }

    fn finds(&self, form: &str) -> bool {
        let found = canary::find(&self.0, CANARY);
        found.iter().any(|line| line.contains(form))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn every_form_is_found() {
    let units: Vec<u8> = CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hex: String = CANARY.bytes().map(|byte| format!("{byte:02x}")).collect();
    for (form, bytes) in [
        ("plain", format!("x{CANARY}x").into_bytes()),
        ("in small letters", CANARY.to_lowercase().into_bytes()),
        ("in capitals", CANARY.to_uppercase().into_bytes()),
        ("JSON", b"\"Zo\\u00eb Brixner-Kanari 4417\"".to_vec()),
        ("URL", b"?q=Zo%C3%AB%20Brixner-Kanari%204417".to_vec()),
        ("UTF-16 LE", units),
        ("hex", hex.into_bytes()),
        ("base64 0", STANDARD.encode(CANARY).into_bytes()),
        (
            "base64 1",
            STANDARD.encode(format!("a{CANARY}b")).into_bytes(),
        ),
        (
            "base64 2",
            STANDARD.encode(format!("ab{CANARY}")).into_bytes(),
        ),
        (
            "base64url 0",
            URL_SAFE_NO_PAD.encode(format!("abc{CANARY}")).into_bytes(),
        ),
    ] {
        let folder = Folder::new("forms");
        folder.write("deep/er/file", b"nothing here, Zoe Brixner");
        assert!(canary::find(&folder.0, CANARY).is_empty());
        folder.write("deep/er/other", &bytes);
        assert!(folder.finds(form), "{form}");
    }
}

#[test]
fn names_of_files_are_looked_at() {
    let folder = Folder::new("names");
    folder.write(&format!("deep/{CANARY}.xml"), b"");
    assert!(folder.finds("plain in its name"));
}

#[test]
fn sealed_cells_and_originals_hold_no_canary() {
    let folder = Folder::new("sealed");
    let (key, tenant, subject) = (
        SubjectKey::new([6; 32]),
        TenantId::new("lv"),
        SubjectId::new("s"),
    );
    let place = Place::new(&tenant, "r");
    let cell = seal(&key, place, &subject, "name", &Value::text(CANARY)).expect("sealed");
    folder.write(
        "cell",
        serde_json::to_string(&cell).expect("JSON").as_bytes(),
    );
    let file = encrypt(&key, &tenant, "a.doc", CANARY.as_bytes()).expect("encrypted");
    folder.write("a.doc", &file);
    assert_eq!(canary::find(&folder.0, CANARY), Vec::<String>::new());
}

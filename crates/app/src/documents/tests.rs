//! Originals on a real disk: kept once and encrypted, found again, moved, erased, and refused when changed.

use super::*;
use crate::clock::SystemRandom;

const TEXT: &[u8] = b"<Invoice>DE89370400440532013000</Invoice>";

struct Scene {
    folder: PathBuf,
    lv: TenantId,
    brixner: SubjectId,
}

impl Scene {
    fn new(name: &str) -> Self {
        let name = format!("baton-documents-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        Self {
            folder,
            lv: "lv".into(),
            brixner: "Brixner".into(),
        }
    }

    fn open(&self) -> (Documents, Arc<KeyStore>) {
        let random = Arc::new(SystemRandom);
        let keys = Arc::new(KeyStore::open(&self.folder.join("keys"), random).unwrap());
        let documents = Documents::open(&self.folder.join("originals"), keys.clone()).unwrap();
        (documents, keys)
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.join("originals")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn an_original_is_kept_once_encrypted_and_found_after_a_restart() {
    let scene = Scene::new("once");
    let (lv, brixner) = (&scene.lv, &scene.brixner);
    let (documents, _) = scene.open();
    assert!(documents.put(lv, brixner, "ab12", TEXT).unwrap());
    assert!(!documents.put(lv, brixner, "ab12", TEXT).unwrap());
    let files = scene.files();
    assert_eq!(files.len(), 1);
    let bytes = fs::read(&files[0]).unwrap();
    assert!(!bytes.windows(6).any(|part| part == b"DE8937"));
    let name = files[0].to_string_lossy().into_owned();
    assert!(!name.contains("ab12") && !name.contains("Brixner"));

    let (again, _) = scene.open();
    assert!(again.has(lv, "ab12") && !again.has(lv, "cd34"));
    assert!(!again.has(&"lw".into(), "ab12"));
    assert_eq!(
        again.get(lv, brixner, "ab12").unwrap().as_deref(),
        Some(TEXT)
    );
    assert_eq!(again.get(lv, &"other".into(), "ab12").unwrap(), None);
}

#[test]
fn erasing_a_subject_removes_its_originals_and_no_others() {
    let scene = Scene::new("erase");
    let (lv, brixner) = (&scene.lv, &scene.brixner);
    let (documents, keys) = scene.open();
    let other = file_subject("ef56");
    documents.put(lv, brixner, "ab12", TEXT).unwrap();
    documents.put(lv, brixner, "cd34", b"two").unwrap();
    documents.put(lv, &other, "ef56", b"three").unwrap();
    keys.erase(lv, brixner, 5).unwrap();
    assert_eq!(documents.get(lv, brixner, "ab12").unwrap(), None);
    assert_eq!(documents.erase(lv, brixner).unwrap(), 2);
    assert_eq!(scene.files().len(), 1);
    assert!(!documents.has(lv, "ab12"));
    let kept = documents.get(lv, &other, "ef56").unwrap();
    assert_eq!(kept.as_deref(), Some(&b"three"[..]));
}

#[test]
fn a_refused_file_that_is_read_later_moves_to_its_subject() {
    let scene = Scene::new("move");
    let (lv, brixner) = (&scene.lv, &scene.brixner);
    let (documents, _) = scene.open();
    let own = file_subject("ab12");
    assert!(documents.put(lv, &own, "ab12", TEXT).unwrap());
    assert!(!documents.put(lv, brixner, "ab12", TEXT).unwrap());
    assert!(!documents.put(lv, &own, "ab12", TEXT).unwrap());
    assert_eq!(scene.files().len(), 1);
    assert_eq!(documents.get(lv, &own, "ab12").unwrap(), None);
    let bytes = documents.get(lv, brixner, "ab12").unwrap();
    assert_eq!(bytes.as_deref(), Some(TEXT));
}

#[test]
fn what_was_left_of_an_erased_subject_is_replaced_when_it_comes_again() {
    let scene = Scene::new("again");
    let (lv, brixner) = (&scene.lv, &scene.brixner);
    let (documents, keys) = scene.open();
    documents.put(lv, brixner, "ab12", TEXT).unwrap();
    keys.erase(lv, brixner, 5).unwrap();
    assert!(!documents.put(lv, brixner, "ab12", TEXT).unwrap());
    let bytes = documents.get(lv, brixner, "ab12").unwrap();
    assert_eq!(bytes.as_deref(), Some(TEXT));
    assert_eq!(scene.files().len(), 1);
}

#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let scene = Scene::new("unmade");
    let (_, keys) = scene.open();
    fs::write(scene.folder.join("file"), b"").unwrap();
    let inside = scene.folder.join("file").join("originals");
    let said = Documents::open(&inside, keys).err().unwrap().to_string();
    assert!(said.starts_with("BATON-APP-111"), "{said}");
}

#[test]
fn a_changed_original_is_refused() {
    let scene = Scene::new("changed");
    let (lv, brixner) = (&scene.lv, &scene.brixner);
    let (documents, _) = scene.open();
    documents.put(lv, brixner, "ab12", TEXT).unwrap();
    let file = scene.files().remove(0);
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&file, bytes).unwrap();
    let refused = documents.get(lv, brixner, "ab12");
    assert!(matches!(refused, Err(DocumentError::Chunk(_))));
}

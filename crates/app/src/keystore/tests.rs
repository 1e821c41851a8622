//! Keys on a real disk: what outlives a restart, what an erasure ends, and what is said when the root key
//! is gone.

use super::*;
use crate::clock::SystemRandom;
use baton_access::{Place, open, seal};
use baton_model::Value;

fn scratch(name: &str) -> PathBuf {
    let name = format!("baton-keystore-{name}-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn store(folder: &Path) -> KeyStore {
    KeyStore::open(folder, Arc::new(SystemRandom)).unwrap()
}

fn all_bytes(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for name in names_in(folder).unwrap() {
        bytes.extend_from_slice(name.as_bytes());
        let path = folder.join(name);
        bytes.extend(if path.is_dir() {
            all_bytes(&path)
        } else {
            fs::read(path).unwrap()
        });
    }
    bytes
}

#[test]
fn a_key_outlives_the_process_and_erasure_ends_it() {
    let (folder, lv, brixner) = (scratch("life"), "lv".into(), "Brixner".into());
    let first = store(&folder);
    let key = first.subject(&lv, &brixner).unwrap();
    let (place, value) = (Place::new(&lv, "r"), Value::text("DE89"));
    let cell = seal(&key, place, &brixner, "iban", &value).unwrap();

    let second = store(&folder);
    let found = second.find(&lv, &brixner).unwrap().unwrap();
    assert_eq!(open(Some(&found), &lv, "iban", &cell), Ok(value));
    assert_eq!(second.list(&lv).unwrap().len(), 1);
    assert!(!String::from_utf8_lossy(&all_bytes(&folder)).contains("Brixner"));

    assert!(second.erase(&lv, &brixner, 7).unwrap());
    assert!(second.find(&lv, &brixner).unwrap().is_none());
    assert!(store(&folder).find(&lv, &brixner).unwrap().is_none());
    assert!(second.list(&lv).unwrap().is_empty());
    let anew = second.subject(&lv, &brixner).unwrap();
    assert!(matches!(
        open(Some(&anew), &lv, "iban", &cell),
        Err(SealError::Erased { .. })
    ));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_erasure_carried_out_again_spares_a_newer_key() {
    let (folder, lv, subject) = (scratch("again"), "lv".into(), "s".into());
    let store = store(&folder);
    store.subject(&lv, &subject).unwrap();
    assert_eq!(store.erased(&lv, &subject).unwrap(), 0);
    assert!(store.erase(&lv, &subject, 7).unwrap());
    store.subject(&lv, &subject).unwrap();
    assert!(!store.erase(&lv, &subject, 7).unwrap());
    assert!(store.find(&lv, &subject).unwrap().is_some());
    assert!(store.erase(&lv, &subject, 9).unwrap());
    assert_eq!(store.erased(&lv, &subject).unwrap(), 9);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn threads_that_ask_at_once_get_one_key() {
    let (folder, lv, subject) = (scratch("threads"), "lv".into(), "s".into());
    let store = store(&folder);
    let cells: Vec<_> = std::thread::scope(|scope| {
        let ask = || {
            let key = store.subject(&lv, &subject).unwrap();
            seal(&key, Place::new(&lv, "r"), &subject, "f", &Value::Null).unwrap()
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        threads
            .into_iter()
            .map(|each| each.join().unwrap())
            .collect()
    });
    assert!(cells.iter().all(|cell| *cell == cells[0]));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_lost_or_damaged_root_key_is_said_not_replaced() {
    let folder = scratch("root");
    store(&folder).subject(&"lv".into(), &"s".into()).unwrap();
    let again = || {
        KeyStore::open(&folder, Arc::new(SystemRandom))
            .err()
            .unwrap()
    };
    fs::write(folder.join("root.key"), b"short").unwrap();
    assert!(again().to_string().starts_with("BATON-APP-103"));
    fs::remove_file(folder.join("root.key")).unwrap();
    assert!(again().to_string().starts_with("BATON-APP-102"));
    fs::remove_dir_all(folder).unwrap();
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_keys() {
    use std::os::unix::fs::PermissionsExt;
    let folder = scratch("mode");
    store(&folder);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.join("root.key")), 0o600);
    assert_eq!(mode(&folder), 0o700);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let folder = scratch("unmade");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("file"), b"").unwrap();
    let inside = folder.join("file").join("keys");
    let said = KeyStore::open(&inside, Arc::new(SystemRandom));
    let said = said.err().unwrap().to_string();
    assert!(said.starts_with("BATON-APP-101"), "{said}");
    fs::remove_dir_all(folder).unwrap();
}

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

#[test]
fn an_erasure_by_another_process_counts_at_once() {
    let (folder, lv, brixner) = (scratch("beside"), "lv".into(), "Brixner".into());
    let (server, program) = (store(&folder), store(&folder));
    let key = server.subject(&lv, &brixner).unwrap();
    let (place, value) = (Place::new(&lv, "r"), Value::text("DE89"));
    let before = seal(&key, place, &brixner, "iban", &value).unwrap();
    assert!(program.erase(&lv, &brixner, 7).unwrap());
    assert!(server.find(&lv, &brixner).unwrap().is_none());
    // A new key, which both know and which opens nothing from before.
    let key = server.subject(&lv, &brixner).unwrap();
    let after = seal(&key, place, &brixner, "iban", &value).unwrap();
    for side in [&server, &program] {
        let found = side.find(&lv, &brixner).unwrap().unwrap();
        assert_eq!(open(Some(&found), &lv, "iban", &after), Ok(value.clone()));
        assert!(open(Some(&found), &lv, "iban", &before).is_err());
    }
}

#[test]
fn processes_that_ask_at_once_get_one_key() {
    let (folder, lv) = (scratch("two"), "lv".into());
    let (one, other) = (store(&folder), store(&folder));
    let (place, value) = (Place::new(&lv, "r"), Value::text("DE89"));
    for n in 0..20 {
        let subject = SubjectId::new(format!("s{n}"));
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| one.subject(&lv, &subject).unwrap());
            let second = other.subject(&lv, &subject).unwrap();
            (first.join().unwrap(), second)
        });
        let cell = seal(&first, place, &subject, "iban", &value).unwrap();
        assert_eq!(open(Some(&second), &lv, "iban", &cell), Ok(value.clone()));
    }
}

#[test]
fn an_erasure_destroys_what_a_crash_left_of_the_key() {
    let (folder, lv, brixner) = (scratch("left"), "lv".into(), "Brixner".into());
    let keys = store(&folder);
    drop(keys.subject(&lv, &brixner).unwrap());
    let above = keys.above(&mut keys.lock(), &lv);
    let path = keys.tenant_folder(&above, &lv);
    let name = format!("{}.key", name_of(&above, &brixner));
    fs::copy(path.join(&name), path.join(format!("{name}.4711-0.tmp"))).unwrap();
    assert!(keys.erase(&lv, &brixner, 7).unwrap());
    assert_eq!(
        names_in(&path).unwrap(),
        [format!("{}.gone", name_of(&above, &brixner))]
    );
}

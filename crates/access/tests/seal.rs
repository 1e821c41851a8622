//! Cells, sealed and opened: what comes back, and what must not open.

use baton_access::{Place, SealError, SubjectKey, open, seal, seal_record};
use baton_model::{Cell, SubjectId, TenantId, Value};
use proptest::prelude::*;

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (any::<i64>(), 0u32..9)
            .prop_map(|(n, scale)| { Value::number(baton_model::Decimal::new(n, scale)) }),
        ".{0,40}".prop_map(Value::Text),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::btree_map("[a-z]{1,8}", inner, 0..5).prop_map(Value::Map),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_sealed_comes_back_and_is_deterministic(
        value in values(), secret in any::<[u8; 32]>(), field in "[a-z.]{1,20}", record in ".{0,20}",
    ) {
        let (key, tenant, subject) = (SubjectKey::new(secret), TenantId::new("lv"), SubjectId::new("s"));
        let place = Place::new(&tenant, &record);
        let cell = seal(&key, place, &subject, &field, &value).unwrap();
        let again = seal(&key, place, &subject, &field, &value).unwrap();
        prop_assert_eq!(&cell, &again);
        prop_assert_eq!(open(Some(&key), &tenant, &field, &cell), Ok(value));
    }
}

fn iban() -> (SubjectKey, TenantId, Cell) {
    let (key, tenant) = (SubjectKey::new([9; 32]), TenantId::new("lv"));
    let value = Value::text("DE89370400440532013000");
    let place = Place::new(&tenant, "document:ab");
    let cell = seal(&key, place, &"brixner".into(), "supplier.iban", &value).expect("sealed");
    (key, tenant, cell)
}

#[test]
fn a_cell_moved_to_another_place_does_not_open() {
    let (key, tenant, cell) = iban();
    let field = "supplier.iban";
    assert!(open(Some(&key), &tenant, field, &cell).is_ok());
    let forged = |found: Result<Value, SealError>| {
        found.is_err_and(|error| error.to_string().starts_with("BATON-ACCESS-004"))
    };
    assert!(forged(open(Some(&key), &tenant, "supplier.vat", &cell)));
    assert!(forged(open(Some(&key), &"lw".into(), field, &cell)));
    let Cell::Sealed {
        subject,
        record,
        ciphertext,
    } = cell
    else {
        panic!("sealed")
    };
    let moved = |subject: &str, record: &str, ciphertext: &str| Cell::Sealed {
        subject: subject.into(),
        record: record.into(),
        ciphertext: ciphertext.into(),
    };
    let other_record = moved(subject.as_str(), "document:cd", &ciphertext);
    let other_subject = moved("other", &record, &ciphertext);
    let flipped = format!("{}A", &ciphertext[..ciphertext.len() - 1]);
    let changed = moved(subject.as_str(), &record, &flipped);
    for cell in [
        other_record,
        other_subject,
        changed,
        moved("brixner", &record, "??"),
    ] {
        assert!(forged(open(Some(&key), &tenant, field, &cell)), "{cell:?}");
    }
}

#[test]
fn without_the_key_or_with_a_new_one_the_field_is_erased_not_null() {
    let (_, tenant, cell) = iban();
    let said = open(None, &tenant, "supplier.iban", &cell).map_err(|error| error.to_string());
    assert!(said.is_err_and(|said| said.starts_with("BATON-ACCESS-003")));
    let erased = Err(SealError::Erased {
        field: "supplier.iban".into(),
    });
    assert_eq!(open(None, &tenant, "supplier.iban", &cell), erased);
    let anew = SubjectKey::new([1; 32]);
    assert_eq!(open(Some(&anew), &tenant, "supplier.iban", &cell), erased);
}

#[test]
fn a_record_seals_its_personal_fields_only() {
    let (key, tenant) = (SubjectKey::new([9; 32]), TenantId::new("lv"));
    let fields = [
        ("supplier.iban", Value::text("DE89")),
        ("supplier.contact_name", Value::text("Ada")),
        ("supplier.contact_mail", Value::Null),
        ("invoice.number", Value::text("INV-1")),
    ];
    let personal = vec!["supplier.iban".to_owned(), "supplier.contact*".to_owned()];
    let fields = fields.map(|(name, value)| (name.to_owned(), value));
    let record = seal_record(
        &key,
        Place::new(&tenant, "P2P-1"),
        &"s".into(),
        &personal,
        fields,
    );
    let record = record.unwrap();
    let sealed: Vec<_> = record
        .iter()
        .filter(|(_, cell)| cell.value().is_none())
        .collect();
    assert_eq!(sealed.len(), 2);
    assert!(record["invoice.number"].value().is_some());
    assert_eq!(record["supplier.contact_mail"], Cell::Clear(Value::Null));
    let bytes = serde_json::to_string(&record).unwrap();
    assert!(!bytes.contains("DE89") && !bytes.contains("Ada"));
}

//! The guard of the XML door: each limit is refused with its code, its place, and at once.

use baton_formats::xml;
use std::time::{Duration, Instant};

/// Refused with this code, in well under a second.
fn refused(bytes: &[u8], code: &str) -> baton_model::Diagnostic {
    let start = Instant::now();
    let found = xml::parse(bytes).expect_err("must be refused");
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(found.code, code, "{found}");
    found
}

#[test]
fn reads_with_byte_order_mark_and_positions() {
    let text = "\u{feff}<?xml version='1.0' encoding='utf-8'?>\n<a>\n  <ü b='1>2'/>\n</a>";
    let tree = xml::parse(text.as_bytes()).expect("reads");
    let lines = xml::Lines::of(tree.input_text());
    let inner = tree.descendants().find(|n| n.has_tag_name("ü")).expect("ü");
    assert_eq!(lines.of_node(inner), (3, 3));
}

#[test]
fn refuses_a_billion_laughs() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY lol \"lol\">\
        <!ENTITY lol2 \"&lol;&lol;&lol;&lol;\">]>\n<lolz>&lol2;</lolz>";
    assert_eq!(refused(bomb.as_bytes(), "BATON-XML-004").line, 2);
}

#[test]
fn refuses_depth() {
    let deep = "<a>\n".repeat(65) + &"</a>".repeat(65);
    assert_eq!(refused(deep.as_bytes(), "BATON-XML-005").line, 65);
    let allowed = "<a>".repeat(64) + &"</a>".repeat(64);
    assert!(xml::parse(allowed.as_bytes()).is_ok());
    refused("<a>".repeat(3_000_000).as_bytes(), "BATON-XML-005");
}

#[test]
fn refuses_attributes() {
    let many = |count: usize| {
        let attributes: String = (0..count).map(|n| format!(" a{n}='>=x'")).collect();
        format!("<r>\n<e{attributes}/></r>")
    };
    assert!(xml::parse(many(200).as_bytes()).is_ok());
    assert_eq!(refused(many(100_000).as_bytes(), "BATON-XML-006").line, 2);
}

#[test]
fn refuses_namespaces_that_multiply() {
    let open: String = (0..60)
        .map(|n| format!("<a xmlns:p{n}='{n}' xmlns:q{n}='x{n}'>"))
        .collect();
    refused(
        (open + &"<b xmlns='u'/>".repeat(100_000)).as_bytes(),
        "BATON-XML-007",
    );
    let repeated = format!("<a>{}</a>", "<b xmlns:x='u'/>".repeat(1_000));
    assert!(
        xml::parse(repeated.as_bytes()).is_ok(),
        "declared again at every element"
    );
}

#[test]
fn refuses_size_and_nodes() {
    refused(&vec![b' '; 11_000_000], "BATON-XML-001");
    let many = format!("<a>{}</a>", "<b/>".repeat(250_000));
    refused(many.as_bytes(), "BATON-XML-008");
    let texts = format!("<a>{}</a>", "x<b/>".repeat(120_000));
    refused(texts.as_bytes(), "BATON-XML-008");
}

#[test]
fn refuses_other_encodings() {
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>";
    assert_eq!(refused(latin, "BATON-XML-002").line, 1);
    let declared = b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>";
    assert!(
        refused(declared, "BATON-XML-003")
            .message
            .contains("ISO-8859-1")
    );
    let wide: Vec<u8> = "<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(&wide, "BATON-XML-003");
    assert_eq!(refused(b"<a>\n\n \xff</a>", "BATON-XML-002").line, 3);
}

#[test]
fn refuses_what_is_not_xml() {
    refused(b"", "BATON-XML-010");
    refused(b"ID;Name\n1;x", "BATON-XML-010");
    refused(b"%PDF-1.7\n%\xe2\xe3", "BATON-XML-002");
    refused(b"<a", "BATON-XML-009");
    refused(b"<a b='>", "BATON-XML-009");
    refused(b"<!-- a", "BATON-XML-009");
    assert_eq!(refused(b"<a>\n<b></a>", "BATON-XML-011").line, 2);
    refused(b"<a>&lol;</a>", "BATON-XML-011");
    refused(b"</a></a></a>", "BATON-XML-010");
}

#[test]
fn worst_allowed_attributes_stay_quick() {
    let attributes: String = (0..199).map(|n| format!(" a{n}=''")).collect();
    let element = format!("<e{attributes}/>");
    let count = (xml::MAX_BYTES - 10) / element.len();
    let text = format!("<r>{}</r>", element.repeat(count));
    let start = Instant::now();
    assert!(xml::parse(text.as_bytes()).is_ok());
    // Built without optimisation and beside other tests; optimised it is a tenth of this.
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
}

proptest::proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = xml::parse(&bytes);
    }

    #[test]
    fn never_panics_on_markup(text in "[<>/a='\" !?\\-\\[\\]xmlns:é&;]{0,80}") {
        let _ = xml::parse(text.as_bytes());
    }
}

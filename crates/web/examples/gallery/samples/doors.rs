//! Trouble, keys and sign-in.

use super::frame::*;
use baton_web::pages::parts::*;
use baton_web::pages::shell::*;
use baton_web::pages::trouble::*;

pub(crate) fn missing() -> ErrorPage {
    ErrorPage { shell: shell("Not found", Place::Elsewhere), status: 404, what: "There is no such case here".into(), detail: "Nothing with the number P2P-99999 is among the cases you may see. Check the number, or search for the supplier.".into(), acts: vec![Link { name: "Back to Work".into(), href: "/work".into() }, Link { name: "Search cases".into(), href: "/cases".into() }], code: "BATON-WEB-404".into() }
}

pub(crate) fn conflict() -> ConflictPage {
    let row = |field: &str, before: &str, theirs: &str, yours: &str| ConflictRow {
        field: field.into(),
        before: before.into(),
        theirs: theirs.into(),
        yours: yours.into(),
    };
    ConflictPage {
        shell: shell("Conflict", Place::Desk),
        conflict: masked(Conflict {
            who: "Jana Kos".into(),
            ago: "20 s ago".into(),
            seen: 11,
            n: 12,
            rows: vec![
                row("Line 30", "open", "ask for credit note", "accept price"),
                row("Reason", "empty", "above contract", "list price changed"),
            ],
            action: "/items/x/complete".into(),
            fields: vec![],
            keep: "/items/x".into(),
            again: true,
        }),
    }
}

pub(crate) fn keys() -> KeysPage {
    KeysPage {
        shell: shell("Keys", Place::Elsewhere),
    }
}

pub(crate) fn sign_in(link: bool) -> SignInPage {
    SignInPage {
        client: "Linden & Voss".into(),
        person: link.then(|| "Agnieszka Wrona of Kestrel".into()),
        link: link.then(|| "k3j4".into()),
        valid: "24 hours".into(),
        wrong: (!link).then(|| Note {
            tone: Tone::Late,
            strong: "This link has been used".into(),
            text: "Ask your administrator for a new one.".into(),
        }),
    }
}

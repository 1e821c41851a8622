//! Who sees what, over HTTP: a worker sees the cases of the own party's lanes and the declared fields;
//! anything else is answered like what does not exist, and the attempt is journaled.

#![allow(
    clippy::print_stdout,
    reason = "what was asked is the point of the test"
)]

mod support;

use baton_journal::Event;
use baton_journal::event::{DenialsCounted, FieldRevealed};
use support::house::packs_folder;
use support::stage::{Case, Stage, journal};
use support::{Answer, Server, free_address, link, request, run, sign_in};

/// What the sample invoice holds in personal fields.
const PERSONAL: [&str; 4] = [
    "DE74999999990000004417",
    "petra.brixner@brixner.example",
    "Petra Brixner",
    "+49 561 5550120",
];

/// The pages on which a case of another party must not be.
fn hidden(stage: &Stage, worker: &str, case: &Case) -> usize {
    let refused = [
        format!("/cases/{}", case.id),
        format!("/items/{}", case.item),
        format!("/work/preview/{}", case.item),
        format!("/journal?case={}", case.id),
        format!("/journal/{}", case.n),
    ];
    for path in &refused {
        let answer = stage.get(worker, path);
        assert_eq!(answer.status, 404, "{worker} {path}\n{}", answer.body);
        assert!(
            !answer.body.contains(case.number),
            "{worker} {path} tells of {}",
            case.number
        );
    }
    let silent = [
        "/cases".to_string(),
        "/work".into(),
        "/journal".into(),
        "/".into(),
        format!("/cases?q={}", case.number),
        format!("/cases?q={}", case.id),
        format!("/work?q={}", case.number),
    ];
    for path in &silent {
        let answer = stage.get(worker, path);
        assert!(answer.status < 400, "{worker} {path}: {}", answer.status);
        // What was searched for stands in the search field; a link to the case does not.
        let linked = answer.body.contains(&format!("/cases/{}", case.id))
            || answer.body.contains(&format!("/items/{}", case.item));
        assert!(!linked, "{worker} {path} leads to {}", case.id);
        assert!(
            path.contains("q=") || !answer.body.contains(case.number),
            "{worker} {path} tells of {}",
            case.number
        );
    }
    refused.len() + silent.len()
}

/// Commands on another party's item are refused like those on nothing.
fn refuses(stage: &Stage, worker: &str, case: &Case) -> usize {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let verbs = [
        "claim", "release", "draft", "complete", "pause", "resume", "answer", "contest",
    ];
    let paths = verbs.map(|verb| format!("/items/{}/{verb}", case.item));
    for path in &paths {
        let answer = request(
            stage.server.address,
            "POST",
            path,
            Some(stage.session(worker)),
            &headers,
            b"n=1&reason=x&request=which&answer=this&pause=1&why=late",
        )
        .expect("an answer");
        assert_eq!(answer.status, 404, "{worker} {path}\n{}", answer.body);
        assert!(
            !answer.body.contains(case.number),
            "{worker} {path} tells of {}",
            case.number
        );
    }
    let path = format!("/cases/{}/reveal", case.id);
    let body = b"field=supplier.iban&reason=curiosity";
    let answer = request(
        stage.server.address,
        "POST",
        &path,
        Some(stage.session(worker)),
        &headers,
        body,
    )
    .expect("an answer");
    assert_eq!(answer.status, 404, "{worker} {path}\n{}", answer.body);
    assert!(
        !PERSONAL.iter().any(|value| answer.body.contains(value)),
        "{worker} {path}"
    );
    paths.len() + 1
}

#[test]
fn another_partys_case_is_nowhere_and_the_attempt_is_journaled() {
    let stage = Stage::set("isolation");
    let mut asked = 0;
    for (worker, own, others) in [
        (
            "agnieszka.wrona",
            Some(&stage.resolve),
            vec![&stage.verify, &stage.approve],
        ),
        (
            "maria.santos",
            Some(&stage.verify),
            vec![&stage.resolve, &stage.approve],
        ),
        (
            "docklens-reader",
            None,
            vec![&stage.resolve, &stage.verify, &stage.approve],
        ),
    ] {
        if let Some(own) = own {
            let answer = stage.get(worker, &format!("/cases/{}", own.id));
            assert_eq!(answer.status, 200, "{worker} sees the own case");
            assert!(answer.body.contains(own.number));
            assert!(
                stage
                    .get(worker, "/cases")
                    .body
                    .contains(&format!("/cases/{}", own.id)),
                "{worker}'s list"
            );
            assert!(
                stage.get(worker, "/work").body.contains(own.number),
                "{worker}'s work"
            );
        }
        for case in others {
            asked += hidden(&stage, worker, case) + refuses(&stage, worker, case);
        }
    }
    let unknown = stage.get("agnieszka.wrona", "/cases/P2P-9999");
    let another = stage.get("agnieszka.wrona", &format!("/cases/{}", stage.approve.id));
    assert_eq!(
        (unknown.status, another.status),
        (404, 404),
        "like what does not exist"
    );
    let said = |answer: &Answer| {
        answer
            .body
            .split("<main")
            .nth(1)
            .map(str::to_string)
            .unwrap_or_default()
    };
    assert_eq!(said(&unknown), said(&another), "and in the same words");
    // The client sees all of its cases.
    for case in [&stage.resolve, &stage.verify, &stage.approve] {
        assert_eq!(
            stage
                .get("tom.harms", &format!("/cases/{}", case.id))
                .status,
            200
        );
    }
    let (data, _folder) = stage.stop();
    let denials: Vec<(String, String)> = journal(&data)
        .into_iter()
        .flat_map(|entry| entry.events)
        .filter_map(|event| match event {
            Event::DenialsCounted(DenialsCounted { worker, what, .. }) => {
                Some((worker.to_string(), what))
            }
            _ => None,
        })
        .collect();
    for worker in ["agnieszka.wrona", "maria.santos", "docklens-reader"] {
        assert!(
            denials
                .iter()
                .any(|(by, what)| by == worker && !what.is_empty()),
            "{worker}: {denials:?}"
        );
    }
    println!("{asked} requests for another party's cases found nothing; journaled: {denials:?}");
}

#[test]
fn nothing_is_shown_to_one_who_is_not_signed_in() {
    let stage = Stage::set("signed-out");
    for path in [
        "/work".to_string(),
        "/cases".into(),
        format!("/cases/{}", stage.approve.id),
        "/journal".into(),
        "/documents/refused".into(),
    ] {
        let answer = stage.server.get(&path, None).expect("an answer");
        assert_eq!(answer.status, 303, "{path}");
        let forged = stage
            .server
            .get(&path, Some("0123456789abcdef"))
            .expect("an answer");
        assert_eq!(forged.status, 303, "{path} with a made-up session");
    }
}

#[test]
fn fields_that_a_lane_does_not_declare_are_in_none_of_its_pages() {
    let stage = Stage::set("masked");
    let mut pages = 0;
    // Of their own cases: Verify declares no contact, e-mail, phone or IBAN; Resolve no IBAN; and what
    // is declared is masked until it is revealed.
    for (worker, case) in [
        ("maria.santos", &stage.verify),
        ("agnieszka.wrona", &stage.resolve),
        ("tom.harms", &stage.approve),
    ] {
        for path in [
            format!("/cases/{}", case.id),
            format!("/items/{}", case.item),
            format!("/work/preview/{}", case.item),
            "/work".into(),
            "/cases".into(),
            format!("/journal?case={}", case.id),
            format!("/journal/{}", case.n),
        ] {
            let answer = stage.get(worker, &path);
            assert_eq!(answer.status, 200, "{worker} {path}");
            let own = personal();
            let shown: Vec<_> = own
                .iter()
                .filter(|value| answer.body.contains(value.as_str()))
                .collect();
            assert!(shown.is_empty(), "{worker} {path} shows {shown:?}");
            pages += 1;
        }
    }
    // A lane that does not declare the field cannot reveal it either; one that does can, for a reason.
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let reveal = |worker: &str, case: &Case, field: &str| {
        let body = format!("field={field}&reason=to+check");
        let session = stage.session(worker);
        request(
            stage.server.address,
            "POST",
            &format!("/cases/{}/reveal", case.id),
            Some(session),
            &headers,
            body.as_bytes(),
        )
        .expect("an answer")
    };
    let refused = reveal("agnieszka.wrona", &stage.resolve, "supplier.iban");
    assert!(
        refused.status >= 400 && !refused.body.contains(PERSONAL[0]),
        "{}",
        refused.status
    );
    let shown = reveal("agnieszka.wrona", &stage.resolve, "supplier.email");
    assert!(
        shown.body.contains(PERSONAL[1]),
        "declared for Resolve: {}",
        shown.status
    );
    let again = stage.get("agnieszka.wrona", &format!("/cases/{}", stage.resolve.id));
    assert!(!again.body.contains(PERSONAL[1]), "shown once");
    println!(
        "{pages} pages of three lanes without a personal value; IBAN refused to Resolve ({}), e-mail revealed once",
        refused.status
    );
}

/// The personal values of the three invoices.
fn personal() -> Vec<String> {
    let mut values: Vec<String> = PERSONAL.iter().map(ToString::to_string).collect();
    let xml = std::fs::read_to_string(
        packs_folder().join("purchase-to-pay/sample/3-invoices/8830021-stadtwerke.xml"),
    )
    .expect("the sample");
    for (open, close) in [
        ("<cac:PayeeFinancialAccount><cbc:ID>", "</cbc:ID>"),
        ("<cbc:ElectronicMail>", "</"),
        ("<cbc:Telephone>", "</"),
    ] {
        let value = xml
            .split(open)
            .nth(1)
            .and_then(|rest| rest.split(close).next());
        values.extend(value.map(str::to_string));
    }
    assert!(
        values.len() > PERSONAL.len(),
        "the water works have personal fields too"
    );
    values
}

/// The address of a case's original, as the client's page links to it.
fn original(stage: &Stage, case: &Case) -> String {
    let page = stage.get("tom.harms", &format!("/cases/{}", case.id)).body;
    let link = page
        .split("href=\"/documents/")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    format!("/documents/{}", link.expect("a link to the original"))
}

fn sample(file: &str) -> String {
    let path = packs_folder().join("purchase-to-pay/sample").join(file);
    std::fs::read_to_string(path).expect("the sample")
}

/// The reveals in the journal: by whom, of what, why.
fn reveals(data: &str) -> Vec<(String, String, String)> {
    let events = journal(data).into_iter().flat_map(|entry| entry.events);
    let reveals = events.filter_map(|event| match event {
        Event::FieldRevealed(FieldRevealed {
            worker,
            field,
            reason,
            ..
        }) => Some((worker.to_string(), field, reason)),
        _ => None,
    });
    reveals.collect()
}

#[test]
fn an_original_opens_for_those_whose_lanes_declare_it_and_each_opening_is_journaled() {
    let stage = Stage::set("originals");
    let path = original(&stage, &stage.resolve);
    let id = path.split('/').nth(2).expect("the document").to_string();

    // The client's worker gets the file as it came, to keep and not to look at in the browser.
    let answer = stage.get("tom.harms", &path);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body, sample("3-invoices/INV-20419-brixner.xml"));
    for header in [
        "content-disposition: attachment; filename=\"D-",
        "x-content-type-options: nosniff",
        "content-security-policy: sandbox; default-src 'none'",
        "content-type: application/octet-stream",
        "cache-control: no-store",
    ] {
        assert!(answer.head.contains(header), "{header}\n{}", answer.head);
    }
    assert!(answer.head.contains("INV-20419-brixner.xml") && !answer.head.contains("3-invoices"));

    // A worker of the case's own lane sees fields masked, so not the whole; and is told who may.
    let masked = stage.get("agnieszka.wrona", &path);
    assert_eq!(masked.status, 403, "{masked:?}");
    assert!(masked.body.contains("BATON-WEB-016"), "{}", masked.body);
    assert!(
        masked.body.contains("Approve and Pay may open it"),
        "{}",
        masked.body
    );
    assert!(!PERSONAL.iter().any(|value| masked.body.contains(value)));
    for page in [
        format!("/cases/{}", stage.resolve.id),
        format!("/items/{}", stage.resolve.item),
        "/documents".into(),
    ] {
        let page = stage.get("agnieszka.wrona", &page);
        assert_eq!(page.status, 200);
        assert!(page.body.contains("INV-20419"), "the document is named");
        assert!(!page.body.contains("/original"), "and is no link");
    }
    assert!(stage.get("tom.harms", "/documents").body.contains(&path));

    // Another party's is like none at all, on the list too.
    let strange = stage.get("maria.santos", &path);
    let unknown = stage.get("maria.santos", "/documents/D-9999/original");
    assert_eq!((strange.status, unknown.status), (404, 404));
    let said = |answer: &Answer| answer.body.split("<main").nth(1).map(str::to_string);
    assert_eq!(said(&strange), said(&unknown));
    assert!(
        !stage
            .get("maria.santos", "/documents")
            .body
            .contains("INV-20419")
    );
    let nobody = stage.server.get(&path, None).expect("an answer");
    assert_eq!(nobody.status, 303);
    assert!(!nobody.body.contains("<Invoice"));

    // What is fetched ahead, or by another site, is no opening.
    for header in [
        ("sec-purpose", "prefetch"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let session = Some(stage.session("tom.harms"));
        let answer = request(stage.server.address, "GET", &path, session, &[header], b"");
        assert_eq!(answer.expect("an answer").status, 403);
    }
    // The case's history tells of it.
    let page = stage
        .get("tom.harms", &format!("/cases/{}", stage.resolve.id))
        .body;
    assert!(
        page.contains("Opened") && page.contains(&format!("original of {id}")),
        "{page}"
    );

    let (data, _folder) = stage.stop();
    let opened = (
        "tom.harms".to_string(),
        format!("original.{id}"),
        "original".to_string(),
    );
    assert_eq!(reveals(&data), [opened], "one opening, one entry");
    let denied = journal(&data).into_iter().flat_map(|entry| entry.events);
    let denied: Vec<String> = denied
        .filter_map(|event| match event {
            Event::DenialsCounted(DenialsCounted { worker, what, .. }) => {
                Some(format!("{worker} {what}"))
            }
            _ => None,
        })
        .collect();
    assert!(
        denied.contains(&format!("agnieszka.wrona original of {id}")),
        "{denied:?}"
    );
    assert!(
        denied
            .iter()
            .any(|line| line.starts_with("maria.santos D-")),
        "{denied:?}"
    );
    println!("opened once, journaled once; denied: {denied:?}");
}

#[test]
fn an_original_that_the_disk_lost_is_told_apart_from_an_erased_one() {
    let stage = Stage::set("original-lost");
    let path = original(&stage, &stage.resolve);
    let originals = std::path::Path::new(&stage.data).join("originals");
    std::fs::rename(&originals, originals.with_extension("away")).expect("moved away");
    let answer = stage.get("tom.harms", &path);
    assert_eq!(answer.status, 500, "{answer:?}");
    assert!(answer.body.contains("BATON-WEB-020"), "{}", answer.body);
    assert!(
        !answer.body.contains(&stage.data),
        "without a path of the machine"
    );
    let (data, _folder) = stage.stop();
    assert_eq!(reveals(&data), [], "nothing was opened");
}

#[test]
fn an_original_that_was_erased_is_gone_and_says_so() {
    let stage = Stage::set("original-erased");
    let path = original(&stage, &stage.resolve);
    let (data, _folder) = stage.stop();
    let listed = run(&["erase", "--data", &data, "--list"], 0);
    let subject = listed
        .lines()
        .find(|line| line.contains("DE999000201"))
        .expect("the supplier")
        .trim()
        .to_string();
    run(
        &[
            "erase",
            "--data",
            &data,
            &subject,
            "--reason",
            "request 12",
            "--yes",
        ],
        0,
    );
    let token = link(&data, "tom.harms");
    let server = Server::start(&data, free_address());
    let session = sign_in(server.address, &token);
    let answer = server.get(&path, Some(&session)).expect("an answer");
    assert_eq!(answer.status, 410, "{answer:?}");
    assert!(answer.body.contains("BATON-WEB-017") && answer.body.contains("erased"));
    assert!(!answer.body.contains("<Invoice"));
    drop(server);
    assert_eq!(reveals(&data), [], "nothing was opened");
}

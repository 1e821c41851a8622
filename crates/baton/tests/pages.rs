//! What pages say, over HTTP: notices cannot be made up, a request that cannot be read gets a page with a
//! code, a colleague's item is to be read only and can be taken over, a conflict speaks the form's words,
//! a refused file is counted, and times and prices are written so that they cannot be mistaken.

#![allow(
    clippy::print_stdout,
    reason = "what was said is the point of the test"
)]

mod support;

use baton_journal::Event;
use support::house::packs_folder;
use support::stage::{Stage, journal};
use support::{Answer, Temporary, free_address, link, request, run, sign_in, upload};

/// The header of an answer.
fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let lead = format!("{name}: ");
    let line = answer
        .head
        .lines()
        .find_map(|line| line.strip_prefix(&lead));
    line.unwrap_or_default()
}

/// The notice a page shows, if it shows one.
fn notice(answer: &Answer) -> Option<&str> {
    let shown = answer
        .body
        .split("data-said>")
        .nth(1)?
        .split("</p>")
        .next()?;
    shown.rsplit("</svg>").next()
}

fn number(page: &Answer) -> String {
    let field = page.body.split("name=\"n\" value=\"").nth(1);
    let value = field.and_then(|rest| rest.split('"').next());
    value.expect("the entry a page was drawn from").to_string()
}

const ANSWER: &str = "resolution.answer=accept&resolution.reason=list_price_changed";

#[test]
fn a_notice_is_only_what_this_sessions_pages_said() {
    let stage = Stage::set("notice");
    let (worker, item) = ("agnieszka.wrona", &stage.resolve.item);
    assert_eq!(
        stage
            .post(worker, &format!("/items/{item}/claim"), "")
            .status,
        303
    );
    let given_back = stage.post(worker, &format!("/items/{item}/release"), "");
    let address = header(&given_back, "location").to_string();
    assert_eq!(notice(&stage.get(worker, &address)), Some("Given back."));

    let page = stage.get(worker, &format!("/items/{item}"));
    let form = format!("{ANSWER}&n={}", number(&page));
    let done = stage.post(worker, &format!("/items/{item}/complete"), &form);
    let completed = header(&done, "location").to_string();
    let said = stage.get(worker, &completed);
    let expected = format!("{} completed.", stage.resolve.id);
    assert_eq!(notice(&said), Some(expected.as_str()), "{completed}");

    // Anything else says nothing: free text, a changed case, another's session, no seal.
    let sealed = completed.split("done=").nth(1).expect("a notice");
    let other = sealed.replace(&stage.resolve.id, "P2P-666");
    assert_ne!(sealed, other);
    for forged in [
        "Your+account+is+locked%2C+call+0900",
        "completed~P2P-1",
        other.as_str(),
        "%3Cb%3Epaid%3C%2Fb%3E",
    ] {
        for path in ["/work", &format!("/cases/{}", stage.resolve.id)] {
            let page = stage.get(worker, &format!("{path}?done={forged}"));
            assert_eq!((page.status, notice(&page)), (200, None), "{path} {forged}");
            assert!(!page.body.contains("locked") && !page.body.contains("666"));
        }
    }
    assert_eq!(
        notice(&stage.get("jana.kos", &completed)),
        None,
        "another's session"
    );
}

#[test]
fn what_cannot_be_read_gets_a_page_with_a_code() {
    let stage = Stage::set("bare");
    let session = Some(stage.session("tom.harms"));
    for (method, path, status, code) in [
        ("GET", "/journal/seventeen", 400, "BATON-WEB-012"),
        (
            "GET",
            "/journal/99999999999999999999999",
            400,
            "BATON-WEB-012",
        ),
        ("GET", "/cases?page=two", 400, "BATON-WEB-012"),
        ("GET", "/cases?page=1&page=2", 400, "BATON-WEB-012"),
        ("GET", "/journal?before=now", 400, "BATON-WEB-012"),
        ("GET", "/documents?page=-1", 400, "BATON-WEB-012"),
        ("GET", "/items/%FF", 400, "BATON-WEB-012"),
        ("DELETE", "/work", 405, "BATON-WEB-018"),
        ("POST", "/documents/upload", 400, "BATON-WEB-012"),
        ("GET", "/nowhere", 404, "BATON-WEB-013"),
        ("GET", "/static/nothing.css", 404, "BATON-WEB-013"),
    ] {
        let answer = request(stage.server.address, method, path, session, &[], b"");
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, status, "{method} {path}\n{}", answer.body);
        assert!(
            answer.body.contains(code),
            "{method} {path}: {}",
            answer.body
        );
        assert!(
            answer.body.contains("Go to my work"),
            "{method} {path} leads on"
        );
        assert!(
            header(&answer, "content-type").starts_with("text/html"),
            "{path}"
        );
        if status == 405 {
            assert_eq!(header(&answer, "allow"), "GET,HEAD");
        }
    }
    // The API says the same as a problem; one who is not signed in is told in a line.
    let api = request(
        stage.server.address,
        "DELETE",
        "/api/v1/documents",
        session,
        &[],
        b"",
    );
    let api = api.expect("an answer");
    assert_eq!(
        (api.status, header(&api, "content-type")),
        (405, "application/problem+json")
    );
    assert_eq!(api.json()["code"], "BATON-WEB-018");
    let nobody = stage
        .server
        .get("/journal/seventeen", None)
        .expect("an answer");
    assert!(matches!(nobody.status, 303 | 400), "{nobody:?}");
    // A byte more than a form may hold.
    let large = vec![b'x'; (1 << 20) + 1];
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let answer = request(
        stage.server.address,
        "POST",
        "/sign-in",
        session,
        &headers,
        &large,
    );
    let answer = answer.expect("an answer");
    assert_eq!(answer.status, 413, "{answer:?}");
    assert!(answer.body.contains("BATON-WEB-019"), "{}", answer.body);
}

#[test]
fn a_colleagues_item_is_to_be_read_and_can_be_taken_over_and_the_conflict_speaks_the_forms_words() {
    let stage = Stage::set("held");
    let item = stage.resolve.item.clone();
    let path = |verb: &str| format!("/items/{item}/{verb}");
    let (first, second) = ("jana.kos", "agnieszka.wrona");
    assert_eq!(stage.post(first, &path("claim"), "").status, 303);
    let hers = stage.get(first, &format!("/items/{item}"));
    let drawn = number(&hers);
    assert!(!hers.body.contains("disabled"), "her own form is open");
    let draft = format!("{ANSWER}&resolution.note=Asked+the+buyer&n={drawn}");
    assert_eq!(stage.post(first, &path("draft"), &draft).status, 303);

    // The colleague reads it, with the draft in it, and is told who has it.
    let read = stage.get(second, &format!("/items/{item}")).body;
    let form = read
        .split("id=\"work\"")
        .nth(1)
        .and_then(|rest| rest.split("</form>").next());
    let form = form.expect("the form");
    assert!(
        form.contains("<fieldset class=\"still\" disabled>"),
        "{form}"
    );
    assert!(form.contains("Asked the buyer"), "{form}");
    assert!(
        read.contains("held by Jana Kos") && read.contains("Take over"),
        "{read}"
    );
    assert!(!read.contains("Complete and next"), "nothing to send");
    // Of another party it is not even there, and a claim does not take it.
    assert_eq!(
        stage.post("maria.santos", &path("take-over"), "").status,
        404
    );
    assert_eq!(stage.post(second, &path("claim"), "").status, 409);

    assert_eq!(stage.post(second, &path("take-over"), "").status, 303);
    let own = stage.get(second, &format!("/items/{item}"));
    assert!(own.body.contains("Complete and next") && own.body.contains("Asked the buyer"));
    assert!(!own.body.contains("class=\"still\""));
    let theirs = format!(
        "resolution.answer=order_price&resolution.reason=supplier_error&n={}",
        number(&own)
    );
    assert_eq!(stage.post(second, &path("complete"), &theirs).status, 303);

    // Jana, whose page is old, loses nothing: both answers stand there, in the form's words.
    let conflict = stage.post(first, &path("complete"), &draft);
    assert_eq!(conflict.status, 409, "{}", conflict.body);
    let main = conflict.body.split("<main").nth(1).expect("the page");
    let table = main
        .split("<table")
        .nth(1)
        .and_then(|rest| rest.split("</table>").next());
    let table = table.expect("both answers");
    for words in [
        "What should happen?",
        "Accept the invoiced price",
        "Pay the order price",
        "Reason",
        "List price changed",
        "Supplier&#39;s mistake",
        "Note to approver",
        "Asked the buyer",
    ] {
        let escaped = words.replace("&#39;", "'");
        assert!(
            table.contains(words) || table.contains(&escaped),
            "{words}: {table}"
        );
    }
    for code in [
        "list_price_changed",
        "order_price",
        "supplier_error",
        ">accept<",
    ] {
        assert!(!table.contains(code), "{code}: {table}");
    }
    let (data, _folder) = stage.stop();
    let events: Vec<Event> = journal(&data)
        .into_iter()
        .flat_map(|entry| entry.events)
        .collect();
    let taken = events.iter().any(|event| match event {
        Event::ItemReleased {
            item: id, reason, ..
        } => id.as_str() == item && reason == "taken-over",
        _ => false,
    });
    assert!(taken, "the journal says that it was taken over");
}

#[test]
fn the_client_reads_a_providers_item_but_does_not_do_it() {
    let stage = Stage::set("client-reads");
    let page = stage.get("tom.harms", &format!("/items/{}", stage.resolve.item));
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("class=\"still\" disabled"),
        "{}",
        page.body
    );
    assert!(
        page.body.contains("workers of Resolve exception do it"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("Take over") && !page.body.contains("Complete and next"));
}

#[test]
fn the_same_bytes_refused_again_are_counted_and_not_listed_again() {
    let temporary = Temporary::new("refused-again");
    let data = temporary.join("data");
    run(&["init", "--pack", "purchase-to-pay", "--data", &data], 0);
    let bad = packs_folder().join("purchase-to-pay/sample/4-later/R-55171-hansa-wrong-total.xml");
    let bytes = std::fs::read(&bad).expect("a sample");
    let file = bad.display().to_string();
    run(&["import", "--data", &data, &file], 1);
    let out = run(&["import", "--data", &data, &file, "--json"], 1);
    let line: serde_json::Value = serde_json::from_str(out.trim()).expect("JSON");
    assert_eq!(
        line["outcome"], "refused",
        "still refused, with line and reason: {line}"
    );
    assert!(
        line["reason"]
            .as_str()
            .is_some_and(|reason| reason.len() > 20),
        "{line}"
    );
    let first = line["document"].as_str().expect("an id").to_string();
    let token = link(&data, "tom.harms");
    let server = support::Server::start(&data, free_address());
    let session = sign_in(server.address, &token);
    // Under another name and another way; and one that differs by a byte.
    let other = [bytes.as_slice(), b"\n"].concat();
    let files = [
        ("again.xml".to_string(), bytes),
        ("other.xml".to_string(), other),
    ];
    let answer = upload(server.address, &session, "key", &files).expect("an answer");
    assert_eq!(answer.json()[0]["document"], first.as_str());
    let page = server
        .get("/documents/refused", Some(&session))
        .expect("an answer")
        .body;
    assert_eq!(page.matches("data-row data-href=").count(), 2, "{page}");
    assert!(page.contains("3 times, last "), "{page}");
    let one = server.get(&format!("/documents/refused/{first}"), Some(&session));
    assert!(one.expect("an answer").body.contains("the same bytes"));
    drop(server);
    assert!(run(&["verify", "--data", &data], 0).contains("everything holds"));
    let events = journal(&data).into_iter().flat_map(|entry| entry.events);
    let labels: Vec<String> = events.map(|event| event.label()).collect();
    let count = |name: &str| labels.iter().filter(|label| *label == name).count();
    assert_eq!(
        (count("document_refused"), count("refusal_repeated")),
        (2, 2)
    );
}

#[test]
fn times_name_their_place_and_prices_have_their_decimals() {
    let stage = Stage::set("written");
    let entry = stage
        .get("maria.santos", &format!("/journal/{}", stage.verify.n))
        .body;
    assert!(entry.contains("Manila, UTC+8"), "{entry}");
    assert!(!entry.contains("PST"), "{entry}");
    // The item's own lines: 0.38 and 38.9 in the file, two decimals on the page.
    let page = stage
        .get("agnieszka.wrona", &format!("/items/{}", stage.resolve.item))
        .body;
    let lines = page
        .split("class=\"lines\"")
        .nth(1)
        .and_then(|rest| rest.split("</table>").next());
    let lines = lines.expect("the lines");
    let rows: Vec<Vec<String>> = lines
        .split("<tr")
        .skip(2)
        .map(|row| {
            let cells = row.split("<td").skip(1);
            let text = |cell: &str| {
                let inner = cell.split_once('>').map_or("", |(_, inner)| inner);
                inner.split('<').next().unwrap_or_default().to_string()
            };
            cells.map(text).collect()
        })
        .collect();
    assert!(!rows.is_empty(), "{lines}");
    for row in &rows {
        for price in &row[4..6] {
            let decimals = price.split_once('.').map_or(0, |(_, rest)| rest.len());
            assert!(decimals >= 2, "{price} in {row:?}");
        }
    }
    println!("{rows:?}");
}

//! The watched folder: what is put into it is taken in as by the program, broken files are kept and
//! listed, and no plain copy stays behind.

mod support;

use std::path::Path;
use std::time::{Duration, Instant};
use support::house::packs_folder;
use support::{Server, Temporary, free_address, link, run, sign_in};

fn emptied(inbox: &Path) -> bool {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(15) {
        if std::fs::read_dir(inbox)
            .expect("the inbox")
            .next()
            .is_none()
        {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

#[test]
fn what_is_put_into_the_inbox_is_taken_in_and_no_plain_copy_stays() {
    let temporary = Temporary::new("inbox");
    let data = temporary.join("data");
    run(&["init", "--pack", "purchase-to-pay", "--data", &data], 0);
    let token = link(&data, "tom.harms");
    let server = Server::start(&data, free_address());
    let session = sign_in(server.address, &token);
    let inbox = Path::new(&data).join("inbox");
    let sample = packs_folder().join("purchase-to-pay/sample");
    for file in [
        "1-orders/4500-7702-brixner.xml",
        "2-receipts/4500-7702-brixner.xml",
        "3-invoices/INV-20388-brixner.xml",
    ] {
        let name = file.replace('/', "-");
        std::fs::copy(sample.join(file), inbox.join(name)).expect("put into the inbox");
        assert!(emptied(&inbox), "{file} is taken in");
    }
    std::fs::write(inbox.join("broken.xml"), "<Invoice").expect("put into the inbox");
    assert!(emptied(&inbox), "a broken file too");
    // Again, the same bytes: nothing new.
    std::fs::copy(
        sample.join("3-invoices/INV-20388-brixner.xml"),
        inbox.join("again.xml"),
    )
    .expect("put into the inbox");
    assert!(emptied(&inbox), "and a duplicate");
    let work = server.get("/work", Some(&session)).expect("an answer");
    assert!(
        work.body.contains("INV-20388"),
        "the invoice waits for approval"
    );
    let refused = server
        .get("/documents/refused", Some(&session))
        .expect("an answer");
    assert!(
        refused.body.contains("broken.xml"),
        "the broken file is listed"
    );
    drop(server);
    let documents = run(&["documents", "--data", &data, "--json"], 0);
    assert_eq!(
        documents.lines().count(),
        3,
        "order, receipt, invoice: {documents}"
    );
    assert_eq!(
        documents.matches("\"INV-20388\"").count(),
        1,
        "one invoice, one case"
    );
    assert!(run(&["verify", "--data", &data], 0).contains("everything holds"));
}

//! Kill -9 at random moments, again and again: every command whose acknowledgement reached the client's own
//! file is in the journal, none is there twice, and Baton is soon ready again.

#![allow(clippy::print_stdout, reason = "the numbers are the point of the test")]

mod support;

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::house::packs_folder;
use support::{Server, Temporary, free_address, link_on, run_on, sign_in, upload};

const CLIENTS: usize = 4;
/// Seconds within which it has to be ready again.
const READY: u64 = 1;

/// How the kills are done: where the journal is, and how many there are.
struct Kills {
    store: Option<String>,
    count: u64,
    /// How many acknowledgements are the least that prove anything.
    least: usize,
}

#[test]
fn every_acknowledged_command_survives_kill_9_and_none_is_there_twice() {
    let kills = Kills {
        store: None,
        count: 50,
        least: 50,
    };
    kills.run();
}

#[test]
fn the_same_holds_with_the_journal_in_postgresql() {
    let kills = Kills {
        store: Some(baton_postgres_tests::database().address()),
        count: 5,
        least: 5,
    };
    kills.run();
}

impl Kills {
    fn run(&self) {
        // One after the other: both measure how soon it is ready again.
        static TURN: Mutex<()> = Mutex::new(());
        let _turn = TURN.lock();
        let store = self.store.as_deref();
        let temporary = Temporary::new("kill");
        let data = temporary.join("data");
        let init = ["init", "--pack", "purchase-to-pay", "--data", &data];
        run_on(store, &init, 0);
        let token = link_on(store, &data, "tom.harms");
        let address = free_address();
        let session = {
            let _server = Server::start_on(store, &data, address);
            sign_in(address, &token)
        };
        let mut clients: Vec<Client> = (0..CLIENTS)
            .map(|id| Client::new(id, &temporary, address, &session))
            .collect();
        let mut slowest = Duration::ZERO;
        for kill in 0..self.count {
            let server = Server::start_on(store, &data, address);
            slowest = slowest.max(server.ready);
            clients = load(clients, || {
                // A moment that differs from kill to kill: between 20 and 600 ms.
                std::thread::sleep(Duration::from_millis(20 + (kill * 7919) % 580));
                server.kill();
            });
        }
        self.check(&data, &clients, slowest);
    }
}

/// Lets the clients send until the server was killed.
fn load(clients: Vec<Client>, kill: impl FnOnce()) -> Vec<Client> {
    let stop = Arc::new(AtomicBool::new(false));
    let started = clients.into_iter().map(|client| client.start(&stop));
    let threads: Vec<_> = started.collect();
    kill();
    stop.store(true, Ordering::Relaxed);
    let ended = threads.into_iter().map(|thread| thread.join());
    ended.map(|client| client.expect("a client ends")).collect()
}

impl Kills {
    fn check(&self, data: &str, clients: &[Client], slowest: Duration) {
        let store = self.store.as_deref();
        let out = run_on(store, &["verify", "--data", data], 0);
        assert!(out.contains("everything holds"), "{out}");
        let mut kept: BTreeMap<String, usize> = BTreeMap::new();
        for line in run_on(store, &["documents", "--data", data, "--json"], 0).lines() {
            let document: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
            *kept
                .entry(document["number"].as_str().expect("a number").to_string())
                .or_default() += 1;
        }
        let twice: Vec<_> = kept.iter().filter(|(_, times)| **times != 1).collect();
        assert!(twice.is_empty(), "there twice: {twice:?}");
        let noted: Vec<String> = clients.iter().flat_map(Client::noted).collect();
        let lost: Vec<_> = noted
            .iter()
            .filter(|number| !kept.contains_key(*number))
            .collect();
        assert!(lost.is_empty(), "acknowledged and not there: {lost:?}");
        assert!(
            noted.len() > self.least,
            "too few acknowledgements to prove anything: {}",
            noted.len()
        );
        let again: usize = clients.iter().map(|client| client.again).sum();
        let known: usize = clients.iter().map(|client| client.known).sum();
        assert!(
            slowest < Duration::from_secs(READY),
            "not ready again within {READY} s: {slowest:?}"
        );
        println!(
            "{} kills, {CLIENTS} clients: {} acknowledged, {again} sent again after a kill, {known} of these were kept \
         before; none lost, none twice; slowest start to the first answer {slowest:?}",
            self.count,
            noted.len()
        );
    }
}

/// A client that sends documents one after another, notes each acknowledgement in a file of its own, and
/// sends again, after the next start, what was not answered.
struct Client {
    id: usize,
    next: usize,
    pending: bool,
    again: usize,
    known: usize,
    address: SocketAddr,
    session: String,
    file: PathBuf,
    invoice: String,
}

impl Client {
    fn new(id: usize, temporary: &Temporary, address: SocketAddr, session: &str) -> Self {
        let file = temporary.path().join(format!("client-{id}.acknowledged"));
        let sample = packs_folder().join("purchase-to-pay/sample/3-invoices/INV-20388-brixner.xml");
        let invoice = std::fs::read_to_string(sample).expect("the sample invoice");
        Self {
            id,
            next: 1,
            pending: false,
            again: 0,
            known: 0,
            address,
            session: session.to_string(),
            file,
            invoice,
        }
    }

    fn start(mut self, stop: &Arc<AtomicBool>) -> std::thread::JoinHandle<Self> {
        let stop = stop.clone();
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) && self.send() {}
            self
        })
    }

    /// Sends one document; false where no answer came.
    fn send(&mut self) -> bool {
        let number = format!("KILL-{}-{}", self.id, self.next);
        let files = [(format!("{number}.xml"), self.document(&number).into_bytes())];
        self.again += usize::from(self.pending);
        let Ok(answer) = upload(self.address, &self.session, &number, &files) else {
            self.pending = true;
            return false;
        };
        assert_eq!(answer.status, 200, "{answer:?}");
        let outcome = answer.json()[0]["outcome"].clone();
        let known = self.pending && outcome == "duplicate";
        let taken = if self.invoices() { "case" } else { "document" };
        assert!(known || outcome == taken, "{answer:?}");
        self.known += usize::from(known);
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.file)
            .expect("the client's file");
        file.write_all(format!("{number}\n").as_bytes())
            .expect("noted");
        self.pending = false;
        self.next += 1;
        true
    }

    /// The first client sends invoices, which start cases; the others send orders.
    fn invoices(&self) -> bool {
        self.id == 0
    }

    fn document(&self, number: &str) -> String {
        if self.invoices() {
            self.invoice.replace("INV-20388", number)
        } else {
            order(number)
        }
    }

    fn noted(&self) -> Vec<String> {
        // A client that was killed before its first answer has noted nothing.
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        text.lines().map(str::to_string).collect()
    }
}

fn order(number: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-11-01</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:BuyerCustomerParty><cac:Party><cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID><cac:PartyName><cbc:Name>Linden &amp; Voss</cbc:Name></cac:PartyName></cac:Party></cac:BuyerCustomerParty>
<cac:SellerSupplierParty><cac:Party><cbc:EndpointID schemeID="0088">7300010000018</cbc:EndpointID><cac:PartyName><cbc:Name>Brixner Kartonagen GmbH</cbc:Name></cac:PartyName></cac:Party></cac:SellerSupplierParty>
<cac:OrderLine><cac:LineItem><cbc:ID>10</cbc:ID><cbc:Quantity unitCode="C62">100</cbc:Quantity><cbc:LineExtensionAmount currencyID="EUR">42.00</cbc:LineExtensionAmount><cac:Price><cbc:PriceAmount currencyID="EUR">0.42</cbc:PriceAmount></cac:Price><cac:Item><cbc:Name>Folding carton</cbc:Name></cac:Item></cac:LineItem></cac:OrderLine>
</Order>"#
    )
}

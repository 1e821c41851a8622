//! Kill -9 at random moments, fifty times: every command whose acknowledgement reached the client's own
//! file is in the journal, none is there twice, and Baton is soon ready again.

mod support;

use std::fs::OpenOptions;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use support::{Server, Temporary, free_address, link, run, sign_in, upload};

const KILLS: u64 = 50;
const CLIENTS: usize = 4;

#[test]
fn every_acknowledged_command_survives_kill_9_and_none_is_there_twice() {
    let temporary = Temporary::new("kill");
    let data = temporary.join("data");
    run(&["init", "--pack", "purchase-to-pay", "--data", &data], 0);
    let token = link(&data, "wrona");
    let address = free_address();
    let session = {
        let _server = Server::start(&data, address);
        sign_in(address, &token)
    };
    let next = Arc::new(AtomicUsize::new(1));
    let acknowledged = temporary.path().join("acknowledged");
    let mut slowest = Duration::ZERO;
    for kill in 0..KILLS {
        let server = Server::start(&data, address);
        slowest = slowest.max(server.ready);
        let clients = Clients::start(address, &session, &next, &acknowledged);
        // A moment that differs from kill to kill: between 20 and 400 ms.
        std::thread::sleep(Duration::from_millis(20 + (kill * 7919) % 380));
        server.kill();
        clients.stop();
    }
    check(&data, &std::fs::read_to_string(&acknowledged).expect("acknowledgements"), slowest);
}

fn check(data: &str, acknowledged: &str, slowest: Duration) {
    let out = run(&["verify", "--data", data], 0);
    assert!(out.contains("everything holds"), "{out}");
    let numbers: Vec<&str> = acknowledged.lines().collect();
    let kept = run(&["documents", "--data", data, "--json"], 0);
    for number in &numbers {
        let times = kept.matches(&format!("\"{number}\"")).count();
        assert_eq!(times, 1, "{number} was acknowledged and is there {times} times");
    }
    assert!(numbers.len() > 50, "too few acknowledgements to prove anything: {}", numbers.len());
    println!("{KILLS} kills, {} acknowledged, none lost, none twice; slowest start {slowest:?}", numbers.len());
}

/// Clients that send orders one after another and note each acknowledgement in a file of their own.
struct Clients {
    stop: Arc<AtomicBool>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Clients {
    fn start(address: SocketAddr, session: &str, next: &Arc<AtomicUsize>, acknowledged: &std::path::Path) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let threads = (0..CLIENTS)
            .map(|_| {
                let (stop, next, session) = (stop.clone(), next.clone(), session.to_string());
                let path = acknowledged.to_path_buf();
                std::thread::spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        send(address, &session, &format!("KILL-{}", next.fetch_add(1, Ordering::Relaxed)), &path);
                    }
                })
            })
            .collect();
        Self { stop, threads }
    }

    fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().expect("a client ends");
        }
    }
}

/// Sends one order, again under the same key where the first answer did not come.
fn send(address: SocketAddr, session: &str, number: &str, acknowledged: &std::path::Path) {
    for _ in 0..2 {
        let files = [(format!("{number}.xml"), order(number).into_bytes())];
        let Ok(answer) = upload(address, session, number, &files) else { continue };
        assert_eq!(answer.status, 200, "{answer:?}");
        let mut file = OpenOptions::new().create(true).append(true).open(acknowledged).expect("the client's file");
        writeln!(file, "{number}").expect("noted");
        return;
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

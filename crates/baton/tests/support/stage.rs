//! A served data folder with a case in each of the lanes Verify, Resolve exception and Approve, and every
//! worker of the sample cast signed in.

use super::house::{entries, open_items, packs_folder};
use super::{Answer, Server, Temporary, free_address, request, run, sign_in};
use baton_app::{App, Folder};
use std::path::PathBuf;
use std::sync::Arc;

/// A case as the tests know it.
pub struct Case {
    pub id: String,
    pub item: String,
    pub number: &'static str,
    /// The entry that started it.
    pub n: i64,
}

/// A served data folder with a case in each of the lanes Verify (TO), Resolve exception (KS), Approve (LV).
pub struct Stage {
    temporary: Temporary,
    pub data: String,
    pub server: Server,
    pub resolve: Case,
    pub verify: Case,
    pub approve: Case,
    sessions: Vec<(String, String)>,
}

impl Stage {
    pub fn set(name: &str) -> Self {
        let temporary = Temporary::new(name);
        let data = temporary.join("data");
        run(&["init", "--pack", "purchase-to-pay", "--data", &data], 0);
        let sample = |file: &str| {
            packs_folder()
                .join("purchase-to-pay/sample")
                .join(file)
                .display()
                .to_string()
        };
        let mut files = vec![sample("1-orders"), sample("2-receipts")];
        let invoices = [
            ("3-invoices/INV-20419-brixner.xml", "INV-20419"),
            ("3-invoices/8830021-stadtwerke.xml", "8830021"),
            ("3-invoices/INV-20388-brixner.xml", "INV-20388"),
        ];
        files.extend(invoices.map(|(file, _)| sample(file)));
        let mut arguments = vec!["import", "--data", &data, "--json"];
        arguments.extend(files.iter().map(String::as_str));
        let out = run(&arguments, 0);
        let started: Vec<String> = out
            .lines()
            .filter_map(|line| {
                serde_json::from_str::<serde_json::Value>(line).expect("JSON")["case"]
                    .as_str()
                    .map(str::to_string)
            })
            .collect();
        let [resolve, verify, approve]: [String; 3] = started.try_into().expect("three cases");
        let known = journal(&data);
        let case = |id: String, number| {
            let of = |entry: &&baton_journal::Entry| {
                entry
                    .events
                    .iter()
                    .any(|event| event.case().is_some_and(|case| case.as_str() == id))
            };
            let entry = known.iter().find(of).expect("its entry");
            let item = open_items(&entry.events)
                .first()
                .expect("its item")
                .id
                .to_string();
            Case {
                n: entry.n,
                item,
                number,
                id,
            }
        };
        let links = run(&["link", "--data", &data, "--all"], 0);
        let token = |line: &str| {
            let (worker, link) = line.split_once("  ").expect("a worker and a link");
            let token = link.rsplit('/').next().expect("a token");
            (worker.to_string(), token.to_string())
        };
        let tokens: Vec<(String, String)> = links.lines().map(token).collect();
        let (resolve, verify, approve) = (
            case(resolve, "INV-20419"),
            case(verify, "8830021"),
            case(approve, "INV-20388"),
        );
        let server = Server::start(&data, free_address());
        let sessions = tokens
            .iter()
            .map(|(worker, token)| (worker.clone(), sign_in(server.address, token)))
            .collect();
        Self {
            temporary,
            data,
            server,
            resolve,
            verify,
            approve,
            sessions,
        }
    }

    pub fn session(&self, worker: &str) -> &str {
        let found = self.sessions.iter().find(|(id, _)| *id == worker);
        &found.expect("a session").1
    }

    pub fn get(&self, worker: &str, path: &str) -> Answer {
        self.server
            .get(path, Some(self.session(worker)))
            .expect("an answer")
    }

    /// Sends a form.
    pub fn post(&self, worker: &str, path: &str, form: &str) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let session = Some(self.session(worker));
        request(
            self.server.address,
            "POST",
            path,
            session,
            &headers,
            form.as_bytes(),
        )
        .expect("an answer")
    }

    /// Kills the server and starts it again over the same folder.
    pub fn restart(mut self) -> Self {
        let address = self.server.address;
        self.server.kill();
        self.server = Server::start(&self.data, address);
        self
    }

    /// Asks the server to stop and waits until it has; gives the folder and how long it took.
    pub fn asked_to_stop(self) -> (Temporary, std::time::Duration) {
        (self.temporary, self.server.stop())
    }

    /// Ends the server; the folder stays while its owner is kept.
    pub fn stop(self) -> (String, Temporary) {
        (self.data, self.temporary)
    }
}

/// All entries of a data folder.
pub fn journal(data: &str) -> Vec<baton_journal::Entry> {
    let folder = Folder::at(PathBuf::from(data));
    let store = baton_store::sqlite::open(&folder.journal()).expect("the store");
    let app = App::start(folder, Arc::new(store)).expect("the app");
    let tenant = app.tenants().expect("tenants")[0].clone();
    let entries = entries(&app, &tenant);
    app.stop();
    entries
}

//! A house whose pages are served in the test's own process, by the house's own clock.

use super::house::House;
use super::{Answer, request, sign_in};
use baton_app::sight;
use baton_model::WorkerId;
use std::net::SocketAddr;
use std::thread::JoinHandle;
use tokio::sync::oneshot::{Sender, channel};

/// A served house; it stops with its owner.
pub struct Served<'a> {
    house: &'a House,
    pub address: SocketAddr,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl<'a> Served<'a> {
    pub fn of(house: &'a House) -> Self {
        let (stop, stopped) = channel::<()>();
        let (ready, address) = std::sync::mpsc::channel();
        let app = house.app.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
                let listener = listener.expect("a free port");
                ready
                    .send(listener.local_addr().expect("its address"))
                    .expect("somebody waits");
                let stopped = async {
                    let _ = stopped.await;
                };
                baton_web::serve(app, listener, stopped)
                    .await
                    .expect("served");
            });
        });
        Self {
            house,
            address: address.recv().expect("an address"),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// A worker's session.
    pub fn sign_in(&self, worker: &str) -> String {
        let house = self.house;
        let link = sight::invite(&house.app, &house.tenant, &WorkerId::new(worker));
        sign_in(self.address, &link.expect("a link"))
    }

    pub fn get(&self, session: &str, path: &str) -> Answer {
        request(self.address, "GET", path, Some(session), &[], b"").expect("an answer")
    }

    /// Sends a form.
    pub fn post(&self, session: &str, path: &str, form: &str) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let body = form.as_bytes();
        request(self.address, "POST", path, Some(session), &headers, body).expect("an answer")
    }
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

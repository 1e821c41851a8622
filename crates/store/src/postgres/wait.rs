//! Waiting for the driver, which is asynchronous, in code that is not: the calling thread sleeps until
//! the answer is there or the time is over. No runtime is entered, so it may be called from anywhere.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// A request that is under way.
pub(super) type Request<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

struct Sleeper(Thread);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The future's answer; nothing where it did not come within the time.
pub(super) fn wait<T>(within: Duration, future: impl Future<Output = T>) -> Option<T> {
    let waker = Waker::from(Arc::new(Sleeper(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    let end = Instant::now() + within;
    loop {
        if let Poll::Ready(answer) = future.as_mut().poll(&mut context) {
            return Some(answer);
        }
        thread::park_timeout(end.checked_duration_since(Instant::now())?);
    }
}

/// Sends all requests in this order without waiting in between, and gives their answers.
pub(super) async fn together<T>(requests: Vec<Request<'_, T>>) -> Vec<T> {
    let mut open: Vec<Result<T, Request<'_, T>>> = requests.into_iter().map(Err).collect();
    poll_fn(|context| {
        for each in &mut open {
            if let Err(request) = each
                && let Poll::Ready(answer) = request.as_mut().poll(context)
            {
                *each = Ok(answer);
            }
        }
        match open.iter().all(Result::is_ok) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    open.into_iter().filter_map(Result::ok).collect()
}

#[cfg(test)]
mod tests {
    use super::{Request, together, wait};
    use std::future::{pending, ready};
    use std::sync::Mutex;
    use std::time::Duration;

    #[test]
    fn an_answer_from_another_thread_is_waited_for() {
        let (answer, answered) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || answer.send(7));
        let told = wait(Duration::from_secs(60), answered);
        assert_eq!(told, Some(Ok(7)));
        assert_eq!(thread.join().expect("it ended"), Ok(()));
    }

    #[test]
    fn what_never_comes_is_given_up() {
        assert_eq!(wait(Duration::from_millis(5), pending::<u8>()), None);
        assert_eq!(wait(Duration::ZERO, ready(1)), Some(1));
    }

    #[test]
    fn requests_are_sent_in_their_order() {
        let sent = Mutex::new(Vec::new());
        let request = |n: u8| -> Request<'_, u8> {
            let sent = &sent;
            Box::pin(async move {
                sent.lock().expect("unpoisoned").push(n);
                tokio::task::yield_now().await;
                n
            })
        };
        let told = wait(
            Duration::from_secs(60),
            together(vec![request(1), request(2), request(3)]),
        );
        assert_eq!(told, Some(vec![1, 2, 3]));
        assert_eq!(*sent.lock().expect("unpoisoned"), [1, 2, 3]);
    }
}

//! The gateway's socket: connections in, and an orderly end.

use crate::gateway::Gateway;
use crate::routes;
use crate::settings::Settings;
use crate::stand_in::StandIn;
use crate::upstream::Upstream;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// The time in which a client has to send the head of a request. A connection without a request is
/// closed after it, too.
const HEAD: Duration = Duration::from_secs(30);
/// After the grace, the time in which errors are sent for what is still in work.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// The pause after no connection could be taken, for want of file handles say.
const PAUSE: Duration = Duration::from_millis(100);

/// A gateway that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    gateway: Arc<Gateway>,
    stand_in: Option<StandIn>,
    over: watch::Sender<bool>,
}

impl Server {
    /// Listens at an address. With port 0 the system chooses one.
    ///
    /// # Errors
    /// Fails if the address is taken or not this machine's.
    pub async fn bind(address: SocketAddr, settings: Settings) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (url, stand_in) = match settings.upstream.clone() {
            Some(url) => (url, None),
            None => {
                let stand_in = StandIn::start().await?;
                (stand_in.url().map_err(io::Error::other)?, Some(stand_in))
            }
        };
        let timeout = settings.limits.timeout;
        let upstream = Upstream::new(url, settings.key.clone(), timeout);
        let upstream = upstream.map_err(io::Error::other)?;
        let (over, is_over) = watch::channel(false);
        Ok(Server {
            listener,
            address,
            gateway: Arc::new(Gateway::new(settings, upstream, is_over)),
            stand_in,
            over,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `end`. Then it takes no more connections, and what is in work has the
    /// time of [`Limits::grace`](crate::Limits::grace).
    pub async fn run(self, end: impl Future<Output = ()>) {
        let router = routes::router(&self.gateway, self.address.ip());
        let graceful = GracefulShutdown::new();
        tokio::pin!(end);
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = &mut end => break,
            };
            match accepted {
                Ok((stream, _)) => serve(stream, router.clone(), &graceful),
                Err(error) => {
                    tracing::warn!(kind = %error.kind(), "a connection could not be taken");
                    sleep(PAUSE).await;
                }
            }
        }
        drop(self.listener);
        tracing::info!("no more connections are taken");
        let ended = graceful.shutdown();
        tokio::pin!(ended);
        let grace = self.gateway.settings.limits.grace;
        if timeout(grace, &mut ended).await.is_err() {
            tracing::warn!("requests in work are given up");
            // Nobody listens if all work has ended meanwhile.
            let _ = self.over.send(true);
            let _ = timeout(LAST_WORDS, ended).await;
        }
        drop(self.stand_in);
    }
}

/// Serves a connection on a task of its own.
fn serve(stream: TcpStream, router: Router, graceful: &GracefulShutdown) {
    // A chunk of a stream is not kept back for the next.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // The client's connection broke, of which its requests have heard already.
        let _ = connection.await;
    });
}

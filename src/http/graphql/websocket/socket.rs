//! The task of one socket: it connects the protocol, the operations and the connection.

use std::{
    future::ready,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, OptionFuture},
};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use sea_orm::DbErr;
use tokio::time::{Sleep, sleep, sleep_until};
use tracing::field;

use super::{
    close::Close,
    connection::{Connection, Outgoing, Received},
    message::{ACK, PING, around_next, complete, error},
    operations::{Executor, Operations, Output, errors},
    protocol::{Action, OPERATIONS_MAX, OperationId, Protocol},
};
use crate::{
    config::seconds,
    domain::{access_token::Caller, id::new_id},
    graphql::error::ErrorCode,
    http::{
        AppState,
        error::Problem,
        layers::auth::AuthState,
        request_id::RequestId,
        streams::{Permit, Streams},
    },
};

/// How long operations may go on when the service stops. Together with the time in which the client reads the close
/// code this is not longer than the service waits for streams.
const END_TIME: Duration = Duration::from_secs(3);

/// What a socket is served with.
pub(super) struct Socket {
    auth: AuthState,
    streams: Streams,
    executor: Executor,
    /// The caller that the upgrade's token identifies; later the one of `connection_init`.
    caller: Option<Caller>,
    permit: Permit,
}

impl Socket {
    pub(super) fn new(state: AppState, caller: Option<Caller>, permit: Permit) -> Self {
        let AppState { endpoint, streams, auth, permits, .. } = state;
        let executor = Executor {
            time_limit: seconds(endpoint.limits.request_timeout_seconds),
            endpoint,
            streams: streams.clone(),
            rate_limit: auth.rate_limit.clone(),
            callers: auth.callers.clone(),
            permits,
        };
        Self { auth, streams, executor, caller, permit }
    }

    /// Serves a socket until it ends.
    pub(super) async fn serve(mut self, upgraded: Upgraded, is_supported: bool) {
        let start = Instant::now();
        let max_bytes = self.executor.endpoint.limits.max_body_bytes;
        let mut connection = Connection::new(TokioIo::new(upgraded), max_bytes);
        let close = if is_supported {
            // The task shares no state that a panic could leave inconsistent.
            let ended = AssertUnwindSafe(self.run(&mut connection)).catch_unwind().await;
            ended.unwrap_or_else(|_panic| {
                tracing::error!("invariant violated: the task of a WebSocket panicked");
                Err(Close::INTERNAL)
            })
        } else {
            Err(Close::SUBPROTOCOL)
        };
        let close = close.err();
        let token = self.caller.as_ref().map(|caller| field::display(caller.token_id));
        let code = close.as_ref().map(|close| close.code);
        tracing::info!(token, code, elapsed = ?start.elapsed(), "WebSocket closed");
        connection.close(close).await;
        // Before the connection, so that a client that sees its end may open another one.
        drop(self);
    }

    /// Serves a socket until the client closes it, or until it has to be closed.
    async fn run(&mut self, connection: &mut Connection) -> Result<(), Close> {
        let mut protocol = Protocol::new(Instant::now());
        let mut operations = Operations::new(self.executor.clone());
        let mut authentication: OptionFuture<BoxFuture<'static, _>> = None.into();
        let mut revoked = pin!(self.permit.revoked());
        let mut end = pin!(self.streams.end());
        let mut end_time: OptionFuture<Pin<Box<Sleep>>> = None.into();
        let mut timer = pin!(sleep_until(protocol.next_tick().into()));
        let mut is_ending = false;
        loop {
            if is_ending && !operations.are_running() && connection.is_idle() {
                return Err(Close::RESTART);
            }
            if timer.deadline() != protocol.next_tick().into() {
                timer.as_mut().reset(protocol.next_tick().into());
            }
            tokio::select! {
                biased;
                () = &mut revoked => return Err(Close::FORBIDDEN),
                () = &mut end, if !is_ending => {
                    is_ending = true;
                    end_time = Some(Box::pin(sleep(END_TIME))).into();
                }
                Some(()) = &mut end_time => return Err(Close::RESTART),
                () = &mut timer => if protocol.tick(Instant::now())? {
                    connection.send(PING);
                },
                Some(found) = &mut authentication => {
                    authentication = None.into();
                    self.admit(found)?;
                    revoked.set(self.permit.revoked());
                    protocol.acknowledge();
                    connection.lift_limit();
                    connection.send(ACK);
                }
                (id, output) = operations.next(), if connection.has_room() => {
                    send(connection, &mut protocol, &id, output);
                }
                received = connection.next() => match received {
                    Received::Text(text) => match protocol.receive(&text, Instant::now())? {
                        Action::None => {}
                        Action::Send(message) => connection.send(message),
                        Action::Authenticate(authorization) => {
                            authentication = Some(self.authenticate(authorization)).into();
                        }
                        Action::Start(id, parameters) => {
                            let caller = self.caller.clone().expect("the protocol is ready");
                            let started = operations.start(Arc::clone(&id), *parameters, text, caller);
                            if let Err(errors) = started {
                                send(connection, &mut protocol, &id, Output::Errors(errors));
                            }
                        }
                        Action::Reject(id) => connection.send(too_many_operations(&id)),
                        Action::Stop(id) => operations.stop(&id),
                    },
                    Received::Sent => {}
                    Received::Fault(close) => return Err(close),
                    Received::Gone => return Ok(()),
                },
            }
        }
    }

    /// Finds the caller of an Authorization, or without one that of the upgrade.
    fn authenticate(
        &self,
        authorization: Option<String>,
    ) -> BoxFuture<'static, Result<Option<Caller>, DbErr>> {
        let Some(authorization) = authorization else {
            return ready(Ok(self.caller.clone())).boxed();
        };
        let callers = self.auth.callers.clone();
        async move { callers.find_by_authorization(Some(&authorization)).await }.boxed()
    }

    /// Counts the socket for the caller who was found.
    fn admit(&mut self, found: Result<Option<Caller>, DbErr>) -> Result<(), Close> {
        let caller = match found {
            Ok(Some(caller)) => caller,
            Ok(None) => return Err(Close::FORBIDDEN),
            Err(error) => {
                tracing::error!(%error, "the database failed during authentication");
                return Err(Close::UNAVAILABLE);
            }
        };
        if !self.permit.is_for_socket_of(caller.token_id) {
            let permit = self.streams.socket(caller.token_id);
            self.permit = permit.map_err(|_problem| Close::TOO_MANY_SOCKETS)?;
        }
        self.caller = Some(caller);
        Ok(())
    }
}

/// Sends what an operation sends.
fn send(connection: &mut Connection, protocol: &mut Protocol, id: &OperationId, output: Output) {
    let next = |result| {
        let (before, after) = around_next(id);
        Outgoing::of_parts(before, result, after)
    };
    match output {
        Output::Next(result) => return connection.send(next(result)),
        Output::Result(result) => {
            connection.send(next(result));
            connection.send(complete(id));
        }
        Output::Errors(errors) => connection.send(error(id, &errors)),
        Output::Complete => connection.send(complete(id)),
    }
    protocol.end(id);
}

fn too_many_operations(id: &str) -> String {
    let message = format!("The socket has {OPERATIONS_MAX} operations, which is the maximum.");
    let problem = Problem::new(ErrorCode::TooManyOperations, message);
    error(id, &errors(problem, RequestId(new_id())))
}

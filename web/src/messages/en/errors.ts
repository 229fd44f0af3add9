/** What a request that failed means, and what to do. */
export const errors = {
  failures: {
    offline: 'The server cannot be reached. Check the connection, then try again.',
    unavailable: 'The server is busy at the moment. Try again in a few seconds.',
    rateLimited: (seconds: number | undefined) =>
      seconds === undefined ? 'Too many requests with this token. Try again in a moment.' : `Too many requests with this token. Try again in ${seconds} s.`,
    signedOut: 'The token is no longer valid. Sign in again; what you wrote is kept.',
    forbidden: 'This token may not do that. Sign in with one that has the scope.',
    otherVersion: 'The server has a new version. Reload the page; drafts are kept.',
    timeout: 'The server did not respond in time. Trying again is safe: nothing is done twice.',
    failed: 'The server failed. Try again; if it happens again, report the request id.',
  },
};

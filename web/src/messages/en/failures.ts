/** What a request that failed means, and what to do. */
export const failures = {
  offline: 'The server cannot be reached. Check the connection, then try again.',
  unavailable: 'The server is busy at the moment. Try again in a few seconds.',
  unavailableFor: (seconds: number) => `The server is busy at the moment. Try again in ${seconds} s.`,
  rateLimited: 'Too many requests with this token. Try again in a moment.',
  rateLimitedFor: (seconds: number) => `Too many requests with this token. Try again in ${seconds} s.`,
  signedOut: 'The token is not valid any more. Sign in again; what you wrote is kept.',
  forbidden: 'This token may not do that. Sign in with one that has the scope.',
  otherVersion: 'The server has a new version. Reload the page; drafts are kept.',
  timeout: 'The server did not respond in time. Trying again is safe: nothing is done twice.',
  failed: 'The server failed. Try again; if it fails again, report the request id.',
  cursorExpired: 'The history does not go back that far any more. Reload the page to see what is there now.',
  tooLarge: 'This is more than the server takes in one request. Send less at once.',
};

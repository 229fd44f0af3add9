/** Words of the frame: bar, banners, signing in, pages that are not there. */
export const frame = {
  skip: 'Skip to the content',
  mainNavigation: 'Main',
  notices: 'Notices',
  account: (organization: string, token: string) => `Signed in to ${organization} with the token ${token}`,
  readOnly: 'Read only',
  readOnlyReason: 'This token has no scope WRITE: it may read, but not change anything.',
  readOnlyText: 'This token may only read. Sign in with one that has the scope WRITE to change something.',
  title: (page: string) => `${page} · crm-steps`,
  page: 'the page',

  offline: 'The server cannot be reached',
  offlineText: 'What you write stays here. It can be sent once the connection is back.',
  unavailable: 'The server is busy',
  unavailableText: 'What you write stays here. Try again in a moment.',
  rateLimited: 'Too many requests with this token',
  rateLimitedFor: (seconds: string) => `It may send requests again in ${seconds}.`,
  rateLimitedText: 'It may send requests again in a moment.',
  otherVersion: 'The server has a new version',
  otherVersionText: 'Reload the page to go on. What you have written and not saved is kept as a draft.',

  notFound: 'There is no such page',
  notFoundText: 'The address may be mistyped, or from another version.',
  toPipelines: 'To the pipelines',

  signIn: 'Sign in',
  signInTo: 'Sign in to crm-steps',
  token: 'Access token',
  whereFrom:
    'Each browser tab asks for the token once. The one that was printed when the service started for the first time can be pasted here again. To create another one, run',
  commandName:
    'NAME is the name of the organization, in quotes if it has spaces. A name that is not there yet makes a new one.',
  tokenRejected: 'This token is not valid. It may be mistyped, cut off or revoked.',
  tokenWithoutRead: 'This token may not read, so there is nothing to show. Sign in with one that has the scope READ.',
  signedOut: 'You have been signed out',
  signedOutText: (organization: string) =>
    `The token is no longer valid. Sign in to ${organization} again: nothing is lost, and what was on its way is sent then.`,
  otherOrganization: (organization: string, shown: string) =>
    `This token belongs to “${organization}”, and this page shows “${shown}”. To open “${organization}” instead discards what is not saved here.`,
  openOther: (organization: string) => `Open ${organization}`,
};

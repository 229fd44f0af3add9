// The service under test, asked without the console: to prepare data and to see what is stored.

import assert from 'node:assert/strict';

export const SITE = new URL(needed('CRM_STEPS_URL')).origin;
export const TOKEN = needed('CRM_STEPS_TOKEN');

/** The data of a document. Fails if there are errors. */
export async function graphql(query, variables = {}, token = TOKEN) {
  const response = await fetch(`${SITE}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

/** What the service answers to a request of the page, for tests that change the answer. */
export async function forward(request, token = TOKEN) {
  const response = await fetch(`${SITE}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return response.json();
}

/** The value of an environment variable that these tests need. */
export function needed(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
}

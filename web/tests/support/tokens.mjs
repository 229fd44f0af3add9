// Tokens beside that of the demo: of organizations without data, and with fewer scopes. CRM_STEPS_PROGRAM names the
// program, and DATABASE_URL the database of the service under test.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { graphql, needed, SITE } from './api.mjs';

/** A new token. Without an organization it is of a new one. */
export function newToken({ organization = newOrganization(), scopes = ['read', 'write'], name = 'test' } = {}) {
  const scope = scopes.flatMap((scope) => ['--scope', scope]);
  return run('create', '--organization', organization, '--name', name, ...scope);
}

let organizations = 0;

/** The name of an organization that is not there yet. */
export function newOrganization() {
  organizations += 1;
  return `Organization ${process.pid}-${Date.now()}-${organizations}`;
}

/** Revokes a token, which has to have the scope to read. */
export async function revokeToken(token) {
  const { viewer } = await graphql('{ viewer { tokenId } }', {}, token);
  run('revoke', viewer.tokenId);
  // The service keeps what it knows of a token for some seconds.
  const deadline = Date.now() + 15_000;
  while ((await statusWith(token)) !== 401) {
    assert.ok(Date.now() < deadline, 'the service rejects the token');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function statusWith(token) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ query: '{ viewer { tokenId } }' });
  const response = await fetch(`${SITE}/graphql`, { method: 'POST', headers, body });
  await response.text();
  return response.status;
}

function run(...args) {
  needed('DATABASE_URL');
  const stdio = ['ignore', 'pipe', 'ignore'];
  return execFileSync(needed('CRM_STEPS_PROGRAM'), ['token', ...args], { encoding: 'utf8', stdio }).trim();
}

// What becomes of requests on their way to the service.

import assert from 'node:assert/strict';
import { intercept } from './browser.mjs';

/** Lets the first request of this operation reach the service, and loses its answer. */
export async function loseAnswer(page, operation) {
  let isLost = false;
  await intercept(page, async ({ operationName }, request) => {
    if (isLost || operationName !== operation) return undefined;
    isLost = true;
    const { authorization } = request.headers();
    const answer = await fetch(request.url(), {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: request.postData(),
    });
    assert.equal(answer.status, 200);
    return 'lost';
  });
}

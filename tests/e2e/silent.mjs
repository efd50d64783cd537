// The requests of a chat, searched for anything that was learned about the person.

import assert from "node:assert/strict";

/**
 * Fails if a weight, score, choice or name is in one of the `requests`, which `relay` kept. `answers` are those of the log
 * of the page that `driver` shows.
 */
export async function assertSilent(driver, requests, answers) {
  const weights = await driver.executeScript(`
    const { dimensions } = document.querySelector("leaning-compare, leaning-profile").interview.profile();
    return dimensions.map(({ mean }) => String(mean).slice(0, 6));`);
  const scores = answers.flatMap((answer) => answer.scores.flat().map((score) => String(score).slice(0, 7)));
  const names = answers.flatMap(({ id, shown }) => [id, ...shown]);
  // A weight of 0 is nobody's secret.
  const secrets = [...weights, ...scores, ...names].filter((text) => text.length > 4);
  assert.ok(secrets.length > 20, `${secrets}`);
  for (const { url, headers, body } of requests) {
    // The user agent of the gateway is the name of the program.
    const { "user-agent": _, ...others } = headers;
    const all = JSON.stringify([url, others, body]);
    for (const secret of secrets) assert.ok(!all.includes(secret), `${secret} in ${all}`);
    assert.doesNotMatch(all, /leaning|dimension|brevity|chose|prefer|weight|score/i);
    assert.equal(headers.cookie, undefined);
  }
}

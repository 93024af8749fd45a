/** What a test does and knows in the live room: the facts as the server sent them, and the room as a person sees it. */

/** Collects the durable and passing facts of the live socket. Call before the room is opened. */
export function listenToFacts(page) {
  const facts = [];
  const waiters = new Set();
  page.on('websocket', (socket) => {
    if (!socket.url().includes('/live')) return;
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload !== 'string') return;
      facts.push(JSON.parse(payload));
      for (const wake of waiters) wake();
    });
  });
  return {
    facts,
    last: (type) => facts.findLast((fact) => fact.type === type),
    all: (type) => facts.filter((fact) => fact.type === type),
    /** Resolves with the first fact from index `from` on that fits. */
    async until(fits, { from = 0, timeoutMs = 90_000, what = 'a fact' } = {}) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const found = facts.slice(from).find(fits);
        if (found) return found;
        const left = deadline - Date.now();
        if (left <= 0)
          throw new Error(
            `waited in vain for ${what}; the last facts: ${facts
              .slice(-6)
              .map((fact) => JSON.stringify(fact).slice(0, 160))
              .join('\n')}`,
          );
        await new Promise((done) => {
          const timer = setTimeout(wake, Math.min(left, 1000));
          function wake() {
            clearTimeout(timer);
            waiters.delete(wake);
            done();
          }
          waiters.add(wake);
        });
      }
    },
  };
}

/**
 * Waits until the room listens to an answer that has not been dealt with; null when the interview has ended.
 * A turn that is to be skipped (`skips` says so) is one as soon as it is being asked.
 */
export async function nextTurn(live, dealtWith, { skips = () => false } = {}) {
  const turnOf = (fact) => ({ questionId: fact.question_id, followUpId: fact.follow_up_id, position: fact.position });
  const isTurn = (fact) =>
    fact.type === 'phase.changed' &&
    (fact.phase === 'listening' || (fact.phase === 'asking' && fact.question_id && skips(turnOf(fact)))) &&
    !dealtWith.has(`${fact.question_id}/${fact.follow_up_id}`);
  const fact = await live.until((each) => each.type === 'interview.ended' || isTurn(each), {
    what: 'the next turn',
  });
  if (fact.type === 'interview.ended') return null;
  dealtWith.add(`${fact.question_id}/${fact.follow_up_id}`);
  return turnOf(fact);
}

/** Waits until the answer to this turn has ended. */
export const answerEnded = (live, turn, timeoutMs = 90_000) =>
  live.until(
    (fact) =>
      fact.type === 'answer.ended' && fact.question_id === turn.questionId && fact.follow_up_id === turn.followUpId,
    { timeoutMs, what: 'the end of the answer' },
  );

export const assessed = (live, turn, timeoutMs = 90_000) =>
  live.until(
    (fact) =>
      fact.type === 'response.assessed' &&
      fact.question_id === turn.questionId &&
      fact.follow_up_id === turn.followUpId,
    { timeoutMs, what: 'the scores' },
  );

// From what the quiz has learned to settings, and to what a server gets.

/** The best option of each event. The first one, the default, stays unless another is probably better. */
export function settingsFor(interview, events) {
  return events.map((event) => {
    const [best] = interview.rank(event.candidates, { atLeast: 0.8 });
    return { event, option: event.candidates[best.index], isDefault: best.index === 0 };
  });
}

/** All that is sent once the person confirms: an option for each event. */
export function confirmed(form) {
  return JSON.stringify(Object.fromEntries(new FormData(form)));
}

// What the page shows, kept in the address so that a link shows the same.

/** @type {URLSearchParams} */
let current = new URLSearchParams();
/** @type {(() => void)[]} */
const listeners = [];

/** Reads the address. */
export function readAddress() {
  current = new URLSearchParams(location.hash.slice(1));
}

/**
 * A part of the state; empty when it is not set.
 * @param {string} key
 */
export const stateOf = (key) => current.get(key) ?? "";

/**
 * The address of the page with some parts of the state changed.
 * @param {Record<string, string | null>} changes
 */
export function addressWith(changes) {
  const next = new URLSearchParams(current);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === "") next.delete(key); else next.set(key, value);
  }
  return `#${next}`;
}

/**
 * Changes the state and shows it.
 * @param {Record<string, string | null>} changes
 * @param {boolean} replaces whether the browser's way back leads past it
 */
export function changeState(changes, replaces = false) {
  const address = addressWith(changes);
  if (replaces) history.replaceState(null, "", address); else history.pushState(null, "", address);
  readAddress();
  for (const listener of listeners) listener();
}

/**
 * Calls a function after every change.
 * @param {() => void} listener
 */
export function onChange(listener) {
  listeners.push(listener);
  if (listeners.length > 1) return;
  addEventListener("popstate", () => {
    readAddress();
    for (const each of listeners) each();
  });
}

// Who wants to know what: the only way the parts of the page hear of each other.

/** @type {Map<string, Set<(detail: any) => void>>} */
const listeners = new Map();

/** @returns {() => void} stops listening */
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(listener);
  return () => listeners.get(topic).delete(listener);
}

export function tell(topic, detail) {
  for (const listener of [...(listeners.get(topic) ?? [])]) listener(detail);
}

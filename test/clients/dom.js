import { JSDOM } from 'jsdom';

// React's renderer looks for a document when it is loaded. Jest's own jsdom environment would take Node's fetch away.
const { window } = new JSDOM('<!doctype html><body></body>', { url: 'http://localhost/' });
for (const name of [
  'window',
  'document',
  'navigator',
  'HTMLElement',
  'HTMLIFrameElement',
  'Node',
  'Event',
  'MutationObserver',
])
  Object.defineProperty(globalThis, name, {
    value: name === 'window' ? window : window[name],
    configurable: true,
    writable: true,
  });

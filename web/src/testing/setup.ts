import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// Pages are fetched when they are first shown; on a busy machine that takes a moment.
configure({ asyncUtilTimeout: 8000 });

class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

class NoMatch extends EventTarget {
  readonly matches = false;
  constructor(readonly media: string) {
    super();
  }
}

function define(target: object, values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(target, name, { configurable: true, writable: true, value });
  }
}

// What jsdom lacks: layout, media queries, fonts and observers. Lists are drawn as on a screen 800 px high.
define(globalThis, {
  ResizeObserver: NoObserver,
  IntersectionObserver: NoObserver,
  scrollTo: () => undefined,
  matchMedia: (media: string) => new NoMatch(media),
});
define(document, { fonts: new EventTarget() });
define(Element.prototype, {
  clientHeight: 800,
  clientWidth: 1200,
  scrollIntoView: () => undefined,
  scrollTo: () => undefined,
});
define(HTMLElement.prototype, { offsetHeight: 32, offsetWidth: 1200 });

afterEach(() => {
  cleanup();
  localStorage.clear();
});

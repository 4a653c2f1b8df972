import { describe, expect, it } from 'vitest';
import { createEventReader } from './sse';

const STREAM = ': hello\n\ndata: {"a":1}\n\nevent: x\r\ndata:two\r\ndata: lines\r\n\r\n: heartbeat\n\n';

function read(chunks: string[]): string[] {
  const seen: string[] = [];
  const feed = createEventReader((data) => seen.push(data));
  for (const chunk of chunks) feed(chunk);
  return seen;
}

describe('the event stream reader', () => {
  it('gives each payload once, whole', () => {
    expect(read([STREAM])).toEqual(['{"a":1}', 'two\nlines']);
  });

  it('reads the same from single characters', () => {
    expect(read(Array.from(STREAM))).toEqual(['{"a":1}', 'two\nlines']);
  });

  it('keeps an unfinished payload back', () => {
    expect(read(['data: {"a":'])).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Schema } from '@/api/client';
import { changedSpan, pieces, splitRows, unifiedRows } from './lines';

type Line = Schema<'DiffLine'>;
const line = (kind: Line['kind'], text: string, old: number | null, fresh: number | null): Line => ({
  kind,
  text,
  old_line: old,
  new_line: fresh,
});

const HUNK: Schema<'DiffHunk'> = {
  heading: '/ip service',
  lines: [
    line('context', 'set telnet disabled=yes', 10, 10),
    line('removed', 'set www disabled=no', 11, null),
    line('removed', 'set ftp disabled=no', 12, null),
    line('added', 'set www disabled=yes', null, 11),
    line('context', 'set api disabled=yes', 13, 12),
  ],
};

describe('pieces of a line', () => {
  it('sets secrets off from the text around them', () => {
    expect(pieces('add name=a password=<secret:9f2c11> profile=b')).toEqual([
      { text: 'add name=a password=', secret: false, changed: false },
      { text: '9f2c11', secret: true, changed: false },
      { text: ' profile=b', secret: false, changed: false },
    ]);
  });

  it('leaves nothing out and adds nothing', () => {
    const text = 'set [ find ] a=<secret:aa> b=<not-a-secret> c=<secret:bb>';
    const whole = pieces(text, [4, 30]).map((piece) =>
      piece.secret ? `<secret:${piece.text}>` : piece.text,
    );
    expect(whole.join('')).toBe(text);
  });

  it('marks a secret whose value has changed', () => {
    const [before, after] = ['add name=staff key=<secret:aa>', 'add name=staff key=<secret:bb>'];
    const span = changedSpan(before, after);
    expect(pieces(after, span?.after ?? null).find((piece) => piece.secret)).toMatchObject({
      text: 'bb',
      changed: true,
    });
  });
});

describe('what changed between two lines', () => {
  it('is from the first to the last differing word', () => {
    expect(changedSpan('set www disabled=no port=80', 'set www disabled=yes port=80')).toEqual({
      before: [8, 19],
      after: [8, 20],
    });
  });

  it('is not said of lines that share hardly anything', () => {
    expect(changedSpan('add address=10.0.0.1 interface=ether1', 'set name=x')).toBeNull();
  });
});

describe('rows of a comparison', () => {
  it('pairs removals with additions side by side, and leaves a hole where there is no other side', () => {
    const rows = splitRows([HUNK]);
    expect(rows[0]).toEqual({ kind: 'heading', text: '/ip service' });
    const pair = rows.flatMap((row) =>
      row.kind === 'pair' ? [[row.left?.text ?? null, row.right?.text ?? null]] : [],
    );
    expect(pair).toEqual([
      ['set telnet disabled=yes', 'set telnet disabled=yes'],
      ['set www disabled=no', 'set www disabled=yes'],
      ['set ftp disabled=no', null],
      ['set api disabled=yes', 'set api disabled=yes'],
    ]);
  });

  it('gives each side its own line numbers', () => {
    const last = splitRows([HUNK]).at(-1);
    expect(last).toMatchObject({ left: { number: 13 }, right: { number: 12 } });
  });

  it('keeps removals before additions when unified', () => {
    const kinds = unifiedRows([HUNK]).flatMap((row) => (row.kind === 'line' ? [row.cell.kind] : []));
    expect(kinds).toEqual(['context', 'removed', 'removed', 'added', 'context']);
  });
});

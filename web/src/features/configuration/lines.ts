import type { Schema } from '@/api/client';

type Hunk = Schema<'DiffHunk'>;
type Line = Schema<'DiffLine'>;

/** A part of a line: plain text, a secret's mark, and whether it is what differs from the other side. */
export interface Piece {
  text: string;
  secret: boolean;
  changed: boolean;
}

/** The token's letters without the frame; equal tokens stand for equal values. */
const SECRET = /<secret:([^>\s]*)>/g;

/** Cuts a line at its secrets and at the ends of what changed in it. */
export function pieces(text: string, changed: readonly [from: number, to: number] | null = null): Piece[] {
  const result: Piece[] = [];
  const push = (from: number, to: number, secret: boolean) => {
    if (to <= from) return;
    const cuts = changed ? [from, ...changed.filter((at) => at > from && at < to), to] : [from, to];
    if (secret) {
      const inside = changed !== null && changed[0] < to && changed[1] > from;
      result.push({ text: text.slice(from + 8, to - 1), secret: true, changed: inside });
      return;
    }
    for (let index = 0; index + 1 < cuts.length; index += 1) {
      const [start, end] = [cuts[index] ?? 0, cuts[index + 1] ?? 0];
      result.push({
        text: text.slice(start, end),
        secret: false,
        changed: changed !== null && start >= changed[0] && end <= changed[1],
      });
    }
  };
  let done = 0;
  for (const match of text.matchAll(SECRET)) {
    push(done, match.index, false);
    push(match.index, match.index + match[0].length, true);
    done = match.index + match[0].length;
  }
  push(done, text.length, false);
  return result;
}

/** Where two versions of a line differ: from the first to the last differing word. Null when hardly anything is shared. */
export function changedSpan(
  before: string,
  after: string,
): { before: [number, number]; after: [number, number] } | null {
  const a = before.split(/(\s+)/);
  const b = after.split(/(\s+)/);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail += 1;
  const length = (words: string[]) => words.reduce((sum, word) => sum + word.length, 0);
  const shared = length(a.slice(0, head)) + length(a.slice(a.length - tail));
  if (shared * 3 < Math.max(before.length, after.length)) return null;
  const start = length(a.slice(0, head));
  return {
    before: [start, before.length - length(a.slice(a.length - tail))],
    after: [start, after.length - length(b.slice(b.length - tail))],
  };
}

export interface DiffCell {
  number: number | null;
  text: string;
  kind: Line['kind'];
  changed: [number, number] | null;
}

export type UnifiedRow =
  | { kind: 'heading'; text: string }
  | { kind: 'line'; old: number | null; new: number | null; cell: DiffCell };

export type SplitRow =
  { kind: 'heading'; text: string } | { kind: 'pair'; left: DiffCell | null; right: DiffCell | null };

const cellOf = (line: Line, changed: [number, number] | null = null): DiffCell => ({
  number: line.kind === 'added' ? line.new_line : line.old_line,
  text: line.text,
  kind: line.kind,
  changed,
});

/** A run of context lines, or a block of removals followed by additions. */
function blocks(lines: readonly Line[]): { context: Line[]; removed: Line[]; added: Line[] }[] {
  const result: { context: Line[]; removed: Line[]; added: Line[] }[] = [];
  for (const line of lines) {
    const last = result.at(-1);
    const fits =
      last &&
      (line.kind === 'context'
        ? last.removed.length + last.added.length === 0
        : last.context.length === 0 && !(line.kind === 'removed' && last.added.length > 0));
    const block = fits ? last : { context: [], removed: [], added: [] };
    if (!fits) result.push(block);
    block[line.kind].push(line);
  }
  return result;
}

/** Both sides of a block, line by line, with what changed in each pair. */
function pairs(
  removed: readonly Line[],
  added: readonly Line[],
): { left: DiffCell | null; right: DiffCell | null }[] {
  return Array.from({ length: Math.max(removed.length, added.length) }, (_, index) => {
    const [before, after] = [removed[index], added[index]];
    const span = before && after ? changedSpan(before.text, after.text) : null;
    return {
      left: before ? cellOf(before, span?.before ?? null) : null,
      right: after ? cellOf(after, span?.after ?? null) : null,
    };
  });
}

/** Where a hunk stands: its menu, unless the first line says it itself. */
function headingOf({ heading, lines }: Hunk): string {
  return heading === null || lines[0]?.text === heading ? '' : heading;
}

export function splitRows(hunks: readonly Hunk[]): SplitRow[] {
  return hunks.flatMap((hunk): SplitRow[] => [
    { kind: 'heading', text: headingOf(hunk) },
    ...blocks(hunk.lines).flatMap(({ context, removed, added }): SplitRow[] => [
      ...context.map((line): SplitRow => ({
        kind: 'pair',
        left: cellOf(line),
        right: { ...cellOf(line), number: line.new_line },
      })),
      ...pairs(removed, added).map((pair): SplitRow => ({ kind: 'pair', ...pair })),
    ]),
  ]);
}

export function unifiedRows(hunks: readonly Hunk[]): UnifiedRow[] {
  return hunks.flatMap((hunk): UnifiedRow[] => [
    { kind: 'heading', text: headingOf(hunk) },
    ...blocks(hunk.lines).flatMap(({ context, removed, added }): UnifiedRow[] => {
      const both = pairs(removed, added);
      const side = (cell: DiffCell | null): UnifiedRow[] =>
        cell === null
          ? []
          : [
              {
                kind: 'line',
                old: cell.kind === 'removed' ? cell.number : null,
                new: cell.kind === 'added' ? cell.number : null,
                cell,
              },
            ];
      return [
        ...context.map((line): UnifiedRow => ({
          kind: 'line',
          old: line.old_line,
          new: line.new_line,
          cell: cellOf(line),
        })),
        ...both.flatMap(({ left }) => side(left)),
        ...both.flatMap(({ right }) => side(right)),
      ];
    }),
  ]);
}

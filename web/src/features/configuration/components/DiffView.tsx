import { useMemo } from 'react';
import type { Schema } from '@/api/client';
import { splitRows, unifiedRows, type DiffCell } from '../lines';
import { CodeLine } from './CodeLine';
import classes from './code.module.css';
import { VirtualLines } from './VirtualLines';

const SIGNS = { context: ' ', added: '+', removed: '−' } as const;
const WORDS = { context: '', added: 'Added: ', removed: 'Removed: ' } as const;

function Number({ value }: { value: number | null }) {
  return (
    <span className={classes.number} aria-hidden>
      {value}
    </span>
  );
}

function Side({ cell }: { cell: DiffCell | null }) {
  if (cell === null) return <div className={classes.side} data-kind="none" />;
  return (
    <div className={classes.side} data-kind={cell.kind}>
      <Number value={cell.number} />
      <span className={classes.sign} aria-hidden>
        {SIGNS[cell.kind]}
      </span>
      <span className={classes.text}>
        <span className={classes.hidden}>{WORDS[cell.kind]}</span>
        <CodeLine text={cell.text} changed={cell.changed} />
      </span>
    </div>
  );
}

function Heading({ text }: { text: string }) {
  return <div className={text === '' ? classes.gap : classes.heading}>{text}</div>;
}

interface DiffViewProps {
  diff: Schema<'SnapshotDiff'>;
  view: 'unified' | 'split';
}

/** What changed between two versions. The words “Added” and “Removed” are there for those who hear it. */
export function DiffView({ diff, view }: DiffViewProps) {
  const unified = useMemo(() => (view === 'unified' ? unifiedRows(diff.hunks) : []), [diff, view]);
  const split = useMemo(() => (view === 'split' ? splitRows(diff.hunks) : []), [diff, view]);
  if (view === 'split') {
    return (
      <VirtualLines
        label="Changes, side by side"
        count={split.length}
        draw={(index) => {
          const row = split[index];
          if (!row || row.kind === 'heading') return <Heading text={row?.text ?? ''} />;
          return (
            <div className={classes.pair}>
              <Side cell={row.left} />
              <Side cell={row.right} />
            </div>
          );
        }}
      />
    );
  }
  return (
    <VirtualLines
      label="Changes"
      count={unified.length}
      draw={(index) => {
        const row = unified[index];
        if (!row || row.kind === 'heading') return <Heading text={row?.text ?? ''} />;
        const { cell } = row;
        return (
          <div className={classes.line} data-kind={cell.kind}>
            <Number value={row.old} />
            <Number value={row.new} />
            <span className={classes.sign} aria-hidden>
              {SIGNS[cell.kind]}
            </span>
            <span className={classes.text}>
              <span className={classes.hidden}>{WORDS[cell.kind]}</span>
              <CodeLine text={cell.text} changed={cell.changed} />
            </span>
          </div>
        );
      }}
    />
  );
}

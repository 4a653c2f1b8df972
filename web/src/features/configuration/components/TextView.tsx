import { ActionIcon, CopyButton, TextInput, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { formatCounted } from '@/lib/units';
import { CodeLine } from './CodeLine';
import classes from './code.module.css';
import { VirtualLines } from './VirtualLines';

/** The whole masked text of one version, with a search of its own: the browser's can't see lines that aren't drawn. */
export function TextView({ text }: { text: string }) {
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text]);
  const [wanted, setWanted] = useState('');
  const [turn, setTurn] = useState(0);
  const found = useMemo(() => {
    const part = wanted.trim().toLowerCase();
    if (part === '') return [];
    return lines.flatMap((line, index) => (line.toLowerCase().includes(part) ? [index] : []));
  }, [lines, wanted]);
  const current = found.length === 0 ? null : (found[turn % found.length] ?? null);
  const hits = useMemo(() => new Set(found), [found]);
  return (
    <div className={classes.textView}>
      <div className={classes.find}>
        <TextInput
          aria-label="Find in this version"
          placeholder="Find"
          size="sm"
          w={220}
          leftSection={<IconSearch size={14} aria-hidden />}
          value={wanted}
          onChange={(event) => {
            setWanted(event.currentTarget.value);
            setTurn(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') setTurn((old) => (event.shiftKey ? Math.max(0, old - 1) : old + 1));
          }}
        />
        <span className={classes.foundCount} role="status">
          {wanted.trim() === ''
            ? formatCounted(lines.length, 'line')
            : found.length === 0
              ? 'Not in this version'
              : `${(turn % found.length) + 1} of ${found.length}`}
        </span>
        <CopyButton value={text} timeout={2000}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy the text (secrets stay masked)'}>
              <ActionIcon variant="default" size={32} aria-label="Copy the text" onClick={copy}>
                {copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </div>
      <VirtualLines
        label="Configuration text"
        count={lines.length}
        goTo={current}
        draw={(index) => (
          <div
            className={classes.plain}
            data-hit={hits.has(index) || undefined}
            data-current={index === current || undefined}
          >
            <span className={classes.number} aria-hidden>
              {index + 1}
            </span>
            <span className={classes.text}>
              <CodeLine text={lines[index] ?? ''} />
            </span>
          </div>
        )}
      />
    </div>
  );
}

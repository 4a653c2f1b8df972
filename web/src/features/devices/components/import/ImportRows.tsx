import { Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import table from '@/components/ui/table.module.css';
import { sentence } from '@/lib/words';
import { enrolmentAdvice } from '../../enrolmentAdvice';
import { isWaiting, ROW_WORDS, type ImportRow } from '../../importRows';
import classes from './import.module.css';

interface ImportRowsProps {
  rows: readonly ImportRow[];
  slug: string;
  /** Enrolments whose keys were read and accepted. */
  picked: ReadonlySet<string>;
  onPick: (picked: ReadonlySet<string>) => void;
}

function Keys({ row }: { row: ImportRow }) {
  if (row.spki_sha256 === null) return '–';
  return (
    <span className={classes.keys}>
      <code>{row.spki_sha256.match(/.{1,8}/g)?.join(' ')}</code>
      {row.ssh_host_key_sha256 !== null && <code>{row.ssh_host_key_sha256}</code>}
    </span>
  );
}

/** Every line of the file with its state, its keys and its problem. */
export function ImportRows({ rows, slug, picked, onPick }: ImportRowsProps) {
  const waiting = rows.filter(isWaiting);
  const all = waiting.length > 0 && waiting.every((row) => picked.has(row.enrolment_id ?? ''));
  const some = waiting.some((row) => picked.has(row.enrolment_id ?? ''));
  const toggle = (id: string) => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    onPick(next);
  };
  return (
    <div className={table.wrap}>
      <table className={table.table} aria-label="Rows of the import">
        <thead>
          <tr>
            <th scope="col" className={classes.tick}>
              {waiting.length > 0 && (
                <Checkbox
                  aria-label="Accept all keys"
                  size="xs"
                  checked={all}
                  indeterminate={some && !all}
                  onChange={() =>
                    onPick(all ? new Set() : new Set(waiting.map((row) => row.enrolment_id ?? '')))
                  }
                />
              )}
            </th>
            <th scope="col" className={table.num}>
              Line
            </th>
            <th scope="col">Address</th>
            <th scope="col" className={table.wide}>
              Name
            </th>
            <th scope="col">State</th>
            <th scope="col">Keys, or what is wrong</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const id = row.enrolment_id ?? '';
            return (
              <tr key={row.line}>
                <td>
                  {isWaiting(row) && (
                    <Checkbox
                      aria-label={`Accept the keys of ${row.address}`}
                      size="xs"
                      checked={picked.has(id)}
                      onChange={() => toggle(id)}
                    />
                  )}
                </td>
                <td className={`${table.num} ${table.faint}`}>{row.line}</td>
                <td className={table.nowrap}>{row.address === '' ? '–' : row.address}</td>
                <td className={table.wide}>{row.name ?? '–'}</td>
                <td className={classes.rowState} data-state={row.state}>
                  {row.state === 'done' && row.device_id !== null ? (
                    <Link to="/t/$slug/devices/$deviceId/overview" params={{ slug, deviceId: row.device_id }}>
                      Added
                    </Link>
                  ) : (
                    ROW_WORDS[row.state]
                  )}
                </td>
                <td>
                  {row.error_message !== null ? (
                    <span className={classes.problem} title={enrolmentAdvice(row.error_code) ?? undefined}>
                      {sentence(row.error_message)}
                    </span>
                  ) : (
                    <Keys row={row} />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

import { Drawer } from '@mantine/core';
import type { Schema } from '@/api/client';
import { Facts } from '@/components/ui/Facts';
import { formatAbsolute } from '@/lib/time';
import classes from './EntryDrawer.module.css';
import { Outcome } from './Outcome';

/** One entry of the trail, whole. */
export function EntryDrawer({ entry, onClose }: { entry: Schema<'AuditEntry'> | null; onClose: () => void }) {
  return (
    <Drawer
      opened={entry !== null}
      onClose={onClose}
      position="right"
      size={460}
      title={entry ? `Entry ${entry.seq}` : ''}
      closeButtonProps={{ 'aria-label': 'Close' }}
      overlayProps={{ backgroundOpacity: 0.2 }}
    >
      {entry && (
        <>
          <Facts
            facts={[
              ['Time', formatAbsolute(entry.at)],
              [
                'Who',
                `${entry.actor_name} (${entry.actor_kind}${entry.role === null ? '' : `, ${entry.role.replace('_', ' ')}`})`,
              ],
              ['From', entry.source_address],
              ['Through', entry.via],
              ['Action', <code key="action">{entry.action}</code>],
              [
                'On',
                [entry.target_kind, entry.target_name, entry.target_id].filter(Boolean).join(' ') || null,
              ],
              ['Outcome', <Outcome key="outcome" outcome={entry.outcome} />],
              ['Request', entry.request_id],
              [
                'Hash',
                <code key="hash" className={classes.hash}>
                  {entry.hash}
                </code>,
              ],
            ]}
          />
          <h3 className={classes.heading}>Details</h3>
          {Object.keys(entry.details).length === 0 ? (
            <p className={classes.none}>Nothing more was recorded.</p>
          ) : (
            <pre className={classes.details} tabIndex={0}>
              {JSON.stringify(entry.details, null, 2)}
            </pre>
          )}
          <p className={classes.none}>
            The hash covers this entry and the hash of the one before it: a change, a deletion or another
            order is found by “Verify chain”.
          </p>
        </>
      )}
    </Drawer>
  );
}

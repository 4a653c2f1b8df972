import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useCan } from '@/features/session/hooks';
import { stateWord } from '@/lib/deviceState';
import type { Device } from '../../hooks';
import { ConnectionDialog } from '../dialogs/ConnectionDialog';
import classes from './device.module.css';

interface Advice {
  tone: 'critical' | 'warning' | 'quiet';
  hint: string;
  reconnect?: boolean;
}

function adviceFor(device: Device): Advice | null {
  switch (device.state) {
    case 'offline':
      return { tone: 'critical', hint: 'Drover keeps trying and shows it online as soon as it answers.' };
    case 'stale':
      return {
        tone: 'warning',
        hint: 'The values below are older than they should be. The router may still be well.',
      };
    case 'needs_credentials':
      return {
        tone: 'warning',
        hint: 'Polling has stopped, so that the router is not filled with failed logins.',
        reconnect: true,
      };
    case 'certificate_changed':
      return {
        tone: 'critical',
        hint: 'Nothing has been sent to it since. If you replaced the router or its certificate, confirm the new key; if not, find out who did.',
        reconnect: true,
      };
    case 'disabled':
      return { tone: 'quiet', hint: 'It is neither polled nor backed up. Its history is kept.' };
    case 'unknown':
      return { tone: 'quiet', hint: 'Its first poll is on its way.' };
    case 'online':
      return null;
  }
}

/** What is wrong, in words, and the next thing to do. Nothing when all is well. */
export function StateNotice({ device }: { device: Device }) {
  const can = useCan();
  const [changing, setChanging] = useState(false);
  const advice = adviceFor(device);
  const lines: ReactNode[] = [];
  if (advice) {
    lines.push(
      <div key="state" className={classes.notice} data-tone={advice.tone} role="status">
        <div className={classes.noticeWords}>
          <strong>{stateWord(device.state)}</strong>
          {device.state_reason !== null && `: ${device.state_reason}`}.{' '}
          <span className={classes.noticeHint}>{advice.hint}</span>
        </div>
        {advice.reconnect === true && can('devices.write') && (
          <Button variant="default" size="compact-sm" onClick={() => setChanging(true)}>
            Change connection
          </Button>
        )}
      </div>,
    );
  }
  if (device.snapshot_state === 'failed') {
    lines.push(
      <div key="backup" className={classes.notice} data-tone="warning" role="status">
        <div className={classes.noticeWords}>
          <strong>The last backup failed</strong>
          {device.snapshot_error !== null && `: ${device.snapshot_error}`}.
        </div>
      </div>,
    );
  }
  return (
    <>
      {lines}
      {changing && <ConnectionDialog device={device} onClose={() => setChanging(false)} />}
    </>
  );
}

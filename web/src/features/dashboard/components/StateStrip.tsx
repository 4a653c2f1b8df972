import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schema } from '@/api/client';
import { Age } from '@/components/ui/Age';
import { StateMark } from '@/components/ui/StateMark';
import { stateWord, type DeviceState } from '@/lib/deviceState';
import { formatBps, formatCount, formatCounted } from '@/lib/units';
import classes from './StateStrip.module.css';

interface CountProps {
  slug: string;
  state: DeviceState;
  value: number;
  label?: string;
  /** More than one state is counted here: lead to the list sorted by state. */
  mixed?: boolean;
}

function Count({ slug, state, value, label = stateWord(state), mixed = false }: CountProps) {
  return (
    <Link
      to="/t/$slug/devices"
      params={{ slug }}
      search={mixed ? { sort: 'state', order: 'asc' } : { state }}
      className={classes.count}
      data-zero={value === 0 || undefined}
      data-state={state}
    >
      <span className={classes.value}>{formatCount(value)}</span>
      <span className={classes.label}>
        <StateMark state={state} bare />
        {label}
      </span>
    </Link>
  );
}

function Figure({ value, label }: { value: ReactNode; label: ReactNode }) {
  return (
    <div className={classes.figure}>
      <span className={classes.value}>{value}</span>
      <span className={classes.label}>{label}</span>
    </div>
  );
}

/** The client at a glance: its routers by state, then what flows through them. */
export function StateStrip({ dashboard, slug }: { dashboard: Schema<'Dashboard'>; slug: string }) {
  const { states } = dashboard;
  return (
    <div className={classes.strip}>
      <div className={classes.states} role="group" aria-label="Routers by state">
        <Count slug={slug} state="online" value={states.online} />
        <Count slug={slug} state="offline" value={states.offline} />
        <Count slug={slug} state="stale" value={states.stale} />
        <Count
          slug={slug}
          state="needs_credentials"
          value={states.needs_attention}
          label="Need attention"
          mixed
        />
        <Count slug={slug} state="unknown" value={states.unknown} />
        <Count slug={slug} state="disabled" value={states.disabled} />
      </div>
      <div className={classes.figures} role="group" aria-label="Now">
        <Figure value={formatBps(dashboard.rx_bps)} label="Download now" />
        <Figure value={formatBps(dashboard.tx_bps)} label="Upload now" />
        <Figure
          value={formatCount(dashboard.wireless_clients)}
          label={
            dashboard.wireless_weak !== null && dashboard.wireless_weak > 0 ? (
              <>
                Wireless clients,{' '}
                <span className={classes.weak}>{formatCount(dashboard.wireless_weak)} weak</span>
              </>
            ) : (
              'Wireless clients'
            )
          }
        />
        <Figure
          value={<Age at={dashboard.last_snapshot_at} bare never="–" />}
          label={
            dashboard.snapshots_failed > 0 ? (
              <>
                since last backup,{' '}
                <span className={classes.weak}>
                  {formatCounted(dashboard.snapshots_failed, 'router')} failing
                </span>
              </>
            ) : (
              'since last backup'
            )
          }
        />
      </div>
    </div>
  );
}
